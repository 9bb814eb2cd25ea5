/** Options and their values, as far as they can be read without knowing what they mean. */
import type { Cursor } from "./cursor.ts";
import { integerOf } from "./numbers.ts";
import { bytesOf } from "./strings.ts";
import type { LiteralField, OptionNamePart, OptionSyntax, OptionValue } from "./syntax.ts";
import type { Token, Word } from "./tokens.ts";

/** `option name = value;` */
export function parseOptionStatement(cursor: Cursor): OptionSyntax {
  cursor.expect("option");
  const option = parseOption(cursor);
  cursor.expect(";");
  return option;
}

/** `[name = value, ...]`, if there is one; `special` may take an option for itself. */
export function parseOptionList(cursor: Cursor, found: OptionSyntax[], special?: (name: Token) => boolean): void {
  if (!cursor.accept("[")) return;
  do {
    if (special?.(cursor.next) !== true) found.push(parseOption(cursor));
  } while (cursor.accept(","));
  cursor.expect("]");
}

function parseOption(cursor: Cursor): OptionSyntax {
  const name: OptionNamePart[] = [];
  do {
    if (cursor.accept("(")) {
      name.push({ word: cursor.path("the name of an extension", true), extension: true });
      cursor.expect(")");
    } else {
      name.push({ word: cursor.name("the name of an option"), extension: false });
    }
  } while (cursor.accept("."));
  cursor.expect("=");
  return { name, value: parseOptionValue(cursor) };
}

/** The value of an option outside of messages: one scalar or one message. */
export function parseOptionValue(cursor: Cursor): OptionValue {
  if (cursor.is("{")) return parseLiteral(cursor);
  return parseScalar(cursor, "a value");
}

function parseScalar(cursor: Cursor, expected: string): OptionValue {
  const first = cursor.next;
  if (first.kind === "string") {
    const value = bytesOf(cursor, cursor.strings(expected));
    return { kind: "string", value, word: cursor.from(first) };
  }
  const negative = cursor.accept("-");
  const token = cursor.next;
  if (token.kind === "word") {
    cursor.take();
    return { kind: "identifier", text: token.text, negative, word: cursor.from(first) };
  }
  if (token.kind === "integer") {
    cursor.take();
    const value = integerOf(token.text);
    // Minus zero is another double than zero, and no other integer.
    if (negative && value === 0n) return { kind: "float", value: -0, word: cursor.from(first) };
    return { kind: "integer", value: negative ? -value : value, word: cursor.from(first) };
  }
  if (token.kind === "float") {
    cursor.take();
    const value = Number(token.text);
    return { kind: "float", value: negative ? -value : value, word: cursor.from(first) };
  }
  throw cursor.unexpected(negative ? "a number, inf or nan" : expected);
}

/** A message in the text format of Protobuf, in `{ }` or `< >`. */
function parseLiteral(cursor: Cursor): OptionValue {
  return cursor.nested(() => {
    const opened = cursor.take();
    const close = opened.text === "{" ? "}" : ">";
    const fields: LiteralField[] = [];
    while (!cursor.is(close)) {
      if (cursor.next.kind === "end") {
        throw cursor.report(opened, `this ${opened.text} is never closed: expected ${close} before the end of the file`);
      }
      fields.push(parseLiteralField(cursor));
      if (!cursor.accept(",")) cursor.accept(";");
    }
    cursor.take();
    return { kind: "message", fields, word: opened };
  });
}

function parseLiteralField(cursor: Cursor): LiteralField {
  const { name, kind } = parseLiteralName(cursor);
  const value = (): OptionValue => (isOpen(cursor) ? parseLiteral(cursor) : parseScalar(cursor, "a value"));
  const colon = cursor.accept(":");
  if (cursor.is("[")) return { name, kind, value: parseList(cursor, value) };
  if (!colon && !isOpen(cursor)) throw cursor.unexpected(": and the value");
  return { name, kind, value: value() };
}

function parseLiteralName(cursor: Cursor): Pick<LiteralField, "name" | "kind"> {
  if (!cursor.is("[")) return { name: cursor.name("the name of a field"), kind: "field" };
  const first = cursor.take();
  let text = cursor.path("the name of an extension or type").text;
  let kind: LiteralField["kind"] = "extension";
  while (cursor.is("/") || cursor.is("-") || cursor.is(".")) {
    // A prefix such as type.googleapis.com may have dashes, and folders.
    if (cursor.is("/")) kind = "any";
    text += cursor.take().text + cursor.path("the rest of the type's name").text;
  }
  cursor.expect("]");
  const word: Word = { ...cursor.from(first), text };
  return { name: word, kind };
}

function parseList(cursor: Cursor, one: () => OptionValue): OptionValue {
  const opened = cursor.expect("[");
  const elements: OptionValue[] = [];
  if (!cursor.accept("]")) {
    do elements.push(one());
    while (cursor.accept(","));
    cursor.expect("]");
  }
  return { kind: "list", elements, word: opened };
}

function isOpen(cursor: Cursor): boolean {
  return cursor.is("{") || cursor.is("<");
}
