/**
 * Reads RE2 syntax (google/re2, "Syntax") into a tree. What RE2 does not have (back references, lookaround) is an
 * error, and so are the few things it has that a test of a whole string does without: `\b`, `\C`, the flags `m` and `U`.
 * Case is folded for single letters, not for ranges outside of ASCII.
 */

/** A pattern that cannot be used; the message says where and why. */
export class RegexError extends Error {
  override readonly name = "RegexError";
}

export type RegexNode =
  | { readonly kind: "set"; readonly set: CharacterSet }
  | { readonly kind: "sequence"; readonly parts: readonly RegexNode[] }
  | { readonly kind: "choice"; readonly parts: readonly RegexNode[] }
  | { readonly kind: "repeat"; readonly part: RegexNode; readonly min: number; readonly max: number }
  | { readonly kind: "start" }
  | { readonly kind: "end" };

/** Which code points one place accepts. */
export interface CharacterSet {
  /** Pairs of first and last code point. */
  readonly ranges: readonly number[];
  /** Unicode properties. */
  readonly properties: readonly RegExp[];
  readonly negated: boolean;
}

export function accepts(set: CharacterSet, codePoint: number): boolean {
  const { ranges, properties, negated } = set;
  for (let index = 0; index < ranges.length; index += 2) {
    if (codePoint >= (ranges[index] as number) && codePoint <= (ranges[index + 1] as number)) return !negated;
  }
  for (const property of properties) if (property.test(String.fromCodePoint(codePoint))) return !negated;
  return negated;
}

const MAX_REPEAT = 1000;
/** So that a hostile pattern cannot exhaust our stack. */
const MAX_DEPTH = 200;
const MAX_CODE_POINT = 0x10_ffff;

const PERL: Readonly<Record<string, readonly number[]>> = {
  d: [48, 57],
  w: [48, 57, 65, 90, 95, 95, 97, 122],
  s: [9, 10, 12, 13, 32, 32],
};

const POSIX: Readonly<Record<string, readonly number[]>> = {
  alnum: [48, 57, 65, 90, 97, 122],
  alpha: [65, 90, 97, 122],
  ascii: [0, 127],
  blank: [9, 9, 32, 32],
  cntrl: [0, 31, 127, 127],
  digit: [48, 57],
  graph: [33, 126],
  lower: [97, 122],
  print: [32, 126],
  punct: [33, 47, 58, 64, 91, 96, 123, 126],
  space: [9, 13, 32, 32],
  upper: [65, 90],
  word: [48, 57, 65, 90, 95, 95, 97, 122],
  xdigit: [48, 57, 65, 70, 97, 102],
};

const ESCAPED: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** Throws a `RegexError`. */
export function parseRegex(pattern: string): RegexNode {
  const parser = new Parser(pattern);
  const node = parser.choice(0);
  if (!parser.atEnd) throw parser.error('")" closes nothing');
  return node;
}

interface Flags {
  ignoreCase: boolean;
  dotAll: boolean;
}

class Parser {
  readonly #pattern: string;
  #at = 0;
  #flags: Flags = { ignoreCase: false, dotAll: false };

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  get atEnd(): boolean {
    return this.#at >= this.#pattern.length;
  }

  /** Names the character that was read last. */
  error(what: string): RegexError {
    return new RegexError(`${what}, at character ${Math.max(1, this.#at)} of the regular expression "${this.#pattern}"`);
  }

