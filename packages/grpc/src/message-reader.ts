/**
 * Finds the messages in a stream's data, which comes cut anywhere: a byte that says whether it is compressed, the length
 * in four, the message (gRPC over HTTP/2, "Length-Prefixed-Message"). One that lies whole in a chunk is read in place.
 */
import { RpcError } from "@kiteline/core";
import type { Slab, Slabs } from "@kiteline/net";

export const PREFIX_BYTES = 5;
/** So much is reserved for a message on its length's word, or as much as one has had; beyond it, four times what has come. */
export const TRUSTED_BYTES: number = 256 * 1024;
/** Who reads slowly has messages before it that take so much more than credit allows, and half as much before more are read. */
export const MOST_SURPLUS_BYTES: number = 16 * 1024;
/** Sockets read no more at a time where they are told: it shall still be in the cache when it is looked at. */
const READ_BYTES = 256 * 1024;
/** For less a read of its own costs more than a copy. */
const LEAST_READ_BYTES = 32 * 1024;
/** Larger messages are gathered in memory that is used again: filling fresh memory costs twice as much. */
const POOLED_BYTES = 64 * 1024;

export interface MessageReceiver {
  /** The message whose rest has not come. */
  partial: PartialMessage | undefined;
  /** What is reserved for a message on its length's word: `TRUSTED_BYTES`, or the size of the largest that came. */
  trustedBytes: number;
  readonly maxReceivedBytes: number;
  /** Where memory for large messages comes from. */
  readonly slabs: Slabs;
  /** Whether no more messages are to be handed over for now. */
  readonly full: boolean;
  /** Whether nothing more is to be read. */
  readonly deaf: boolean;
  /**
   * A whole message, valid only until this returns. `held` of its bytes have not been said to be `consumed`. `slab` is what a large
   * one lies in: whoever keeps parts of it there marks it as `kept`.
   */
  onMessage(bytes: Buffer, start: number, end: number, compressed: boolean, held: number, slab?: Slab): void;
}

/**
 * Hands over the messages that are complete, as long as they are taken; returns where it has stopped. Keeps the beginning of the next
 * one. Throws an `RpcError` for a prefix that is none and for a message that is too large.
 */
export function readMessages(to: MessageReceiver, bytes: Buffer, start: number, end: number): number {
  let at = start;
  if (to.partial !== undefined) at = to.partial.fill(to, bytes, start, end);
  while (end - at >= PREFIX_BYTES && !to.deaf) {
    if (to.full) return at;
    const length = messageLength(bytes, at, to.maxReceivedBytes);
    const next = at + PREFIX_BYTES + length;
    if (next > end) break;
    to.onMessage(bytes, at + PREFIX_BYTES, next, bytes[at] === 1, PREFIX_BYTES + length);
    at = next;
  }
  if (at === end || to.deaf) return end;
  if (to.full) return at;
  to.partial = new PartialMessage();
  to.partial.fill(to, bytes, at, end);
  return end;
}

/** Whether this is one message and nothing else, as it is: what nearly all calls of one message have. */
export function isOneMessage(bytes: Buffer, start: number, end: number, maxReceivedBytes: number): boolean {
  const length = end - start - PREFIX_BYTES;
  return length >= 0 && length <= maxReceivedBytes && bytes[start] === 0 && bytes.readUInt32BE(start + 1) === length;
}

function messageLength(bytes: Buffer, at: number, maxReceivedBytes: number): number {
  const flag = bytes[at] as number;
  if (flag > 1) {
    throw RpcError.withoutStack(
      "internal",
      `expected a message, which begins with 0 or 1 (compressed), got ${flag}: the lengths of messages do not fit the data`,
    );
  }
  const length = bytes.readUInt32BE(at + 1);
  if (length > maxReceivedBytes) {
    throw RpcError.withoutStack(
      "resource_exhausted",
      `a message of ${length} bytes is larger than ${maxReceivedBytes} (maxReceivedBytes, maxMessageBytes)`,
    );
  }
  return length;
}

/** Gathers a message that comes in pieces. */
export class PartialMessage {
  /** Bytes kept here that have not been said to be consumed. */
  held = 0;
  #bytes: Buffer = Buffer.allocUnsafe(PREFIX_BYTES);
  /** What `#bytes` belong to, when they are borrowed. */
  #slab: Slab | undefined;
  #received = 0;
  /** Where the next bytes are read to, the end of what has come. */
  #destination: Buffer | undefined;
  /** The whole message with its prefix; the prefix alone until its length is known. */
  #size = PREFIX_BYTES;

  /** Of the whole message, with its prefix, as far as it is known. */
  get size(): number {
    return this.#size;
  }

  /** How much of that has its place in memory. */
  get reserved(): number {
    return Math.min(this.#size, this.#bytes.byteLength);
  }

  /** Takes what belongs to the message, and hands it over when it is complete. Returns where the rest begins. */
  fill(to: MessageReceiver, bytes: Buffer, start: number, end: number): number {
    const prefixEnd = this.#take(to, bytes, start, end);
    if (this.#received < PREFIX_BYTES) return prefixEnd;
    if (this.#size === PREFIX_BYTES) this.#size += messageLength(this.#bytes, 0, to.maxReceivedBytes);
    const taken = this.#take(to, bytes, prefixEnd, end);
    if (this.#received === this.#size) {
      to.partial = undefined;
      to.trustedBytes = Math.max(to.trustedBytes, this.#size);
      try {
        to.onMessage(this.#bytes, PREFIX_BYTES, this.#size, this.#bytes[0] === 1, this.held, this.#slab);
      } finally {
        if (this.#slab !== undefined) to.slabs.giveBack(this.#slab);
      }
    }
    return taken;
  }

  /** Where up to `most` bytes that come next, all of this message, may be read to, if it is worth it. */
  destination(most: number): Buffer | undefined {
    const from = this.#received;
    const to = Math.min(this.#size, this.#bytes.byteLength, from + Math.min(most, READ_BYTES));
    return to - from < LEAST_READ_BYTES ? undefined : (this.#destination = this.#bytes.subarray(from, to));
  }

  #take(receiver: MessageReceiver, bytes: Buffer, start: number, end: number): number {
    const taken = Math.min(end, start + this.#size - this.#received);
    const received = this.#received + taken - start;
    if (received > this.#bytes.byteLength) this.#grow(receiver, Math.min(this.#size, Math.max(receiver.trustedBytes, 4 * received)));
    if (bytes !== this.#destination) bytes.copy(this.#bytes, this.#received, start, taken);
    this.#destination = undefined;
    this.held += taken - start;
    this.#received = received;
    return taken;
  }

  #grow({ slabs }: MessageReceiver, size: number): void {
    const slab = size > POOLED_BYTES ? slabs.borrowLarge(size) : undefined;
    const bytes = slab?.bytes ?? Buffer.allocUnsafe(size);
    this.#bytes.copy(bytes, 0, 0, this.#received);
    if (this.#slab !== undefined) slabs.giveBack(this.#slab);
    this.#bytes = bytes;
    this.#slab = slab;
  }
}
