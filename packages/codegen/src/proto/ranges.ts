/** Numbers that are taken, and those that are free. */
import type { NumberRange } from "./descriptor.ts";

/** The first two ranges that share a number. Their `end` is the first number behind them. */
export function overlap<T extends NumberRange>(ranges: readonly T[]): readonly [T, T] | undefined {
  const sorted = ranges.toSorted((a, b) => a.start - b.start);
  for (const [index, range] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before !== undefined && before.end > range.start) return [before, range];
  }
  return undefined;
}

/** The least number from `from` on that is in none of the ranges and not taken. */
export function freeNumber(taken: ReadonlySet<number>, ranges: readonly NumberRange[], from = 1): number {
  let number = from;
  for (;;) {
    const range = ranges.find((each) => each.start <= number && number < each.end);
    if (range !== undefined) number = range.end;
    else if (taken.has(number)) number++;
    else return number;
  }
}

/** A range as it was written. */
export function rangeText({ start, end }: NumberRange): string {
  return end - 1 === start ? String(start) : `${start} to ${end - 1}`;
}
