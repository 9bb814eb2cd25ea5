/**
 * Short strings that come again and again (names, codes, map keys) without decoding them anew: the same bytes give the
 * same string. The bytes are compared as up to three 32-bit words, so that a known string costs about 6 ns where making
 * one costs 20 to 30 (Node 26.10, x64), and makes no garbage.
 *
 * Bounded: a slot keeps one string. A string is kept when it comes for the second time, so that those that never come
 * again drive out none that do, and cost the garbage collector nothing. Kept ones are what V8 calls internalised, as the
 * names in a program are: it tells such strings apart by their addresses, in comparisons, switches and maps.
 */

import { shortAscii } from "./utf8.ts";

/** Longer strings are more often different from one another. */
export const MOST_SHORT_BYTES = 12;

const SLOT_BITS = 10;

/** A string and its bytes. One object, so that looking at a slot is looking at one place. */
export class ShortString {
  text = "";
  private first = 0;
  private middle = 0;
  private last = 0;
  private length = 0;
  /** What came last without being kept. */
  private seen = 0;

  is(first: number, middle: number, last: number, length: number): boolean {
    return this.last === last && this.first === first && this.middle === middle && this.length === length;
  }

  /** Keeps the string if it is the second time that it comes here. */
  offer(first: number, middle: number, last: number, length: number, text: string): void {
    const seen = Math.imul(first ^ (middle << 3), 0x2c1b_3c6d) ^ last ^ (length << 24);
    if (this.seen !== seen) {
      this.seen = seen;
      return;
    }
    this.first = first;
    this.middle = middle;
    this.last = last;
    this.length = length;
    this.text = internalised(text);
  }
}

export class ShortStrings {
  private readonly slots: readonly ShortString[] = Array.from({ length: 1 << SLOT_BITS }, () => new ShortString());

  /** Where a string of these words would be. Words that are not needed are 0. */
  slot(first: number, middle: number, last: number): ShortString {
    const hash = Math.imul(Math.imul(first ^ (middle << 3), 0x2c1b_3c6d) ^ last, 0x9e37_79b1);
    return this.slots[hash >>> (32 - SLOT_BITS)]!;
  }

  /** `length` is from 1 to `MOST_SHORT_BYTES`. Returns `undefined` when a byte is not ASCII. `view` is of the same bytes. */
  read(bytes: Buffer, view: DataView, at: number, length: number): string | undefined {
    let first = 0;
    let middle = 0;
    let last: number;
    if (length >= 4) {
      // The words overlap unless the length is a multiple of 4; with the length they still tell any two strings apart.
      last = view.getInt32(at + length - 4);
      if (length > 4) first = view.getInt32(at);
      if (length > 8) middle = view.getInt32(at + 4);
    } else {
      last = bytes[at]!;
      if (length > 1) last = (last << 8) | bytes[at + 1]!;
      if (length > 2) last = (last << 8) | bytes[at + 2]!;
    }
    const slot = this.slot(first, middle, last);
    if (slot.is(first, middle, last, length)) return slot.text;
    const text = shortAscii(bytes, at, length);
    if (text !== undefined) slot.offer(first, middle, last, length, text);
    return text;
  }
}

/** The same string as V8 keeps it for names, which costs 400 ns. The object has no prototype so that it makes no hidden class. */
function internalised(text: string): string {
  const names = Object.create(null) as Record<string, true>;
  names[text] = true;
  return Object.keys(names)[0]!;
}
