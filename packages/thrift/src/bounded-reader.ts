/**
 * What both protocols' readers have in common: where they are, where they must stop, and what they refuse. No byte is
 * trusted: lengths and counts are held against the bytes that are left before anything is made, nesting and elements
 * against the limits.
 *
 * They read in `MEMORY` only, through views that are constants of their files. That is where what came by a plain socket lies, whole;
 * of any other message a room full at a time is brought there, and longer texts are taken from where it is. Positions count from the
 * memory's start. State is `private`, not `#`, in readers and writers: V8 is slower with private names, and every field of every
 * message comes by.
 */
import {
  copyOut,
  DecodeError,
  LEAST_RECURRING_BYTES,
  MEMORY,
  MOST_RECURRING_BYTES,
  MOST_SHORT_BYTES,
  ReadingTime,
  readLongUtf8,
  readRecurring,
  readUtf8,
  RECEIVED,
  ROOM,
  ShortStrings,
} from "@kiteline/net";
import type { ResolvedLimits } from "./limits.ts";
import { readUuid } from "./uuid.ts";
import { LIST, MAP, SET, STRUCT, typeOfKey, wireTypeName } from "./wire-types.ts";

const BYTES = Buffer.from(MEMORY);
const OCTETS = new Uint8Array(MEMORY);
const VIEW = new DataView(MEMORY);

/**
 * Where a message is so short that its elements, each of a byte at least, cannot be too many, small containers are not counted. Larger ones
 * are all the same: one that is the first element of another, and that of a third, may claim the same bytes for its elements over and over,
 * and room is made for them before they are there.
 */
const MOST_UNCOUNTED = 4096;

/** Binary values of up to this many bytes are copied in one step, where all of them are in memory. V8 keeps as many inside the array object. */
const MOST_SHORT_BINARY = 64;

/** No number and no header takes more bytes, nor a field's header and its value of fixed size. */
const MOST_AT_ONCE = 16;

export abstract class BoundedReader {
  elementType = 0;
  keyType = 0;
  valueType = 0;

  /** Who filled the room last. */
  private static filler: BoundedReader | undefined;

  protected position = 0;
  /** Where what is in memory of the message ends. */
  protected end = 0;
  /** Up to here the next number or header is in memory, or as much of it as there is. */
  protected lastWord = -1;
  /** The message's bytes: `from` to `limit` of `source`, where those at `position` have the index `position + shift`. */
  private source: Buffer = RECEIVED;
  private from = 0;
  private limit = 0;
  private shift = 0;
  /** A buffer that lies in memory: asking for its ArrayBuffer leaves JavaScript, and many messages come in one buffer. */
  private known: Buffer = RECEIVED;
  /** Where in memory. */
  private knownFrom = RECEIVED.byteOffset;
  private depth = 0;
  protected readonly maxDepth: number;
  private elements = 0;
  /** How many elements a container may have that need not be counted; see `MOST_UNCOUNTED`. */
  protected uncounted = 0;
  private readonly maxStringBytes: number;
  /** `MOST_SHORT_BINARY`, or what is allowed if that is less. */
  protected readonly mostShortBinary: number;
  private readonly maxElements: number;
  private readonly mostUncounted: number;
  protected readonly shortStrings: ShortStrings = new ShortStrings();
  private readonly time = new ReadingTime();

  constructor(limits: ResolvedLimits) {
    this.maxDepth = limits.maxDepth;
    this.maxStringBytes = limits.maxStringBytes;
    this.mostShortBinary = Math.min(MOST_SHORT_BINARY, limits.maxStringBytes);
    this.maxElements = limits.maxContainerElements;
    this.mostUncounted = Math.min(MOST_UNCOUNTED, limits.maxContainerElements);
  }

  reset(bytes: Buffer, start: number, end: number): void {
    if (this.source !== bytes) this.source = bytes;
    this.from = start;
    this.limit = end;
    if (this.known === bytes || this.isHere(bytes)) {
      const first = this.knownFrom;
      this.shift = -first | 0; // without which it would be -0, which V8 does not have as an integer
      this.position = (first + start) | 0;
      const last = (first + end) | 0;
      this.end = last;
      this.lastWord = (last - 1) | 0;
    } else {
      this.shift = start;
      this.position = 0;
      this.bring();
    }
    this.uncounted = end - start > this.maxElements ? 0 : this.mostUncounted;
    this.depth = 0;
    this.elements = 0;
    this.time.reset();
  }

  /** Goes on with a message that was begun before something else was read or written, which may have used the room. */
  resume(): void {
    if (this.source !== this.known && BoundedReader.filler !== this) this.bring();
  }

  private isHere(bytes: Buffer): boolean {
    if (bytes.buffer !== MEMORY) return false;
    this.known = bytes;
    this.knownFrom = bytes.byteOffset;
    return true;
  }

  /** The message has been read: what it lay in is not held on to. */
  release(): void {
    if (this.source !== this.known) this.source = this.known;
  }

  get left(): number {
    return this.limit - this.position - this.shift;
  }

