/**
 * Header blocks to checked fields. A block that came before, byte for byte, is recognised without decoding it, as long as the
 * table it spoke of is what it was: callers and servers say the same of every call.
 */
import { FieldCollector, type BlockKind } from "./field-rules.ts";
import type { Fields } from "./fields.ts";
import { HpackDecoder } from "./hpack/decoder.ts";

const SLOTS = 16;
const MAX_BLOCK_BYTES = 192;
/** The block spoke of no dynamic entry: it means the same whatever becomes of the table. */
const ANY_GENERATION = -1;

/** A block that came, and what it said. */
interface KnownBlock {
  readonly bytes: Uint8Array;
  readonly kind: BlockKind;
  readonly generation: number;
  readonly fields: Fields;
  readonly contentLength: number;
}

export class HeaderReader {
  readonly decoder: HpackDecoder = new HpackDecoder();
  /** Of the block read last: what is wrong with it as HTTP. */
  fault: string | undefined = undefined;
  /** Of the block read last: whether it exceeds the limit. */
  tooLarge = false;
  /** Of the block read last: its `content-length`, or -1. */
  contentLength = -1;
  readonly #collector: FieldCollector;
  readonly #known: (KnownBlock | undefined)[] = new Array<undefined>(SLOTS).fill(undefined);
  /** What fell into each slot last: a block is worth keeping when it comes a second time. */
  readonly #lastHashes = new Int32Array(SLOTS);

  constructor(maxListBytes: number) {
    this.#collector = new FieldCollector(maxListBytes);
  }

  /** The fields of a whole block; look at `fault` and `tooLarge` first. Throws an `HpackError`. */
  read(bytes: Buffer, start: number, end: number, kind: BlockKind): Fields {
    const length = end - start;
    const hash = length > MAX_BLOCK_BYTES ? 0 : hashOf(bytes, start, end);
    const slot = (hash ^ (hash >>> 8) ^ (hash >>> 16)) & (SLOTS - 1);
    const known = this.#known[slot];
    if (
      known !== undefined &&
      known.bytes.length === length &&
      known.kind === kind &&
      (known.generation === ANY_GENERATION || known.generation === this.decoder.table.generation) &&
      isSame(known.bytes, bytes, start)
    ) {
      this.fault = undefined;
      this.tooLarge = false;
      this.contentLength = known.contentLength;
      return known.fields;
    }
    const again = hash !== 0 && this.#lastHashes[slot] === hash;
    this.#lastHashes[slot] = hash;
    return this.#decode(bytes, start, end, kind, again ? slot : -1);
  }

  /** Decodes a block and keeps what it said in `slot`, unless that is -1. */
  #decode(bytes: Buffer, start: number, end: number, kind: BlockKind, slot: number): Fields {
    const collector = this.#collector;
    const { table } = this.decoder;
    const before = table.generation;
    collector.begin(kind);
    this.decoder.decode(bytes, start, end, collector);
    const fields = collector.finish();
    this.fault = collector.fault;
    this.tooLarge = collector.tooLarge;
    this.contentLength = collector.contentLength;
    // A block that changes the table means something else the next time.
    if (slot >= 0 && table.generation === before && this.fault === undefined && !this.tooLarge) {
      this.#known[slot] = {
        bytes: Uint8Array.prototype.slice.call(bytes, start, end),
        kind,
        generation: this.decoder.usedTable ? before : ANY_GENERATION,
        fields,
        contentLength: this.contentLength,
      };
    }
    return fields;
  }
}

function hashOf(bytes: Buffer, start: number, end: number): number {
  let hash = end - start;
  for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
  return hash;
}

function isSame(known: Uint8Array, bytes: Buffer, start: number): boolean {
  for (let at = 0; at < known.length; at++) if (known[at] !== bytes[start + at]) return false;
  return true;
}
