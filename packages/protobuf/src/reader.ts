/**
 * Messages, read in place (Protobuf, "Encoding"). No byte is trusted: lengths are held against the bytes that are left,
 * nesting and the number of messages against the limits.
 *
 * Positions count from the start of the ArrayBuffer, so that one view of it serves all messages that lie in it. State is
 * `private`, not `#`: V8 is slower with private names, and every field comes by.
 */
import { copyOut, DecodeError, MOST_SHORT_BYTES, ReadingTime, readUtf8, ShortStrings, type Slab } from "@kiteline/net";
import { DEFAULT_LIMITS, type ResolvedLimits } from "./limits.ts";
import type { Unknowing } from "./unknown-fields.ts";
import { END_GROUP, GROUP, I32, I64, LEN, VARINT } from "./wire-types.ts";

const NOTHING = Buffer.alloc(0);
/** Buffers beyond this are let go with their message; smaller ones stay, for the messages to come in them. */
const KEPT_BYTES = 256 * 1024;
/** Stands for the number of a group whose end has been read. */
const ENDED = -1;

interface Lacking {
  readonly message: Readonly<Record<string, unknown>>;
  readonly property: string;
  readonly name: string;
  readonly number: number;
}

export class ProtobufReader {
  private bytes: Buffer = NOTHING;
  private octets: Uint8Array = new Uint8Array(0);
  private view: DataView = new DataView(NOTHING.buffer);
  private position = 0;
  /** Where the message being read ends. */
  private limit = 0;
  private start = 0;
  /** What `reset` was given last. */
  private source: Buffer = NOTHING;
  private slab: Slab | undefined = undefined;
  private limits: ResolvedLimits = DEFAULT_LIMITS;
  private messages = 0;
  private depth = 0;
  /** For each message around the one being read, where it ends. */
  private readonly outer: number[] = [];
  /** For each message inside of another its group's number; 0 for one that has a length. */
  private readonly groups: number[] = [];
  /** The two halves of the last 64-bit varint. */
  private low = 0;
  private high = 0;
  /** Puts 64-bit integers together. */
  private readonly parts: DataView = new DataView(new ArrayBuffer(8));
  private readonly shortStrings: ShortStrings = new ShortStrings();
  private readonly time = new ReadingTime();
  /** Messages that lack a required field, until a later part of them may have brought it. */
  private lacking: Lacking[] = [];

  /** Begins to read the message in `start` to `end`. `slab` is what it lies in, if fields may stay there. */
  reset(bytes: Buffer, start: number, end: number, limits: ResolvedLimits = DEFAULT_LIMITS, slab?: Slab): void {
    // The buffer first: asking for its ArrayBuffer leaves JavaScript, and many messages come in one buffer.
    if (this.source !== bytes && this.view.buffer !== bytes.buffer) {
      this.bytes = Buffer.from(bytes.buffer);
      this.octets = new Uint8Array(bytes.buffer);
      this.view = new DataView(bytes.buffer);
    }
    this.source = bytes;
    this.slab = slab;
    this.position = this.start = bytes.byteOffset + start;
    this.limit = bytes.byteOffset + end;
    this.limits = limits;
    this.messages = limits.maxMessages;
    this.time.reset();
    this.depth = 0;
    if (this.lacking.length > 0) this.lacking = [];
  }

  /** The message has been read. Throws where a required field never came. */
  finish(): void {
    for (const { message, property, name, number } of this.lacking) {
      if (message[property] === undefined) throw new DecodeError(`${name} lacks its required field ${number}: ${property}`);
    }
  }

  /** A part of a message ends without a required field; another part may have it. `name` is the message's. */
  lacks(message: object, property: string, name: string, number: number): void {
    this.count();
    this.lacking.push({ message: message as Record<string, unknown>, property, name, number });
  }

  /** The message has been read: what it lay in is not held on to if it is large. */
  release(): void {
    if (this.bytes.byteLength > KEPT_BYTES) this.reset(NOTHING, 0, 0);
  }

  /** The next field's `(number << 3) | wire type`; 0 at the end of the message. */
  tag(): number {
    const at = this.position;
    if (at >= this.limit) return 0;
    const first = this.bytes[at]!;
    if (first < 0x80 && first > 7) {
      this.position = at + 1;
      return first;
    }
    return this.longTag();
  }

  /** Begins to read a message, or a map's entry, that has a length. `leave` ends it. */
  enter(): void {
    const length = this.length();
    const depth = this.depth++;
    if (depth >= this.limits.maxDepth) throw this.tooDeep();
    this.count();
    this.outer[depth] = this.limit;
    this.groups[depth] = 0;
    this.limit = this.position + length;
  }

  leave(): void {
    this.limit = this.outer[--this.depth]!;
  }

