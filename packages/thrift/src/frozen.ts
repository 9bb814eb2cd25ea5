/** Constants of the IDL. */

/** Freezes a value and all that it is made of, but for maps, sets and bytes, which cannot be. Returns it. */
export function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  for (const each of Object.values(value)) frozen<unknown>(each);
  return Object.freeze(value);
}
