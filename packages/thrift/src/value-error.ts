/** What is said about a value that cannot be written. */

const SHOWN_CHARACTERS = 40;

/** A value is not what the IDL asks for. The message says what was expected, what came and, as far as known, where. */
export class ValueError extends TypeError {
  override readonly name = "ValueError";
  readonly problem: string;
  /** Steps from the outermost value, such as `.items[3].price`; empty when not known. */
  path = "";

  constructor(problem: string, options?: ErrorOptions) {
    super(problem, options);
    this.problem = problem;
  }

  /** Says that the value so far spoken of is found by `step` (`.name` or `[3]`) inside of another. */
  within(step: string): this {
    this.path = step + this.path;
    this.message = `${this.path.startsWith(".") ? this.path.slice(1) : this.path}: ${this.problem}`;
    return this;
  }
}

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
  list: "a list (an array), got a value without a length",
  set: "a Set, got a value without a size",
  map: "a Map, got a value without a size",
};

/** What was to be written as a container has no count: it is another kind of thing. `id` is the field's, when known. */
export function wrongContainer(kind: keyof typeof CONTAINERS, id?: number): ValueError {
  const error = new ValueError(`expected ${CONTAINERS[kind]}`);
  if (id !== undefined) error.message = `field ${id}: ${error.problem}`;
  return error;
}

/** A value for a text, in few characters. */
export function shown(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.length > SHOWN_CHARACTERS ? `${value.slice(0, SHOWN_CHARACTERS)}…` : value);
    case "bigint":
      return `${value}n`;
    case "object":
      if (value === null) return "null";
      return Array.isArray(value) ? `an array of ${value.length}` : `an object${classOf(value)}`;
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
  const prototype = Object.getPrototypeOf(value) as { readonly constructor?: { readonly name?: unknown } } | null;
  const name = prototype?.constructor?.name;
  return typeof name === "string" && name !== "Object" ? ` of class ${name}` : "";
}

/** The error for structs inside one another beyond the limit; also what a cyclic value ends in. */
export function tooDeep(maxDepth: number): RangeError {
  return new RangeError(`structs are nested more than ${maxDepth} deep (maxDepth); does the value contain itself?`);
}
