/**
 * Fields to header blocks (RFC 7541). Only prepared fields enter the table, and only while there is room: nothing is evicted, so
 * that what was encoded once stays right and is copied from then on. What varies from call to call is sent as it is.
 */
import type { Output } from "@kiteline/net";
import { checkName, checkValue, FIELD_OVERHEAD_BYTES, type ExtraFields, type PreparedFields } from "../fields.ts";
import { DynamicTable, INITIAL_TABLE_BYTES } from "./dynamic-table.ts";
import { encodeHuffman, huffmanLength } from "./huffman.ts";
import { fieldKey, STATIC_ENTRIES, STATIC_FIELDS, STATIC_NAME_INDEX } from "./static-table.ts";

/** Fields whose values are secrets: no hop may keep them in a table (RFC 7541, section 7.1.3). */
const SENSITIVE = new Set(["authorization", "proxy-authorization", "cookie", "set-cookie"]);

const INDEXED = 0x80;
const WITH_INDEXING = 0x40;
const WITHOUT_INDEXING = 0x00;
const NEVER_INDEXED = 0x10;
const SIZE_UPDATE = 0x20;
/** An integer takes no more. */
const INTEGER_BYTES = 6;
/** How many prepared blocks and names a connection remembers; then it begins anew, so that ever new ones cannot fill memory. */
const MAX_REMEMBERED = 256;

interface EncodedBlock {
  readonly generation: number;
  readonly bytes: Uint8Array;
}

/** How a name is written before a value that is not indexed. */
interface EncodedName {
  readonly bytes: Uint8Array;
}

export class HpackEncoder {
  readonly #table: DynamicTable;
  /** What we use at most, whatever the peer allows. */
  readonly #maxTableBytes: number;
  /** From fields and from names to the number of their entry in the table. */
  readonly #numbers = new Map<string, number>();
  readonly #blocks = new Map<PreparedFields, EncodedBlock>();
  readonly #names = new Map<string, EncodedName>();
  /** Whether the table's size has changed since the last block: the next one says so first (section 4.2). */
  #resized = false;
  /** Lengths of the values measured last. */
  #lengths = new Int32Array(16);

  constructor(maxTableBytes: number) {
    this.#maxTableBytes = maxTableBytes;
    this.#table = new DynamicTable(INITIAL_TABLE_BYTES);
    if (maxTableBytes < INITIAL_TABLE_BYTES) this.#resizeTable(maxTableBytes);
  }

