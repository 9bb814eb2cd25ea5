/**
 * Where one connection's messages are encoded: straight into a slab, one after the other, until the turn ends and
 * they leave together. A message that does not fit moves to a larger slab; the ones before it are sealed and wait.
 *
 * Encoders use it like this: `ensure(n)`, write at most n bytes at `position` into `bytes` or `view`, advance
 * `position`. `ensure` may change `bytes` and `view`; positions must be taken relative to `messageStart`, which moves too.
 */
import { makeSlab, type Slab, type Slabs } from "./slabs.ts";

const NO_SLAB: Slab = makeSlab(0);

/** Room is asked for by its worst case: so much more than the limit may be asked for before it is certain that the message is too large. */
const SLACK_BYTES = 4096;

/** A message, or a part of it, that is larger than it may be. */
export class TooLarge extends RangeError {
  override readonly name = "TooLarge";
}

/** Encoded bytes that may leave, and the slab to give back once they have left. */
export interface Sealed {
  readonly bytes: Buffer;
  readonly slab: Slab;
}

export class Output {
  bytes: Buffer = NO_SLAB.bytes;
  view: DataView = NO_SLAB.view;
  /** Where the next byte goes. */
  position = 0;
  /** Where the message being written begins. */
  messageStart = 0;
  /** Largest message that may be written. */
  readonly maxMessageBytes: number;

  readonly #slabs: Slabs;
  #slab: Slab = NO_SLAB;
  #sealed: Sealed[] = [];
  #sealedBytes = 0;

  constructor(slabs: Slabs, maxMessageBytes: number) {
    this.#slabs = slabs;
    this.maxMessageBytes = maxMessageBytes;
  }

  /** Bytes encoded and not yet taken. */
  get pendingBytes(): number {
    return this.#sealedBytes + this.position;
  }

  /** Starts a message. */
  begin(): void {
    this.messageStart = this.position;
  }

  /** The message is complete. Throws `TooLarge` when it exceeds `maxMessageBytes`. */
  end(): void {
    if (this.position - this.messageStart > this.maxMessageBytes) throw this.#tooLarge();
  }

  /** Forgets the message begun last: nothing of it will be sent. */
  rollback(): void {
    this.position = this.messageStart;
    if (this.position > 0) return;
    this.#slabs.giveBack(this.#slab);
    this.#use(NO_SLAB);
  }

  /** Makes room for `size` more bytes. Throws `TooLarge` when they would make the message far larger than `maxMessageBytes`. */
  ensure(size: number): void {
    if (this.position + size > this.bytes.byteLength) this.#grow(size);
  }

  /** Takes what was encoded, to be written in order; the slabs are the taker's to give back. */
  take(): readonly Sealed[] {
    this.#seal(this.position);
    const sealed = this.#sealed;
    this.#sealed = [];
    this.#sealedBytes = 0;
    this.#use(NO_SLAB);
    return sealed;
  }

  #grow(size: number): void {
    const written = this.position - this.messageStart;
    const needed = written + size;
    if (needed > this.maxMessageBytes + SLACK_BYTES) throw this.#tooLarge();
    const old = this.#slab;
    const fresh = this.#slabs.borrow();
    const next = fresh.bytes.byteLength >= needed ? fresh : makeSlab(Math.max(needed, 2 * written));
    if (next !== fresh) this.#slabs.giveBack(fresh);
    if (written > 0) old.bytes.copy(next.bytes, 0, this.messageStart, this.position);
    this.#seal(this.messageStart);
    this.#use(next);
    this.position = written;
  }

  /** Sets aside what the slab holds up to `end`. */
  #seal(end: number): void {
    if (end === 0) {
      this.#slabs.giveBack(this.#slab);
      return;
    }
    this.#sealed.push({ bytes: this.#slab.bytes.subarray(0, end), slab: this.#slab });
    this.#sealedBytes += end;
  }

  #use(slab: Slab): void {
    this.#slab = slab;
    this.bytes = slab.bytes;
    this.view = slab.view;
    this.position = 0;
    this.messageStart = 0;
  }

  #tooLarge(): TooLarge {
    return new TooLarge(`the message is larger than ${this.maxMessageBytes} bytes: raise maxMessageBytes on both sides, or send less`);
  }
}
