/**
 * The messages of one stream as they come, at either end: puts them together, inflates them, hands them over, and lets the peer send as
 * much as their reader takes. A stream has one as soon as something comes of it that is not one message, whole and as it is.
 */
import { RpcError, type MessageQueue } from "@kiteline/core";
import { lend, type Slab, type Slabs } from "@kiteline/net";
import type { Background } from "./background.ts";
import { Backlog, receiveMessages, type BacklogReceiver } from "./backlog.ts";
import type { Buffered } from "./buffered.ts";
import type { Compression } from "./compression.ts";
import { isOneMessage, MOST_SURPLUS_BYTES, PREFIX_BYTES, TRUSTED_BYTES, type PartialMessage } from "./message-reader.ts";

/** What a message is held to have taken that is seen to inflate to more than may be: about as long as if all that may be had been made. */
const TOO_LARGE_MS = 12;

/** What the streams of a connection share. */
export interface IncomingContext {
  readonly slabs: Slabs;
  readonly background: Background;
  readonly buffered: Buffered;
}

/** Whose messages they are. */
export interface IncomingOwner {
  readonly context: IncomingContext;
  readonly maxReceivedBytes: number;
  /** Where the bytes come from. */
  readonly source: { consumed(bytes: number): void };
  /** Where messages wait for their reader; without it only one may come. */
  readonly queue: MessageQueue | undefined;
  /** Whether nobody reads any more. */
  readonly deaf: boolean;
  /** Throws for what is no message. */
  read(bytes: Buffer, start: number, end: number, slab?: Slab): unknown;
  /** How a message that came compressed is inflated. Throws an `RpcError` when nothing says so. */
  inflater(): Compression;
  onInflated(size: number, compressedBytes: number, tookMs: number): void;
  /** The only message has come. */
  onOnly(message: unknown): void;
  /** What has come cannot be read. `tookMs`: to find out that it cannot be inflated. */
  onUnreadable(error: Error, tookMs?: number): void;
  /** There is more than the only message. */
  tooMany(): Error;
}

/** Hands over what is one message and nothing else, as nearly all data is where messages are small. Returns whether it was. Throws as `Incoming.receive`. */
export function takeOneMessage(to: IncomingOwner, bytes: Buffer, start: number, end: number): boolean {
  if (!isOneMessage(bytes, start, end, to.maxReceivedBytes)) return false;
  const { queue } = to;
  if (queue !== undefined && queue.surplus > MOST_SURPLUS_BYTES) return false;
  const message = to.read(bytes, start + PREFIX_BYTES, end);
  if (queue === undefined) to.onOnly(message);
  else queue.push(message, end - start);
  return true;
}

export class Incoming implements BacklogReceiver {
  partial: PartialMessage | undefined = undefined;
  backlog: Backlog | undefined = undefined;
  trustedBytes: number = TRUSTED_BYTES;
  readonly #owner: IncomingOwner;
  /** Whether the only message has come. */
  #whole = false;
  /** Bytes of it that have not been said to be consumed. */
  #held = 0;
  /** What the connection counts of all this as `buffered`. */
  #buffered = 0;

  constructor(owner: IncomingOwner) {
    this.#owner = owner;
  }

  get slabs(): Slabs {
    return this.#owner.context.slabs;
  }

  get maxReceivedBytes(): number {
    return this.#owner.maxReceivedBytes;
  }

  get deaf(): boolean {
    return this.#owner.deaf;
  }

  get full(): boolean {
    const { queue } = this.#owner;
    return (queue !== undefined && queue.surplus > MOST_SURPLUS_BYTES) || this.backlog?.inflating === true;
  }

  /** Takes what has come. Throws for what cannot be read. */
  receive(bytes: Buffer, start: number, end: number): void {
    receiveMessages(this, bytes, start, end);
  }

  onMessage(bytes: Buffer, start: number, end: number, compressed: boolean, held: number, slab?: Slab): void {
    if (compressed) this.#inflate(bytes.subarray(start, end), held, slab);
    else this.#take(this.#owner.read(bytes, start, end, slab), held, held, slab);
  }