  /** The peer's SETTINGS_HEADER_TABLE_SIZE. */
  allow(bytes: number): void {
    const size = Math.min(bytes, this.#maxTableBytes);
    if (size === this.#table.maxBytes) return;
    this.#resizeTable(size);
  }

  /**
   * How much the peer counts for `extra`, as its SETTINGS_MAX_HEADER_LIST_SIZE does. Throws a `TypeError` when it has what cannot
   * travel. Must be called before `encode`, which goes by what was found here.
   */
  measure(extra: ExtraFields): number {
    if (this.#names.size > MAX_REMEMBERED) this.#names.clear();
    if (extra.length > this.#lengths.length) this.#lengths = new Int32Array(2 * extra.length);
    let total = 0;
    for (let at = 0; at < extra.length; at += 2) {
      const name = extra[at] as string;
      const value = extra[at + 1] as string;
      if (!this.#names.has(name)) this.#rememberName(name);
      this.#lengths[at] = lawfulHuffmanLength(name, value);
      total += name.length + value.length + FIELD_OVERHEAD_BYTES;
    }
    return total;
  }

  /** Writes the block of the prepared fields and then of the extra ones. Makes room for it first: when that throws, nothing has changed. */
  encode(output: Output, prepared: PreparedFields, extra: ExtraFields | undefined): void {
    let block = this.#resized ? undefined : this.#blocks.get(prepared);
    if (block !== undefined && block.generation !== this.#table.generation) block = undefined;
    output.ensure((block === undefined ? worstCase(prepared) : block.bytes.length) + (extra === undefined ? 0 : worstCaseOf(extra)));
    if (block !== undefined) {
      this.#copy(output, block.bytes);
    } else {
      this.#writePrepared(output, prepared);
    }
    if (extra !== undefined) for (let at = 0; at < extra.length; at += 2) this.#writeExtra(output, extra, at);
  }

  #copy(output: Output, bytes: Uint8Array): void {
    const target = output.bytes;
    let to = output.position;
    for (let at = 0; at < bytes.length; at++) target[to++] = bytes[at] as number;
    output.position = to;
  }

  #writePrepared(output: Output, prepared: PreparedFields): void {
    this.#writeResize(output);
    const start = output.position;
    const before = this.#table.generation;
    for (const [name, value] of prepared.list) this.#writeField(output, name, value);
    if (this.#table.generation !== before) return; // next time more of it is in the table
    if (this.#blocks.size >= MAX_REMEMBERED) this.#blocks.clear();
    this.#blocks.set(prepared, { generation: before, bytes: Uint8Array.prototype.slice.call(output.bytes, start, output.position) });
  }

  #writeField(output: Output, name: string, value: string): void {
    const key = fieldKey(name, value);
    const index = STATIC_FIELDS.get(key) ?? this.#index(key);
    if (index > 0) {
      writeInteger(output, INDEXED, 0x7f, index);
      return;
    }
    const nameIndex = STATIC_NAME_INDEX.get(name) ?? this.#index(name);
    if (SENSITIVE.has(name)) {
      writeInteger(output, NEVER_INDEXED, 0x0f, nameIndex);
    } else if (this.#table.bytes + name.length + value.length + FIELD_OVERHEAD_BYTES > this.#table.maxBytes) {
      writeInteger(output, WITHOUT_INDEXING, 0x0f, nameIndex);
    } else {
      writeInteger(output, WITH_INDEXING, 0x3f, nameIndex);
      this.#table.add(name, value, true);
      this.#numbers.set(key, this.#table.added);
      this.#numbers.set(name, this.#table.added);
    }
    if (nameIndex === 0) writeString(output, name, huffmanLength(name));
    writeString(output, value, huffmanLength(value));
  }

  /** Where an entry stands now, or 0. */
  #index(key: string): number {
    const number = this.#numbers.get(key);
    return number === undefined ? 0 : STATIC_ENTRIES + 1 + this.#table.added - number;
  }

  #writeExtra(output: Output, extra: ExtraFields, at: number): void {
    this.#copy(output, (this.#names.get(extra[at] as string) as EncodedName).bytes);
    writeString(output, extra[at + 1] as string, this.#lengths[at] as number);
  }

  #rememberName(name: string): void {
    checkName(name);
    const index = STATIC_NAME_INDEX.get(name) ?? 0;
    const target = { bytes: Buffer.alloc(worstCaseOfString(name) + INTEGER_BYTES), position: 0 };
    writeInteger(target, SENSITIVE.has(name) || name.endsWith("-bin") ? NEVER_INDEXED : WITHOUT_INDEXING, 0x0f, index);
    if (index === 0) writeString(target, name, huffmanLength(name));
    this.#names.set(name, { bytes: target.bytes.subarray(0, target.position) });
  }

  #resizeTable(size: number): void {
    this.#resized = true;
    // What was evicted is the oldest; forgetting all of it is simpler, and the peers that change it in mid-life are few.
    this.#numbers.clear();
    this.#table.resize(0);
    this.#table.resize(size);
  }

  #writeResize(output: Output): void {
    if (!this.#resized) return;
    // Size 0 empties the peer's table as ours was emptied, whatever sizes there were in between.
    writeInteger(output, SIZE_UPDATE, 0x1f, 0);
    if (this.#table.maxBytes > 0) writeInteger(output, SIZE_UPDATE, 0x1f, this.#table.maxBytes);
    this.#resized = false;
  }
}

/** Where bytes are written; `Output` is one. */
interface Target {
  readonly bytes: Uint8Array;
  position: number;
}

function writeInteger(target: Target, pattern: number, mask: number, value: number): void {
  const { bytes } = target;
  let to = target.position;
  if (value < mask) {
    bytes[to++] = pattern | value;
  } else {
    bytes[to++] = pattern | mask;
    let rest = value - mask;
    for (; rest >= 0x80; rest >>>= 7) bytes[to++] = (rest & 0x7f) | 0x80;
    bytes[to++] = rest;
  }
  target.position = to;
}

/** As Huffman code where that is shorter. */
function writeString(target: Target, text: string, huffmanBytes: number): void {
  if (huffmanBytes < text.length) {
    writeInteger(target, 0x80, 0x7f, huffmanBytes);
    target.position = encodeHuffman(text, target.bytes, target.position);
    return;
  }
  writeInteger(target, 0, 0x7f, text.length);
  const { bytes } = target;
  let to = target.position;
  for (let at = 0; at < text.length; at++) bytes[to++] = text.charCodeAt(at);
  target.position = to;
}

function worstCaseOfString(text: string): number {
  return text.length + INTEGER_BYTES;
}

function worstCase(prepared: PreparedFields): number {
  let size = 3 * INTEGER_BYTES;
  for (const [name, value] of prepared.list) size += INTEGER_BYTES + worstCaseOfString(name) + worstCaseOfString(value);
  return size;
}

function worstCaseOf(extra: ExtraFields): number {
  let size = 0;
  for (let at = 0; at < extra.length; at += 2) {
    size += INTEGER_BYTES + worstCaseOfString(extra[at] as string) + worstCaseOfString(extra[at + 1] as string);
  }
  return size;
}

/** Looks at each character once: for what it takes, and for whether it may travel. */
function lawfulHuffmanLength(name: string, value: string): number {
  const length = huffmanLength(value);
  let worst = length;
  for (let at = 0; at < value.length && worst >= 0; at++) {
    const character = value.charCodeAt(at);
    if (character === 0 || character === 0x0a || character === 0x0d) worst = -1;
  }
  if (worst < 0 || value.startsWith(" ") || value.endsWith(" ") || value.startsWith("\t") || value.endsWith("\t")) checkValue(name, value);
  return length;
}
