/**
 * Finds where a message ends that has no length before it, by walking through it. A message comes in pieces: the
 * scanner remembers how far it came, so that every byte is looked at once however many the pieces are. One per
 * connection.
 */
import { DecodeError } from "@kiteline/net";
import { LIST, MAP, SET, STRUCT } from "./wire-types.ts";

/** What `fieldType` says of a field whose value stands in its header. */
export const NO_VALUE = -1;
/** What every step says when bytes are missing. */
export const MORE = -2;

/** In `#left`: a struct is open, whose fields end when they end. */
const OPEN_STRUCT = -1;

export abstract class MessageScanner {
  protected bytes: Buffer = Buffer.alloc(0);
  /** Where the next byte to look at is. A step that says `MORE` may leave it anywhere. */
  protected at = 0;
  protected end = 0;
  /** Set by `listHeader` and `mapHeader`. */
  protected first = 0;
  protected second = 0;

  /** Up to where bytes must be for the step that said `MORE`. */
  #wanted = 0;
  /** How many bytes of the message have been walked. */
  #done = 0;
  #depth = 0;
  readonly #maxDepth: number;
  /** Of what is open, outermost first: how many values of a container are still to come, or `OPEN_STRUCT`. */
  readonly #left: number[] = [];
  /** The types of a container's values; the second is 0 for anything but a map. */
  readonly #firsts: number[] = [];
  readonly #seconds: number[] = [];

  /** `maxDepth` is for structs and containers together. */
  constructor(maxDepth: number) {
    this.#maxDepth = maxDepth;
  }

  /**
   * The length of the message that begins at `start`, if all of it is there; else a length that it has at least, which
   * is more than is there. Then it must be called for the same message again. Throws `DecodeError`.
   */
  scan(bytes: Buffer, start: number, end: number): number {
    this.bytes = bytes;
    this.at = start + this.#done;
    this.end = end;
    this.#wanted = 0;
    for (;;) {
      const before = this.at;
      if (this.#step() === MORE) {
        this.#done = before - start;
        return Math.max(this.#wanted, end + 1) - start;
      }
      if (this.#depth === 0) {
        this.#done = 0;
        return this.at - start;
      }
    }
  }

  /** Walks the message's head. */
  protected abstract head(): number;
  /** Walks a field's header: its type, 0 at a struct's end, `NO_VALUE` or `MORE`. */
  protected abstract fieldType(): number;
  /** Walks a value that is neither struct nor container. */
  protected abstract scalar(type: number): number;
  /** The count or `MORE`. */
  protected abstract listHeader(): number;
  /** The count or `MORE`. */
  protected abstract mapHeader(): number;
  /** How many bytes every element of the type takes; 0 when they differ. */
  protected abstract fixedBytes(type: number): number;

  /** Walks `size` bytes. */
  protected walk(size: number): number {
    if (size < 0) throw new DecodeError(`a string has the length ${size}`);
    this.at += size;
    if (this.at <= this.end) return 0;
    this.#wanted = this.at;
    return MORE;
  }

  #step(): number {
    const top = this.#depth - 1;
    if (top < 0) return this.head() === MORE ? MORE : this.#open(OPEN_STRUCT, 0, 0);
    const left = this.#left[top]!;
    if (left === OPEN_STRUCT) {
      const type = this.fieldType();
      if (type > 0) return this.#value(type);
      if (type === 0) this.#depth--;
      return type;
    }
    if (left === 0) {
      this.#depth--;
      return 0;
    }
    const first = this.#firsts[top]!;
    const second = this.#seconds[top]!;
    const size = second === 0 ? this.fixedBytes(first) : 0;
    if (size > 0) {
      // As many as are there, so that they are not walked again.
      const here = Math.min(left, Math.floor((this.end - this.at) / size));
      this.#left[top] = left - here;
      this.at += here * size;
      if (here > 0 || left === 0) return 0;
      return this.walk(left * size);
    }
    const walked = this.#value(second !== 0 && left % 2 === 1 ? second : first);
    if (walked !== MORE) this.#left[top] = left - 1;
    return walked;
  }

  #value(type: number): number {
    switch (type) {
      case STRUCT:
        return this.#open(OPEN_STRUCT, 0, 0);
      case LIST:
      case SET: {
        const count = this.listHeader();
        return count === MORE ? MORE : this.#open(count, this.first, 0);
      }
      case MAP: {
        const count = this.mapHeader();
        if (count > 0 && this.second === 0) throw new DecodeError("a map has values of no type");
        return count === MORE ? MORE : this.#open(2 * count, this.first, this.second);
      }
      default:
        return this.scalar(type);
    }
  }

  #open(left: number, first: number, second: number): number {
    if (left < OPEN_STRUCT) throw new DecodeError(`a container has the count ${left}`);
    if (this.#depth === this.#maxDepth) throw new DecodeError(`structs and containers are nested more than ${this.#maxDepth} deep`);
    this.#left[this.#depth] = left;
    this.#firsts[this.#depth] = first;
    this.#seconds[this.#depth] = second;
    this.#depth++;
    return 0;
  }
}
