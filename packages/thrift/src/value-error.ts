/** What is said about a value that cannot be written. */
import { shown, ValueError } from "@kiteline/net";

export { shown, ValueError };

/** `expected` names what was asked for; `id` is the field's, when known. */
export function wrongValue(expected: Expected, value: unknown, id?: number): ValueError {
  const error = new ValueError(`expected ${EXPECTED[expected]}, got ${shown(value)}`);
  // Until somebody says the path, this is where.
  if (id !== undefined) error.message = `field ${id}: ${error.problem}`;
  return error;
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

const CONTAINERS = {
  list: ["a list (an array)", "length"],
  set: ["a Set", "size"],
  map: ["a Map", "size"],
} as const;

/** How texts call what is to be written as a container. */
export function expectedContainer(kind: keyof typeof CONTAINERS): string {
  return CONTAINERS[kind][0];
}

/** What was to be written as a container is another kind of thing, or, if it is not known, has no count. `id` is the field's, when known. */
export function wrongContainer(kind: keyof typeof CONTAINERS, value: unknown, id?: number): ValueError {
  const [expected, count] = CONTAINERS[kind];
  const error = new ValueError(`expected ${expected}, got ${value === undefined ? `a value without a ${count}` : shown(value)}`);
  if (id !== undefined) error.message = `field ${id}: ${error.problem}`;
  return error;
}

/** What was to be written as a struct is another kind of thing. */
export function wrongStruct(struct: string, value: unknown): ValueError {
  const hint = value instanceof Promise ? ": await it" : value instanceof Error ? ": throw it" : "";
  return new ValueError(`expected ${struct} (an object), got ${shown(value)}${hint}`);
}

/** Structs are inside one another beyond the limit; also what a cyclic value ends in. */
export class TooDeepError extends RangeError {
  readonly maxDepth: number;

  constructor(maxDepth: number) {
    super(`structs are nested more than ${maxDepth} deep (maxDepth); does the value contain itself?`);
    this.maxDepth = maxDepth;
  }
}

export function tooDeep(maxDepth: number): TooDeepError {
  return new TooDeepError(maxDepth);
}
