/** What is said about values that cannot be written. */
import { caseHint, hasFields, hasOnlyOthers, noneOf, shown, ValueError } from "@kiteline/net";
import { unset } from "./unset.ts";

const EXPECTED = {
  int32: "an int32 (a whole number from -2147483648 to 2147483647)",
  uint32: "a uint32 (a whole number from 0 to 4294967295)",
  int64: "an int64 (a bigint of 64 bits)",
  uint64: "a uint64 (a bigint of 64 bits, not negative)",
  safe: "a 64-bit integer (a safe integer)",
  decimal: "a 64-bit integer (decimal text)",
  number: "a number",
  bool: "a boolean",
  string: "a string",
  wellFormed: "a string of well-formed Unicode (no lone surrogates)",
  array: "an array",
  map: "a Map",
  strings: "an array of strings",
  bytes: "bytes (a Uint8Array)",
} as const;

export type Expected = keyof typeof EXPECTED;

/** A value is not what its field asks for. What came is kept, so that it can be found in the message. */
export class WrongValue extends ValueError {
  readonly got: unknown;

  constructor(problem: string, got: unknown) {
    super(problem);
    this.got = got;
  }
}

export function wrongValue(expected: Expected, value: unknown): WrongValue {
  return new WrongValue(`expected ${EXPECTED[expected]}, got ${shown(value)}`, value);
}

/** Throws for what is no message, although its properties may do: text, lists, maps, dates, errors. Only asked about what is no plain object. */
export function requireMessage(value: unknown, name = "message"): void {
  if (!hasFields(value)) throw new WrongValue(`expected a ${name} (an object), got ${shown(value)}${hintFor(value)}`, value);
}

function hintFor(value: unknown): string {
  if (value instanceof Promise) return ": await it";
  if (value instanceof Error) return ": throw it";
  return value instanceof Date ? ": timestampFromDate makes a google.protobuf.Timestamp of it" : "";
}

/** The properties of a codec's messages. */
const FIELDS = new WeakMap<Written, ReadonlySet<string>>();

/** What is asked of a codec about a message that it wrote. */
export interface Written {
  readonly name: string;
  empty(): unknown;
}

/**
 * Throws for an object that has something, but none of the message's fields: a name is misspelt, or it is another message, or what a
 * `Struct` says in its own way. Only asked about what turned out to be an empty message. TypeScript refuses the same; that there is more besides a field is fine with both.
 */
export function requireSome(codec: Written, value: unknown): void {
  let fields = FIELDS.get(codec);
  if (fields === undefined) FIELDS.set(codec, (fields = new Set(Object.keys(codec.empty() as object))));
  const message = value as object;
  if (fields.size === 0 || "$unknown" in message || !hasOnlyOthers(message, fields)) return;
  throw new WrongValue(noneOf(codec.name, fields, message) + (JSON_LIKE.has(codec.name) ? FROM_JSON : ""), value);
}

/** What plain values are often taken for. */
const JSON_LIKE: ReadonlySet<string> = new Set(["google.protobuf.Struct", "google.protobuf.Value", "google.protobuf.ListValue"]);

const FROM_JSON = ": fromJson makes one of plain JSON";

/** What is said to who gives a bare value for a message of Google's that stands for it. */
export function hintForBare(message: string): string {
  if (JSON_LIKE.has(message)) return FROM_JSON;
  return /^google\.protobuf\.\w+Value$/.test(message) ? `: a ${message} is { value }` : "";
}

/** The error for messages inside one another beyond the limit; also what a cyclic value ends in. */
export function nestedTooDeep(maxDepth: number): ValueError {
  return new ValueError(`messages are nested more than ${maxDepth} deep; does the value contain itself?`);
}

/** A oneof's value is none. Which cases it has is not known to who writes one. */
export class WrongCase extends WrongValue {
  /** In the schema, with the names of its message and package before it. */
  readonly oneof: string;

  constructor(problem: string, got: unknown, oneof: string) {
    super(problem, got);
    this.oneof = oneof;
  }
}

/** The error for a oneof whose `case` names none of its fields, which `cases` are where they are known. */
export function wrongCase(oneof: string, value: unknown, cases: readonly string[] = []): WrongCase {
  const given = caseOf(value);
  const expected = given === undefined ? "{ case, value }" : "a case";
  const problem = `expected ${expected} of the oneof ${oneof}, got ${shown(given ?? value)}${caseHint(given, cases)}`;
  return new WrongCase(problem, value, oneof);
}

/** The case that a value of a oneof names. */
export function caseOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "case" in value ? value.case : undefined;
}

/** Looks at a oneof of which no case was written: throws unless it says that there is none. */
export function requireCase(oneof: string, value: unknown): void {
  if (value === undefined || value === unset) return;
  if (typeof value === "object" && value !== null && "case" in value && value.case === undefined) return;
  throw wrongCase(oneof, value);
}
