/** `grpc-timeout`: a deadline as the time that is left, a number of at most eight digits and a unit (gRPC over HTTP/2, "Timeout"). */

const MAX_DIGITS = 8;
/** Milliseconds per unit, the finest that we write first. */
const WRITTEN = [
  ["m", 1],
  ["S", 1000],
  ["M", 60_000],
  ["H", 3_600_000],
] as const;
const READ: Readonly<Record<string, number>> = { n: 1e-6, u: 1e-3, ...Object.fromEntries(WRITTEN) };

/** The header's value. Rounded up, and never 0: the peer must not give up before we do. */
export function encodeTimeout(milliseconds: number): string {
  for (const [unit, factor] of WRITTEN) {
    const value = Math.max(1, Math.ceil(milliseconds / factor));
    if (value < 10 ** MAX_DIGITS) return value + unit;
  }
  return `99999999H`;
}

/** Milliseconds; `undefined` for what is no timeout. */
export function decodeTimeout(value: string): number | undefined {
  const digits = value.length - 1;
  const factor = READ[value.charAt(digits)];
  if (factor === undefined || digits < 1 || digits > MAX_DIGITS) return undefined;
  let number = 0;
  for (let at = 0; at < digits; at++) {
    const digit = value.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return undefined;
    number = number * 10 + digit;
  }
  return number * factor;
}