  /** Begins to read the group of a number. `leaveGroup` ends it. */
  enterGroup(number: number): void {
    const depth = this.depth++;
    if (depth >= this.limits.maxDepth) throw this.tooDeep();
    this.count();
    this.outer[depth] = this.limit;
    this.groups[depth] = number;
  }

  leaveGroup(): void {
    const depth = --this.depth;
    if (this.groups[depth] !== ENDED) throw new DecodeError(`the group of field ${this.groups[depth]} has no end`);
    this.limit = this.outer[depth]!;
  }

  /** Begins packed values, which are read while `before` their end, which this returns. */
  packed(): number {
    const length = this.length();
    return this.position + length;
  }

  before(end: number): boolean {
    if (this.position < end) return true;
    if (this.position > end) throw new DecodeError(`packed values end in the middle of one, at byte ${end - this.start}`);
    return false;
  }

  /** Steps over a field and keeps it in `$unknown`. */
  unknown(tag: number, message: Unknowing): void {
    const start = this.position;
    this.skip(tag);
    if (!this.limits.keepUnknown || (tag & 7) === END_GROUP) return;
    this.count();
    (message.$unknown ??= []).push({ tag, bytes: copyOut(this.octets, start, this.position) });
  }

  /** Keeps a value that a closed enum does not have: it counts as a field that the schema does not know. */
  unknownEnum(number: number, value: number, message: Unknowing): void {
    if (!this.limits.keepUnknown) return;
    this.count();
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    bytes.push(Number(rest));
    (message.$unknown ??= []).push({ tag: number << 3, bytes: Uint8Array.from(bytes) });
  }

  /** Where the field behind the tag just read begins, for `keep`. */
  here(): number {
    return this.position;
  }

  /** Keeps the field of a tag, which was read from `from` to here, in `$unknown`. */
  keep(tag: number, from: number, message: Unknowing): void {
    if (!this.limits.keepUnknown) return;
    this.count();
    (message.$unknown ??= []).push({ tag, bytes: copyOut(this.octets, from, this.position) });
  }

  /** Steps over the field behind a tag. One that ends a group ends the message. */
  skip(tag: number): void {
    const number = tag >>> 3;
    switch (tag & 7) {
      case VARINT:
        this.varint64();
        return;
      case I64:
        this.step(8);
        return;
      case LEN:
        this.step(this.length());
        return;
      case GROUP:
        this.enterGroup(number);
        for (let inner = this.tag(); inner !== 0; inner = this.tag()) this.skip(inner);
        this.leaveGroup();
        return;
      case END_GROUP: {
        const depth = this.depth - 1;
        if (depth < 0 || this.groups[depth] !== number) throw new DecodeError(`the end of a group of field ${number} has no beginning`);
        this.groups[depth] = ENDED;
        // Nothing of this message is left.
        this.limit = this.position;
        return;
      }
      case I32:
        this.step(4);
        return;
      default:
        throw new DecodeError(`field ${number} has the wire type ${tag & 7}, which does not exist, at byte ${this.position - this.start}`);
    }
  }

  int32(): number {
    const at = this.position;
    if (at < this.limit) {
      const first = this.bytes[at]!;
      if (first < 0x80) {
        this.position = at + 1;
        return first;
      }
    }
    return this.longVarint32();
  }

  uint32(): number {
    return this.int32() >>> 0;
  }

  sint32(): number {
    const value = this.int32();
    return (value >>> 1) ^ -(value & 1);
  }

  fixed32(): number {
    const at = this.step(4);
    return this.view.getUint32(at, true);
  }

  sfixed32(): number {
    const at = this.step(4);
    return this.view.getInt32(at, true);
  }

  int64(): bigint {
    this.varint64();
    const parts = this.parts;
    parts.setInt32(0, this.high);
    parts.setInt32(4, this.low);
    return parts.getBigInt64(0);
  }

  uint64(): bigint {
    this.varint64();
    const parts = this.parts;
    parts.setInt32(0, this.high);
    parts.setInt32(4, this.low);
    return parts.getBigUint64(0);
  }

  sint64(): bigint {
    this.varint64();
    const { parts, low, high } = this;
    const sign = -(low & 1);
    parts.setInt32(0, (high >>> 1) ^ sign);
    parts.setInt32(4, ((low >>> 1) | (high << 31)) ^ sign);
    return parts.getBigInt64(0);
  }

  fixed64(): bigint {
    const at = this.step(8);
    return this.view.getBigUint64(at, true);
  }

  sfixed64(): bigint {
    const at = this.step(8);
    return this.view.getBigInt64(at, true);
  }

  bool(): boolean {
    const at = this.position;
    if (at < this.limit) {
      const first = this.bytes[at]!;
      if (first < 0x80) {
        this.position = at + 1;
        return first !== 0;
      }
    }
    this.varint64();
    return this.low !== 0 || this.high !== 0;
  }

  float(): number {
    const at = this.step(4);
    return this.view.getFloat32(at, true);
  }

