/**
 * The compact protocol, written: integers as zigzag varints, field ids as distances from the field before, bools inside
 * the field's header (thrift-compact-protocol.md).
 */
import { mostUtf8Bytes, Output, Slabs, writeUtf8 } from "@kiteline/net";
import { BinaryReader } from "./binary-reader.ts";
import { COMPACT_OF_WIRE, FALSE, TRUE } from "./compact-types.ts";
import { copyField } from "./copy-value.ts";
import { parseI64 } from "./i64.ts";
import { isList, isMap, isSet } from "./kinds.ts";
import { UNLIMITED } from "./limits.ts";
import type { MessageWriter } from "./message.ts";
import type { ThriftWriter, UnknownFields } from "./protocol.ts";
import { writeUuid } from "./uuid.ts";
import { tooDeep, wrongContainer, wrongValue } from "./value-error.ts";

const MAGIC = 0x82;
const VERSION = 1;
/** Lengths below this are one byte. */
const ONE_BYTE = 0x80;
/** A field's header at its longest: a type and the id as a varint of 16 bits. */
const HEADER_BYTES = 4;

export class CompactWriter implements ThriftWriter, MessageWriter {
  private out: Output = new Output(new Slabs(), 0);
  private depth = 0;
  /** The id of the field before. */
  private last = 0;
  /** That of each struct around. */
  private readonly lasts: Int16Array;
  private readonly maxDepth: number;
  /** Reads what was kept of unknown fields; made when first needed. */
  #unknown: BinaryReader | undefined;
  /** Where a bigint is taken apart. */
  private readonly word = new DataView(new ArrayBuffer(8));

  constructor(maxDepth: number) {
    this.maxDepth = maxDepth;
    this.lasts = new Int16Array(maxDepth);
  }

  reset(out: Output): void {
    this.out = out;
    this.depth = 0;
    this.last = 0;
  }

  writeHead(kind: number, name: string, seq: number): void {
    const out = this.out;
    out.ensure(7);
    out.bytes[out.position] = MAGIC;
    out.bytes[out.position + 1] = (kind << 5) | VERSION;
    out.position = writeVarint(out.bytes, out.position + 2, seq);
    this.string(name);
  }

  begin(_struct?: string): void {
    if (this.depth >= this.maxDepth) throw tooDeep(this.maxDepth);
    this.lasts[this.depth++] = this.last;
    this.last = 0;
  }

  end(): void {
    const out = this.out;
    out.ensure(1);
    out.bytes[out.position++] = 0;
    this.last = this.lasts[--this.depth]!;
  }

  boolField(id: number, value: boolean): void {
    if (typeof value !== "boolean") throw wrongValue("bool", value, id);
    this.out.ensure(HEADER_BYTES);
    this.out.position = this.header(value ? TRUE : FALSE, id);
  }

  byteField(id: number, value: number): void {
    if ((value << 24) >> 24 !== value) throw wrongValue("byte", value, id);
    const out = this.out;
    out.ensure(HEADER_BYTES + 1);
    const at = this.header(3, id);
    out.bytes[at] = value;
    out.position = at + 1;
  }

  i16Field(id: number, value: number): void {
    if ((value << 16) >> 16 !== value) throw wrongValue("i16", value, id);
    const out = this.out;
    out.ensure(HEADER_BYTES + 3);
    out.position = writeVarint(out.bytes, this.header(4, id), (value << 1) ^ (value >> 31));
  }

  i32Field(id: number, value: number): void {
    if ((value | 0) !== value) throw wrongValue("i32", value, id);
    const out = this.out;
    out.ensure(HEADER_BYTES + 5);
    out.position = writeVarint(out.bytes, this.header(5, id), (value << 1) ^ (value >> 31));
  }

