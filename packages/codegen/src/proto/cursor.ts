/** A place among the tokens of a file, with what every part of the grammar needs: to look, to take, to complain. */
import type { Problems, Source } from "@kiteline/thrift";
import { tokenize, type Token, type Word } from "./tokens.ts";

/** How deep messages and values may be nested, so that no file can exhaust the stack; as deep as protoc reads them. */
const MAX_DEPTH = 32;

/** Thrown after a problem was reported; caught where parsing goes on. */
export class Reported extends Error {}

export class Cursor {
  readonly source: Source;
  readonly tokens: readonly Token[];
  readonly problems: Problems;
  /** The index of the next token. */
  at = 0;
  #depth = 0;

  constructor(source: Source, problems: Problems) {
    this.source = source;
    this.problems = problems;
    this.tokens = tokenize(source, problems);
  }

  get next(): Token {
    return this.tokens[this.at]!;
  }

  /** The token after the next one. */
  get second(): Token {
    return this.tokens[this.at + 1] ?? this.next;
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

  /** Whether a keyword or symbol comes next. */
  is(text: string): boolean {
    return this.next.text === text && this.next.kind !== "string";
  }

  /** Takes a keyword or symbol if it comes next. */
  accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.take();
    return true;
  }

  /** Takes a keyword or symbol that must come next. */
  expect(text: string): Token {
    if (!this.is(text)) throw this.unexpected(text);
    return this.take();
  }

  /** A name without dots. */
  name(expected: string): Token {
    if (this.next.kind !== "word") throw this.unexpected(expected);
    return this.take();
  }

  /** A name that may have dots in it, and with `rooted` one before it. */
  path(expected: string, rooted = false): Word {
    const { start } = this.next;
    let text = rooted && this.accept(".") ? "." : "";
    text += this.name(expected).text;
    while (this.accept(".")) text += `.${this.name(expected).text}`;
    return { text, start, end: this.last.end };
  }

  /** Strings that stand one behind the other, which are one string. */
  strings(expected: string): Token[] {
    if (this.next.kind !== "string") throw this.unexpected(expected);
    const found = [this.take()];
    while (this.next.kind === "string") found.push(this.take());
    return found;
  }

  integer(expected: string): Token {
    if (this.next.kind !== "integer") throw this.unexpected(expected);
    return this.take();
  }

  /** From a token to the one taken last. */
  from(first: Token): Word {
    const { end } = this.last;
    return { text: this.source.text.slice(first.start, end), start: first.start, end };
  }

  /** Reads what may hold things of its own kind. */
  nested<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) throw this.report(this.next, `messages and values may be nested ${MAX_DEPTH} deep`);
    const value = read();
    this.#depth--;
    return value;
  }

  /** Things between `{` and `}`: an error in one leaves the others. */
  body(one: () => void): void {
    const opened = this.expect("{");
    while (!this.is("}")) {
      if (this.next.kind === "end") throw this.report(opened, "this { is never closed: expected } before the end of the file");
      this.recovering(one);
    }
    this.take();
  }

  /** Reads a statement. After an error in it, goes on behind it. */
  recovering(read: () => void): void {
    const start = this.at;
    const depth = this.#depth;
    try {
      read();
    } catch (error) {
      if (!(error instanceof Reported)) throw error;
      this.#depth = depth;
      if (this.at === start && !this.is("}")) this.take();
      this.#skipStatement();
    }
  }

  /** To behind the next `;` or `{ ... }`, or before the `}` of what the statement stands in. */
  #skipStatement(): void {
    if (this.at > 0 && (this.last.text === ";" || this.last.text === "}")) return;
    let open = 0;
    while (this.next.kind !== "end") {
      if (open === 0 && this.is("}")) return;
      const { text, kind } = this.take();
      if (kind !== "symbol") continue;
      if (text === "{") open++;
      if (text === "}" && --open === 0) return;
      if (text === ";" && open === 0) return;
    }
  }

  /** Reports what comes next, where something else was expected; to be thrown. */
  unexpected(expected: string): Reported {
    return this.report(this.next, `expected ${expected}, got ${described(this.next)}`);
  }

  /** Reports a problem at a word; to be thrown. */
  report(word: Word, message: string): Reported {
    this.complain(word, message);
    return new Reported();
  }

  /** Reports a problem at a word, after which parsing goes on as if there were none. */
  complain(word: Word, message: string): void {
    this.problems.add(this.source, word.start, word.end, message);
  }
}

function described(token: Token): string {
  if (token.kind === "end") return "the end of the file";
  return token.kind === "string" ? `the string ${token.text}` : token.text;
}
