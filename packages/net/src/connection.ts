/**
 * Bytes both ways over one socket: outgoing messages gathered per turn, incoming chunks handed to the session that
 * understands them. What is left of a chunk waits here until the session can go on. Knows nothing of messages.
 */
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Timer } from "@kiteline/core";
import type { Flushable, Loop } from "./loop.ts";
import { NO_SLAB, Output } from "./output.ts";
import { Pace } from "./pace.ts";
import { SLAB_BYTES } from "./slabs.ts";

/** What understands the bytes of a connection. A connection's session may be exchanged while it lives. */
export interface Session {
  /**
   * Takes what it can of `bytes` from `start` to `end` and returns where it stopped. The bytes are reused after it
   * returns. What is left is presented again together with what follows, once `wantedBytes` are there.
   */
  onBytes(bytes: Buffer, start: number, end: number): number;
  /**
   * Where what comes next may be read to, because all that fits there belongs there; `onBytes` is given that buffer then. `undefined`
   * when it does not know.
   */
  destination?(): Buffer | undefined;
  /** How many bytes must be there before `onBytes` can go on; 0 when any number will do. */
  readonly wantedBytes: number;
  /** The peer will send no more. */
  onEnd(): void;
  /** The connection is gone. Called once. */
  onClose(error: Error | undefined): void;
  /** What was written before has left, after `blocked` was true. */
  onDrain(): void;
  /** What was encoded so far has been handed to the socket. */
  onFlush(): void;
}

/** What a connection counts. */
export interface Traffic {
  bytesRead: number;
  bytesWritten: number;
}

/** Encoded bytes beyond which a connection flushes before the turn ends, however few messages they are (see `Pace`). */
const EARLY_FLUSH_BYTES = 44 * 1024;
/** Nobody waits for the answer to a part, so that parts fill a slab first: a stream of small messages is a seventh faster than with half as much. */
const EARLY_FLUSH_PARTS_BYTES = SLAB_BYTES - 4096;
/**
 * Parts of streams that a connection takes in a turn. A stream whose messages are at hand would otherwise be written for as long as
 * the socket takes it at once, and nothing else in the process would have a turn. Fewer while other connections are busy, too: each
 * of their calls waits for such a turn. A turn costs about what twenty small messages do.
 */
const TURN_PARTS = 4096;
const SHARED_TURN_PARTS = 128;
/** While the start of a frame is incomplete and its length unknown, the rest grows in steps of this. */
const PROBE_BYTES = 256;
/** Once we have said our last, how long the peer may go on without either taking some of it or closing its side. */
const LINGER_MS = 5000;
/** The same for a peer that is not listened to any more: long enough for our last words to reach it. */
const CUT_MS = 250;
const NO_BYTES = Buffer.alloc(0);

export interface ConnectionOptions {
  /** Largest message that may be written. */
  readonly maxMessageBytes: number;
  /** Bytes that the socket may hold back before `blocked` is true. */
  readonly writeBufferBytes: number;
}

export class Connection implements Flushable {
  readonly loop: Loop;
  readonly socket: Duplex;
  /** `host:port` or `unix:PATH`. */
  readonly peer: string;
  readonly output: Output;
  /** Whoever sends calls tells it of them. */
  readonly pace: Pace = new Pace();
  readonly openedMs: number;
  /** Of the last chunk that came. */
  lastReadMs: number;
  /** When the incomplete frame that waits began to come. */
  restSinceMs = 0;
  /** Whether chunks are read past the socket's stream, whose "data" events tell of none of them. */
  readsItself = false;
  /** Whether more is written than the socket takes, or than one turn may: write no more until `onDrain`. */
  blocked = false;
  closed = false;
  /** Whether our side has said its last: nothing more is written, and what comes is not looked at. */
  ended = false;
  session: Session;

