/** IDL text to tokens. Comments are kept beside the token they stand before; `comments.ts` knows what they belong to. */
import type { Problems } from "./idl-error.ts";
import type { Source } from "./source.ts";

export interface Token {
  /** `word`: a name, with dots in it where it has some, or a keyword. `end`: after the last. */
  readonly kind: "word" | "integer" | "double" | "string" | "symbol" | "end";
  /** As written, but for a `string`: what it says. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The comments since the token before. */
  readonly comments: readonly Comment[];
}

export interface Comment {
  /** As written, with its marks. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const SPACE = /[\s\v]+/y;
const COMMENT = /\/\/[^\r\n]*|#[^\r\n]*|\/\*[^]*?\*\//y;
const WORD = /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*/y;
const INTEGER = /[+-]?(?:0x[0-9A-Fa-f]+|0o[0-7]+|[0-9]+)/y;
const DOUBLE = /[+-]?(?:[0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+)/y;
const STRING = /"((?:\\.|[^"\\\r\n])*)"|'((?:\\.|[^'\\\r\n])*)'/y;
/** Values of annotations may have lines in them, as in Kitex; elsewhere that is a forgotten quote. */
const STRING_OF_LINES = /"((?:\\[^]|[^"\\])*)"|'((?:\\[^]|[^'\\])*)'/y;
const SYMBOL = /[{}()[\]<>,;:=*&-]/y;

/** Reads all of a file. What is no token is reported and left out; the last token is the `end`. */
export function tokenize(source: Source, problems: Problems): Token[] {
  const { text } = source;
  const tokens: Token[] = [];
  let comments: Comment[] = [];
  let at = 0;
  let roundBrackets = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  const push = (kind: Token["kind"], words: string, end: number): void => {
    tokens.push({ kind, text: words, start: at, end, comments });
    if (kind === "symbol" && words === "(") roundBrackets++;
    if (kind === "symbol" && words === ")") roundBrackets--;
    comments = [];
    at = end;
  };
  while (at < text.length) {
    const space = match(SPACE);
    if (space !== null) {
      at += space[0].length;
      continue;
    }
    const comment = match(COMMENT);
    if (comment !== null) {
      comments.push({ text: comment[0], start: at, end: at + comment[0].length });
      at += comment[0].length;
      continue;
    }
    const string = match(roundBrackets > 0 && tokens.at(-1)?.text === "=" ? STRING_OF_LINES : STRING);
    if (string !== null) {
      push("string", unescape(string[1] ?? string[2] ?? ""), at + string[0].length);
      continue;
    }
    // A double before an integer, which would be its first half.
    const found = scan("word", WORD) ?? scan("double", DOUBLE) ?? scan("integer", INTEGER) ?? scan("symbol", SYMBOL);
    if (found !== undefined) {
      push(found.kind, found.text, at + found.text.length);
      continue;
    }
    at = reportStray(source, at, problems);
  }
  push("end", "", text.length);
  return tokens;

  function scan(kind: Token["kind"], pattern: RegExp): { kind: Token["kind"]; text: string } | undefined {
    const found = match(pattern);
    return found === null ? undefined : { kind, text: found[0] };
  }
}

/** Says what is wrong with the character at an offset; returns where to go on. */
function reportStray(source: Source, at: number, problems: Problems): number {
  const { text } = source;
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (text.startsWith("/*", at)) {
    problems.add(source, at, at + 2, "this comment does not end; close it with */");
    return text.length;
  }
  if (character === '"' || character === "'") {
    const end = at + text.slice(at).search(/[\r\n]|$/);
    problems.add(source, at, end, `this string does not end on its line; close it with ${character}`);
    return end;
  }
  problems.add(source, at, at + character.length, `unexpected character ${JSON.stringify(character)}`);
  return at + character.length;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "'": "'", "\\": "\\" };

/** An escape that does not exist stays as it is, as in Kitex: patterns in annotations are full of them. */
function unescape(text: string): string {
  return text.replace(/\\([^])/g, (all, character: string) => ESCAPES[character] ?? all);
}
