/** Whole numbers as IDL writes them. */

/** Decimal, `0x` or `0o`, with a sign or without. */
export function parseInteger(text: string): bigint {
  const digits = BigInt(text.replace(/^[+-]/, ""));
  return text.startsWith("-") ? -digits : digits;
}
