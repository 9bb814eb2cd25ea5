/**
 * Messages, written in one pass (Protobuf, "Encoding"). The length of a message that is inside of another is not known
 * before it is written: one byte is reserved for it, and the message moves up in the rare case that more are needed.
 *
 * A tag is `(number << 3) | wire type`. What is written goes into the slab of an `Output`, whose fields are held here while a
 * message is written. State is `private`, not `#`: V8 is slower with private names, and every field comes by.
 */
import { mostUtf8Bytes, Output, Slabs, writeUtf8 } from "@kiteline/net";
import type { UnknownFields } from "./unknown-fields.ts";
import { nestedTooDeep, requireSome, wrongValue, type Expected, type WrongValue, type Written } from "./value-errors.ts";

/** Beyond what any reader accepts; only for values that contain themselves. */
const MAX_DEPTH = 1000;
/** A tag takes at most so many bytes. */
const TAG_BYTES = 5;
/** A tag and a varint of 64 bits. */
const FIELD_BYTES = TAG_BYTES + 10;
/** Text of so many characters takes less than 128 bytes, whatever they are. */
const SHORT_TEXT = 42;

export class ProtobufWriter {
  private out: Output = new Output(new Slabs(), 0);
  private bytes: Buffer = this.out.bytes;
  private view: DataView = this.out.view;
  private position = 0;
  private capacity = 0;
  private depth = 0;
  /** The tags of the messages being written, for errors. */
  private readonly tags: Uint32Array = new Uint32Array(MAX_DEPTH + 1);
  /** Takes 64-bit integers apart. */
  private readonly parts: DataView = new DataView(new ArrayBuffer(8));

  /** Begins a message at the position of `out`, which the caller leaves alone until `finish`. */
  reset(out: Output): void {
    this.out = out;
    this.depth = 0;
    this.load();
  }

  /** The message is complete: `out` stands behind it. Returns whether it is empty. */
  finish(): boolean {
    const isEmpty = this.position === this.out.position;
    this.out.position = this.position;
    return isEmpty;
  }

  /** The numbers of the fields in which the writer stands, the outermost first: for errors. */
  path(): number[] {
    return Array.from(this.tags.subarray(0, this.depth), (tag) => tag >>> 3);
  }

  /** Begins a field that has a length: a message, a map's entry, packed values. Returns what `end` needs. */
  begin(tag: number): number {
    this.ensure(TAG_BYTES + 1);
    this.putTag(tag);
    const depth = this.depth++;
    if (depth >= MAX_DEPTH) throw nestedTooDeep(MAX_DEPTH);
    this.tags[depth] = tag;
    return ++this.position - this.out.messageStart;
  }

  end(mark: number): void {
    this.depth--;
    const start = this.out.messageStart + mark;
    const length = this.position - start;
    if (length < 0x80) this.bytes[start - 1] = length;
    else this.moveUp(mark, length);
  }

  /** Ends a message, which `codec` has written of `value`. */
  endMessage(mark: number, value: unknown, codec: Written): void {
    if (this.position === this.out.messageStart + mark) requireSome(codec, value);
    this.end(mark);
  }

  /** Begins a message between tags instead of behind a length. Returns what `endGroup` needs. */
  beginGroup(tag: number): number {
    this.ensure(TAG_BYTES);
    this.putTag(tag);
    const depth = this.depth++;
    if (depth >= MAX_DEPTH) throw nestedTooDeep(MAX_DEPTH);
    this.tags[depth] = tag;
    return this.position - this.out.messageStart;
  }

  /** `tag` is the one that `beginGroup` was given; the rest as for `endMessage`. */
  endGroup(mark: number, tag: number, value: unknown, codec: Written): void {
    if (this.position === this.out.messageStart + mark) requireSome(codec, value);
    this.depth--;
    this.ensure(TAG_BYTES);
    this.putTag(tag + 1);
  }

  int32Field(tag: number, value: number): void {
    if (typeof value !== "number" || (value | 0) !== value) throw this.wrong("int32", value, tag);
    this.ensure(FIELD_BYTES);
    this.putTag(tag);
    this.putInt32(value);
  }

  uint32Field(tag: number, value: number): void {
    if (typeof value !== "number" || value >>> 0 !== value) throw this.wrong("uint32", value, tag);
    this.ensure(FIELD_BYTES);
    this.putTag(tag);
    this.put32(value);
  }

  sint32Field(tag: number, value: number): void {
    if (typeof value !== "number" || (value | 0) !== value) throw this.wrong("int32", value, tag);
    this.ensure(FIELD_BYTES);
    this.putTag(tag);
    this.put32(((value << 1) ^ (value >> 31)) >>> 0);
  }

  fixed32Field(tag: number, value: number): void {
    if (typeof value !== "number" || value >>> 0 !== value) throw this.wrong("uint32", value, tag);
    this.ensure(FIELD_BYTES);
    this.putTag(tag);
    this.putFixed32(value);
  }

