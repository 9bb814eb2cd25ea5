/** Numbers from the command line. */

/** Throws a `RangeError` that names the option unless the text is a whole number within the bounds. */
export function requireNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most && text !== "") return value;
  throw new RangeError(`${option} must be a whole number from ${least} to ${most}, got "${text}"`);
}
