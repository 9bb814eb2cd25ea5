/**
 * Texts of medium length that come again and again (addresses, codes, names of things) without decoding them anew: the
 * same bytes give the same string, as in `ShortStrings` for shorter ones. A known text costs about 35 ns, decoding one
 * 100 to 150, and looking in vain 10 (Node 26.10, x64, between other work: alone they cost half).
 *
 * Bounded: a slot keeps one text. A text is kept when it comes for the second time, so that those that never come again
 * drive out none that do.
 */

import { readUtf8 } from "./utf8.ts";

/** Longer texts are more often different from one another, and comparing them costs nearly as much as decoding them. */
export const MOST_RECURRING_BYTES = 64;
/** A word: shorter ones would have to be compared in another way. */
export const LEAST_RECURRING_BYTES = 8;

const SLOTS = 256;
const WORDS_PER_SLOT = MOST_RECURRING_BYTES / 8;

export class RecurringTexts {
  /** Of the texts that are kept. */
  private readonly hashes = new Int32Array(SLOTS);
  /** Of the texts that came last without being kept. */
  private readonly seen = new Int32Array(SLOTS);
  /** In bytes. 0 where no text is kept. */
  private readonly lengths = new Uint8Array(SLOTS);
  /** Their bytes. V8 compares words of 64 bits without making bigints of them. */
  private readonly words = new BigInt64Array(SLOTS * WORDS_PER_SLOT);
  private readonly texts: string[] = new Array<string>(SLOTS).fill("");

  /** As `readUtf8`, for `LEAST_RECURRING_BYTES` to `MOST_RECURRING_BYTES`. */
  read(bytes: Buffer, view: DataView, start: number, end: number): string | undefined {
    const length = end - start;
    // Samples from three places: many texts begin or end alike.
    const middle = start + (length >>> 1) - 2;
    const samples = view.getInt32(start) ^ Math.imul(view.getInt32(middle), 0x2c1b_3c6d) ^ view.getInt32(end - 4);
    const hash = Math.imul(samples ^ length, 0x9e37_79b1);
    const slot = (hash >>> 16) & (SLOTS - 1);
    if (this.hashes[slot] === hash && this.lengths[slot] === length && this.holds(slot, view, start, end)) return this.texts[slot];
    const text = readUtf8(bytes, view, start, end);
    if (this.seen[slot] !== hash) {
      this.seen[slot] = hash;
    } else if (text !== undefined) {
      this.keep(slot, hash, text, view, start, end);
    }
    return text;
  }

  private holds(slot: number, view: DataView, start: number, end: number): boolean {
    let word = slot * WORDS_PER_SLOT;
    // The last word overlaps the one before, unless the length is a multiple of 8.
    for (let at = start; at < end - 8; at += 8, word++) if (view.getBigInt64(at) !== this.words[word]) return false;
    return view.getBigInt64(end - 8) === this.words[word];
  }

  private keep(slot: number, hash: number, text: string, view: DataView, start: number, end: number): void {
    let word = slot * WORDS_PER_SLOT;
    for (let at = start; at < end - 8; at += 8, word++) this.words[word] = view.getBigInt64(at);
    this.words[word] = view.getBigInt64(end - 8);
    this.hashes[slot] = hash;
    this.lengths[slot] = end - start;
    this.texts[slot] = text;
    this.seen[slot] = 0;
  }
}