  sfixed32Field(tag: number, value: number): void {
    if (typeof value !== "number" || (value | 0) !== value) throw this.wrong("int32", value, tag);
    this.ensure(FIELD_BYTES);
    this.putTag(tag);
    this.putFixed32(value);
  }

  int64Field(tag: number, value: bigint): void {
    if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) throw this.wrong("int64", value, tag);
    this.ensure(FIELD_BYTES);
    this.putTag(tag);
    this.put64(value);
  }

  uint64Field(tag: number, value: bigint): void {
    if (typeof value !== "bigint" || BigInt.asUintN(64, value) !== value) throw this.wrong("uint64", value, tag);
    this.ensure(FIELD_BYTES);
    this.putTag(tag);
    this.put64(value);
  }

  sint64Field(tag: number, value: bigint): void {
    if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) throw this.wrong("int64", value, tag);
    this.ensure(FIELD_BYTES);
    this.putTag(tag);
    this.putZigZag64(value);
  }

  fixed64Field(tag: number, value: bigint): void {
    if (typeof value !== "bigint" || BigInt.asUintN(64, value) !== value) throw this.wrong("uint64", value, tag);
    this.ensure(FIELD_BYTES);
    this.putTag(tag);
    this.putFixed64(value);
  }

  sfixed64Field(tag: number, value: bigint): void {
    if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) throw this.wrong("int64", value, tag);
    this.ensure(FIELD_BYTES);
    this.putTag(tag);
    this.putFixed64(value);
  }

  boolField(tag: number, value: boolean): void {
    if (typeof value !== "boolean") throw this.wrong("bool", value, tag);
    this.ensure(TAG_BYTES + 1);
    this.putTag(tag);
    this.bytes[this.position++] = value ? 1 : 0;
  }

  floatField(tag: number, value: number): void {
    if (typeof value !== "number") throw this.wrong("number", value, tag);
    this.ensure(FIELD_BYTES);
    this.putTag(tag);
    this.putFloat(value);
  }

  doubleField(tag: number, value: number): void {
    if (typeof value !== "number") throw this.wrong("number", value, tag);
    this.ensure(FIELD_BYTES);
    this.putTag(tag);
    this.putDouble(value);
  }

  stringField(tag: number, value: string): void {
    if (typeof value !== "string") throw this.wrong("string", value, tag);
    if (value.length > SHORT_TEXT) {
      this.ensure(TAG_BYTES);
      this.putTag(tag);
      this.putLongText(value, tag);
      return;
    }
    this.ensure(TAG_BYTES + 1 + 3 * SHORT_TEXT);
    this.putTag(tag);
    const at = this.position + 1;
    const written = writeUtf8(this.bytes, at, value, 3 * SHORT_TEXT);
    if (written < 0) throw this.wrong("wellFormed", value, tag);
    this.bytes[at - 1] = written;
    this.position = at + written;
  }

  bytesField(tag: number, value: Uint8Array): void {
    if (!(value instanceof Uint8Array)) throw this.wrong("bytes", value, tag);
    const length = value.byteLength;
    this.ensure(TAG_BYTES + 5 + length);
    this.putTag(tag);
    this.put32(length);
    this.bytes.set(value, this.position);
    this.position += length;
  }

  /** A list of strings, for a loop over it: text is one, too, of its characters, but nobody means that. */
  strings(tag: number, list: readonly string[]): readonly string[] {
    if (typeof list === "string") throw this.wrong("strings", list, tag);
    return list;
  }

  // Packed values, which have no tags.

  int32(value: number): void {
    if (typeof value !== "number" || (value | 0) !== value) throw wrongValue("int32", value);
    this.ensure(10);
    this.putInt32(value);
  }

  uint32(value: number): void {
    if (typeof value !== "number" || value >>> 0 !== value) throw wrongValue("uint32", value);
    this.ensure(5);
    this.put32(value);
  }

  sint32(value: number): void {
    if (typeof value !== "number" || (value | 0) !== value) throw wrongValue("int32", value);
    this.ensure(5);
    this.put32(((value << 1) ^ (value >> 31)) >>> 0);
  }

  fixed32(value: number): void {
    if (typeof value !== "number" || value >>> 0 !== value) throw wrongValue("uint32", value);
    this.ensure(4);
    this.putFixed32(value);
  }

  sfixed32(value: number): void {
    if (typeof value !== "number" || (value | 0) !== value) throw wrongValue("int32", value);
    this.ensure(4);
    this.putFixed32(value);
  }

  int64(value: bigint): void {
    if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) throw wrongValue("int64", value);
    this.ensure(10);
    this.put64(value);
  }

  uint64(value: bigint): void {
    if (typeof value !== "bigint" || BigInt.asUintN(64, value) !== value) throw wrongValue("uint64", value);
    this.ensure(10);
    this.put64(value);
  }

  sint64(value: bigint): void {
    if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) throw wrongValue("int64", value);
    this.ensure(10);
    this.putZigZag64(value);
  }

  fixed64(value: bigint): void {
    if (typeof value !== "bigint" || BigInt.asUintN(64, value) !== value) throw wrongValue("uint64", value);
    this.ensure(8);
    this.putFixed64(value);
  }

  sfixed64(value: bigint): void {
    if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) throw wrongValue("int64", value);
    this.ensure(8);
    this.putFixed64(value);
  }

  bool(value: boolean): void {
    if (typeof value !== "boolean") throw wrongValue("bool", value);
    this.ensure(1);
    this.bytes[this.position++] = value ? 1 : 0;
  }

  float(value: number): void {
    if (typeof value !== "number") throw wrongValue("number", value);
    this.ensure(4);
    this.putFloat(value);
  }

  double(value: number): void {
    if (typeof value !== "number") throw wrongValue("number", value);
    this.ensure(8);
    this.putDouble(value);
  }

  unknown(fields: UnknownFields | undefined): void {
    if (fields === undefined) return;
    for (const { tag, bytes } of fields) {
      this.ensure(TAG_BYTES + bytes.byteLength);
      this.putTag(tag);
      this.bytes.set(bytes, this.position);
      this.position += bytes.byteLength;
    }
  }

  /** The error for the value of a field, which counts as one more that the writer stands in. */
  private wrong(expected: Expected, value: unknown, tag: number): WrongValue {
    this.tags[this.depth++] = tag;
    return wrongValue(expected, value);
  }

  private ensure(size: number): void {
    if (this.position + size > this.capacity) this.grow(size);
  }

  private grow(size: number): void {
    const { out } = this;
    out.position = this.position;
    out.ensure(size);
    this.load();
  }

  private load(): void {
    const { out } = this;
    this.bytes = out.bytes;
    this.view = out.view;
    this.position = out.position;
    this.capacity = out.bytes.byteLength;
  }

  private putTag(tag: number): void {
    if (tag < 0x80) {
      this.bytes[this.position++] = tag;
    } else if (tag < 0x4000) {
      const at = this.position;
      this.bytes[at] = (tag & 0x7f) | 0x80;
      this.bytes[at + 1] = tag >>> 7;
      this.position = at + 2;
    } else {
      this.put32(tag);
    }
  }

  /** `value` is not negative. */
  private put32(value: number): void {
    const bytes = this.bytes;
    let at = this.position;
    while (value >= 0x80) {
      bytes[at++] = (value & 0x7f) | 0x80;
      value >>>= 7;
    }
    bytes[at] = value;
    this.position = at + 1;
  }

  /** A negative int32 is written as a 64-bit one, in ten bytes. */
  private putInt32(value: number): void {
    if (value >= 0) this.put32(value);
    else this.putParts(value, -1);
  }

  private put64(value: bigint): void {
    const parts = this.parts;
    parts.setBigInt64(0, value);
    const high = parts.getInt32(0);
    if (high === 0) this.put32(parts.getUint32(4));
    else this.putParts(parts.getInt32(4), high);
  }

  private putZigZag64(value: bigint): void {
    const parts = this.parts;
    parts.setBigInt64(0, value);
    const high = parts.getInt32(0);
    const low = parts.getInt32(4);
    const sign = high >> 31;
    this.putParts((low << 1) ^ sign, ((high << 1) | (low >>> 31)) ^ sign);
  }

  /** 64 bits in two halves. */
  private putParts(low: number, high: number): void {
    const bytes = this.bytes;
    let at = this.position;
    while (high !== 0) {
      bytes[at++] = (low & 0x7f) | 0x80;
      low = (low >>> 7) | (high << 25);
      high >>>= 7;
    }
    this.position = at;
    this.put32(low >>> 0);
  }

  private putFixed32(value: number): void {
    this.view.setInt32(this.position, value, true);
    this.position += 4;
  }

  private putFixed64(value: bigint): void {
    this.view.setBigInt64(this.position, value, true);
    this.position += 8;
  }

  private putFloat(value: number): void {
    this.view.setFloat32(this.position, value, true);
    this.position += 4;
  }

  private putDouble(value: number): void {
    this.view.setFloat64(this.position, value, true);
    this.position += 8;
  }

  private putLongText(value: string, tag: number): void {
    const most = mostUtf8Bytes(value);
    this.ensure(5 + most);
    // As if each character took one byte, which is nearly always so.
    const guess = varintBytes(value.length);
    const at = this.position;
    const written = writeUtf8(this.bytes, at + guess, value, most);
    if (written < 0) throw this.wrong("wellFormed", value, tag);
    const size = varintBytes(written);
    if (size !== guess) this.bytes.copyWithin(at + size, at + guess, at + guess + written);
    this.put32(written);
    this.position = at + size + written;
  }

  /** Makes room for a length of more than one byte before what was written behind `mark`. */
  private moveUp(mark: number, length: number): void {
    const more = varintBytes(length) - 1;
    this.ensure(more);
    const start = this.out.messageStart + mark;
    this.bytes.copyWithin(start + more, start, start + length);
    this.position = start - 1;
    this.put32(length);
    this.position = start + more + length;
  }
}

function varintBytes(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : value < 0x1000_0000 ? 4 : 5;
}
