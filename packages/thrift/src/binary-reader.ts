/**
 * The binary protocol, read. No byte is trusted: lengths and counts are held against the bytes that are left before
 * anything is made, nesting and elements against the limits.
 *
 * Positions count from the start of the ArrayBuffer, so that one view of it serves all messages that lie in it.
 */
import { DecodeError, Interner, type MessageHead } from "@kiteline/net";
import { copyOut } from "./copy-out.ts";
import type { ThriftLimits } from "./limits.ts";
import type { MessageReader } from "./message.ts";
import type { ThriftReader, UnknownFields } from "./protocol.ts";
import { MOST_BYTES, ShortStrings } from "./short-strings.ts";
import { readUtf8 } from "./utf8.ts";
import { readUuid } from "./uuid.ts";
import { BOOL, BYTE, DOUBLE, I16, I32, I64, LIST, MAP, SET, STRING, STRUCT, UUID, wireTypeName } from "./wire-types.ts";

/** Bytes that a value of each type takes at least; 0 for types that do not exist. */
const LEAST = Uint8Array.of(0, 0, 1, 1, 8, 0, 2, 0, 4, 0, 8, 4, 1, 6, 5, 5, 16);
/** The types of which every value takes as many. */
const FIXED = Uint8Array.of(0, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1);

const NOTHING = Buffer.alloc(0);

export class BinaryReader implements ThriftReader, MessageReader {
  elementType = 0;
  keyType = 0;
  valueType = 0;

  #bytes: Buffer = NOTHING;
  #octets: Uint8Array = NOTHING;
  #view: DataView = new DataView(NOTHING.buffer);
  #position = 0;
  #start = 0;
  #end = 0;
  #depth = 0;
  #elements = 0;
  readonly #maxDepth: number;
  readonly #maxStringBytes: number;
  readonly #maxElements: number;
  readonly #names = new Interner();
  readonly #shortStrings = new ShortStrings();
  readonly #strict: boolean;

  constructor(limits: Required<ThriftLimits>, strict: boolean) {
    this.#maxDepth = limits.maxDepth;
    this.#maxStringBytes = limits.maxStringBytes;
    this.#maxElements = limits.maxContainerElements;
    this.#strict = strict;
  }

  reset(bytes: Buffer, start: number, end: number): void {
    if (this.#view.buffer !== bytes.buffer) {
      this.#bytes = Buffer.from(bytes.buffer);
      this.#octets = new Uint8Array(bytes.buffer);
      this.#view = new DataView(bytes.buffer);
    }
    this.#position = bytes.byteOffset + start;
    this.#start = bytes.byteOffset + start;
    this.#end = bytes.byteOffset + end;
    this.#depth = 0;
    this.#elements = 0;
  }

  get left(): number {
    return this.#end - this.#position;
  }

  readHead(head: MessageHead): void {
    const first = this.i32();
    if (first < 0) {
      if (first >>> 16 !== 0x8001) throw new DecodeError(`expected a Thrift message of version 0x8001, got 0x${(first >>> 16).toString(16)}`);
      head.kind = first & 0xff;
      head.name = this.#name(this.i32());
    } else {
      if (this.#strict) {
        throw new DecodeError(
          `expected a Thrift message that begins with 0x8001, got 0x${first.toString(16).padStart(8, "0")}; peers of the old form without a version need the option strict: false`,
        );
      }
      head.name = this.#name(first);
      head.kind = this.byte();
    }
    head.seq = this.i32();
  }

