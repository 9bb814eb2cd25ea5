/** The compact protocol, read (thrift-compact-protocol.md). */
import { DecodeError, MEMORY, Output, Slabs, type MessageHead } from "@kiteline/net";
import { BinaryWriter } from "./binary-writer.ts";
import { BoundedReader, unexpectedType, unsafeInteger } from "./bounded-reader.ts";
import { TRUE, WIRE_OF_COMPACT } from "./compact-types.ts";
import { copyValue } from "./copy-value.ts";
import type { MessageReader } from "./message.ts";
import type { UnknownFields } from "./protocol.ts";
import { BOOL, BYTE, DOUBLE, I16, I32, I64, STRING, UUID, typeOfKey } from "./wire-types.ts";

const OCTETS = new Uint8Array(MEMORY);
const VIEW = new DataView(MEMORY);

const MAGIC = 0x82;
const VERSION = 1;

/** Bytes that an element of each type takes at least; 0 for types that do not exist. */
const LEAST = Uint8Array.of(0, 0, 1, 1, 8, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 16);

export class CompactReader extends BoundedReader implements MessageReader {
  /** The id of the field before. */
  private last = 0;
  /** That of each struct around. */
  private readonly lasts: number[] = [];
  /** The compact type of a bool field whose value has not been asked for: that is its value. */
  private heldBool = 0;
  /** Where unknown fields are put into the binary protocol; made when first needed. */
  #kept: Output | undefined;
  #keeper: BinaryWriter | undefined;
  /** Where a bigint is put together. */
  private readonly word = new DataView(new ArrayBuffer(8));
  private high = 0;

  override reset(bytes: Buffer, start: number, end: number): void {
    super.reset(bytes, start, end);
    this.last = 0;
    if (this.lasts.length > 0) this.lasts.length = 0;
    this.heldBool = 0;
  }

  readHead(head: MessageHead): void {
    const at = this.need(2);
    const magic = OCTETS[at]!;
    const second = OCTETS[at + 1]!;
    if (magic !== MAGIC || (second & 0x1f) !== VERSION) {
      throw new DecodeError(
        `expected a compact Thrift message (0x82, version ${VERSION}), got 0x${magic.toString(16)}, version ${second & 0x1f}`,
      );
    }
    this.position = at + 2;
    head.kind = second >>> 5;
    head.seq = this.varint() | 0;
    head.name = this.takeText(this.length());
  }

  begin(): void {
    this.lasts.push(this.last);
    this.last = 0;
  }

  field(): number {
    const at = this.need(1);
    const byte = OCTETS[at]!;
    this.position = at + 1;
    if (byte === 0) {
      this.last = this.lasts.pop()!;
      return 0;
    }
    const compact = byte & 0x0f;
    const type = WIRE_OF_COMPACT[compact]!;
    if (type === 0) throw new DecodeError(`a field has the unknown compact type ${compact}`);
    if (type === BOOL) this.heldBool = compact;
    const distance = byte >>> 4;
    const id = distance === 0 ? this.i16() : this.last + distance;
    if (id > 0x7fff) throw new DecodeError(`a field has the id ${id}, more than 32767`);
    this.last = id;
    return (type << 16) | (id & 0xffff);
  }

  boolField(): boolean {
    return this.bool();
  }

  byteField(): number {
    return this.byte();
  }

  i16Field(): number {
    return this.i16();
  }

  i32Field(): number {
    return this.i32();
  }

  i64Field(): bigint {
    return this.i64();
  }

  i64NumberField(): number {
    return this.i64Number();
  }

  i64StringField(): string {
    return this.i64String();
  }

  doubleField(): number {
    return this.double();
  }

  bool(): boolean {
    const held = this.heldBool;
    if (held !== 0) {
      this.heldBool = 0;
      return held === TRUE;
    }
    const at = this.need(1);
    this.position = at + 1;
    return OCTETS[at] === TRUE;
  }

  byte(): number {
    const at = this.need(1);
    this.position = at + 1;
    return VIEW.getInt8(at);
  }

  i16(): number {
    const value = this.i32();
    if ((value << 16) >> 16 !== value) throw new DecodeError(`an i16 has the value ${value}`);
    return value;
  }

  i32(): number {
    const raw = this.varint();
    return (raw >>> 1) ^ -(raw & 1);
  }

  i64(): bigint {
    const low = this.varint64();
    const word = this.word;
    word.setInt32(0, this.high);
    word.setInt32(4, low);
    return word.getBigInt64(0);
  }

  i64Number(): number {
    const low = this.varint64();
    const value = this.high * 0x1_0000_0000 + (low >>> 0);
    if (!Number.isSafeInteger(value)) {
      this.word.setInt32(0, this.high);
      this.word.setInt32(4, low);
      throw unsafeInteger(this.word.getBigInt64(0));
    }
    return value;
  }

