/**
 * Strings that come again and again (method and service names, header keys) by their bytes: the same bytes give the
 * same string without decoding it anew. Bounded: a slot holds the last string that fell into it.
 */

const SLOTS = 256;
const MAX_BYTES = 128;

export class Interner {
  readonly #bytes: (Uint8Array | undefined)[] = new Array<undefined>(SLOTS).fill(undefined);
  readonly #texts: string[] = new Array<string>(SLOTS).fill("");

  /** The string of `bytes` from `start` to `end`, as UTF-8. */
  read(bytes: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length > MAX_BYTES || length === 0) return bytes.toString("utf8", start, end);
    let hash = length;
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
    const slot = (hash ^ (hash >>> 8)) & (SLOTS - 1);
    const known = this.#bytes[slot];
    if (known !== undefined && known.length === length) {
      let at = 0;
      while (at < length && known[at] === bytes[start + at]) at++;
      if (at === length) return this.#texts[slot] as string;
    }
    const text = bytes.toString("utf8", start, end);
    this.#bytes[slot] = Uint8Array.prototype.slice.call(bytes, start, end);
    this.#texts[slot] = text;
    return text;
  }
}
