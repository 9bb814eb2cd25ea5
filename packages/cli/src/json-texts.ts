/** Text that comes in pieces, cut into the JSON values that stand in it one after the other: one a line, or over several each. */

export class JsonTexts {
  /** What was not handed out yet. */
  #text = "";
  /** How much of it was looked at. */
  #looked = 0;
  /** Where the value begins that is being looked at; none is between two. */
  #start = -1;
  /** Objects and arrays that are open. */
  #depth = 0;
  #inString = false;
  #escaped = false;

  /** Takes the next piece; gives the values that it completes. What is no JSON is cut somewhere, for whoever parses it to refuse. */
  push(piece: string): string[] {
    this.#text += piece;
    const found: string[] = [];
    let cut = 0;
    for (; this.#looked < this.#text.length; this.#looked++) {
      if (!this.#ends(this.#text[this.#looked]!)) continue;
      cut = this.#looked + 1;
      found.push(this.#text.slice(this.#start, cut).trim());
      this.#start = -1;
    }
    this.#text = this.#text.slice(cut);
    this.#looked -= cut;
    if (this.#start >= 0) this.#start -= cut;
    return found;
  }

  /** What is left when no piece comes any more: a number, or a value that was cut off. */
  rest(): string | undefined {
    return this.#start < 0 ? undefined : this.#text.slice(this.#start);
  }

  /** Whether a value ends with this character. */
  #ends(character: string): boolean {
    if (this.#start < 0) {
      if (isSpace(character)) return false;
      this.#start = this.#looked;
      this.#depth = 0;
    } else if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (character === "\\") this.#escaped = true;
      else if (character === '"') {
        this.#inString = false;
        return this.#depth === 0;
      }
      return false;
    } else if (this.#depth === 0 && isSpace(character)) return true;
    if (character === '"') this.#inString = true;
    else if (character === "{" || character === "[") this.#depth++;
    else if (character === "}" || character === "]") return --this.#depth <= 0;
    return false;
  }
}

function isSpace(character: string): boolean {
  return character === " " || character === "\n" || character === "\r" || character === "\t";
}
