/** Strings between what is written in quotes, what they mean, and what stands in a descriptor. */
import type { Cursor } from "./cursor.ts";
import type { Token, Word } from "./tokens.ts";

const SIMPLE: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, "\\": 92, "'": 39, '"': 34, "?": 63 };
const ESCAPE = /\\(?:([0-7]{1,3})|[xX]([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([^]))/g;
const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder();

/** Strings in quotes, as text. */
export function textOf(cursor: Cursor, expected: string): { readonly text: string; readonly word: Word } {
  const tokens = cursor.strings(expected);
  return { text: fromUtf8.decode(bytesOf(cursor, tokens)), word: cursor.from(tokens[0]!) };
}

/** The bytes of strings that stand one behind the other. */
export function bytesOf(cursor: Cursor, tokens: readonly Token[]): Uint8Array {
  if (tokens.length === 1 && !tokens[0]!.text.includes("\\")) return utf8.encode(tokens[0]!.text.slice(1, -1));
  const bytes: number[] = [];
  for (const token of tokens) unescape(cursor, token, bytes);
  return Uint8Array.from(bytes);
}

function unescape(cursor: Cursor, token: Token, bytes: number[]): void {
  const text = token.text.slice(1, -1);
  let at = 0;
  // What is said in characters, so that the two halves of a pair find one another.
  let characters = "";
  const flush = (): void => {
    bytes.push(...utf8.encode(characters));
    characters = "";
  };
  for (const { 0: all, 1: octal, 2: hex, 3: short, 4: long, 5: simple, index } of text.matchAll(ESCAPE)) {
    characters += text.slice(at, index);
    at = index + all.length;
    const place: Word = { text: all, start: token.start + 1 + index, end: token.start + 1 + at };
    if (octal !== undefined || hex !== undefined) {
      const value = octal === undefined ? Number.parseInt(hex!, 16) : Number.parseInt(octal, 8);
      if (value > 255) throw cursor.report(place, `${all} is no byte: it may be \\377 at most`);
      flush();
      bytes.push(value);
    } else if (simple !== undefined) {
      if (!Object.hasOwn(SIMPLE, simple)) throw cursor.report(place, `${all} is no escape: write \\\\ for a backslash`);
      characters += String.fromCharCode(SIMPLE[simple]!);
    } else {
      const value = Number.parseInt((short ?? long)!, 16);
      if (value > 0x10ffff) throw cursor.report(place, `${all} is no character: it may be \\U0010FFFF at most`);
      characters += String.fromCodePoint(value);
    }
  }
  characters += text.slice(at);
  flush();
}

const NAMED: Readonly<Record<number, string>> = { 9: "\\t", 10: "\\n", 13: "\\r", 34: '\\"', 39: "\\'", 92: "\\\\" };

/** Bytes as the default of a field of type bytes has them. */
export function escaped(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) {
    text += NAMED[byte] ?? (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`);
  }
  return text;
}