  readonly #traffic: Traffic;
  readonly #writeBufferBytes: number;
  #scheduled = false;
  #messages = 0;
  /** In this turn. */
  #parts = 0;
  #paused = false;
  /** Whether the session has done enough in this turn. */
  #resting = false;
  /** Whether it rests since before the end of the turn that is under way. */
  #restsAfterReading = false;
  #restTimer: Timer | undefined;
  /** Whether the socket was told to wait. */
  #stopped = false;
  #peerEnded = false;
  #reading = false;
  #linger: Timer | undefined;
  /** When what runs now has run, a message that is alone has no others to wait for. */
  readonly #flushLone = (): void => {
    if (this.#messages <= 1) this.#write();
  };
  #unwritten = 0;
  /** Whether the socket has failed to write: it will close. */
  #broken = false;
  /** What the socket reads into, if it reads where it is told. */
  #target: Buffer = NO_BYTES;
  #rest: Buffer = NO_BYTES;
  #restLength = 0;
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
    this.output = new Output(loop.slabs, options.maxMessageBytes);
    this.openedMs = this.lastReadMs = loop.now();
    this.#traffic = traffic;
    this.#writeBufferBytes = options.writeBufferBytes;
    this.session = session(this);
    socket.on("end", () => this.#onEnd());
    socket.on("error", (error: Error) => {
      this.#error ??= error;
    });
    socket.on("close", () => this.#onClose());
  }

  /** Bytes of an incomplete frame that wait for the rest of it. */
  get restBytes(): number {
    return this.#restLength;
  }

  /** Bytes that the socket has not passed on yet. */
  get unwrittenBytes(): number {
    return this.#unwritten;
  }

  /** Whether reading is paused. */
  get paused(): boolean {
    return this.#paused;
  }

  /** Whether the session has had enough for now. */
  get resting(): boolean {
    return this.#resting;
  }

  /** Hands over a chunk. Whoever owns the socket calls this; the chunk may be reused afterwards. */
  onChunk(chunk: Buffer, length: number): void {
    if (this.closed) return;
    this.lastReadMs = this.loop.now();
    this.loop.isBusy(this);
    this.#traffic.bytesRead += length;
    if (this.#resting) this.#stop();
    this.#take(chunk, 0, length);
  }

  /** Counts bytes that were written to the socket itself, for who hands it to others. */
  countWritten(bytes: number): void {
    this.#traffic.bytesWritten += bytes;
  }

  /** Where a socket that can be told reads to next; `undefined`: where it did. */
  nextBuffer(): Buffer | undefined {
    const own = this.#restLength > 0 || this.#waits || this.ended ? undefined : this.session.destination?.();
    const { loop } = this;
    const last = this.#target;
    // Behind what had a place of its own begins what most likely gets one, too, as soon as its length is known.
    const next =
      own ?? (last === loop.readBuffer || last === loop.shortReadBuffer || last === NO_BYTES ? loop.readBuffer : loop.shortReadBuffer);
    if (next === last) return undefined;
    this.#target = next;
    return next;
  }

  /** Has what was encoded sent when the turn ends, or now when it is much. `messages`: how many it completes; parts of one complete none. */
  scheduleFlush(messages = 1): void {
    if (!this.#scheduled) {
      this.#schedule();
      process.nextTick(this.#flushLone);
    }
    this.#messages += messages;
    if (messages === 0 && ++this.#parts >= SHARED_TURN_PARTS && (this.#parts >= TURN_PARTS || this.loop.shared)) this.blocked = true;
    const enough = messages === 0 ? EARLY_FLUSH_PARTS_BYTES : EARLY_FLUSH_BYTES;
    if (this.#messages >= this.pace.messages || this.output.pendingBytes >= enough) this.#write();
  }

  #schedule(): void {
    this.#scheduled = true;
    this.loop.schedule(this);
  }

  flush(): void {
    this.#scheduled = false;
    this.#parts = 0;
    this.loop.isBusy(this);
    this.#write();
    if (this.#couldGoOn()) {
      this.blocked = false;
      this.session.onDrain();
    }
    if (!this.#resting || this.#restTimer !== undefined) return;
    // Others are read between two ends of turns only.
    if (this.#restsAfterReading) {
      this.#restsAfterReading = false;
      if (!this.#scheduled) this.#schedule();
    } else {
      this.#wake();
    }
  }

  #couldGoOn(): boolean {
    return this.blocked && !this.#broken && !this.ended && this.#unwritten <= this.#writeBufferBytes / 2;
  }

  #write(): void {
    this.#messages = 0;
    if (this.ended || this.output.pendingBytes === 0) return;
    const { socket } = this;
    const { slabs } = this.loop;
    const sealed = this.output.take();
    if (sealed.length > 1) socket.cork();
    for (const each of sealed) {
      const size = each.bytes.byteLength;
      this.#traffic.bytesWritten += size;
      this.#unwritten += size;
      socket.write(each.bytes, (error) => {
        slabs.giveBack(each.slab);
        this.#unwritten -= size;
        if (error) this.blocked = this.#broken = true;
        // In the next turn: the socket may take all at once, and then whoever goes on here never lets the loop read, accept or close.
        else if (!this.#scheduled && this.#couldGoOn()) this.#schedule();
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
    if (this.#unwritten > this.#writeBufferBytes) this.blocked = true;
    this.session.onFlush();
  }

  /** Stops reading; the peer feels it when the system's buffers are full. */
  pause(): void {
    if (this.#paused || this.ended) return;
    this.#paused = true;
    this.#stop();
  }

  /** Goes on reading, beginning with what has been kept. */
  resume(): void {
    if (!this.#paused || this.ended) return;
    this.#paused = false;
    if (!this.#resting) this.#goOn();
  }

  /**
   * For the session, when it has done as much as one peer may ask for in a turn: let it return where it is. What is left is
   * presented again in the next turn, after the other connections had theirs, or after `delayMs`; until then nothing more is read.
   */
  rest(delayMs = 0): void {
    if (this.ended) return;
    if (delayMs > 0) this.#restTimer ??= this.loop.clock.after(delayMs, () => this.#wake());
    if (this.#resting) return;
    this.#restsAfterReading = !this.loop.flushing;
    this.#resting = true; // the socket is stopped when more comes: mostly nothing does before the turn ends
    if (!this.#scheduled) this.#schedule();
  }

  #wake(): void {
    this.#restTimer = undefined;
    this.#resting = false;
    if (!this.#paused) this.#goOn();
  }

  #goOn(): void {
    if (!this.#reading) this.#take(NO_BYTES, 0, 0); // else the loop there goes on by itself
    if (this.#paused || this.#resting || this.ended) return;
    if (this.#peerEnded) {
      this.session.onEnd();
    } else if (this.#stopped) {
      this.#stopped = false;
      this.socket.resume();
    }
  }

  #stop(): void {
    this.#stopped = true;
    this.socket.pause();
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

  #sayLast(): void {
    this.#write();
    this.ended = true;
    this.#rest = NO_BYTES;
    this.#restLength = 0;
  }

  #awaitPeer(): void {
    const unwritten = this.#unwritten;
    this.#linger = this.loop.clock.after(LINGER_MS, () => {
      if (this.#unwritten < unwritten) this.#awaitPeer();
      else this.destroy();
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

  #take(chunk: Buffer, from: number, end: number): void {
    let at = from;
    this.#reading = true;
    while (this.#restLength > 0 && !this.ended) {
      const wanted = this.session.wantedBytes;
      const size = Math.min(end - at, this.#waits ? end - at : Math.max(wanted - this.#restLength, PROBE_BYTES));
      if (size > 0) this.#keep(chunk, at, at + size);
      at += size;
      if (this.#waits || this.#restLength < wanted) break;
      const used = this.session.onBytes(this.#rest, 0, this.#restLength);
      if (this.ended) break;
      this.#shift(used);
      if (used === 0 && at === end) break;
    }
    if (at < end && this.#restLength === 0 && !this.ended) {
      const used = this.#waits ? at : this.session.onBytes(chunk, at, end);
      if (used < end && !this.ended) this.#keep(chunk, used, end);
    }
    this.#reading = false;
  }

  /** Whether what comes is only kept. */
  get #waits(): boolean {
    return this.#paused || this.#resting;
  }

  #keep(chunk: Buffer, from: number, to: number): void {
    if (this.#restLength === 0) this.restSinceMs = this.lastReadMs;
    const length = this.#restLength + to - from;
    if (length > this.#rest.byteLength) {
      // A frame's announced length is believed only as far as its bytes have come: at most twice that is reserved.
      // And always twice what there was, or a frame whose length nobody announces would be copied for every piece.
      const size = Math.max(length, 2 * this.#restLength, Math.min(this.session.wantedBytes, 2 * length));
      const rest = Buffer.allocUnsafe(size);
      this.#rest.copy(rest, 0, 0, this.#restLength);
      this.#rest = rest;
    }
    chunk.copy(this.#rest, this.#restLength, from, to);
    this.#restLength = length;
  }

  #shift(used: number): void {
    // By now's time, not by that of the last chunk: the peer is not to blame for how long its next frame had to wait for us.
    if (used > 0) this.restSinceMs = this.loop.now();
    this.#restLength -= used;
    if (this.#restLength <= 0) {
      this.#rest = NO_BYTES;
      this.#restLength = 0;
    } else if (used > 0) {
      this.#rest.copyWithin(0, used, used + this.#restLength);
    }
  }

  #onEnd(): void {
    this.#peerEnded = true;
    if (!this.#waits && !this.ended) this.session.onEnd();
  }

  #onClose(): void {
    if (this.closed) return;
    this.closed = true;
    this.ended = true;
    this.#linger?.cancel();
    this.#restTimer?.cancel();
    this.#rest = NO_BYTES;
    this.#restLength = 0;
    for (const { slab } of this.output.take()) this.loop.slabs.giveBack(slab);
    this.session.onClose(this.#error);
  }
}