  double(): number {
    const at = this.step(8);
    return this.view.getFloat64(at, true);
  }

  /** Throws where the bytes are not UTF-8. */
  string(): string {
    const length = this.length();
    const at = this.position;
    this.position = at + length;
    const text = this.text(at, length);
    if (text === undefined)
      throw new DecodeError(`a string of ${length} bytes at byte ${at - this.start} is not UTF-8; raw bytes need the type bytes`);
    return text;
  }

  /** For fields whose features say that UTF-8 is not checked: U+FFFD stands for what is none. */
  looseString(): string {
    const length = this.length();
    const at = this.position;
    this.position = at + length;
    return this.text(at, length) ?? this.bytes.toString("utf8", at, at + length);
  }

  private text(at: number, length: number): string | undefined {
    if (length === 0) return "";
    if (length <= MOST_SHORT_BYTES) {
      const known = this.shortStrings.read(this.bytes, this.view, at, length);
      if (known !== undefined) return known;
    }
    return readUtf8(this.bytes, this.view, at, at + length);
  }

  /** A copy; what is most of its slab stays there, since filling fresh memory with a large one costs more than all else. */
  byteString(): Uint8Array {
    const length = this.length();
    const at = this.position;
    this.position = at + length;
    const slab = this.slab;
    if (slab !== undefined && 4 * length >= 3 * slab.bytes.byteLength) {
      slab.kept = true;
      return this.octets.subarray(at, at + length);
    }
    return copyOut(this.octets, at, at + length);
  }

  /** A length, held against the bytes that are left. */
  private length(): number {
    const at = this.position;
    let length: number;
    if (at < this.limit && (length = this.bytes[at]!) < 0x80) {
      this.position = at + 1;
    } else {
      this.varint64();
      if (this.high !== 0) throw this.short(Infinity);
      length = this.low >>> 0;
    }
    if (length > this.limit - this.position) throw this.short(length);
    return length;
  }

  private longTag(): number {
    const at = this.position;
    if (this.limit - at >= 2) {
      const first = this.bytes[at]!;
      const second = this.bytes[at + 1]!;
      if (first >= 0x80 && second < 0x80 && second > 0) {
        this.position = at + 2;
        return (first & 0x7f) | (second << 7);
      }
    }
    this.varint64();
    const tag = this.low >>> 0;
    if (this.high !== 0 || tag < 8) throw new DecodeError(`a field has no valid number, at byte ${at - this.start}`);
    return tag;
  }

  /** The low half of a varint of more than one byte. */
  private longVarint32(): number {
    const at = this.position;
    if (this.limit - at >= 3) {
      const bytes = this.bytes;
      let value = bytes[at]! & 0x7f;
      let byte = bytes[at + 1]!;
      value |= (byte & 0x7f) << 7;
      if (byte < 0x80) {
        this.position = at + 2;
        return value;
      }
      byte = bytes[at + 2]!;
      if (byte < 0x80) {
        this.position = at + 3;
        return value | (byte << 14);
      }
    }
    this.varint64();
    return this.low;
  }

  private varint64(): void {
    const { bytes, limit } = this;
    let at = this.position;
    let low = 0;
    let high = 0;
    let byte = 0x80;
    for (let shift = 0; shift < 28; shift += 7) {
      if (at >= limit) throw this.short(1);
      byte = bytes[at++]!;
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.position = at;
        this.low = low;
        this.high = 0;
        return;
      }
    }
    if (at >= limit) throw this.short(1);
    byte = bytes[at++]!;
    low |= byte << 28;
    high = (byte & 0x7f) >> 4;
    for (let shift = 3; byte >= 0x80; shift += 7) {
      if (shift > 31) throw new DecodeError(`a number has more than ten bytes, at byte ${this.position - this.start}`);
      if (at >= limit) throw this.short(1);
      byte = bytes[at++]!;
      high |= (byte & 0x7f) << shift;
    }
    this.position = at;
    this.low = low;
    this.high = high;
  }

  /** Steps over `size` bytes and returns where they began. */
  private step(size: number): number {
    const at = this.position;
    if (this.limit - at < size) throw this.short(size);
    this.position = at + size;
    return at;
  }

  private count(): void {
    // Also entries of maps, whose keys may be numbers.
    if ((--this.messages & 0x3ff) === 0) this.time.look(this.position);
    if (this.messages < 0) {
      throw new DecodeError(
        `the message has more than maxMessages (${this.limits.maxMessages}) messages, map entries and unknown fields in it`,
      );
    }
  }

  private short(size: number): DecodeError {
    const left = this.limit - this.position;
    return new DecodeError(`the message ends too early: ${size} bytes expected at byte ${this.position - this.start}, ${left} are left`);
  }

  private tooDeep(): DecodeError {
    return new DecodeError(`messages are nested more than maxDepth (${this.limits.maxDepth}) deep`);
  }
}
