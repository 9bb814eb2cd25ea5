/**
 * What both protocols' readers have in common: where they are, where they must stop, and what they refuse. No byte is
 * trusted: lengths and counts are held against the bytes that are left before anything is made, nesting and elements
 * against the limits.
 *
 * Positions count from the start of the ArrayBuffer, so that one view of it serves all messages that lie in it. State is
 * `private`, not `#`, in readers and writers: V8 is slower with private names, and every field of every message comes by.
 */
import {
  copyOut,
  DecodeError,
  LEAST_RECURRING_BYTES,
  MOST_RECURRING_BYTES,
  MOST_SHORT_BYTES,
  ReadingTime,
  readUtf8,
  RecurringTexts,
  ShortStrings,
} from "@kiteline/net";
import type { ThriftLimits } from "./limits.ts";
import { readUuid } from "./uuid.ts";
import { LIST, MAP, SET, STRUCT, wireTypeName } from "./wire-types.ts";

const NOTHING = Buffer.alloc(0);
/** Buffers beyond this are let go with their message; smaller ones stay, for the messages to come in them. */
const KEPT_BYTES = 256 * 1024;

/** Positions are int32, also those just beyond the end. */
const MOST_BYTES = 0x7fff_ff00;

/**
 * Where a message is so short that its elements, each of a byte at least, cannot be too many, small containers are not counted. Larger ones
 * are all the same: one that is the first element of another, and that of a third, may claim the same bytes for its elements over and over,
 * and room is made for them before they are there.
 */
const MOST_UNCOUNTED = 4096;

/** A field's header in the binary protocol and the largest value that is not checked by itself. */
const HEADER_AND_VALUE = 3 + 8;

export abstract class BoundedReader {
  elementType = 0;
  keyType = 0;
  valueType = 0;

  protected bytes: Buffer = NOTHING;
  protected octets: Uint8Array = new Uint8Array(0);
  protected view: DataView = new DataView(NOTHING.buffer);
  protected position = 0;
  protected end = 0;
  /** Up to here a field's header and a value of fixed size lie in the buffer, though perhaps not in the message. */
  protected lastWord = 0;
  private depth = 0;
  protected readonly maxDepth: number;
  /** What `reset` was given last. */
  private source: Buffer = NOTHING;
  private start = 0;
  private elements = 0;
  /** How many elements a container may have that need not be counted; see `MOST_UNCOUNTED`. */
  protected uncounted = 0;
  /** Where `lastWord` is in a buffer whose messages do not end before. */
  private lastWordOfAll = -HEADER_AND_VALUE;
  private readonly maxStringBytes: number;
  private readonly maxElements: number;
  protected readonly shortStrings: ShortStrings = new ShortStrings();
  private readonly recurringTexts = new RecurringTexts();
  private readonly time = new ReadingTime();

  constructor(limits: Required<ThriftLimits>) {
    this.maxDepth = limits.maxDepth;
    this.maxStringBytes = limits.maxStringBytes;
    this.maxElements = limits.maxContainerElements;
  }

  reset(bytes: Buffer, start: number, end: number): void {
    // The buffer first: asking for its ArrayBuffer leaves JavaScript, and many messages come in one buffer.
    if (this.source !== bytes && this.view.buffer !== bytes.buffer) {
      if (bytes.buffer.byteLength > MOST_BYTES) {
        this.reset(Buffer.from(bytes.subarray(start, end)), 0, end - start);
        return;
      }
      this.bytes = Buffer.from(bytes.buffer);
      this.octets = new Uint8Array(bytes.buffer);
      this.view = new DataView(bytes.buffer);
      this.lastWordOfAll = this.view.byteLength - HEADER_AND_VALUE;
    }
    this.source = bytes;
    this.position = bytes.byteOffset + start;
    this.start = bytes.byteOffset + start;
    this.end = bytes.byteOffset + end;
    this.lastWord = Math.min(this.end - 1, this.lastWordOfAll);
    this.uncounted = end - start > this.maxElements ? 0 : Math.min(this.maxElements, MOST_UNCOUNTED);
    this.depth = 0;
    this.elements = 0;
    this.time.reset();
  }

  /** The message has been read: what it lay in is not held on to if it is large. */
  release(): void {
    if (this.bytes.byteLength > KEPT_BYTES) this.reset(NOTHING, 0, 0);
  }

  get left(): number {
    return this.end - this.position;
  }

  enter(): void {
    if (++this.depth > this.maxDepth) throw this.tooDeep();
  }

  leave(): void {
    this.depth--;
  }

  abstract begin(): void;
  abstract field(): number;
  abstract list(elementType: number): number;
  abstract map(keyType: number, valueType: number): number;
  /** Steps over a value that is neither struct nor container. */
  protected abstract skipScalar(type: number): void;
  /** How many bytes each value of the type takes in a container; 0 when they differ. */
  protected abstract fixedBytes(type: number): number;

  double(): number {
    const at = this.position;
    if (this.end - at < 8) throw this.short(8);
    this.position = at + 8;
    return this.view.getFloat64(at);
  }

