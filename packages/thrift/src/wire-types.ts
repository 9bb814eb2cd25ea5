/** The types that a Thrift field can have on the wire, by their numbers in the binary protocol (thrift-binary-protocol.md). */

export const STOP = 0;
export const BOOL = 2;
export const BYTE = 3;
export const DOUBLE = 4;
export const I16 = 6;
export const I32 = 8;
export const I64 = 10;
/** Both `string` and `binary`. */
export const STRING = 11;
export const STRUCT = 12;
export const MAP = 13;
export const SET = 14;
export const LIST = 15;
export const UUID = 16;

const NAMES: readonly (string | undefined)[] = [
  "stop",
  undefined,
  "bool",
  "byte",
  "double",
  undefined,
  "i16",
  undefined,
  "i32",
  undefined,
  "i64",
  "string",
  "struct",
  "map",
  "set",
  "list",
  "uuid",
];

/** For texts. */
export function wireTypeName(type: number): string {
  return NAMES[type] ?? `unknown type ${type}`;
}
