/** What is said about a value that cannot be written. */

const SHOWN_CHARACTERS = 40;

/**
 * The error for a `value` that is not `expected` (an i32, a string). It is a `RangeError` when the value has the right
 * JavaScript type, else a `TypeError`. `id` is the field's, when known.
 */
export function wrongValue(expected: Expected, value: unknown, id?: number): Error {
  const text = `${id === undefined ? "" : `field ${id}: `}expected ${EXPECTED[expected]}, got ${shown(value)}`;
  return typeof value === TYPE_OF[expected] ? new RangeError(text) : new TypeError(text);
}

export type Expected = keyof typeof EXPECTED;

const EXPECTED = {
  bool: "a boolean",
  byte: "an i8 (a whole number from -128 to 127)",
  i16: "an i16 (a whole number from -32768 to 32767)",
  i32: "an i32 (a whole number from -2147483648 to 2147483647)",
  i64: "an i64 (a bigint of 64 bits)",
  i64Number: "an i64 (a safe integer)",
  i64String: "an i64 (decimal text of 64 bits)",
  double: "a double (a number)",
  string: "a string",
  wellFormed: "a string of well-formed Unicode (no lone surrogates)",
  binary: "binary (a Uint8Array)",
  uuid: "a UUID (text of the form 8-4-4-4-12)",
} as const;

const TYPE_OF: Readonly<Record<Expected, string>> = {
  bool: "boolean",
  byte: "number",
  i16: "number",
  i32: "number",
  i64: "bigint",
  i64Number: "number",
  i64String: "string",
  double: "number",
  string: "string",
  wellFormed: "string",
  binary: "",
  uuid: "string",
};

/** A value for a text, in few characters. */
export function shown(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.length > SHOWN_CHARACTERS ? `${value.slice(0, SHOWN_CHARACTERS)}…` : value);
    case "bigint":
      return `${value}n`;
    case "object":
      if (value === null) return "null";
      return Array.isArray(value) ? `an array of ${value.length}` : `an object of class ${classOf(value)}`;
    case "function":
      return "a function";
    case "undefined":
    case "number":
    case "boolean":
    case "symbol":
      return String(value);
  }
}

function classOf(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null ? "Object" : (prototype as object).constructor.name;
}

/** The error for structs inside one another beyond the limit; also what a cyclic value ends in. */
export function tooDeep(maxDepth: number): RangeError {
  return new RangeError(`structs are nested more than ${maxDepth} deep (maxDepth); does the value contain itself?`);
}
