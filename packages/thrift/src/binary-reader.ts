/** The binary protocol, read (thrift-binary-protocol.md). */
import { copyOut, DecodeError, MOST_SHORT_BYTES, type MessageHead } from "@kiteline/net";
import { BoundedReader, unexpectedType, unsafeInteger } from "./bounded-reader.ts";
import type { ThriftLimits } from "./limits.ts";
import type { MessageReader } from "./message.ts";
import type { UnknownFields } from "./protocol.ts";
import { LIST, STRING } from "./wire-types.ts";

/** Bytes that a value of each type takes at least; 0 for types that do not exist. */
const LEAST = Uint8Array.of(0, 0, 1, 1, 8, 0, 2, 0, 4, 0, 8, 4, 1, 6, 5, 5, 16);

export class BinaryReader extends BoundedReader implements MessageReader {
  private readonly strict: boolean;

  constructor(limits: Required<ThriftLimits>, strict: boolean) {
    super(limits);
    this.strict = strict;
  }

  readHead(head: MessageHead): void {
    const first = this.i32();
    if (first < 0) {
      if (first >>> 16 !== 0x8001)
        throw new DecodeError(`expected a Thrift message of version 0x8001, got 0x${(first >>> 16).toString(16)}`);
      head.kind = first & 0xff;
      head.name = this.takeName(this.i32());
    } else {
      if (this.strict) {
        throw new DecodeError(
          `expected a Thrift message that begins with 0x8001, got 0x${first.toString(16).padStart(8, "0")}; peers of the old form without a version need the option strict: false`,
        );
      }
      head.name = this.takeName(first);
      head.kind = this.byte();
    }
    head.seq = this.i32();
  }

  begin(): void {
    if (++this.depth > this.maxDepth) throw this.tooDeep();
  }

  field(): number {
    const at = this.position;
    if (this.end - at >= 4) {
      // The type, the id and a byte of the value, which every value has.
      const word = this.view.getInt32(at);
      if (word >>> 24 !== 0) {
        this.position = at + 3;
        return (((word & 0x00ff_ff00) << 8) >> 8) | (word >>> 24);
      }
    } else if (at >= this.end) {
      throw this.short(1);
    } else if (this.bytes[at] !== 0) {
      throw this.short(4);
    }
    this.position = at + 1;
    this.depth--;
    return 0;
  }

  bool(): boolean {
    const at = this.position;
    if (at >= this.end) throw this.short(1);
    this.position = at + 1;
    return this.bytes[at] !== 0;
  }

  byte(): number {
    const at = this.position;
    if (at >= this.end) throw this.short(1);
    this.position = at + 1;
    return this.view.getInt8(at);
  }

  i16(): number {
    const at = this.position;
    if (this.end - at < 2) throw this.short(2);
    this.position = at + 2;
    return this.view.getInt16(at);
  }

  i32(): number {
    const at = this.position;
    if (this.end - at < 4) throw this.short(4);
    this.position = at + 4;
    return this.view.getInt32(at);
  }

  i64(): bigint {
    const at = this.position;
    if (this.end - at < 8) throw this.short(8);
    this.position = at + 8;
    return this.view.getBigInt64(at);
  }

  i64Number(): number {
    const at = this.position;
    if (this.end - at < 8) throw this.short(8);
    this.position = at + 8;
    const value = this.view.getInt32(at) * 0x1_0000_0000 + this.view.getUint32(at + 4);
    if (!Number.isSafeInteger(value)) throw unsafeInteger(this.view.getBigInt64(at));
    return value;
  }

  i64String(): string {
    return String(this.i64());
  }

  string(): string {
    const at = this.position;
    if (this.end - at < 4) throw this.short(4);
    const length = this.view.getInt32(at);
    this.position = at + 4;
    if (length > 0 && length <= MOST_SHORT_BYTES && length <= this.end - at - 4) {
      const known = this.shortStrings.read(this.bytes, this.view, at + 4, length);
      if (known !== undefined) {
        this.position = at + 4 + length;
        return known;
      }
    }
    return this.takeText(length);
  }

  binary(): Uint8Array {
    return this.takeBinary(this.i32());
  }

  list(elementType: number): number {
    const at = this.position;
    if (this.end - at < 5) throw this.short(5);
    const type = this.bytes[at]!;
    const count = this.view.getInt32(at + 1);
    this.position = at + 5;
    this.elementType = type;
    // What type an empty container claims to hold is nobody's concern, and some peers write 0.
    if (count === 0) return 0;
    if (type !== elementType && elementType !== 0) throw unexpectedType("elements", elementType, type);
    this.checkCount(count, this.least(type));
    return count;
  }

  map(keyType: number, valueType: number): number {
    const at = this.position;
    if (this.end - at < 6) throw this.short(6);
    const key = this.bytes[at]!;
    const value = this.bytes[at + 1]!;
    const count = this.view.getInt32(at + 2);
    this.position = at + 6;
    this.keyType = key;
    this.valueType = value;
    if (count === 0) return 0;
    if (key !== keyType && keyType !== 0) throw unexpectedType("keys", keyType, key);
    if (value !== valueType && valueType !== 0) throw unexpectedType("values", valueType, value);
    this.checkCount(count, this.least(key) + this.least(value));
    return count;
  }

  unknown(key: number, into: UnknownFields): void {
    const at = this.position;
    this.skipValue(key & 0xff);
    into.push({ key, bytes: copyOut(this.octets, at, this.position) });
  }

  protected override skipScalar(type: number): void {
    if (type === STRING) {
      const length = this.i32();
      this.checkLength(length);
      this.position += length;
      return;
    }
    this.step(this.least(type));
  }

  protected override fixedBytes(type: number): number {
    return type >= STRING && type <= LIST ? 0 : this.least(type);
  }

  private least(type: number): number {
    const size = LEAST[type];
    if (size === undefined || size === 0) throw this.unknownType(type);
    return size;
  }
}
