/** Checks of option values, made once when a client or server is built. */

/** Throws a `RangeError` that names the option, the bounds and what came. */
export function requireBetween(name: string, value: number, least: number, most: number): number {
  if (typeof value !== "number" || !(value >= least && value <= most)) {
    throw new RangeError(`${name} must be a number between ${least} and ${most}, got ${String(value)}`);
  }
  return value;
}

/** Throws a `TypeError` that names the option and its values. */
export function requireOneOf<T extends string>(name: string, value: T, values: readonly T[]): T {
  if (!values.includes(value)) throw new TypeError(`${name} must be one of ${values.join(", ")}, got ${String(value)}`);
  return value;
}
