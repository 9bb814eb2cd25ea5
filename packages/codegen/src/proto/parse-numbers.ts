/** Numbers of fields, values and ranges of them. */
import type { Cursor } from "./cursor.ts";
import type { NumberRange } from "./descriptor.ts";
import { integerOf } from "./numbers.ts";
import type { Word } from "./tokens.ts";

/** The largest number that a field may have. */
export const MAX_FIELD_NUMBER = 536_870_911;
export const MAX_INT32 = 2_147_483_647;
const MIN_INT32 = -2_147_483_648;

/** A number of 32 bits; `signed` when it may be below zero. */
export function parseNumber(cursor: Cursor, expected: string, signed = false): { readonly value: number; readonly word: Word } {
  const first = cursor.next;
  const negative = signed && cursor.accept("-");
  const { text } = cursor.integer(expected);
  const word = cursor.from(first);
  const value = negative ? -integerOf(text) : integerOf(text);
  if (value > MAX_INT32 || value < MIN_INT32) {
    throw cursor.report(word, `${expected} must be between ${signed ? MIN_INT32 : 0} and ${MAX_INT32}, got ${word.text}`);
  }
  return { value: Number(value), word };
}

/**
 * `1, 5 to 9, 20 to max`: each as its first and last number, both included. Ranges of fields are kept with the number
 * after the last; whoever asks adds it.
 */
export function parseRanges(cursor: Cursor, signed: boolean): (NumberRange & { readonly max: boolean; readonly word: Word })[] {
  const found = [];
  do {
    const first = cursor.next;
    const { value: start } = parseNumber(cursor, "a number", signed);
    let end = start;
    let max = false;
    if (cursor.accept("to")) {
      max = cursor.accept("max");
      end = max ? MAX_INT32 : parseNumber(cursor, "a number or max", signed).value;
    }
    const word = cursor.from(first);
    if (end < start) throw cursor.report(word, `this range ends at ${end}, before it begins`);
    found.push({ start, end, max, word });
  } while (cursor.accept(","));
  return found;
}