  i64String(): string {
    return String(this.i64());
  }

  /** Little-endian, as all implementations have it. */
  override double(): number {
    const at = this.need(8);
    this.position = at + 8;
    return VIEW.getFloat64(at, true);
  }

  string(): string {
    return this.takeText(this.length());
  }

  binary(): Uint8Array {
    return this.takeBinary(this.length());
  }

  list(elementType: number): number {
    const at = this.need(1);
    const byte = OCTETS[at]!;
    this.position = at + 1;
    const count = byte >>> 4 === 15 ? this.length() : byte >>> 4;
    const type = WIRE_OF_COMPACT[byte & 0x0f]!;
    this.elementType = type;
    if (count === 0) return 0;
    if (type !== elementType && elementType !== 0) throw unexpectedType("elements", elementType, type);
    this.checkCount(count, this.least(type));
    return count;
  }

  i32List(): number[] {
    const values = new Array<number>(this.list(I32));
    for (let i = 0; i < values.length; i++) values[i] = this.i32();
    return values;
  }

  i64List(): bigint[] {
    const values = new Array<bigint>(this.list(I64));
    for (let i = 0; i < values.length; i++) values[i] = this.i64();
    return values;
  }

  doubleList(): number[] {
    const values = new Array<number>(this.list(DOUBLE));
    for (let i = 0; i < values.length; i++) values[i] = this.double();
    return values;
  }

  map(keyType: number, valueType: number): number {
    const count = this.length();
    this.keyType = keyType;
    this.valueType = valueType;
    if (count === 0) return 0;
    const at = this.need(1);
    const byte = OCTETS[at]!;
    this.position = at + 1;
    const key = WIRE_OF_COMPACT[byte >>> 4]!;
    const value = WIRE_OF_COMPACT[byte & 0x0f]!;
    this.keyType = key;
    this.valueType = value;
    if (key !== keyType && keyType !== 0) throw unexpectedType("keys", keyType, key);
    if (value !== valueType && valueType !== 0) throw unexpectedType("values", valueType, value);
    this.checkCount(count, this.least(key) + this.least(value));
    return count;
  }

  unknown(key: number, into: UnknownFields): void {
    const out = (this.#kept ??= new Output(new Slabs(), Infinity));
    const writer = (this.#keeper ??= new BinaryWriter(this.maxDepth));
    out.begin();
    writer.reset(out);
    copyValue(this, writer, typeOfKey(key));
    into.push({ key, bytes: new Uint8Array(out.bytes.subarray(out.messageStart, out.position)) });
    out.rollback();
  }

  protected override skipScalar(type: number): void {
    switch (type) {
      case BOOL:
        this.bool();
        return;
      case BYTE:
        return this.step(1);
      case I16:
      case I32:
      case I64:
        this.varint64();
        return;
      case DOUBLE:
        return this.step(8);
      case UUID:
        return this.step(16);
      case STRING: {
        const length = this.length();
        this.checkLength(length);
        this.position += length;
        return;
      }
      default:
        throw this.unknownType(type);
    }
  }

  protected override fixedBytes(type: number): number {
    return type === BOOL || type === BYTE || type === DOUBLE || type === UUID ? LEAST[type]! : 0;
  }

  private least(type: number): number {
    const size = LEAST[type]!;
    if (size === 0) throw this.unknownType(type);
    return size;
  }

  /** A length or count: below 2^31, so that a negative one shows itself. */
  private length(): number {
    return this.varint() | 0;
  }

  /** Up to 32 bits, as an int32. */
  private varint(): number {
    if (this.position > this.lastWord) this.ahead();
    let at = this.position;
    const end = this.end;
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (at >= end) throw this.short(1);
      const byte = OCTETS[at++]!;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (shift === 28 && byte > 0x0f) break;
        this.position = at;
        return value;
      }
    }
    throw new DecodeError("an integer of 32 bits takes more than 32 bits");
  }

  /** Up to 64 bits, no longer zigzag: returns the lower half and leaves the upper in `#high`. */
  private varint64(): number {
    if (this.position > this.lastWord) this.ahead();
    let at = this.position;
    const end = this.end;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (at >= end) throw this.short(1);
      const byte = OCTETS[at++]!;
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 0x80) {
        if (shift === 63 && byte > 1) break;
        this.position = at;
        const sign = -(low & 1);
        this.high = (high >>> 1) ^ sign;
        return ((low >>> 1) | (high << 31)) ^ sign;
      }
    }
    throw new DecodeError("an integer of 64 bits takes more than 64 bits");
  }
}