  /** Fills the room, from the position on. */
  private bring(): void {
    const from = this.position + this.shift;
    const length = Math.min(this.limit - from, ROOM.byteLength);
    this.source.copy(ROOM, 0, from, from + length);
    BoundedReader.filler = this;
    this.position = ROOM.byteOffset;
    this.end = this.position + length;
    this.shift = from - this.position;
    this.lastWord = from + length < this.limit ? this.end - MOST_AT_ONCE : this.end - 1;
  }

  /** For what begins behind `lastWord`: brings all of it to memory, if it is there. */
  protected ahead(): void {
    if (this.end + this.shift < this.limit) this.bring();
  }

  /** Where the next `size` bytes are, which fit in the room. Throws where the message ends before. */
  protected need(size: number): number {
    if (this.end - this.position < size) {
      if (this.left < size) throw this.short(size);
      this.bring();
    }
    return this.position;
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
    const at = this.need(8);
    this.position = at + 8;
    return VIEW.getFloat64(at);
  }

  uuid(): string {
    const at = this.need(16);
    this.position = at + 16;
    return readUuid(BYTES, at);
  }

  set(elementType: number): number {
    return this.list(elementType);
  }

  more(i: number, count: number): boolean {
    if ((i & 0xff) === 0xff) this.time.look(this.offset);
    return i < count;
  }

  skip(key: number): void {
    this.skipValue(typeOfKey(key));
  }

  protected skipValue(type: number): void {
    switch (type) {
      case STRUCT: {
        this.enter();
        this.begin();
        for (let key: number; (key = this.field()) !== 0; ) this.skipValue(typeOfKey(key));
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
    if (this.left < size) throw this.short(size);
    this.position += size;
  }

  /** Takes `length` bytes, checked, as text. */
  protected takeText(length: number): string {
    if (length > 0 && length <= MOST_SHORT_BYTES && length <= this.left) {
      const at = this.need(length);
      const known = this.shortStrings.read(BYTES, VIEW, at, length);
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
    if (length === 0) return "";
    const at = this.position;
    const end = at + length;
    let text: string | undefined;
    if (end > this.end) text = this.distantText(length);
    else if (length >= LEAST_RECURRING_BYTES && length <= MOST_RECURRING_BYTES) text = readRecurring(at, end);
    else text = readUtf8(BYTES, VIEW, at, end);
    if (text === undefined)
      throw new DecodeError(`a string of ${length} bytes at byte ${this.offset} is not UTF-8; raw bytes need the type binary`);
    this.position += length;
    return text;
  }

  /** Of what not all is in memory. */
  private distantText(length: number): string | undefined {
    if (length <= MOST_RECURRING_BYTES) {
      const at = this.need(length);
      return readUtf8(BYTES, VIEW, at, at + length);
    }
    const from = this.position + this.shift;
    return readLongUtf8(this.source, from, from + length);
  }

  /** Takes `length` bytes, checked, as a copy. */
  protected takeBinary(length: number): Uint8Array {
    this.checkLength(length);
    const at = this.position;
    const end = at + length;
    this.position = end;
    return end > this.end ? this.copyOfSource(at, end) : copyOut(OCTETS, at, end);
  }

  /** A value as it is. */
  protected takeRaw(type: number): Uint8Array {
    const from = this.position + this.shift;
    this.skipValue(type);
    return this.copyOfSource(from - this.shift, this.position);
  }

  /** Where not all is in memory, or no longer. */
  private copyOfSource(start: number, end: number): Uint8Array {
    return new Uint8Array(this.source.subarray(start + this.shift, end + this.shift));
  }

  protected checkLength(length: number): void {
    if (length < 0) throw new DecodeError(`a string has the length ${length}`);
    if (this.left < length) throw this.short(length);
    if (length > this.maxStringBytes)
      throw new DecodeError(`a string has ${length} bytes, more than maxStringBytes (${this.maxStringBytes})`);
  }

  protected checkCount(count: number, leastBytes: number): void {
    this.elements += count;
    if (count < 0 || count * leastBytes > this.left || this.elements > this.maxElements) throw this.tooMany(count, leastBytes);
  }

  protected tooMany(count: number, leastBytes: number): DecodeError {
    if (count < 0) return new DecodeError(`a container has the count ${count}`);
    if (count * leastBytes > this.left) {
      return new DecodeError(`a container claims ${count} elements, which cannot be in the ${this.left} bytes that are left`);
    }
    return new DecodeError(`the message's containers have more than maxContainerElements (${this.maxElements}) elements`);
  }

  /** Of the position, in the message. */
  private get offset(): number {
    return this.position + this.shift - this.from;
  }

  protected short(size: number): DecodeError {
    return new DecodeError(`the message ends too early: ${size} bytes expected at byte ${this.offset} of ${this.limit - this.from}`);
  }

  private tooDeep(): DecodeError {
    return new DecodeError(`structs and containers are nested more than maxDepth (${this.maxDepth}) deep`);
  }

  protected unknownType(type: number): DecodeError {
    return new DecodeError(`a value has ${wireTypeName(type)} at byte ${this.offset}`);
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