  choice(depth: number): RegexNode {
    if (depth > MAX_DEPTH) throw this.error(`groups are nested deeper than ${MAX_DEPTH}`);
    const flags = { ...this.#flags }; // what a group sets ends with it
    const parts = [this.#sequence(depth)];
    while (this.#take("|")) parts.push(this.#sequence(depth));
    this.#flags = flags;
    return parts.length === 1 ? (parts[0] as RegexNode) : { kind: "choice", parts };
  }

  #sequence(depth: number): RegexNode {
    const parts: RegexNode[] = [];
    while (!this.atEnd && this.#pattern[this.#at] !== "|" && this.#pattern[this.#at] !== ")") {
      if (this.#take("\\Q")) {
        const end = this.#pattern.indexOf("\\E", this.#at);
        const literal = this.#pattern.slice(this.#at, end < 0 ? undefined : end);
        for (const character of literal) parts.push(this.#literal(character.codePointAt(0) as number));
        this.#at = end < 0 ? this.#pattern.length : end + 2;
        continue;
      }
      const atom = this.#atom(depth);
      if (atom !== undefined) parts.push(this.#repeated(atom));
    }
    return parts.length === 1 ? (parts[0] as RegexNode) : { kind: "sequence", parts };
  }

  #repeated(part: RegexNode): RegexNode {
    const bounds = this.#bounds();
    if (bounds === undefined) return part;
    this.#take("?"); // lazy or not, a whole match is the same
    if (this.#bounds() !== undefined) throw this.error("one repetition follows another");
    return { kind: "repeat", part, ...bounds };
  }

  #bounds(): { min: number; max: number } | undefined {
    if (this.#take("*")) return { min: 0, max: Infinity };
    if (this.#take("+")) return { min: 1, max: Infinity };
    if (this.#take("?")) return { min: 0, max: 1 };
    const counted = /^\{(\d+)(,(\d*))?\}/.exec(this.#pattern.slice(this.#at, this.#at + 20));
    if (counted === null) return undefined; // RE2 takes any other "{" for itself
    const min = Number(counted[1]);
    const max = counted[2] === undefined ? min : counted[3] === "" ? Infinity : Number(counted[3]);
    if (min > MAX_REPEAT || (max !== Infinity && max > MAX_REPEAT)) throw this.error(`a repetition count is above ${MAX_REPEAT}`);
    if (max < min) throw this.error(`the repetition ${counted[0]} ends before it begins`);
    this.#at += counted[0].length;
    return { min, max };
  }

  /** `undefined` for what only changes flags. */
  #atom(depth: number): RegexNode | undefined {
    const character = this.#next();
    switch (character) {
      case "(":
        return this.#group(depth);
      case "[":
        return { kind: "set", set: this.#class() };
      case ".":
        return { kind: "set", set: { ranges: this.#flags.dotAll ? [] : [10, 10], properties: [], negated: true } };
      case "^":
        return { kind: "start" };
      case "$":
        return { kind: "end" };
      case "*":
      case "+":
      case "?":
        throw this.error(`"${character}" repeats nothing`);
      case "\\":
        return this.#escape();
      default:
        return this.#literal(character.codePointAt(0) as number);
    }
  }

  #group(depth: number): RegexNode | undefined {
    const outside = { ...this.#flags };
    if (this.#take("?")) {
      for (const kind of ["=", "!", "<=", "<!"]) if (this.#take(kind)) throw this.error("lookahead and lookbehind are not in RE2");
      if (this.#take("P<") || this.#take("<")) {
        const end = this.#pattern.indexOf(">", this.#at);
        if (end < 0) throw this.error("the name of a group does not end");
        this.#at = end + 1;
      } else if (this.#setFlags()) {
        return undefined;
      }
    }
    const node = this.choice(depth + 1);
    if (!this.#take(")")) throw this.error('"(" is never closed');
    this.#flags = outside;
    return node;
  }

  /** Reads `i-s)` or `i-s:`; true for the first, whose flags go on until the enclosing group ends. */
  #setFlags(): boolean {
    let on = true;
    for (;;) {
      const character = this.#next();
      if (character === "i") this.#flags.ignoreCase = on;
      else if (character === "s") this.#flags.dotAll = on;
      else if (character === "-") on = false;
      else if (character === ")") return true;
      else if (character === ":") return false;
      else throw this.error(`the flag "${character}" is not supported; there are i and s`);
    }
  }

  #escape(): RegexNode {
    const character = this.#next();
    if (character === "A") return { kind: "start" };
    if (character === "z") return { kind: "end" };
    this.#at--;
    const set = this.#escapedSet();
    if (set !== undefined) return { kind: "set", set };
    return this.#literal(this.#escapedCodePoint());
  }

  /** The set that the escape at hand means; nothing is taken when it is none. */
  #escapedSet(): CharacterSet | undefined {
    const character = this.#pattern[this.#at] ?? "";
    const perl = PERL[character.toLowerCase()];
    if (perl !== undefined && /[dDwWsS]/.test(character)) {
      this.#at++;
      return { ranges: perl, properties: [], negated: character !== character.toLowerCase() };
    }
    if (character !== "p" && character !== "P") return undefined;
    const [whole, caret = "", long, short] = /^[pP](?:\{(\^?)([A-Za-z_]+)\}|([A-Z]))/.exec(this.#pattern.slice(this.#at)) ?? [];
    const name = long ?? short;
    if (whole === undefined || name === undefined) throw this.error("a Unicode class looks like \\pL or \\p{Greek}");
    const property = unicodeProperty(name);
    if (property === undefined) throw this.error(`there is no Unicode class "${name}"`);
    this.#at += whole.length;
    return { ranges: [], properties: [property], negated: (character === "P") !== (caret === "^") };
  }

  #escapedCodePoint(): number {
    const character = this.#next();
    const known = ESCAPED[character];
    if (known !== undefined) return known;
    if (character === "x") {
      const [whole, long, short] = /^(?:\{([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{2}))/.exec(this.#pattern.slice(this.#at)) ?? [];
      const codePoint = Number.parseInt(long ?? short ?? "", 16);
      if (whole === undefined || codePoint > MAX_CODE_POINT) throw this.error("a code looks like \\x41 or \\x{1F600}");
      this.#at += whole.length;
      return codePoint;
    }
    if (character === "0") return 0;
    if (/[1-9]/.test(character)) throw this.error("back references are not in RE2");
    if (/[A-Za-z]/.test(character)) throw this.error(`"\\${character}" is not supported`);
    return character.codePointAt(0) as number;
  }

  #class(): CharacterSet {
    const negated = this.#take("^");
    const ranges: number[] = [];
    const properties: RegExp[] = [];
    const before = this.#at;
    while (this.#at === before || !this.#take("]")) {
      if (this.atEnd) throw this.error('"[" is never closed');
      const posix = /^\[:(\^?)([a-z]+):\]/.exec(this.#pattern.slice(this.#at, this.#at + 20));
      if (posix !== null) {
        const named = POSIX[posix[2] as string];
        if (named === undefined) throw this.error(`there is no class ${posix[0]}`);
        this.#at += posix[0].length;
        ranges.push(...(posix[1] === "^" ? complement(named) : named));
        continue;
      }
      if (this.#take("\\")) {
        const set = this.#escapedSet();
        if (set !== undefined) {
          if (set.properties.length > 0 && set.negated) throw this.error("a negated Unicode class inside [...] is not supported");
          ranges.push(...(set.negated ? complement(set.ranges) : set.ranges));
          properties.push(...set.properties);
          continue;
        }
        this.#at--;
      }
      const first = this.#classMember();
      let last = first;
      if (this.#pattern[this.#at] === "-" && this.#pattern[this.#at + 1] !== "]" && this.#at + 1 < this.#pattern.length) {
        this.#at++;
        last = this.#classMember();
        if (last < first) throw this.error("a range in [...] ends before it begins");
      }
      ranges.push(first, last);
    }
    return { ranges: this.#flags.ignoreCase ? foldRanges(ranges) : ranges, properties, negated };
  }

  #classMember(): number {
    if (this.#take("\\")) return this.#escapedCodePoint();
    return this.#next().codePointAt(0) as number;
  }

  #literal(codePoint: number): RegexNode {
    const ranges = [codePoint, codePoint];
    return { kind: "set", set: { ranges: this.#flags.ignoreCase ? foldRanges(ranges) : ranges, properties: [], negated: false } };
  }

  #next(): string {
    const codePoint = this.#pattern.codePointAt(this.#at);
    if (codePoint === undefined) throw this.error("the pattern ends too early");
    const character = String.fromCodePoint(codePoint);
    this.#at += character.length;
    return character;
  }

  #take(text: string): boolean {
    if (!this.#pattern.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }
}

function complement(ranges: readonly number[]): number[] {
  const result: number[] = [];
  let next = 0;
  for (let index = 0; index < ranges.length; index += 2) {
    if ((ranges[index] as number) > next) result.push(next, (ranges[index] as number) - 1);
    next = (ranges[index + 1] as number) + 1;
  }
  result.push(next, MAX_CODE_POINT);
  return result;
}

function foldRanges(ranges: readonly number[]): number[] {
  const folded = [...ranges];
  for (let index = 0; index < ranges.length; index += 2) {
    const first = ranges[index] as number;
    const last = ranges[index + 1] as number;
    if (first === last) {
      const character = String.fromCodePoint(first);
      for (const other of [character.toLowerCase(), character.toUpperCase()]) {
        const codePoint = other.codePointAt(0) as number;
        if (String.fromCodePoint(codePoint) === other) folded.push(codePoint, codePoint);
      }
      continue;
    }
    // The letters of the range, in the other case.
    for (const [from, to, shift] of [
      [65, 90, 32],
      [97, 122, -32],
    ] as const) {
      const low = Math.max(first, from);
      const high = Math.min(last, to);
      if (low <= high) folded.push(low + shift, high + shift);
    }
  }
  return folded;
}

function unicodeProperty(name: string): RegExp | undefined {
  for (const property of [name, `Script=${name}`]) {
    try {
      return new RegExp(`^\\p{${property}}$`, "u");
    } catch {
      // Not this kind of property.
    }
  }
  return undefined;
}
