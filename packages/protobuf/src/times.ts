/** `google.protobuf.Timestamp` and `Duration` as JavaScript has them. */
import { ValueError } from "@kiteline/net";

/** As both messages have it. */
export interface Time {
  readonly seconds: bigint;
  readonly nanos: number;
}

const MS = 1_000_000;

/** Throws `ValueError` for a date that is none. */
export function timestampFromDate(date: Date): { seconds: bigint; nanos: number } {
  const ms = date.getTime();
  if (Number.isNaN(ms)) throw new ValueError("expected a date, got one that is invalid");
  const seconds = Math.floor(ms / 1000);
  return { seconds: BigInt(seconds), nanos: (ms - seconds * 1000) * MS };
}

/** What is below a millisecond is cut off. */
export function dateFromTimestamp({ seconds, nanos }: Time): Date {
  return new Date(Number(seconds) * 1000 + Math.floor(nanos / MS));
}

/** `ms` may have a fraction. Throws `ValueError` for what is no finite number. */
export function durationFromMs(ms: number): { seconds: bigint; nanos: number } {
  if (!Number.isFinite(ms)) throw new ValueError(`expected milliseconds, got ${ms}`);
  const seconds = Math.trunc(ms / 1000);
  // A duration's two parts have one sign, and 0 has none.
  return { seconds: BigInt(seconds), nanos: Math.round((ms - seconds * 1000) * MS) || 0 };
}

export function msFromDuration({ seconds, nanos }: Time): number {
  return Number(seconds) * 1000 + nanos / MS;
}
