/**
 * Where one connection's messages are encoded: straight into a slab, one after the other, until the turn ends and
 * they leave together. A message that does not fit moves to a larger slab; the ones before it are sealed and wait.
 *
 * Encoders use it like this: `ensure(n)`, write at most n bytes at `position` into `bytes` or `view`, advance
 * `position`. `ensure` may change `bytes` and `view`; positions must be taken relative to `messageStart`, which moves too.
 */
import { makeSlab, SLAB_BYTES, type Slab, type Slabs } from "./slabs.ts";

export const NO_SLAB: Slab = makeSlab(0);

/** Room is asked for by its worst case: so much more than the limit may be asked for before it is certain that the message is too large. */
const SLACK_BYTES = 4096;

/** A message, or a part of it, that is larger than it may be. */
export class TooLarge extends RangeError {
  override readonly name = "TooLarge";
}

/** Encoded bytes that may leave, and the slab to give back once they have left. */
export interface Sealed {
  readonly bytes: Buffer;
  slab: Slab;
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
  /** Where what is not sealed yet begins in the slab. */
  #from = 0;
  #sealed: Sealed[] = [];
  #sealedBytes = 0;
  /** Which of the sealed is the last from the slab in use; -1 when none is. */
  #lastOfSlab = -1;

  constructor(slabs: Slabs, maxMessageBytes: number) {
    this.#slabs = slabs;
    this.maxMessageBytes = maxMessageBytes;
  }

  /** Bytes encoded and not yet taken. */
  get pendingBytes(): number {
    return this.#sealedBytes + this.position - this.#from;
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

  /**
   * Takes the end of the message begun last out of here, from `start` on, and forgets the rest of it. What was taken is sent by
   * `append`, all at once or in parts. A message that fills most of a large slab keeps it; others are copied, so that they hold no
   * more memory than they are.
   */
  detach(start: number): Sealed {
    const slab = this.#slab;
    if (slab.bytes.byteLength <= SLAB_BYTES || 2 * (this.position - start) < slab.bytes.byteLength) {
      const bytes = Buffer.from(slab.bytes.subarray(start, this.position));
      this.rollback();
      return { bytes, slab: NO_SLAB };
    }
    const bytes = slab.bytes.subarray(start, this.position);
    if (this.messageStart > this.#from) this.#push(this.messageStart, NO_SLAB);
    this.#use(NO_SLAB);
    return { bytes, slab };
  }

  /** Has bytes leave after what was encoded so far, without copying them. `last`: the detached message ends with them. */
  append(bytes: Buffer, detached: Sealed, last: boolean): void {
    if (this.position > this.#from) {
      this.#lastOfSlab = this.#sealed.length;
      this.#push(this.position, NO_SLAB);
      this.#from = this.messageStart = this.position;
    }
    this.#sealed.push({ bytes, slab: last ? detached.slab : NO_SLAB });
    this.#sealedBytes += bytes.byteLength;
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
    const next = needed <= SLAB_BYTES ? this.#slabs.borrow() : this.#slabs.borrowLarge(Math.max(needed, 2 * written));
    if (written > 0) old.bytes.copy(next.bytes, 0, this.messageStart, this.position);
    this.#seal(this.messageStart);
    this.#use(next);
    this.position = written;
  }

  /** Sets aside what the slab holds up to `end`, and the slab with it. */
  #seal(end: number): void {
    if (end > this.#from) {
      this.#push(end, this.#slab);
    } else if (this.#lastOfSlab >= 0) {
      // Its slab comes back when the last of it has left.
      const { bytes } = this.#sealed[this.#lastOfSlab] as Sealed;
      this.#sealed[this.#lastOfSlab] = { bytes, slab: this.#slab };
    } else {
      this.#slabs.giveBack(this.#slab);
    }
  }

  #push(end: number, slab: Slab): void {
    this.#sealed.push({ bytes: this.#slab.bytes.subarray(this.#from, end), slab });
    this.#sealedBytes += end - this.#from;
  }

  #use(slab: Slab): void {
    this.#slab = slab;
    this.bytes = slab.bytes;
    this.view = slab.view;
    this.position = 0;
    this.messageStart = 0;
    this.#from = 0;
    this.#lastOfSlab = -1;
  }

  #tooLarge(): TooLarge {
    return new TooLarge(`the message is larger than ${this.maxMessageBytes} bytes: raise maxMessageBytes on both sides, or send less`);
  }
}