  i64Field(id: number, value: bigint): void {
    if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) throw wrongValue("i64", value, id);
    this.out.ensure(HEADER_BYTES + 10);
    this.out.position = this.header(6, id);
    this.bigint(value);
  }

  i64NumberField(id: number, value: number): void {
    if (!Number.isSafeInteger(value)) throw wrongValue("i64Number", value, id);
    this.out.ensure(HEADER_BYTES + 10);
    this.out.position = this.header(6, id);
    this.zigzag64(Math.floor(value / 0x1_0000_0000), value | 0);
  }

  i64StringField(id: number, value: string): void {
    this.i64Field(id, parseI64(value, id));
  }

  doubleField(id: number, value: number): void {
    if (typeof value !== "number") throw wrongValue("double", value, id);
    const out = this.out;
    out.ensure(HEADER_BYTES + 8);
    const at = this.header(7, id);
    out.view.setFloat64(at, value, true);
    out.position = at + 8;
  }

  stringField(id: number, value: string): void {
    if (typeof value !== "string") throw wrongValue("string", value, id);
    const most = mostUtf8Bytes(value);
    this.out.ensure(HEADER_BYTES + 5 + most);
    this.out.position = this.header(8, id);
    this.text(value, most, id);
  }

  binaryField(id: number, value: Uint8Array): void {
    if (!(value instanceof Uint8Array)) throw wrongValue("binary", value, id);
    this.out.ensure(HEADER_BYTES + 5 + value.byteLength);
    this.out.position = this.header(8, id);
    this.octets(value);
  }

  uuidField(id: number, value: string): void {
    this.out.ensure(HEADER_BYTES + 16);
    this.out.position = this.header(13, id);
    this.uuid(value);
  }

  structField(id: number): void {
    this.out.ensure(HEADER_BYTES);
    this.out.position = this.header(12, id);
  }

  listField(id: number, elementType: number, count: number, list?: unknown): void {
    if ((count | 0) !== count || !isList(list)) throw wrongContainer("list", list, id);
    this.out.ensure(HEADER_BYTES + 6);
    this.out.position = this.header(9, id);
    this.list(elementType, count);
  }

  setField(id: number, elementType: number, count: number, set?: unknown): void {
    if ((count | 0) !== count || !isSet(set)) throw wrongContainer("set", set, id);
    this.out.ensure(HEADER_BYTES + 6);
    this.out.position = this.header(10, id);
    this.list(elementType, count);
  }

  mapField(id: number, keyType: number, valueType: number, count: number, map?: unknown): void {
    if ((count | 0) !== count || !isMap(map)) throw wrongContainer("map", map, id);
    this.out.ensure(HEADER_BYTES + 6);
    this.out.position = this.header(11, id);
    this.map(keyType, valueType, count);
  }

  bool(value: boolean): void {
    if (typeof value !== "boolean") throw wrongValue("bool", value);
    const out = this.out;
    out.ensure(1);
    out.bytes[out.position++] = value ? TRUE : FALSE;
  }

  byte(value: number): void {
    if ((value << 24) >> 24 !== value) throw wrongValue("byte", value);
    const out = this.out;
    out.ensure(1);
    out.bytes[out.position++] = value;
  }

  i16(value: number): void {
    if ((value << 16) >> 16 !== value) throw wrongValue("i16", value);
    const out = this.out;
    out.ensure(3);
    out.position = writeVarint(out.bytes, out.position, (value << 1) ^ (value >> 31));
  }

  i32(value: number): void {
    if ((value | 0) !== value) throw wrongValue("i32", value);
    const out = this.out;
    out.ensure(5);
    out.position = writeVarint(out.bytes, out.position, (value << 1) ^ (value >> 31));
  }

  i64(value: bigint): void {
    if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) throw wrongValue("i64", value);
    this.out.ensure(10);
    this.bigint(value);
  }

  i64Number(value: number): void {
    if (!Number.isSafeInteger(value)) throw wrongValue("i64Number", value);
    this.out.ensure(10);
    this.zigzag64(Math.floor(value / 0x1_0000_0000), value | 0);
  }

  i64String(value: string): void {
    this.i64(parseI64(value));
  }

  double(value: number): void {
    if (typeof value !== "number") throw wrongValue("double", value);
    const out = this.out;
    out.ensure(8);
    out.view.setFloat64(out.position, value, true);
    out.position += 8;
  }

  string(value: string): void {
    if (typeof value !== "string") throw wrongValue("string", value);
    const most = mostUtf8Bytes(value);
    this.out.ensure(5 + most);
    this.text(value, most, undefined);
  }

  binary(value: Uint8Array): void {
    if (!(value instanceof Uint8Array)) throw wrongValue("binary", value);
    this.out.ensure(5 + value.byteLength);
    this.octets(value);
  }

  uuid(value: string): void {
    const out = this.out;
    out.ensure(16);
    writeUuid(out.bytes, out.position, value);
    out.position += 16;
  }

  list(elementType: number, count: number, list?: unknown): void {
    if ((count | 0) !== count || !isList(list)) throw wrongContainer("list", list);
    const out = this.out;
    out.ensure(6);
    const type = COMPACT_OF_WIRE[elementType]!;
    if (count < 15) {
      out.bytes[out.position++] = (count << 4) | type;
      return;
    }
    out.bytes[out.position] = 0xf0 | type;
    out.position = writeVarint(out.bytes, out.position + 1, count);
  }

  set(elementType: number, count: number, set?: unknown): void {
    if ((count | 0) !== count || !isSet(set)) throw wrongContainer("set", set);
    this.list(elementType, count);
  }

  map(keyType: number, valueType: number, count: number, map?: unknown): void {
    if ((count | 0) !== count || !isMap(map)) throw wrongContainer("map", map);
    const out = this.out;
    out.ensure(6);
    const at = writeVarint(out.bytes, out.position, count);
    out.position = at;
    if (count === 0) return;
    out.bytes[at] = (COMPACT_OF_WIRE[keyType]! << 4) | COMPACT_OF_WIRE[valueType]!;
    out.position = at + 1;
  }

  unknown(fields: UnknownFields | undefined): void {
    if (fields === undefined) return;
    const reader = (this.#unknown ??= new BinaryReader(UNLIMITED, true));
    for (const { key, bytes } of fields) {
      reader.reset(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.byteLength);
      copyField(reader, this, key);
    }
  }

  /** Writes the header, for which there is room, and returns where its value goes. */
  private header(type: number, id: number): number {
    const { bytes, position } = this.out;
    const distance = id - this.last;
    this.last = id;
    if (distance > 0 && distance <= 15) {
      bytes[position] = (distance << 4) | type;
      return position + 1;
    }
    bytes[position] = type;
    return writeVarint(bytes, position + 1, (id << 1) ^ (id >> 31));
  }

  private bigint(value: bigint): void {
    const word = this.word;
    word.setBigInt64(0, value);
    this.zigzag64(word.getInt32(0), word.getInt32(4));
  }

  /** There is room. */
  private zigzag64(high: number, low: number): void {
    const out = this.out;
    const { bytes } = out;
    let at = out.position;
    const sign = high >> 31;
    let h = ((high << 1) | (low >>> 31)) ^ sign;
    let l = (low << 1) ^ sign;
    while (h !== 0) {
      bytes[at++] = (l & 0x7f) | 0x80;
      l = (l >>> 7) | (h << 25);
      h >>>= 7;
    }
    out.position = writeVarint(bytes, at, l);
  }

  /** There is room for a length and `most` bytes. */
  private text(value: string, most: number, id: number | undefined): void {
    const out = this.out;
    const { bytes, position } = out;
    // The length stands before the text but is known after it: it is put where it fits unless the text is not ASCII.
    const guessed = most < ONE_BYTE ? 1 : varintBytes(value.length);
    const written = writeUtf8(bytes, position + guessed, value, most);
    if (written < 0) throw wrongValue("wellFormed", value, id);
    const needed = varintBytes(written);
    if (needed !== guessed) bytes.copyWithin(position + needed, position + guessed, position + guessed + written);
    writeVarint(bytes, position, written);
    out.position = position + needed + written;
  }

  private octets(value: Uint8Array): void {
    const out = this.out;
    const at = writeVarint(out.bytes, out.position, value.byteLength);
    out.bytes.set(value, at);
    out.position = at + value.byteLength;
  }
}

/** Writes the 32 bits of `value`, unsigned; returns where the next byte goes. */
function writeVarint(bytes: Buffer, position: number, value: number): number {
  let at = position;
  let rest = value >>> 0;
  while (rest > 0x7f) {
    bytes[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[at] = rest;
  return at + 1;
}

function varintBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  return value < 0x1000_0000 ? 4 : 5;
}
