/** A place among the tokens of a file, with what every part of the grammar needs: to look, to take, to complain. */
import type { Problems } from "./idl-error.ts";
import type { Source } from "./source.ts";
import { tokenize, type Token } from "./tokens.ts";

/** How deep types and values may be nested, so that no file can exhaust the stack. */
const MAX_DEPTH = 100;

/** Thrown after a problem was reported; caught where parsing goes on. */
export class Reported extends Error {}

export class Cursor {
  readonly source: Source;
  readonly tokens: readonly Token[];
  /** The index of the next token. */
  at = 0;
  readonly #problems: Problems;
  #depth = 0;

  constructor(source: Source, problems: Problems) {
    this.source = source;
    this.tokens = tokenize(source, problems);
    this.#problems = problems;
  }

  get next(): Token {
    return this.tokens[this.at]!;
  }

  /** The token taken last. */
  get last(): Token {
    return this.tokens[this.at - 1]!;
  }

  /** Takes the next token. The `end` is never passed. */
  take(): Token {
    const token = this.next;
    if (token.kind !== "end") this.at++;
    return token;
  }

  isSymbol(text: string): boolean {
    return this.next.kind === "symbol" && this.next.text === text;
  }

  /** Takes a keyword or symbol if it comes next. */
  accept(text: string): boolean {
    if (this.next.text !== text || this.next.kind === "string") return false;
    this.take();
    return true;
  }

  /** Takes a comma or semicolon if one comes next: they may stand behind everything. */
  separator(): void {
    if (this.isSymbol(",") || this.isSymbol(";")) this.take();
  }

  symbol(text: string): Token {
    if (!this.isSymbol(text)) throw this.unexpected(text);
    return this.take();
  }

  /** A word that may have dots; `expected` says what it is for. */
  word(expected: string): Token {
    if (this.next.kind !== "word") throw this.unexpected(expected);
    return this.take();
  }

  string(expected: string): Token {
    if (this.next.kind !== "string") throw this.unexpected(expected);
    return this.take();
  }

  /** The name that something is given. */
  name(what: string): Token {
    const name = this.word(`the name of ${what}`);
    if (name.text.includes(".")) throw this.report(name, `the name of ${what} may have no dots`);
    return name;
  }

  /** Things between brackets; the first error ends it. */
  list<T>(open: string, close: string, one: () => T): T[] {
    const opened = this.symbol(open);
    const found: T[] = [];
    while (!this.isSymbol(close)) {
      if (this.next.kind === "end") {
        throw this.report(opened, `this ${open} is never closed: expected ${close} before the end of the file`);
      }
      found.push(one());
      this.separator();
    }
    this.take();
    return found;
  }

  /** Reads what may hold things of its own kind. */
  nested<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) throw this.report(this.next, `types and values may be nested ${MAX_DEPTH} deep`);
    const value = read();
    this.#depth--;
    return value;
  }

  /** Reads something; after an error in it `skip` is to find where to go on. At least one token is taken. */
  recovering(read: () => void, skip: () => void): void {
    const start = this.at;
    const depth = this.#depth;
    try {
      read();
    } catch (error) {
      if (!(error instanceof Reported)) throw error;
      this.#depth = depth;
      if (this.at === start) this.take();
      skip();
    }
  }

  /** Whether the next token is the first of its line. */
  startsLine(): boolean {
    return this.at === 0 || this.source.line(this.next.start) > this.source.line(this.last.end);
  }

  /** Reports what comes next, where something else was expected; to be thrown. */
  unexpected(expected: string): Reported {
    return this.report(this.next, `expected ${expected}, got ${described(this.next)}`);
  }

  /** Reports a problem at a token; to be thrown. */
  report(token: Token, message: string): Reported {
    this.#problems.add(this.source, token.start, token.end, message);
    return new Reported();
  }
}

/** A token as texts speak of it. */
export function described(token: Token): string {
  if (token.kind === "end") return "the end of the file";
  return token.kind === "string" ? `the string ${JSON.stringify(token.text)}` : token.text;
}
