/**
 * What a connection sends: messages encoded during a turn leave together when it ends, or earlier when they are many. Says when more
 * is written than the socket takes, or than one connection may write in a turn.
 */
import { Socket } from "node:net";
import { NO_SLAB, Output } from "./output.ts";
import { Pace } from "./pace.ts";
import type { Carrier, Traffic } from "./session.ts";
import { SLAB_BYTES } from "./slabs.ts";

/** Encoded bytes beyond which a connection flushes before the turn ends, however few messages they are (see `Pace`). */
const EARLY_FLUSH_BYTES = 44 * 1024;
/**
 * Nobody waits for the answer to a part, so that parts fill two slabs first. A peer that reads faster than we write sleeps and is woken
 * again for each write: where memory is slow, a stream of small messages is a fifth faster than with one slab. With more, what is
 * encoded is no longer in the cache when it leaves.
 */
const EARLY_FLUSH_PARTS_BYTES = 2 * SLAB_BYTES - 6 * 1024;
/**
 * Parts of streams that a connection takes in a turn. A stream whose messages are at hand would otherwise be written for as long as
 * the socket takes it at once, and nothing else in the process would have a turn. Fewer while other connections are busy, too: each
 * of their calls waits for such a turn. A turn costs about what twenty small messages do.
 */
const TURN_PARTS = 4096;
const SHARED_TURN_PARTS = 128;

export interface ConnectionOptions {
  /** Largest message that may be written. */
  readonly maxMessageBytes: number;
  /** Bytes that the socket may hold back before `blocked` is true. */
  readonly writeBufferBytes: number;
}

export class Outgoing {
  readonly output: Output;
  readonly pace: Pace = new Pace();
  /** Whether more is written than the socket takes, or than one turn may. */
  blocked = false;
  /** Bytes that the socket has not passed on yet. */
  unwritten = 0;

  readonly #carrier: Carrier;
  readonly #traffic: Traffic;
  readonly #writeBufferBytes: number;
  /** Complete ones that have not left. */
  #messages = 0;
  /** In this turn. */
  #parts = 0;
  /** Whether the socket has failed to write: it will close. */
  #broken = false;
  /** When what runs now has run, a message that is alone has no others to wait for. */
  readonly #flushLone = (): void => {
    if (this.#messages <= 1) this.write();
  };

  constructor(carrier: Carrier, traffic: Traffic, options: ConnectionOptions) {
    this.#carrier = carrier;
    this.#traffic = traffic;
    this.#writeBufferBytes = options.writeBufferBytes;
    this.output = new Output(carrier.loop.slabs, options.maxMessageBytes);
  }

  /** Has what was encoded sent when the turn ends, or now when it is much. */
  schedule(messages: number): void {
    const carrier = this.#carrier;
    if (!carrier.scheduled) {
      carrier.atTurnsEnd();
      process.nextTick(this.#flushLone);
    }
    this.#messages += messages;
    if (messages === 0 && ++this.#parts >= SHARED_TURN_PARTS && (this.#parts >= TURN_PARTS || carrier.loop.shared)) this.blocked = true;
    const enough = messages === 0 ? EARLY_FLUSH_PARTS_BYTES : EARLY_FLUSH_BYTES;
    if (this.#messages >= this.pace.messages || this.output.pendingBytes >= enough) this.write();
  }

  /** The turn ends. */
  onTurnsEnd(): void {
    this.#parts = 0;
    this.write();
    if (!this.#couldGoOn()) return;
    this.blocked = false;
    this.#carrier.session.onDrain();
  }

  /** Hands what is encoded to the socket. */
  write(): void {
    this.#messages = 0;
    if (this.#carrier.ended || this.output.pendingBytes === 0) return;
    const { socket, loop, session } = this.#carrier;
    if (socket.destroyed) {
      // It tells of its end only later, and each write until then would cost an error with its stack.
      this.blocked = this.#broken = true;
      this.close();
      return;
    }
    const { slabs } = loop;
    const sealed = this.output.take();
    if (sealed.length > 1) socket.cork();
    for (const each of sealed) {
      const size = each.bytes.byteLength;
      this.#traffic.bytesWritten += size;
      this.unwritten += size;
      socket.write(each.bytes, (error) => {
        slabs.giveBack(each.slab);
        this.unwritten -= size;
        if (error) this.blocked = this.#broken = true;
        // In the next turn: the socket may take all at once, and then whoever goes on here never lets the loop read, accept or close.
        else if (this.#couldGoOn()) this.#carrier.atTurnsEnd();
      });
    }
    if (sealed.length > 1) socket.uncork();
    if (socket.writableLength === 0 && socket instanceof Socket) {
      // The system has copied all of it. The socket tells only when what runs now has run: until then the next messages go where the cache still holds the last.
      for (const each of sealed) {
        slabs.giveBack(each.slab);
        each.slab = NO_SLAB;
      }
    }
    if (this.unwritten > this.#writeBufferBytes) this.blocked = true;
    session.onFlush();
  }

  /** Forgets what has not left. */
  close(): void {
    for (const { slab } of this.output.take()) this.#carrier.loop.slabs.giveBack(slab);
  }

  #couldGoOn(): boolean {
    return this.blocked && !this.#broken && !this.#carrier.ended && this.unwritten <= this.#writeBufferBytes / 2;
  }
}
