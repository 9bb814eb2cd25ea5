/**
 * The binary protocol, read (thrift-binary-protocol.md). What is added to a position has `| 0` behind it: V8 then has no need to look for
 * sums that are no int32, some three percent of all that is done here.
 */
import { DecodeError, MEMORY, MOST_SHORT_BYTES, shortAscii, type MessageHead } from "@kiteline/net";
import { BoundedReader, unexpectedType, unsafeInteger } from "./bounded-reader.ts";
import type { ResolvedLimits } from "./limits.ts";
import type { MessageReader } from "./message.ts";
import type { UnknownFields } from "./protocol.ts";
import { DOUBLE, I32, I64, LIST, STRING, typeOfKey } from "./wire-types.ts";

/** Bytes that a value of each type takes at least; 0 for types that do not exist. */
const LEAST = Uint8Array.of(0, 0, 1, 1, 8, 0, 2, 0, 4, 0, 8, 4, 1, 6, 5, 5, 16);
const OCTETS = new Uint8Array(MEMORY);
const VIEW = new DataView(MEMORY);
/** A constant to V8 only where it is one of the file's own. */
const MOST_SHORT = MOST_SHORT_BYTES;

export class BinaryReader extends BoundedReader implements MessageReader {
  private readonly strict: boolean;

  constructor(limits: ResolvedLimits, strict: boolean) {
    super(limits);
    this.strict = strict;
  }

  readHead(head: MessageHead): void {
    const first = this.i32();
    if (first < 0) {
      if (first >>> 16 !== 0x8001)
        throw new DecodeError(`expected a Thrift message of version 0x8001, got 0x${(first >>> 16).toString(16)}`);
      head.kind = first & 0xff;
      head.name = this.string();
    } else {
      if (this.strict) {
        throw new DecodeError(
          `expected a Thrift message that begins with 0x8001, got 0x${first.toString(16).padStart(8, "0")}; peers of the old form, without a version, need the option oldThrift (of thriftBinary: strict: false)`,
        );
      }
      head.name = this.takeText(first);
      head.kind = this.byte();
    }
    head.seq = this.i32();
  }

  begin(): void {
    // Nothing stands before the first field.
  }

  /**
   * One look at a header and the byte after it, which every field has. That the value of a field of fixed size is there
   * shows itself at the next field: a value that reached beyond the end leaves the position there.
   */
  field(): number {
    const at = this.position;
    if (at > this.lastWord) return this.lastField();
    const word = VIEW.getInt32(at);
    if (word >>> 24 === 0) return this.stop(at);
    this.position = (at + 3) | 0;
    return word >>> 8;
  }

  private stop(at: number): number {
    this.position = (at + 1) | 0;
    return 0;
  }

  /** A field whose value might reach beyond what is in memory, or one that is not there. */
  private lastField(): number {
    const type = OCTETS[this.need(1)]!;
    if (type === 0) return this.stop(this.position);
    const at = this.need(3 + this.least(type));
    this.position = (at + 3) | 0;
    return (type << 16) | VIEW.getUint16(at + 1);
  }

  boolField(): boolean {
    const at = this.position;
    this.position = (at + 1) | 0;
    return OCTETS[at] !== 0;
  }

  byteField(): number {
    const at = this.position;
    this.position = (at + 1) | 0;
    return VIEW.getInt8(at);
  }

  i16Field(): number {
    const at = this.position;
    this.position = (at + 2) | 0;
    return VIEW.getInt16(at);
  }

  i32Field(): number {
    const at = this.position;
    this.position = (at + 4) | 0;
    return VIEW.getInt32(at);
  }

  i64Field(): bigint {
    const at = this.position;
    this.position = (at + 8) | 0;
    return VIEW.getBigInt64(at);
  }

  i64NumberField(): number {
    return this.i64Number();
  }

  i64StringField(): string {
    return String(this.i64Field());
  }

  doubleField(): number {
    const at = this.position;
    this.position = (at + 8) | 0;
    return VIEW.getFloat64(at);
  }

  bool(): boolean {
    const at = this.need(1);
    this.position = (at + 1) | 0;
    return OCTETS[at] !== 0;
  }

  byte(): number {
    const at = this.need(1);
    this.position = (at + 1) | 0;
    return VIEW.getInt8(at);
  }

  i16(): number {
    const at = this.need(2);
    this.position = (at + 2) | 0;
    return VIEW.getInt16(at);
  }

  i32(): number {
    let at = this.position;
    if (((at + 4) | 0) > this.end) at = this.need(4);
    this.position = (at + 4) | 0;
    return VIEW.getInt32(at);
  }

  i64(): bigint {
    const at = this.need(8);
    this.position = (at + 8) | 0;
    return VIEW.getBigInt64(at);
  }

  i64Number(): number {
    const at = this.need(8);
    this.position = (at + 8) | 0;
    const value = VIEW.getInt32(at) * 0x1_0000_0000 + VIEW.getUint32(at + 4);
    if (!Number.isSafeInteger(value)) throw unsafeInteger(VIEW.getBigInt64(at));
    return value;
  }

  i64String(): string {
    return String(this.i64());
  }

