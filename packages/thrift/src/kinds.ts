/** What counts as a list, a set and a map. Much else has what writing asks for: a text has a length and elements, too. */

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
