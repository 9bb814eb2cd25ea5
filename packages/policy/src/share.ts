/** Structural equality of plain values, and reuse of what did not change, so that whoever compiled it need not look again. */

/** Whether two plain values (objects, arrays, strings, numbers, booleans, undefined) say the same. A property that is `undefined` equals one that is missing. */
export function equal(a: unknown, b: unknown): boolean {
  return Object.is(share(a, b), a);
}

/**
 * `next`, with each part that equals the part of `previous` in its place replaced by that very object; `previous`
 * itself when all is equal. Elements of arrays are found again by place, and by `name` when they have one.
 */
export function share<T>(previous: unknown, next: T): T {
  if (Object.is(previous, next)) return next;
  if (typeof previous !== "object" || previous === null || typeof next !== "object" || next === null) return next;
  if (Array.isArray(next)) return Array.isArray(previous) ? (shareArray(previous, next) as T) : next;
  if (Array.isArray(previous)) return next;
  return shareObject(previous as Plain, next as Plain) as T;
}

type Plain = Readonly<Record<string, unknown>>;

function shareArray(previous: readonly unknown[], next: readonly unknown[]): readonly unknown[] {
  let same = previous.length === next.length;
  const byName = new Map<unknown, unknown>();
  for (const element of previous) if (nameOf(element) !== undefined) byName.set(nameOf(element), element);
  const shared = next.map((element, place) => {
    const name = nameOf(element);
    const result = share(nameOf(previous[place]) === name ? previous[place] : byName.get(name), element);
    if (result !== previous[place]) same = false;
    return result;
  });
  return same ? previous : shared;
}

function shareObject(previous: Plain, next: Plain): Plain {
  let same = true;
  let changed = false;
  const shared: Record<string, unknown> = {};
  for (const key of Object.keys(next)) {
    const value = share(previous[key], next[key]);
    shared[key] = value;
    if (value !== next[key]) changed = true;
    if (!Object.is(value, previous[key])) same = false;
  }
  if (same) for (const key of Object.keys(previous)) if (previous[key] !== undefined && next[key] === undefined) same = false;
  if (same) return previous;
  return changed ? shared : next;
}

function nameOf(element: unknown): string | undefined {
  return typeof element === "object" && element !== null && "name" in element && typeof element.name === "string"
    ? element.name
    : undefined;
}
