/** `Timestamp` and `Duration` as text. Throws `ValueError` for what is none, or out of its range. */
import { shown, ValueError } from "@kiteline/net";

export interface SecondsAndNanos {
  readonly seconds: bigint;
  readonly nanos: number;
}

const TIMESTAMP = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?(?:Z|([+-])([0-9]{2}):([0-9]{2}))$/;
const DURATION = /^(-?)([0-9]{1,12})(?:\.([0-9]{1,9}))?s$/;
/** From 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z. */
const LEAST_SECONDS = -62_135_596_800n;
const MOST_SECONDS = 253_402_300_799n;
/** About 10 000 years. */
const MOST_DURATION_SECONDS = 315_576_000_000n;
const NANOS = 1_000_000_000;

export function timestampText({ seconds, nanos }: SecondsAndNanos): string {
  if (seconds < LEAST_SECONDS || seconds > MOST_SECONDS) throw new ValueError(`expected a time in the years 1 to 9999, got ${seconds} s`);
  if (nanos < 0 || nanos >= NANOS) throw new ValueError(`expected nanos from 0 to 999999999, got ${nanos}`);
  return new Date(Number(seconds) * 1000).toISOString().replace(".000Z", `${fraction(nanos)}Z`);
}

export function parseTimestamp(text: unknown): SecondsAndNanos {
  const match = typeof text === "string" ? TIMESTAMP.exec(text) : null;
  if (match === null) throw new ValueError(`expected a time such as "2006-01-02T15:04:05.5Z", got ${shown(text)}`);
  const [, year, month, day, hour, minute, second, digits = "", sign, hours = "0", minutes = "0"] = match;
  const iso = `${year!}-${month!}-${day!}T${hour!}:${minute!}:${second!}.000Z`;
  const ms = Date.parse(iso);
  // Date.parse takes the 31st of a month of 30 days for the 1st of the next.
  if (Number.isNaN(ms) || new Date(ms).toISOString() !== iso) throw new ValueError(`expected a time that exists, got ${shown(text)}`);
  const offset = (Number(hours) * 60 + Number(minutes)) * 60 * (sign === "-" ? -1 : 1);
  const seconds = BigInt(ms / 1000 - offset);
  if (seconds < LEAST_SECONDS || seconds > MOST_SECONDS) throw new ValueError(`expected a time in the years 1 to 9999, got ${shown(text)}`);
  return { seconds, nanos: nanosOf(digits) };
}

export function durationText({ seconds, nanos }: SecondsAndNanos): string {
  if (seconds < -MOST_DURATION_SECONDS || seconds > MOST_DURATION_SECONDS)
    throw new ValueError(`expected at most ${MOST_DURATION_SECONDS} s, got ${seconds} s`);
  if (nanos <= -NANOS || nanos >= NANOS) throw new ValueError(`expected nanos from -999999999 to 999999999, got ${nanos}`);
  if ((seconds < 0n && nanos > 0) || (seconds > 0n && nanos < 0))
    throw new ValueError(`expected seconds and nanos of one sign, got ${seconds} and ${nanos}`);
  const sign = seconds < 0n || nanos < 0 ? "-" : "";
  return `${sign}${seconds < 0n ? -seconds : seconds}${fraction(Math.abs(nanos))}s`;
}

export function parseDuration(text: unknown): SecondsAndNanos {
  const match = typeof text === "string" ? DURATION.exec(text) : null;
  if (match === null) throw new ValueError(`expected a duration such as "1.5s", got ${shown(text)}`);
  const [, sign, whole, digits = ""] = match;
  const seconds = BigInt(whole!);
  if (seconds > MOST_DURATION_SECONDS) throw new ValueError(`expected at most ${MOST_DURATION_SECONDS} s, got ${shown(text)}`);
  const nanos = nanosOf(digits);
  return sign === "-" ? { seconds: -seconds, nanos: nanos === 0 ? 0 : -nanos } : { seconds, nanos };
}

/** Nothing, or a point and 3, 6 or 9 digits. */
function fraction(nanos: number): string {
  if (nanos === 0) return "";
  const digits = String(nanos).padStart(9, "0");
  return `.${digits.replace(/(?:000){1,2}$/, "")}`;
}

function nanosOf(digits: string): number {
  return Number(digits.padEnd(9, "0"));
}
