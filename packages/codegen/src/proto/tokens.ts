/** `.proto` text to tokens. Comments are left out; `comments.ts` finds them between the tokens when somebody asks. */
import type { Problems, Source } from "@kiteline/thrift";

/** A piece of the text; of a `string` the text is as written, with its quotes. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Token extends Word {
  readonly kind: "word" | "integer" | "float" | "string" | "symbol" | "end";
}

const SPACE = /[\s\v]+/y;
const COMMENT = /\/\/[^\n]*|\/\*[^]*?\*\//y;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /(?:0[xX][0-9A-Fa-f]+|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)/y;
const INTEGER = /^(?:0[xX][0-9A-Fa-f]+|0[0-7]*|[1-9][0-9]*)$/;
const FLOAT = /^(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][+-]?[0-9]+)?$/;
const STRING = /"(?:\\.|[^"\\\r\n])*"|'(?:\\.|[^'\\\r\n])*'/y;
const SYMBOLS = "{}()[]<>,;:=./-";

/** Reads all of a file. What is no token is reported and left out; the last token is the `end`. */
export function tokenize(source: Source, problems: Problems): Token[] {
  const { text } = source;
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  const push = (kind: Token["kind"], words: string): void => {
    tokens.push({ kind, text: words, start: at, end: at + words.length });
    at += words.length;
  };
  while (at < text.length) {
    const character = text[at]!;
    // In the order of how often they occur: this loop is most of the time it takes to read a large tree of files.
    if (character <= " ") {
      at += match(SPACE)?.length ?? reportStray(source, at, problems);
    } else if (isWordStart(character)) {
      push("word", match(WORD)!);
    } else if (character === "/" && (text[at + 1] === "/" || text[at + 1] === "*")) {
      at += match(COMMENT)?.length ?? reportStray(source, at, problems);
    } else if (isDigit(character) || (character === "." && isDigit(text[at + 1] ?? ""))) {
      pushNumber(match(NUMBER)!);
    } else if (SYMBOLS.includes(character)) {
      push("symbol", character);
    } else {
      const string = character === '"' || character === "'" ? match(STRING) : undefined;
      if (string === undefined) at += reportStray(source, at, problems);
      else push("string", string);
    }
  }
  tokens.push({ kind: "end", text: "", start: at, end: at });
  return tokens;

  function pushNumber(number: string): void {
    const end = at + number.length;
    if (isWordStart(text[end] ?? " ") || isDigit(text[end] ?? " ")) {
      // `1a`, `0x`, `1e`: nothing may follow a number without a space.
      problems.add(source, at, end + 1, `a number is followed by ${JSON.stringify(text[end])}: is a space missing?`);
    } else if (INTEGER.test(number)) {
      return push("integer", number);
    } else if (!FLOAT.test(number)) {
      problems.add(source, at, end, `${number} begins with 0 and so is octal, but has digits above 7`);
    }
    push("float", number);
  }
}

function isWordStart(character: string): boolean {
  return (character >= "a" && character <= "z") || (character >= "A" && character <= "Z") || character === "_";
}

function isDigit(character: string): boolean {
  return character >= "0" && character <= "9";
}

/** Says what is wrong with the character at an offset; returns how many to leave out. */
function reportStray(source: Source, at: number, problems: Problems): number {
  const { text } = source;
  if (text.startsWith("/*", at)) {
    problems.add(source, at, at + 2, "this comment does not end; close it with */");
    return text.length - at;
  }
  const character = String.fromCodePoint(text.codePointAt(at)!);
  if (character === '"' || character === "'") {
    const length = text.slice(at).search(/[\r\n]|$/);
    problems.add(source, at, at + length, `this string does not end on its line; close it with ${character}`);
    return length;
  }
  problems.add(source, at, at + character.length, `unexpected character ${JSON.stringify(character)}`);
  return character.length;
}
