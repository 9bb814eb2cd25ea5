/**
 * What a connection's peer sends: handed to the session chunk by chunk, for as long as it takes it. A session may pause, until it says
 * otherwise, or rest, until others had their turn; what comes meanwhile waits here, and the socket is told to wait.
 */
import type { Timer } from "@kiteline/core";
import { Leftover } from "./leftover.ts";
import { RECEIVED, SHORTLY_RECEIVED } from "./received.ts";
import type { Carrier, Traffic } from "./session.ts";

/** While the start of a frame is incomplete and its length unknown, what is kept grows in steps of this. */
const PROBE_BYTES = 256;
const NO_BYTES = Buffer.alloc(0);

export class Incoming {
  /** Of the last chunk that came. */
  lastReadMs: number;
  /** Whether the session wants nothing until it says so. */
  paused = false;
  /** Whether the session has done enough in this turn. */
  resting = false;
  readonly leftover: Leftover = new Leftover();

  readonly #carrier: Carrier;
  readonly #traffic: Traffic;
  /** The turn in which it went on after a rest, or began. */
  #wokenTurn: number;
  /** Whether it rests since before the end of the turn that is under way. */
  #restsAfterReading = false;
  #restTimer: Timer | undefined;
  /** Whether it rests until it is told. */
  #sleeps = false;
  /** Whether the socket was told to wait. */
  #stopped = false;
  #peerEnded = false;
  /** Whether the session is being given bytes. */
  #giving = false;
  /** What the socket reads into, if it reads where it is told. */
  #target: Buffer = NO_BYTES;

  constructor(carrier: Carrier, traffic: Traffic, nowMs: number) {
    this.#carrier = carrier;
    this.#traffic = traffic;
    this.lastReadMs = nowMs;
    this.#wokenTurn = carrier.loop.turn;
  }

  /** Hands over a chunk, which may be reused afterwards. */
  onChunk(chunk: Buffer, length: number): void {
    this.lastReadMs = this.#carrier.loop.now();
    this.#traffic.bytesRead += length;
    if (this.resting) this.#stop();
    this.#give(chunk, 0, length);
  }

  /** Where a socket that can be told reads to next; `undefined`: where it did. */
  nextBuffer(): Buffer | undefined {
    const { loop, session, ended } = this.#carrier;
    const own = this.leftover.length > 0 || this.#waits || ended ? undefined : session.destination?.();
    const last = this.#target;
    // Who has just had enough of a turn may have enough of the next one soon: what is read in vain has to be kept. And behind what had a
    // place of its own begins what most likely gets one, too, as soon as its length is known.
    const short = this.resting || loop.turn - this.#wokenTurn < 2 || !(last === RECEIVED || last === SHORTLY_RECEIVED);
    const next = own ?? (short ? SHORTLY_RECEIVED : RECEIVED);
    if (next === last) return undefined;
    this.#target = next;
    return next;
  }

  /** Nothing more comes. */
  onEnd(): void {
    this.#peerEnded = true;
    if (!this.#waits && !this.#carrier.ended) this.#carrier.session.onEnd();
  }

  /** Stops reading; the peer feels it when the system's buffers are full. */
  pause(): void {
    this.paused = true;
    this.#stop();
  }

  /** Goes on reading, beginning with what has been kept. */
  resume(): void {
    this.paused = false;
    if (!this.resting) this.#goOn();
  }

  /** Rests until the others had their turn, or for `delayMs`; `Infinity`: until `wake`. */
  rest(delayMs: number): void {
    const { loop } = this.#carrier;
    if (delayMs === Infinity) this.#sleeps = true;
    else if (delayMs > 0) this.#restTimer ??= loop.clock.after(delayMs, () => this.#wake(), true); // a stopped socket keeps no process
    if (this.resting) return;
    this.#restsAfterReading = !loop.flushing;
    this.resting = true; // the socket is stopped when more comes: mostly nothing does before the turn ends
    this.#carrier.atTurnsEnd();
  }

  /** The turn ends: who rests goes on, if the others were read meanwhile. */
  onTurnsEnd(): void {
    if (!this.resting || this.#sleeps || this.#restTimer !== undefined) return;
    // Others are read between two ends of turns only.
    if (this.#restsAfterReading) {
      this.#restsAfterReading = false;
      this.#carrier.atTurnsEnd();
    } else {
      this.#wake();
    }
  }

  /** Ends a rest. */
  wake(): void {
    this.#restTimer?.cancel();
    this.#sleeps = false;
    if (this.resting) this.#wake();
  }

  /** What comes is not looked at any more. */
  close(): void {
    this.#restTimer?.cancel();
    this.leftover.clear();
  }

  #wake(): void {
    this.#restTimer = undefined;
    this.resting = false;
    this.#wokenTurn = this.#carrier.loop.turn;
    if (!this.paused) this.#goOn();
  }

  #goOn(): void {
    if (!this.#giving) this.#give(NO_BYTES, 0, 0); // else the loop there goes on by itself
    if (this.#waits || this.#carrier.ended) return;
    if (this.#peerEnded) {
      this.#carrier.session.onEnd();
    } else if (this.#stopped) {
      this.#stopped = false;
      this.#carrier.socket.resume();
    }
  }

  #stop(): void {
    this.#stopped = true;
    this.#carrier.socket.pause();
  }

  /** Whether what comes is only kept. */
  get #waits(): boolean {
    return this.paused || this.resting;
  }

  #give(chunk: Buffer, from: number, end: number): void {
    const carrier = this.#carrier;
    const { leftover } = this;
    let at = from;
    this.#giving = true;
    while (leftover.length > 0 && !carrier.ended) {
      const wanted = carrier.session.wantedBytes;
      const size = Math.min(end - at, this.#waits ? end - at : Math.max(wanted - leftover.length, PROBE_BYTES));
      if (size > 0) this.#keep(chunk, at, at + size);
      at += size;
      if (this.#waits || leftover.length < wanted) break;
      const { bytes, start, length } = leftover;
      const used = carrier.session.onBytes(bytes, start, start + length) - start;
      if (carrier.ended) break;
      leftover.drop(used, carrier.loop.now());
      if (used === 0 && at === end) break;
    }
    if (at < end && leftover.length === 0 && !carrier.ended) {
      const used = this.#waits ? at : carrier.session.onBytes(chunk, at, end);
      if (used < end && !carrier.ended) this.#keep(chunk, used, end);
    }
    this.#giving = false;
  }

  #keep(chunk: Buffer, from: number, to: number): void {
    this.leftover.add(chunk, from, to, this.#carrier.session.wantedBytes, this.lastReadMs);
  }
}
