/**
 * How much the peer may send (RFC 9113, section 5.2). Credit follows consumption: what readers hold is bounded by the windows. The
 * windows of streams that are read as fast as they come grow when they turn out to be what limits the peer.
 */
import type { Connection } from "@kiteline/net";
import { ConnectionError } from "./connection-error.ts";
import { ErrorCode } from "./error-codes.ts";
import { FrameType, writeNumberFrame } from "./frame.ts";
import type { ResolvedHttp2Options } from "./options.ts";
import type { Pings } from "./pings.ts";
import { INITIAL_WINDOW } from "./settings.ts";
import type { Http2Stream } from "./stream.ts";

/** A slow reader's peer is told of so much of the window at a time, at least: an eighth. */
const LEAST_UPDATE = 8;

export class ReceiveWindows {
  /** What the peer may send on a new stream, as far as it may know. */
  initial: number = INITIAL_WINDOW;
  readonly #connection: Connection;
  readonly #pings: Pings;
  readonly #window: number;
  readonly #maxStreamWindow: number;
  /** What the streams' windows are raised to. */
  #streamWindow: number = INITIAL_WINDOW;
  #left: number;
  #credit = 0;
  #sampling = false;
  /**
   * What came since the PING that is under way was sent, or since the last was answered; no more than the largest window, which is
   * enough: a sum without end would cease to be a small integer after seconds, and what is compiled for small integers with it.
   */
  #sample = 0;

  constructor(connection: Connection, pings: Pings, options: ResolvedHttp2Options) {
    this.#connection = connection;
    this.#pings = pings;
    this.#window = this.#left = options.connectionWindowBytes;
    this.#maxStreamWindow = Math.max(options.maxWindowBytes, options.initialWindowBytes);
  }

  /** Bytes of all streams that came and are still held. */
  get heldBytes(): number {
    return this.#window - this.#left - this.#credit;
  }

  /** Raises the connection's window to what it is meant to be. */
  announce(): void {
    if (this.#window > INITIAL_WINDOW) this.#update(0, this.#window - INITIAL_WINDOW);
  }

  /** The peer may go by another initial window from now on, also for streams that are open. */
  changeInitial(initial: number, streams: readonly Http2Stream[]): void {
    const difference = initial - this.initial;
    if (difference === 0) return;
    this.initial = this.#streamWindow = initial;
    for (const stream of streams) {
      stream.receiveLeft += difference;
      stream.receiveWindow += difference;
      // What was kept back as little of the old window may be all of the new one: nothing would come any more to have it sent.
      if (stream.credit > 0) this.#updateIfDue(stream);
    }
  }

  /** `size` bytes come; throws a `ConnectionError` when the peer was not allowed to send them. `stream` is undefined when nobody wants them. */
  onData(stream: Http2Stream | undefined, size: number): void {
    this.#left -= size;
    if (this.#left < 0) {
      throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, `${-this.#left} bytes more than the connection's window`);
    }
    if (this.#sample < this.#maxStreamWindow) this.#sample += size;
    if (stream === undefined) {
      this.#giveBack(size);
    } else {
      stream.receiveLeft -= size;
      stream.unconsumed += size;
    }
  }

  consumed(stream: Http2Stream, bytes: number): void {
    const size = Math.min(bytes, stream.unconsumed);
    if (size <= 0) return;
    stream.unconsumed -= size;
    this.#giveBack(size);
    if (stream.closed || stream.remoteEnded) return;
    stream.credit += size;
    this.#updateIfDue(stream);
  }

  /** The stream failed: nobody will consume what is left of it. */
  release(stream: Http2Stream): void {
    this.#giveBack(stream.unconsumed);
    stream.unconsumed = 0;
  }

  #updateIfDue(stream: Http2Stream): void {
    if (stream.credit >= stream.receiveLeft && LEAST_UPDATE * stream.credit >= stream.receiveWindow) this.#updateStream(stream);
  }

  #updateStream(stream: Http2Stream): void {
    // A reader that lags behind its window would only hold more.
    const keepsUp = 2 * (stream.unconsumed - stream.coming) <= stream.receiveWindow;
    const growth = keepsUp ? Math.max(0, this.#streamWindow - stream.receiveWindow) : 0;
    const increment = stream.credit + growth;
    stream.receiveWindow += growth;
    stream.receiveLeft += increment;
    stream.credit = 0;
    this.#update(stream.id, increment);
    if (keepsUp && this.#streamWindow < this.#maxStreamWindow) this.#takeSample();
  }

  /** What comes within one round trip tells what the peer could send: when it is half a window or more, the window may be what limits it. */
  #takeSample(): void {
    // Only while data keeps coming: peers take PINGs amiss between which they have sent nothing (gRFC A8).
    if (this.#sampling || 4 * this.#sample < this.#streamWindow) return;
    this.#sampling = true;
    this.#sample = 0;
    this.#pings.send(() => {
      this.#sampling = false;
      if (2 * this.#sample >= this.#streamWindow) this.#streamWindow = Math.min(2 * this.#streamWindow, this.#maxStreamWindow);
      this.#sample = 0;
    });
  }

  #giveBack(size: number): void {
    this.#credit += size;
    // When half of what the peer could have has been used up: less than half the window where readers stand still, who must not stop the others.
    // Of nothing at all nobody is told: it would be a fault (section 6.9).
    if (this.#credit < this.#left || this.#credit === 0) return;
    this.#left += this.#credit;
    this.#update(0, this.#credit);
    this.#credit = 0;
  }

  #update(id: number, increment: number): void {
    if (this.#connection.ended) return;
    writeNumberFrame(this.#connection.output, FrameType.WINDOW_UPDATE, id, increment);
    this.#connection.scheduleFlush(0);
  }
}