  string(): string {
    let at = this.position;
    if (((at + 4) | 0) > this.end) at = this.need(4);
    const start = (at + 4) | 0;
    const length = VIEW.getInt32(at);
    const end = (start + length) | 0;
    if (length > 0 && length <= MOST_SHORT && end <= this.end) {
      // As `ShortStrings.read` does, but without branches that follow the length: of one to three characters, the
      // last word also holds bytes of the length, which are the same each time (and make it no word that `read` keeps).
      const last = VIEW.getInt32((end - 4) | 0);
      const first = length > 4 ? VIEW.getInt32(start) : 0;
      const middle = length > 8 ? VIEW.getInt32((start + 4) | 0) : 0;
      const slot = this.shortStrings.slot(first, middle, last);
      if (slot.is(first, middle, last, length)) {
        this.position = end;
        return slot.text;
      }
      const text = shortAscii(OCTETS, start, length);
      if (text !== undefined) {
        slot.offer(first, middle, last, length, text);
        this.position = end;
        return text;
      }
    }
    this.position = start;
    return this.takeLongText(length);
  }

  binary(): Uint8Array {
    const length = this.i32();
    const at = this.position;
    const end = (at + length) | 0;
    if (length <= 0 || length > this.mostShortBinary || end > this.end) return this.takeBinary(length);
    this.position = end;
    return OCTETS.slice(at, end);
  }

  list(elementType: number): number {
    const at = this.position;
    const start = (at + 5) | 0;
    if (start > this.end || OCTETS[at] !== elementType || elementType === 0) return this.oddList(elementType);
    const count = VIEW.getInt32(at + 1);
    this.position = start;
    // What nearly all containers pass is looked at here; `checkCount` does it properly.
    if (count >>> 0 > this.uncounted || count > this.end - start) this.checkCount(count, LEAST[elementType]!);
    return count;
  }

  /** As `list`, and all the numbers are there: where they are in memory, they need no looking after each by itself. */
  private numbers(type: number): number {
    const count = this.list(type);
    const size = LEAST[type]!;
    if (count * size > this.left) throw this.tooMany(count, size);
    return count;
  }

  i32List(): number[] {
    const count = this.numbers(I32);
    let at = this.position;
    const values = new Array<number>(count);
    if (4 * count > this.end - at) {
      for (let i = 0; i < count; i++) values[i] = this.i32();
      return values;
    }
    for (let i = 0; i < count; i++, at += 4) values[i] = VIEW.getInt32(at);
    this.position = at;
    return values;
  }

  i64List(): bigint[] {
    const count = this.numbers(I64);
    let at = this.position;
    const values = new Array<bigint>(count);
    if (8 * count > this.end - at) {
      for (let i = 0; i < count; i++) values[i] = this.i64();
      return values;
    }
    for (let i = 0; i < count; i++, at += 8) values[i] = VIEW.getBigInt64(at);
    this.position = at;
    return values;
  }

  doubleList(): number[] {
    const count = this.numbers(DOUBLE);
    let at = this.position;
    const values = new Array<number>(count);
    if (8 * count > this.end - at) {
      for (let i = 0; i < count; i++) values[i] = this.double();
      return values;
    }
    for (let i = 0; i < count; i++, at += 8) values[i] = VIEW.getFloat64(at);
    this.position = at;
    return values;
  }

  private oddList(elementType: number): number {
    const at = this.need(5);
    const type = OCTETS[at]!;
    const count = VIEW.getInt32(at + 1);
    this.position = (at + 5) | 0;
    this.elementType = type;
    // What type an empty container claims to hold is nobody's concern, and some peers write 0.
    if (count === 0) return 0;
    if (type !== elementType && elementType !== 0) throw unexpectedType("elements", elementType, type);
    this.checkCount(count, this.least(type));
    return count;
  }

  map(keyType: number, valueType: number): number {
    const at = this.position;
    const start = (at + 6) | 0;
    if (start > this.end || OCTETS[at] !== keyType || OCTETS[at + 1] !== valueType || keyType === 0) {
      return this.oddMap(keyType, valueType);
    }
    const count = VIEW.getInt32(at + 2);
    this.position = start;
    // No room is made for entries before they are there: those that are not show themselves.
    if (count >>> 0 > this.uncounted) this.checkCount(count, LEAST[keyType]! + LEAST[valueType]!);
    return count;
  }

  private oddMap(keyType: number, valueType: number): number {
    const at = this.need(6);
    const key = OCTETS[at]!;
    const value = OCTETS[at + 1]!;
    const count = VIEW.getInt32(at + 2);
    this.position = (at + 6) | 0;
    this.keyType = key;
    this.valueType = value;
    if (count === 0) return 0;
    if (key !== keyType && keyType !== 0) throw unexpectedType("keys", keyType, key);
    if (value !== valueType && valueType !== 0) throw unexpectedType("values", valueType, value);
    this.checkCount(count, this.least(key) + this.least(value));
    return count;
  }

  unknown(key: number, into: UnknownFields): void {
    into.push({ key, bytes: this.takeRaw(typeOfKey(key)) });
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