  #inflate(bytes: Buffer, held: number, slab: Slab | undefined): void {
    const { background } = this.#owner.context;
    const compression = this.#owner.inflater();
    const beganMs = background.clock.now();
    let inflated: Buffer | undefined;
    try {
      // Not here while it rests: what came before is read on without the connection.
      if (!background.resting) inflated = compression.inflate(bytes, this.maxReceivedBytes);
    } catch (error) {
      if (error instanceof RpcError && error.code === "resource_exhausted")
        this.#owner.onInflated(Infinity, bytes.byteLength, TOO_LARGE_MS);
      throw error;
    }
    if (inflated !== undefined) this.onInflated(inflated, bytes.byteLength, held, background.clock.now() - beganMs);
    else (this.backlog ??= new Backlog(this)).inflate(background, compression, bytes, held, slab);
  }

  onInflated(bytes: Buffer, compressedBytes: number, held: number, tookMs: number): void {
    const size = bytes.byteLength;
    const { clock } = this.#owner.context.background;
    const beganMs = clock.now();
    let message: unknown;
    try {
      this.#bufferInflated(size, held);
      message = this.#owner.read(bytes, 0, size);
    } finally {
      // Reading what few bytes have become takes its time, too.
      this.#owner.onInflated(size, compressedBytes, tookMs + clock.now() - beganMs);
    }
    this.#take(message, held, size);
  }

  /** What it came in is no longer held; those that wait before it still are. */
  #bufferInflated(size: number, held: number): void {
    const before = this.#owner.queue?.empty === false ? this.#buffered : 0;
    const surplus = size - 2 * held > MOST_SURPLUS_BYTES ? size - held : 0;
    if (before + surplus !== this.#buffered) this.buffer(before + surplus, size);
  }

  /** `size`: its bytes once inflated. `slab`: what it was read from. */
  #take(message: unknown, held: number, size: number, slab?: Slab): void {
    const { queue } = this.#owner;
    if (queue !== undefined) {
      queue.push(message, held, size, lend(this.slabs, slab));
      return;
    }
    this.#held += held;
    if (this.#whole) throw this.#owner.tooMany();
    this.#whole = true;
    this.#owner.onOnly(message);
  }

  /** It holds so much beyond credit, for the sake of a message of `messageBytes`. Throws an `RpcError` when the connection has no room for that. */
  buffer(bytes: number, messageBytes = 0): void {
    this.#buffered = this.#owner.context.buffered.change(this.#buffered, bytes, messageBytes);
  }

  /**
   * No more has come for now. A message larger than the window would never come whole if its pieces counted, but only one at a time may go
   * beyond; nor, perhaps, would the end behind the only message.
   */
  onReadOn(): void {
    const { partial } = this;
    try {
      if (this.#whole) this.#creditWhole();
      else if (partial !== undefined && partial.held > 0 && this.#owner.queue?.empty !== false) this.#creditPart(partial);
    } catch (error) {
      this.#owner.onUnreadable(error as Error);
    }
  }

  #creditWhole(): void {
    if (this.partial !== undefined) throw this.#owner.tooMany();
    const held = this.#held;
    this.buffer(Math.max(this.#buffered, held), held);
    this.#held = 0;
    this.#owner.source.consumed(held);
  }

  #creditPart(partial: PartialMessage): void {
    const { held } = partial;
    this.buffer(partial.reserved, partial.size);
    partial.held = 0;
    this.#owner.source.consumed(held);
  }

  onUnreadable(error: Error, tookMs?: number): void {
    this.#owner.onUnreadable(error, tookMs);
  }

  /** Messages of so many bytes are no longer held. */
  taken(bytes: number): void {
    this.#owner.source.consumed(bytes);
    const surplus = this.#owner.queue?.surplus ?? 0;
    // One beyond credit was the first that waited: what is left is what others were inflated to.
    if (this.#buffered > 0) this.buffer(surplus > MOST_SURPLUS_BYTES ? Math.min(surplus, this.#buffered) : 0);
    if (this.backlog === undefined) this.onReadOn();
    // Not for who has given up: what is wrong with the rest is nothing to them.
    else if (!this.deaf && 2 * surplus <= MOST_SURPLUS_BYTES) this.backlog.readOn();
  }

  /** Nobody wants the rest. What waits for its reader in the queue goes on doing so. */
  drop(): void {
    const held = this.#held + (this.partial?.held ?? 0) + (this.backlog?.held ?? 0);
    this.#held = 0;
    this.backlog?.drop();
    this.partial = this.backlog = undefined;
    if (this.#owner.queue?.empty !== false) this.buffer(0);
    // Or the connection would never get it back.
    if (held > 0) this.#owner.source.consumed(held);
  }
}