  uuid(): string {
    const at = this.position;
    if (this.end - at < 16) throw this.short(16);
    this.position = at + 16;
    return readUuid(this.bytes, at);
  }

  set(elementType: number): number {
    return this.list(elementType);
  }

  more(i: number, count: number): boolean {
    if ((i & 0xff) === 0xff) this.time.look(this.position);
    return i < count;
  }

  skip(key: number): void {
    this.skipValue(key & 0xff);
  }

  protected skipValue(type: number): void {
    switch (type) {
      case STRUCT: {
        this.enter();
        this.begin();
        for (let key: number; (key = this.field()) !== 0; ) this.skipValue(key & 0xff);
        this.leave();
        return;
      }
      case LIST:
      case SET: {
        const count = this.list(0);
        if (count > 0) this.skipElements(count, this.elementType, 0);
        return;
      }
      case MAP: {
        const count = this.map(0, 0);
        if (count > 0) this.skipElements(count, this.keyType, this.valueType);
        return;
      }
      default:
        this.skipScalar(type);
    }
  }

  /** `second` is 0 for anything but a map. */
  private skipElements(count: number, first: number, second: number): void {
    const firstBytes = this.fixedBytes(first);
    const secondBytes = second === 0 ? 0 : this.fixedBytes(second);
    if (firstBytes > 0 && (second === 0 || secondBytes > 0)) {
      this.step(count * (firstBytes + secondBytes));
      return;
    }
    this.enter();
    for (let i = 0; i < count; i++) {
      this.skipValue(first);
      if (second !== 0) this.skipValue(second);
    }
    this.leave();
  }

  protected step(size: number): void {
    if (this.end - this.position < size) throw this.short(size);
    this.position += size;
  }

  /** Takes `length` bytes, checked, as text. */
  protected takeText(length: number): string {
    if (length > 0 && length <= MOST_SHORT_BYTES && length <= this.end - this.position) {
      const at = this.position;
      const known = this.shortStrings.read(this.bytes, this.view, at, length);
      if (known !== undefined) {
        this.position = at + length;
        return known;
      }
    }
    return this.takeLongText(length);
  }

  /** The same for text that is not kept. */
  protected takeLongText(length: number): string {
    this.checkLength(length);
    const at = this.position;
    this.position = at + length;
    if (length === 0) return "";
    const recurs = length >= LEAST_RECURRING_BYTES && length <= MOST_RECURRING_BYTES;
    const text = recurs
      ? this.recurringTexts.read(this.bytes, this.view, at, at + length)
      : readUtf8(this.bytes, this.view, at, at + length);
    if (text === undefined)
      throw new DecodeError(`a string of ${length} bytes at byte ${at - this.start} is not UTF-8; raw bytes need the type binary`);
    return text;
  }

  /** Takes `length` bytes, checked, as a copy. */
  protected takeBinary(length: number): Uint8Array {
    this.checkLength(length);
    const at = this.position;
    this.position = at + length;
    return copyOut(this.octets, at, at + length);
  }

  protected checkLength(length: number): void {
    if (length < 0) throw new DecodeError(`a string has the length ${length}`);
    if (this.end - this.position < length) throw this.short(length);
    if (length > this.maxStringBytes)
      throw new DecodeError(`a string has ${length} bytes, more than maxStringBytes (${this.maxStringBytes})`);
  }

  protected checkCount(count: number, leastBytes: number): void {
    this.elements += count;
    if (count < 0 || count * leastBytes > this.end - this.position || this.elements > this.maxElements)
      throw this.tooMany(count, leastBytes);
  }

  protected tooMany(count: number, leastBytes: number): DecodeError {
    if (count < 0) return new DecodeError(`a container has the count ${count}`);
    if (count * leastBytes > this.end - this.position) {
      return new DecodeError(
        `a container claims ${count} elements, which cannot be in the ${this.end - this.position} bytes that are left`,
      );
    }
    return new DecodeError(`the message's containers have more than maxContainerElements (${this.maxElements}) elements`);
  }

  protected short(size: number): DecodeError {
    return new DecodeError(
      `the message ends too early: ${size} bytes expected at byte ${this.position - this.start} of ${this.end - this.start}`,
    );
  }

  private tooDeep(): DecodeError {
    return new DecodeError(`structs and containers are nested more than maxDepth (${this.maxDepth}) deep`);
  }

  protected unknownType(type: number): DecodeError {
    return new DecodeError(`a value has ${wireTypeName(type)} at byte ${this.position - this.start}`);
  }
}

/** The error for a container whose header says another type than the IDL. */
export function unexpectedType(what: "elements" | "keys" | "values", expected: number, got: number): DecodeError {
  return new DecodeError(`expected a container whose ${what} are ${wireTypeName(expected)}, got ${wireTypeName(got)}`);
}

/** The error for a 64-bit integer that a field of JavaScript numbers cannot hold. */
export function unsafeInteger(value: bigint): DecodeError {
  return new DecodeError(`the i64 ${value} is no safe integer: declare the field as bigint or string in the IDL's annotations`);
}
