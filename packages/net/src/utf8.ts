/**
 * Text to bytes and back. Short ASCII, which most text in messages is, is done in JavaScript; all else by Node's
 * native functions. The two thresholds were measured on Node 26.10 (x64): a native write costs about 22 ns whatever
 * the length, a written character 1.5 ns; a native read about 60 ns, `String.fromCharCode` 18 ns and 1 ns a character.
 */
import { isUtf8 } from "node:buffer";

/** Texts of up to this many characters are written by a loop. */
const SHORT_WRITE = 15;
/** Texts of up to this many bytes are read by `shortAscii`, which has one case for each length. */
const SHORT_READ = 16;
/** Up to here a look at the bytes costs less than a search for U+FFFD in the text, which goes to V8's runtime (30 ns). */
const CHECKED_READ = 64;
/** Longer texts are measured first; up to here room for the worst case, three bytes a character, is taken. */
const MEASURED_WRITE = 1024;

/** What `Buffer#toString` and `Buffer#write` call once they have looked at their arguments. Not in Node's documentation, but in every release. */
interface NativeSlices {
  utf8Write(text: string, position: number, length: number): number;
  utf8Slice(start: number, end: number): string;
  latin1Slice(start: number, end: number): string;
}

/** The most bytes that `text` can take: exactly as many for long text, three a character for shorter. */
export function mostUtf8Bytes(text: string): number {
  return text.length <= MEASURED_WRITE ? 3 * text.length : Buffer.byteLength(text);
}

/** Writes all of `text`, which takes `most` bytes at most; there is room for them. Returns the number of bytes, or -1 for text that is not well-formed. */
export function writeUtf8(bytes: Buffer, position: number, text: string, most: number): number {
  const length = text.length;
  if (length <= SHORT_WRITE) {
    let i = 0;
    for (; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) break;
      bytes[position + i] = code;
    }
    if (i === length) return length;
  }
  const written = (bytes as unknown as NativeSlices).utf8Write(text, position, most);
  // As many bytes as characters: all of it was ASCII, where no surrogate can be.
  return written === length || text.isWellFormed() ? written : -1;
}

/** Reads text, or returns `undefined` where the bytes are not UTF-8. `view` is of the same bytes. */
export function readUtf8(bytes: Buffer, view: DataView, start: number, end: number): string | undefined {
  const length = end - start;
  if (length <= SHORT_READ) {
    const text = shortAscii(bytes, start, length);
    if (text !== undefined) return text;
  } else if (length <= CHECKED_READ && isAscii(view, start, end)) {
    return (bytes as unknown as NativeSlices).latin1Slice(start, end);
  }
  return readLongUtf8(bytes, start, end);
}

/** The same without a look at how long it is: for text of more than `CHECKED_READ` bytes. */
export function readLongUtf8(bytes: Buffer, start: number, end: number): string | undefined {
  const text = (bytes as unknown as NativeSlices).utf8Slice(start, end);
  // Node puts U+FFFD where it cannot decode; but it may also have come in good order.
  return text.includes("\ufffd") && !isUtf8(bytes.subarray(start, end)) ? undefined : text;
}

/** Whether all bytes, at least four, are below 0x80. */
function isAscii(view: DataView, start: number, end: number): boolean {
  let high = view.getInt32(end - 4);
  for (let at = start; at < end - 8; at += 8) high |= view.getInt32(at) | view.getInt32(at + 4);
  // The last word and the loop's may overlap or lie up to 8 bytes apart: this one is between them.
  if (end - start >= 8) high |= view.getInt32(end - 8);
  return (high & 0x8080_8080) === 0;
}

/** `length` is at most `SHORT_READ`. Returns `undefined` when a byte is not ASCII. One call makes the string: joining two costs more. */
export function shortAscii(bytes: Uint8Array, p: number, length: number): string | undefined {
  if (length === 0) return "";
  const a = bytes[p]!;
  if (length === 1) return a < 0x80 ? String.fromCharCode(a) : undefined;
  const b = bytes[p + 1]!;
  if (length === 2) return (a | b) < 0x80 ? String.fromCharCode(a, b) : undefined;
  const c = bytes[p + 2]!;
  if (length === 3) return (a | b | c) < 0x80 ? String.fromCharCode(a, b, c) : undefined;
  const d = bytes[p + 3]!;
  let high = a | b | c | d;
  if (length === 4) return high < 0x80 ? String.fromCharCode(a, b, c, d) : undefined;
  const e = bytes[p + 4]!;
  if (length === 5) return (high | e) < 0x80 ? String.fromCharCode(a, b, c, d, e) : undefined;
  const f = bytes[p + 5]!;
  if (length === 6) return (high | e | f) < 0x80 ? String.fromCharCode(a, b, c, d, e, f) : undefined;
  const g = bytes[p + 6]!;
  if (length === 7) return (high | e | f | g) < 0x80 ? String.fromCharCode(a, b, c, d, e, f, g) : undefined;
  const h = bytes[p + 7]!;
  high |= e | f | g | h;
  if (length === 8) return high < 0x80 ? String.fromCharCode(a, b, c, d, e, f, g, h) : undefined;
  const i = bytes[p + 8]!;
  if (length === 9) return (high | i) < 0x80 ? String.fromCharCode(a, b, c, d, e, f, g, h, i) : undefined;
  const j = bytes[p + 9]!;
  if (length === 10) return (high | i | j) < 0x80 ? String.fromCharCode(a, b, c, d, e, f, g, h, i, j) : undefined;
  const k = bytes[p + 10]!;
  if (length === 11) return (high | i | j | k) < 0x80 ? String.fromCharCode(a, b, c, d, e, f, g, h, i, j, k) : undefined;
  const l = bytes[p + 11]!;
  high |= i | j | k | l;
  if (length === 12) return high < 0x80 ? String.fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l) : undefined;
  const m = bytes[p + 12]!;
  if (length === 13) return (high | m) < 0x80 ? String.fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l, m) : undefined;
  const n = bytes[p + 13]!;
  if (length === 14) return (high | m | n) < 0x80 ? String.fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l, m, n) : undefined;
  const o = bytes[p + 14]!;
  if (length === 15) return (high | m | n | o) < 0x80 ? String.fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o) : undefined;
  const q = bytes[p + 15]!;
  return (high | m | n | o | q) < 0x80 ? String.fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, q) : undefined;
}
