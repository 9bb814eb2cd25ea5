/**
 * Strings that come again and again, by their bytes as they stand in a header block: a known one is neither decoded nor checked
 * nor made anew. Bounded: a slot holds the last string that fell into it.
 */
import { isLawfulName, isLawfulValue } from "./characters.ts";
import { decodeHuffman } from "./huffman.ts";

const SLOTS = 64;
const MAX_BYTES = 48;

export class KnownStrings {
  /** Of the string read last: whether it may be the name, or the value, of a field. */
  lawfulName = false;
  lawfulValue = false;

  readonly #bytes = new Uint8Array(SLOTS * MAX_BYTES);
  /** Length and whether it is Huffman's, as one number; -1 where nothing is yet. */
  readonly #shapes = new Int32Array(SLOTS).fill(-1);
  readonly #texts = new Array<string>(SLOTS).fill("");
  readonly #lawful = new Uint8Array(SLOTS);
  #scratch: Buffer = Buffer.alloc(0);

  /** The string that `bytes` encode; undefined when they are not what Huffman coding makes. `isName`: not a value. */
  read(bytes: Buffer, start: number, end: number, huffman: boolean, isName: boolean): string | undefined {
    const length = end - start;
    if (length > MAX_BYTES) return this.#decode(bytes, start, end, huffman, isName);
    const shape = huffman ? length + 256 : length;
    let hash = shape;
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
    const slot = (hash ^ (hash >>> 7) ^ (hash >>> 15)) & (SLOTS - 1);
    const kept = this.#bytes;
    const from = slot * MAX_BYTES - start;
    if (this.#shapes[slot] === shape) {
      let at = start;
      while (at < end && kept[from + at] === bytes[at]) at++;
      if (at === end) {
        const lawful = this.#lawful[slot] as number;
        this.lawfulName = (lawful & 1) !== 0;
        this.lawfulValue = (lawful & 2) !== 0;
        return this.#texts[slot];
      }
    }
    const text = this.#decode(bytes, start, end, huffman, true);
    if (text === undefined) return undefined;
    for (let at = start; at < end; at++) kept[from + at] = bytes[at] as number;
    this.#shapes[slot] = shape;
    this.#texts[slot] = text;
    this.#lawful[slot] = (this.lawfulName ? 1 : 0) | (this.lawfulValue ? 2 : 0);
    return text;
  }

  #decode(bytes: Buffer, start: number, end: number, huffman: boolean, isName: boolean): string | undefined {
    if (!huffman) return this.#look(bytes, start, end, isName);
    const room = Math.ceil(((end - start) * 8) / 5);
    if (room > this.#scratch.byteLength) this.#scratch = Buffer.allocUnsafe(Math.max(128, room));
    const length = decodeHuffman(bytes, start, end, this.#scratch);
    return length < 0 ? undefined : this.#look(this.#scratch, 0, length, isName);
  }

  /** A value is looked at as a name, too, where it is short: it may be known again as one. */
  #look(bytes: Buffer, start: number, end: number, isName: boolean): string {
    this.lawfulName = isName && isLawfulName(bytes, start, end);
    this.lawfulValue = isLawfulValue(bytes, start, end);
    return bytes.toString("latin1", start, end);
  }
}
