/** Numbers between how they are written and what they are. */

/** The value of an `integer` token. */
export function integerOf(text: string): bigint {
  return /^0[0-7]/.test(text) ? BigInt(`0o${text.slice(1)}`) : BigInt(text);
}

/** A double as the default of a field has it: as few digits as say it, as C prints them. */
export function doubleText(value: number): string {
  return shortest(value, 15, 17, (text) => Number(text) === value);
}

/** As `doubleText`, for what is held as a float. */
export function floatText(value: number): string {
  const float = Math.fround(value);
  return shortest(float, 6, 9, (text) => Math.fround(Number(text)) === float);
}

function shortest(value: number, few: number, enough: number, same: (text: string) => boolean): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const text = general(value, few);
  return same(text) ? text : general(value, enough);
}

/** What `printf("%.*g")` prints. */
function general(value: number, digits: number): string {
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa, power] = value.toExponential(digits - 1).split("e") as [string, string];
  const exponent = Number(power);
  if (exponent >= -4 && exponent < digits) return trimmed(value.toFixed(digits - 1 - exponent));
  const sign = exponent < 0 ? "-" : "+";
  return `${trimmed(mantissa)}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

function trimmed(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
