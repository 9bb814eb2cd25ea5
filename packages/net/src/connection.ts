/**
 * One socket and the session that understands its bytes: both directions of it, and how it ends, which is slowly where the peer shall
 * hear our last words. Knows nothing of messages.
 */
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Timer } from "@kiteline/core";
import { Incoming } from "./incoming.ts";
import type { Flushable, Loop } from "./loop.ts";
import { Outgoing, type ConnectionOptions } from "./outgoing.ts";
import type { Output } from "./output.ts";
import type { Pace } from "./pace.ts";
import type { Carrier, Session, Traffic } from "./session.ts";

/** Once we have said our last, how long the peer may go on without either taking some of it or closing its side. */
const LINGER_MS = 5000;
/** The same for a peer that is not listened to any more: long enough for our last words to reach it. */
const CUT_MS = 250;

export class Connection implements Carrier, Flushable {
  readonly loop: Loop;
  readonly socket: Duplex;
  /** `host:port` or `unix:PATH`. */
  readonly peer: string;
  /** Where messages are encoded; `scheduleFlush` has them sent. */
  readonly output: Output;
  /** Whoever sends calls tells it of them. */
  readonly pace: Pace;
  readonly openedMs: number;
  /** Whether chunks are read past the socket's stream, whose "data" events tell of none of them. */
  readsItself = false;
  closed = false;
  /** Whether our side has said its last: nothing more is written, and what comes is not looked at. */
  ended = false;
  /** Whether `flush` will be called when the turn ends. */
  scheduled = false;
  session: Session;

  readonly #traffic: Traffic;
  readonly #incoming: Incoming;
  readonly #outgoing: Outgoing;
  #linger: Timer | undefined;
  #error: Error | undefined;

  constructor(
    loop: Loop,
    socket: Duplex,
    peer: string,
    session: (connection: Connection) => Session,
    traffic: Traffic,
    options: ConnectionOptions,
  ) {
    this.loop = loop;
    this.socket = socket;
    this.peer = peer;
    this.openedMs = loop.now();
    this.#traffic = traffic;
    this.#incoming = new Incoming(this, traffic, this.openedMs);
    this.#outgoing = new Outgoing(this, traffic, options);
    this.output = this.#outgoing.output;
    this.pace = this.#outgoing.pace;
    this.session = session(this);
    socket.on("end", () => this.#incoming.onEnd());
    socket.on("error", (error: Error) => {
      this.#error ??= error;
    });
    socket.on("close", () => this.#onClose());
  }

  /** When the last chunk came. */
  get lastReadMs(): number {
    return this.#incoming.lastReadMs;
  }

  /** Bytes of an incomplete frame that wait for the rest of it. */
  get restBytes(): number {
    return this.#incoming.leftover.length;
  }

  /** When the incomplete frame that waits began to come. */
  get restSinceMs(): number {
    return this.#incoming.leftover.sinceMs;
  }

  /** Whether reading is paused. */
  get paused(): boolean {
    return this.#incoming.paused;
  }

  /** Whether the session has had enough for now. */
  get resting(): boolean {
    return this.#incoming.resting;
  }

  /** Whether more is written than the socket takes, or than one turn may: write no more until `onDrain`. */
  get blocked(): boolean {
    return this.#outgoing.blocked;
  }

  /** Bytes that the socket has not passed on yet. */
  get unwrittenBytes(): number {
    return this.#outgoing.unwritten;
  }

  /** Hands over a chunk. Whoever owns the socket calls this; the chunk may be reused afterwards. */
  onChunk(chunk: Buffer, length: number): void {
    if (this.closed) return;
    this.loop.isBusy(this);
    this.#incoming.onChunk(chunk, length);
  }

  /** Where a socket that can be told reads to next; `undefined`: where it did. */
  nextBuffer(): Buffer | undefined {
    return this.#incoming.nextBuffer();
  }

  /** Stops reading; the peer feels it when the system's buffers are full. */
  pause(): void {
    if (!this.paused && !this.ended) this.#incoming.pause();
  }

  /** Goes on reading, beginning with what has been kept. */
  resume(): void {
    if (this.paused && !this.ended) this.#incoming.resume();
  }

  /**
   * For the session, when it has done as much as one peer may ask for in a turn: let it return where it is. What is left is
   * presented again in the next turn, after the other connections had theirs, or after `delayMs`, or for `Infinity` when it is told to
   * `wake`; until then nothing more is read, but the end is noticed.
   */
  rest(delayMs = 0): void {
    if (!this.ended) this.#incoming.rest(delayMs);
  }

  /** Ends a rest. */
  wake(): void {
    if (!this.ended) this.#incoming.wake();
  }

  /** Has what was encoded sent when the turn ends, or now when it is much. `messages`: how many it completes; parts of one complete none. */
  scheduleFlush(messages = 1): void {
    this.#outgoing.schedule(messages);
  }

  /** Counts bytes that were written to the socket itself, for who hands it to others. */
  countWritten(bytes: number): void {
    this.#traffic.bytesWritten += bytes;
  }

  atTurnsEnd(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    this.loop.schedule(this);
  }

  flush(): void {
    this.scheduled = false;
    this.loop.isBusy(this);
    this.#outgoing.onTurnsEnd();
    this.#incoming.onTurnsEnd();
  }

  /** Sends what is encoded, says that no more will come, and closes when the peer has taken it and closed its side, or does not for long. */
  end(): void {
    if (this.ended) return;
    this.#sayLast();
    this.socket.end();
    this.socket.resume(); // or the peer's end would not be seen
    this.#awaitPeer();
  }

  /**
   * Sends what is encoded to a peer that is at fault, and closes whatever the peer does. Nothing more is read, which would be work for
   * who may send without end, and the peer is told of the end only after a moment, since it might dial again at once. It has another
   * moment to hear of it: closing with bytes unread resets the connection.
   */
  cut(): void {
    if (this.ended) return;
    this.#sayLast();
    this.socket.pause();
    this.#linger = this.loop.clock.after(CUT_MS, () => {
      this.socket.end();
      this.#linger = this.loop.clock.after(CUT_MS, () => this.destroy());
    });
  }

  /** Ends the connection at once. `error` is what the session is told. */
  destroy(error?: Error): void {
    if (this.closed) return;
    this.#error ??= error;
    this.socket.destroy();
    this.#onClose();
  }

  /**
   * Ends the connection so that the peer sees that nobody waits for anything any more: closed as usual, it could take
   * it for the end of our side only, and go on working.
   */
  reset(error: Error): void {
    const { socket } = this;
    // Only TCP can say it, and Node refuses to try on anything else.
    if (!this.closed && socket instanceof Socket && socket.remoteAddress !== undefined && !("encrypted" in socket)) {
      this.#error ??= error;
      socket.resetAndDestroy();
      this.#onClose();
      return;
    }
    this.destroy(error);
  }

  #sayLast(): void {
    this.#outgoing.write();
    this.ended = true;
    this.#incoming.leftover.clear();
  }

  #awaitPeer(): void {
    const unwritten = this.unwrittenBytes;
    this.#linger = this.loop.clock.after(LINGER_MS, () => {
      if (this.unwrittenBytes < unwritten) this.#awaitPeer();
      else this.destroy();
    });
  }

  #onClose(): void {
    if (this.closed) return;
    this.closed = true;
    this.ended = true;
    this.#linger?.cancel();
    this.#incoming.close();
    this.#outgoing.close();
    this.session.onClose(this.#error);
  }
}
