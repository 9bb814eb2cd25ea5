/**
 * The words of Protobuf's text format: names, numbers, strings, signs, with white space and comments between them (protobuf.dev, "Text
 * Format Language Specification", "Lexical Elements").
 */
import { shown, ValueError } from "@kiteline/net";

const SPACE = /[ \t\n\r\v\f]*/y;
const COMMENT = /#[^\n]*/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /0[xX][0-9A-Fa-f]+|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[fF]?/y;
const STRING = /"[^"\\\n]*(?:\\[^\n][^"\\\n]*)*"|'[^'\\\n]*(?:\\[^\n][^'\\\n]*)*'/y;
/** Whole numbers of 64 bits have fewer digits, even with zeros before them: what has more is not calculated. */
const MOST_DIGITS = 100;
const DECIMAL = /^(?:0|[1-9][0-9]*)$/;
const OCTAL = /^0[0-7]+$/;
/** What stands between the brackets of a name: an extension's, or a type's behind a prefix. */
const QUALIFIED = /^(?:[A-Za-z0-9_.~!$&()*+,;=-]|%[0-9A-Fa-f]{2})+(?:\/(?:[A-Za-z0-9_.~!$&()*+,;=-]|%[0-9A-Fa-f]{2})+)*$/;
const ESCAPE = /\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([abfnrtv?\\'"])|[^])/g;
const SIMPLE: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "?": "?",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

export class TextTokens {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#pass();
  }

  /** How far the text has been read, for `fault`. */
  get position(): number {
    return this.#at;
  }

  get atEnd(): boolean {
    return this.#at === this.#text.length;
  }

  /** Whether this sign comes next; it stays there. */
  sees(sign: string): boolean {
    return this.#text[this.#at] === sign;
  }

  /** Takes the sign, if it comes next. */
  take(sign: string): boolean {
    if (!this.sees(sign)) return false;
    this.#at++;
    this.#pass();
    return true;
  }

  /** Takes a sign that must come next. */
  expect(sign: string): void {
    if (!this.take(sign)) throw this.wrong(`"${sign}"`);
  }

  /** Takes a name, if one comes next. */
  name(): string | undefined {
    return this.#match(NAME);
  }

  /** Takes what stands between brackets, of which the first has been taken. */
  qualifiedName(): string {
    const from = this.#at;
    let name = "";
    while (!this.atEnd && !this.sees("]")) {
      name += this.#text[this.#at++]!;
      this.#pass();
    }
    if (!QUALIFIED.test(name)) throw this.fault(from, `expected the name of an extension or a type's URL, got ${shown(name)}`);
    this.expect("]");
    return name;
  }

  /** Takes a number, if one comes next. */
  number(): string | undefined {
    const from = this.#at;
    const number = this.#match(NUMBER);
    // Nothing may follow a number without a space that could be more of it.
    if (number !== undefined && /[A-Za-z0-9_.]/.test(this.#text[from + number.length] ?? "")) {
      this.#at = from;
      throw this.wrong("a number");
    }
    return number;
  }

  /** Takes a string, or several that stand side by side and are one; undefined if none comes next. */
  string(): Buffer | undefined {
    const parts: Buffer[] = [];
    for (let part = this.#match(STRING); part !== undefined; part = this.#match(STRING)) parts.push(this.#unescape(part.slice(1, -1)));
    return parts.length === 0 ? undefined : Buffer.concat(parts);
  }

  /** What is wrong: what should come next, and what does. */
  wrong(expected: string): ValueError {
    const got = this.atEnd ? "the end" : shown(/^[\w.+-]+|[^]/.exec(this.#text.slice(this.#at, this.#at + 40))?.[0]);
    return this.fault(this.#at, `expected ${expected}, got ${got}`);
  }

  /** What is wrong at a place that was passed. */
  fault(position: number, problem: string): ValueError {
    const lines = this.#text.slice(0, position).split("\n");
    return new ValueError(`line ${lines.length}, column ${lines.at(-1)!.length + 1}: ${problem}`);
  }

  #unescape(text: string): Buffer {
    const parts: Buffer[] = [];
    let at = 0;
    for (const match of text.matchAll(ESCAPE)) {
      parts.push(Buffer.from(text.slice(at, match.index)), this.#escaped(match));
      at = match.index + match[0].length;
    }
    parts.push(Buffer.from(text.slice(at)));
    return Buffer.concat(parts);
  }

  /** Bytes of any value, or characters, each as an escape of its own: halves of one (surrogates) are none. */
  #escaped([escape, octal, hex, short, long, simple]: RegExpExecArray): Buffer {
    if (simple !== undefined) return Buffer.from(SIMPLE[simple]!);
    const byte = octal === undefined ? hex && Number.parseInt(hex, 16) : Number.parseInt(octal, 8);
    if (typeof byte === "number" && byte <= 0xff) return Buffer.of(byte);
    const point = Number.parseInt(short ?? long ?? "", 16);
    const character = point <= 0x10_ff_ff ? String.fromCodePoint(point) : "";
    if (character === "" || !character.isWellFormed()) throw this.fault(this.#at, `expected an escape that there is, got ${shown(escape)}`);
    return Buffer.from(character);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) return undefined;
    this.#at += found.length;
    this.#pass();
    return found;
  }

  /** Steps over white space and comments. */
  #pass(): void {
    // One after the other: an expression for all of them would remember each.
    do this.#step(SPACE);
    while (this.#step(COMMENT) > 0);
  }

  #step(over: RegExp): number {
    over.lastIndex = this.#at;
    const passed = over.exec(this.#text)?.[0].length ?? 0;
    this.#at += passed;
    return passed;
  }
}

/** The value of a whole number as text has it: decimal, octal or hexadecimal; undefined when it is none, or has more than 64 bits. */
export function wholeOf(number: string): bigint | undefined {
  if (number.length > MOST_DIGITS) return undefined;
  if (DECIMAL.test(number)) return BigInt(number);
  if (OCTAL.test(number)) return BigInt(`0o${number.slice(1)}`);
  return /^0[xX][0-9A-Fa-f]+$/.test(number) ? BigInt(number) : undefined;
}

/** The value of a number that may have a fraction; undefined when it is octal or hexadecimal. */
export function realOf(number: string): number | undefined {
  const digits = number.replace(/[fF]$/, "");
  return /^0[xX]/.test(number) || /^0[0-9]/.test(digits) ? undefined : Number(digits);
}
