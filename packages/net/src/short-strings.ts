/**
 * Short strings that come again and again (names, codes, map keys) without decoding them anew: the same bytes give the
 * same string. The bytes are compared as up to three 32-bit words, so that a known string costs about 6 ns where making
 * one costs 20 to 30 (Node 26.10, x64), and makes no garbage.
 *
 * Bounded: a slot keeps the last string that fell into it.
 */

import { shortAscii } from "./utf8.ts";

/** Longer strings are more often different from one another. */
export const MOST_SHORT_BYTES = 12;

const SLOT_BITS = 10;

export class ShortStrings {
  /** Four per slot: the three words and the length. */
  private readonly words: Int32Array = new Int32Array(4 << SLOT_BITS);
  private readonly texts: string[] = new Array<string>(1 << SLOT_BITS).fill("");

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
    const hash = Math.imul(Math.imul(first, 0x2c1b_3c6d) ^ Math.imul(middle, 0x297a_2d39) ^ last ^ (length << 24), 0x9e37_79b1);
    const slot = hash >>> (32 - SLOT_BITS);
    const words = this.words;
    const base = slot << 2;
    if (words[base] === first && words[base + 1] === middle && words[base + 2] === last && words[base + 3] === length)
      return this.texts[slot];
    const text = shortAscii(bytes, at, length);
    if (text === undefined) return undefined;
    words[base] = first;
    words[base + 1] = middle;
    words[base + 2] = last;
    words[base + 3] = length;
    this.texts[slot] = text;
    return text;
  }
}
