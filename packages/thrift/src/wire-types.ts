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

/**
 * A field's *key*: its wire type and its id in one number, `(wire type << 16) | id`, where the id is without its sign. So they stand in the
 * binary protocol: reading one takes a shift.
 */
export function fieldKey(id: number, type: number): number {
  return (type << 16) | (id & 0xffff);
}

/** The wire type in a field's key. */
export function typeOfKey(key: number): number {
  return key >>> 16;
}

/** The id in a field's key, with its sign. */
export function idOfKey(key: number): number {
  return (key << 16) >> 16;
}

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
