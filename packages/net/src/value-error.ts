/** What is said about a value that cannot be written as bytes. */
import { nearest } from "@kiteline/core";

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

/** Objects of these are nothing that has fields. */
const OTHERS = [Date, Promise, Error, RegExp, WeakMap, WeakSet, Number, Boolean, ArrayBuffer] as const;

/**
 * Whether a value may be meant as something that has fields: an object, also of a class, but none that has elements. Much else has the
 * properties that are asked for, or lacks those that may be lacking.
 */
export function hasFields(value: unknown): value is object {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return false;
  return !(Symbol.iterator in value || Symbol.asyncIterator in value || OTHERS.some((kind) => value instanceof kind));
}

/** Whether an object has something, but none of these fields. */
export function hasOnlyOthers(value: object, fields: ReadonlySet<string>): boolean {
  let hasOther = false;
  for (const name in value) {
    if (fields.has(name)) return false;
    const own = (value as Readonly<Record<string, unknown>>)[name];
    hasOther ||= own !== undefined && own !== null;
  }
  return hasOther && ![...fields].some((name) => name in value);
}

/** Of so many fields the names are told. */
const MOST_NAMES = 10;

/** What is said of an object that has something, but none of the fields of what it is to be. */
export function noneOf(what: string, fields: Iterable<string>, value: object): string {
  return `expected ${what} (an object with any of ${namesOf([...fields])}), got ${shown(value)} with ${namesOf(Object.keys(value))}`;
}

/** What is said beside a case that is none of a union's or oneof's: which was meant, or which there are. */
export function caseHint(given: unknown, cases: readonly string[]): string {
  const meant = typeof given === "string" ? nearest(given, cases) : undefined;
  if (meant !== undefined) return `: did you mean ${JSON.stringify(meant)}? There are ${namesOf(cases)}`;
  return cases.length === 0 ? "" : `: there are ${namesOf(cases)}`;
}

function namesOf(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return more > 0 ? `${names.slice(0, MOST_NAMES).join(", ")} and ${more} more` : names.join(", ");
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
  // Generators are of no class that has a name.
  const known = typeof name === "string" && name !== "" ? name : Object.prototype.toString.call(value).slice("[object ".length, -1);
  return known === "Object" ? "" : ` of class ${known}`;
}