  #name(length: number): string {
    this.#checkLength(length);
    const at = this.#position;
    this.#position = at + length;
    return this.#names.read(this.#bytes, at, at + length);
  }

  begin(): void {
    if (++this.#depth > this.#maxDepth) throw this.#tooDeep();
  }

  field(): number {
    const at = this.#position;
    if (this.#end - at >= 4) {
      // The type, the id and a byte of the value, which every value has.
      const word = this.#view.getInt32(at);
      if (word >>> 24 !== 0) {
        this.#position = at + 3;
        return ((word & 0x00ff_ff00) << 8 >> 8) | (word >>> 24);
      }
    } else if (at >= this.#end) {
      throw this.#short(1);
    } else if (this.#bytes[at] !== 0) {
      throw this.#short(4);
    }
    this.#position = at + 1;
    this.#depth--;
    return 0;
  }

  bool(): boolean {
    const at = this.#position;
    if (at >= this.#end) throw this.#short(1);
    this.#position = at + 1;
    return this.#bytes[at] !== 0;
  }

  byte(): number {
    const at = this.#position;
    if (at >= this.#end) throw this.#short(1);
    this.#position = at + 1;
    return this.#view.getInt8(at);
  }

  i16(): number {
    const at = this.#position;
    if (this.#end - at < 2) throw this.#short(2);
    this.#position = at + 2;
    return this.#view.getInt16(at);
  }

  i32(): number {
    const at = this.#position;
    if (this.#end - at < 4) throw this.#short(4);
    this.#position = at + 4;
    return this.#view.getInt32(at);
  }

  i64(): bigint {
    const at = this.#position;
    if (this.#end - at < 8) throw this.#short(8);
    this.#position = at + 8;
    return this.#view.getBigInt64(at);
  }

  i64Number(): number {
    const at = this.#position;
    if (this.#end - at < 8) throw this.#short(8);
    this.#position = at + 8;
    const value = this.#view.getInt32(at) * 0x1_0000_0000 + this.#view.getUint32(at + 4);
    if (!Number.isSafeInteger(value)) {
      throw new DecodeError(`the i64 ${this.#view.getBigInt64(at)} is no safe integer: give the field the type bigint or string in the IDL's annotations`);
    }
    return value;
  }

  i64String(): string {
    const at = this.#position;
    if (this.#end - at < 8) throw this.#short(8);
    this.#position = at + 8;
    return this.#view.getBigInt64(at).toString();
  }

  double(): number {
    const at = this.#position;
    if (this.#end - at < 8) throw this.#short(8);
    this.#position = at + 8;
    return this.#view.getFloat64(at);
  }

  string(): string {
    const length = this.#length();
    const at = this.#position;
    this.#position = at + length;
    if (length === 0) return "";
    if (length <= MOST_BYTES) {
      const known = this.#shortStrings.read(this.#bytes, this.#view, at, length);
      if (known !== undefined) return known;
    }
    const text = readUtf8(this.#bytes, at, at + length);
    if (text === undefined) throw new DecodeError(`a string of ${length} bytes at byte ${at - this.#start} is not UTF-8; raw bytes need the type binary`);
    return text;
  }

  binary(): Uint8Array {
    const length = this.#length();
    const at = this.#position;
    this.#position = at + length;
    return copyOut(this.#octets, at, at + length);
  }

  uuid(): string {
    const at = this.#position;
    if (this.#end - at < 16) throw this.#short(16);
    this.#position = at + 16;
    return readUuid(this.#bytes, at);
  }

  list(elementType: number): number {
    const at = this.#position;
    if (this.#end - at < 5) throw this.#short(5);
    const type = this.#bytes[at]!;
    const count = this.#view.getInt32(at + 1);
    this.#position = at + 5;
    this.elementType = type;
    // What type an empty container claims to hold is nobody's concern, and some peers write 0.
    if (count === 0) return 0;
    if (type !== elementType && elementType !== 0) throw unexpected("elements", elementType, type);
    this.#checkCount(count, least(type));
    return count;
  }

  set(elementType: number): number {
    return this.list(elementType);
  }

  map(keyType: number, valueType: number): number {
    const at = this.#position;
    if (this.#end - at < 6) throw this.#short(6);
    const key = this.#bytes[at]!;
    const value = this.#bytes[at + 1]!;
    const count = this.#view.getInt32(at + 2);
    this.#position = at + 6;
    this.keyType = key;
    this.valueType = value;
    if (count === 0) return 0;
    if (key !== keyType && keyType !== 0) throw unexpected("keys", keyType, key);
    if (value !== valueType && valueType !== 0) throw unexpected("values", valueType, value);
    this.#checkCount(count, least(key) + least(value));
    return count;
  }

  skip(key: number): void {
    this.#skip(key & 0xff);
  }

  unknown(key: number, into: UnknownFields): void {
    const at = this.#position;
    this.#skip(key & 0xff);
    into.push({ key, bytes: copyOut(this.#octets, at, this.#position) });
  }

  #skip(type: number): void {
    switch (type) {
      case BOOL:
      case BYTE:
        return this.#step(1);
      case I16:
        return this.#step(2);
      case I32:
        return this.#step(4);
      case DOUBLE:
      case I64:
        return this.#step(8);
      case UUID:
        return this.#step(16);
      case STRING:
        return this.#step(this.#length());
      case STRUCT: {
        this.begin();
        for (let key = this.field(); key !== 0; key = this.field()) this.#skip(key & 0xff);
        return;
      }
      case LIST:
      case SET: {
        const count = this.list(0);
        this.#skipAll(count, this.elementType, 0);
        return;
      }
      case MAP: {
        const count = this.map(0, 0);
        this.#skipAll(count, this.keyType, this.valueType);
        return;
      }
      default:
        throw new DecodeError(`a field has ${wireTypeName(type)} at byte ${this.#position - this.#start}`);
    }
  }

  /** `second` is 0 for anything but a map. */
  #skipAll(count: number, first: number, second: number): void {
    if (count === 0) return;
    if (FIXED[first] === 1 && (second === 0 || FIXED[second] === 1)) {
      this.#step(count * (LEAST[first]! + LEAST[second]!));
      return;
    }
    if (++this.#depth > this.#maxDepth) throw this.#tooDeep();
    for (let i = 0; i < count; i++) {
      this.#skip(first);
      if (second !== 0) this.#skip(second);
    }
    this.#depth--;
  }

  #step(size: number): void {
    if (this.#end - this.#position < size) throw this.#short(size);
    this.#position += size;
  }

  #length(): number {
    const at = this.#position;
    if (this.#end - at < 4) throw this.#short(4);
    const length = this.#view.getInt32(at);
    this.#position = at + 4;
    this.#checkLength(length);
    return length;
  }

  #checkLength(length: number): void {
    if (length < 0) throw new DecodeError(`a string has the length ${length}`);
    if (this.#end - this.#position < length) throw this.#short(length);
    if (length > this.#maxStringBytes) throw new DecodeError(`a string has ${length} bytes, more than maxStringBytes (${this.#maxStringBytes})`);
  }

  #checkCount(count: number, leastBytes: number): void {
    if (count < 0) throw new DecodeError(`a container has the count ${count}`);
    if (count * leastBytes > this.#end - this.#position) {
      throw new DecodeError(`a container claims ${count} elements, which cannot be in the ${this.#end - this.#position} bytes that are left`);
    }
    this.#elements += count;
    if (this.#elements > this.#maxElements) {
      throw new DecodeError(`the message's containers have more than maxContainerElements (${this.#maxElements}) elements`);
    }
  }

  #short(size: number): DecodeError {
    return new DecodeError(`the message ends too early: ${size} bytes expected at byte ${this.#position - this.#start} of ${this.#end - this.#start}`);
  }

  #tooDeep(): DecodeError {
    return new DecodeError(`structs and containers are nested more than maxDepth (${this.#maxDepth}) deep`);
  }
}

function least(type: number): number {
  const size = LEAST[type];
  if (size === undefined || size === 0) throw new DecodeError(`a container holds ${wireTypeName(type)}`);
  return size;
}

function unexpected(what: string, expected: number, got: number): DecodeError {
  return new DecodeError(`expected a container whose ${what} are ${wireTypeName(expected)}, got ${wireTypeName(got)}`);
}
