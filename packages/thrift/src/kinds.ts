/**
 * What counts as a struct, a list, a set and a map. Much else has what writing asks for: a text has a length and elements, and for the
 * properties that it does not have there are defaults.
 */

/** Objects of these are no structs. */
const OTHERS = [Array, Map, Set, Date, Promise, Error, RegExp, WeakMap, WeakSet, String, Number, Boolean] as const;

/** An object, also of a class. Not for exceptions, which are errors. */
export function isStruct(value: unknown): boolean {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return false;
  return !OTHERS.some((kind) => value instanceof kind);
}

// `undefined` counts as each of the containers, since writers are not given those that somebody has looked at. They do not ask for it
// themselves: while they are short they are compiled into generated code.

export function isList(value: unknown): boolean {
  return value === undefined || Array.isArray(value);
}

/** A `Set`, or what has a size and elements as one has. */
export function isSet(value: unknown): boolean {
  return value === undefined || value instanceof Set || (isCollection(value) && !(value instanceof Map));
}

/** A `Map`, or what has a size and elements as one has. */
export function isMap(value: unknown): boolean {
  return value === undefined || value instanceof Map || (isCollection(value) && !(value instanceof Set));
}

function isCollection(value: unknown): boolean {
  return typeof value === "object" && value !== null && "size" in value && Symbol.iterator in value;
}
