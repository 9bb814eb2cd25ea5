/** What is said about values that cannot be written. */
import { shown, ValueError } from "@kiteline/net";

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
  bytes: "bytes (a Uint8Array)",
} as const;

export type Expected = keyof typeof EXPECTED;

/** `tag` is the field's, when known. */
export function wrongValue(expected: Expected, value: unknown, tag?: number): ValueError {
  return new ValueError(`${tag === undefined ? "" : `field ${tag >>> 3}: `}expected ${EXPECTED[expected]}, got ${shown(value)}`);
}

/** The error for messages inside one another beyond the limit; also what a cyclic value ends in. */
export function nestedTooDeep(maxDepth: number): ValueError {
  return new ValueError(`messages are nested more than ${maxDepth} deep; does the value contain itself?`);
}

/** The error for a oneof whose `case` names none of its fields. */
export function wrongCase(oneof: string, value: unknown): ValueError {
  const given = typeof value === "object" && value !== null && "case" in value ? (value as { readonly case: unknown }).case : value;
  return new ValueError(`expected a case of the oneof ${oneof}, got ${shown(given)}`);
}
