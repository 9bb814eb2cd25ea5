/**
 * Texts of medium length that come again and again (addresses, codes, names of things) without decoding them anew: the
 * same bytes give the same string, as in `ShortStrings` for shorter ones. A known text costs about 35 ns, decoding one
 * 100 to 150, and looking in vain 10 (Node 26.10, x64, between other work: alone they cost half).
 *
 * Bounded: a slot keeps one text. A text is kept when it comes for the second time, so that those that never come again
 * drive out none that do. The thread's, as the memory is: constants of the file V8 has in its code. With those of an object a message of
 * thirty values, one of them such a text, took 3 % longer.
 */

import { MEMORY } from "./received.ts";
import { readUtf8 } from "./utf8.ts";

/** Longer texts are more often different from one another, and comparing them costs nearly as much as decoding them. */
export const MOST_RECURRING_BYTES = 64;
/** A word: shorter ones would have to be compared in another way. */
export const LEAST_RECURRING_BYTES = 8;

const SLOTS = 256;
const WORDS_PER_SLOT = MOST_RECURRING_BYTES / 8;

const BYTES = Buffer.from(MEMORY);
const VIEW = new DataView(MEMORY);

/** Of the texts that are kept. */
const HASHES = new Int32Array(SLOTS);
/** Of the texts that came last without being kept. */
const SEEN = new Int32Array(SLOTS);
/** In bytes. 0 where no text is kept. */
const LENGTHS = new Uint8Array(SLOTS);
/** Their bytes. V8 compares words of 64 bits without making bigints of them. */
const WORDS = new BigInt64Array(SLOTS * WORDS_PER_SLOT);
const TEXTS = new Array<string>(SLOTS).fill("");

/** As `readUtf8`, of `LEAST_RECURRING_BYTES` to `MOST_RECURRING_BYTES` in `MEMORY`. */
export function readRecurring(start: number, end: number): string | undefined {
  const length = end - start;
  // Samples from three places: many texts begin or end alike.
  const middle = start + (length >>> 1) - 2;
  const samples = VIEW.getInt32(start) ^ Math.imul(VIEW.getInt32(middle), 0x2c1b_3c6d) ^ VIEW.getInt32(end - 4);
  const hash = Math.imul(samples ^ length, 0x9e37_79b1);
  const slot = (hash >>> 16) & (SLOTS - 1);
  if (HASHES[slot] === hash && LENGTHS[slot] === length && holds(slot, start, end)) return TEXTS[slot];
  const text = readUtf8(BYTES, VIEW, start, end);
  if (SEEN[slot] !== hash) {
    SEEN[slot] = hash;
  } else if (text !== undefined) {
    keep(slot, hash, text, start, end);
  }
  return text;
}

function holds(slot: number, start: number, end: number): boolean {
  let word = slot * WORDS_PER_SLOT;
  // The last word overlaps the one before, unless the length is a multiple of 8.
  for (let at = start; at < end - 8; at += 8, word++) if (VIEW.getBigInt64(at) !== WORDS[word]) return false;
  return VIEW.getBigInt64(end - 8) === WORDS[word];
}

function keep(slot: number, hash: number, text: string, start: number, end: number): void {
  let word = slot * WORDS_PER_SLOT;
  for (let at = start; at < end - 8; at += 8, word++) WORDS[word] = VIEW.getBigInt64(at);
  WORDS[word] = VIEW.getBigInt64(end - 8);
  HASHES[slot] = hash;
  LENGTHS[slot] = end - start;
  TEXTS[slot] = text;
  SEEN[slot] = 0;
}
