/** A server's end of a connection: streams that callers open, how many and how fast, and how it goes without losing any. */
import type { AcceptedSession, Connection } from "@kiteline/net";
import { ConnectionError } from "./connection-error.ts";
import { Engine } from "./engine.ts";
import { ErrorCode } from "./error-codes.ts";
import { PreparedFields, type Fields } from "./fields.ts";
import { writeGoAway } from "./frame.ts";
import { MAX_STREAM_ID, type ResolvedHttp2Options } from "./options.ts";
import { PingPolice } from "./ping-police.ts";
import { PREFACE, recognisePreface } from "./preface.ts";
import type { StreamFailure } from "./stream-failure.ts";
import { Http2Stream, type StreamReceiver } from "./stream.ts";

/** Whoever serves the streams that callers open. */
export interface StreamHost {
  /**
   * A request: its fields are well-formed HTTP, `end` says that it has no body. Returns who hears the rest of it; may answer or
   * reset the stream before it returns. What it throws resets the stream with INTERNAL_ERROR.
   */
  accept(stream: Http2Stream, fields: Fields, end: boolean): StreamReceiver;
  /** The connection had to be closed for what the peer sent; its streams are told. */
  misbehaved(connection: Connection, error: Error): void;
}

/** How long a caller may take to answer the PING after which no more of its streams can be under way. */
const LAST_CALL_MS = 1000;
const TOO_LARGE = new PreparedFields([[":status", "431"]]);

/** Nobody yet, or nobody any more. */
const NOBODY: StreamReceiver = {
  onHeaders: () => undefined,
  onInformational: () => undefined,
  onData: () => undefined,
  onTrailers: () => undefined,
  onFailed: (_failure: StreamFailure) => undefined,
  onWritable: () => undefined,
};

export class Http2ServerConnection extends Engine implements AcceptedSession {
  readonly #host: StreamHost;
  readonly #police: PingPolice;
  #begun = false;
  #lastId = 0;
  /** Above it streams are not served any more. */
  #servedUpTo = MAX_STREAM_ID;
  #draining = false;
  /** Whether the caller knows our last word: which stream is the last. */
  #saidLast = false;

  /** For a connection whose first bytes are, or should be, the preface. */
  constructor(connection: Connection, host: StreamHost, options: ResolvedHttp2Options) {
    super(connection, options, "server");
    this.#host = host;
    this.#police = new PingPolice(options);
    this.watch.ageUntil(
      () => this.drain(),
      () => this.close(ErrorCode.NO_ERROR, "max_age"),
    );
    if (options.keepaliveWithoutStreams) this.watch.keepAlive(() => this.inFlight);
  }

  /** While draining: a stream may be under way that we promised to serve. */
  get owed(): boolean {
    return this.#draining && !this.#saidLast;
  }

  override onBytes(bytes: Buffer, start: number, end: number): number {
    if (this.#begun) return super.onBytes(bytes, start, end);
    const isPreface = recognisePreface(bytes, start, end);
    if (isPreface === undefined) {
      this.wantedBytes = PREFACE.length;
      return start;
    }
    if (!isPreface) {
      this.reject(new ConnectionError(ErrorCode.PROTOCOL_ERROR, "the first bytes are not HTTP/2's"));
      return end;
    }
    this.#begun = true;
    return super.onBytes(bytes, start + PREFACE.length, end);
  }

  /**
   * Goes without losing a call: the caller is told that we go, and when it must have heard of it, which stream is the last. When all
   * have been answered, the connection ends (RFC 9113, section 6.8).
   */
  drain(): void {
    if (this.#draining || this.connection.ended) return;
    this.#draining = true;
    writeGoAway(this.connection.output, MAX_STREAM_ID, ErrorCode.NO_ERROR, "");
    this.ping(() => this.#sayLast());
    this.watch.afterwards(LAST_CALL_MS, () => this.#sayLast());
  }

  /** A connection that nobody uses goes in the same way. */
  endIdle(): void {
    this.drain();
  }

  override onHeaders(id: number, endStream: boolean, bytes: Buffer, start: number, end: number): void {
    const open = this.streams.get(id);
    if (open !== undefined) {
      this.onTrailers(open, endStream, bytes, start, end);
      return;
    }
    if ((id & 1) === 0) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `a caller's stream cannot have the even id ${id}`);
    const fields = this.readFields(bytes, start, end, "request");
    if (id <= this.#lastId) {
      if (!this.streams.wasReset(id)) throw new ConnectionError(ErrorCode.STREAM_CLOSED, `fields on stream ${id}, which is closed`);
      return;
    }
    this.#lastId = id;
    if (id > this.#servedUpTo) return; // the caller knows by now that nobody looks at it
    // At once, whether the caller knows or not: who is refused can try again.
    if (this.streams.size >= this.own.last.maxConcurrentStreams) {
      this.streams.onFault(id, ErrorCode.REFUSED_STREAM, "more streams than allowed (maxConcurrentStreams)");
    } else if (this.headers.fault !== undefined) {
      this.streams.onFault(id, ErrorCode.PROTOCOL_ERROR, this.headers.fault);
    } else {
      this.#open(id, fields, endStream);
    }
  }

  override onPing(high: number, low: number): void {
    const { loop } = this.connection;
    if (this.#police.isTooSoon(loop.now(), this.streams.sender.framesSent, this.inFlight)) {
      throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, "too_many_pings");
    }
    super.onPing(high, low);
  }

  override onGoAway(): void {
    // The caller opens no more streams, and ends the connection when it has its answers; until then nothing changes.
    this.ledger.idleFrame();
  }

  override onRoom(): void {}

  override onEndSent(stream: Http2Stream): void {
    this.ledger.answeredStream();
    // Nobody reads on once the answer is complete (RFC 9113, section 8.1).
    if (!stream.closed) this.streams.reset(stream, ErrorCode.NO_ERROR);
  }

  protected override get lastPeerId(): number {
    return Math.min(this.#lastId, this.#servedUpTo);
  }

  override isIdle(id: number): boolean {
    return (id & 1) === 0 || id > this.#lastId;
  }

  protected override onPeerSettings(): void {}

  override onStreamClosed(): void {
    if (this.#saidLast && this.streams.size === 0) this.finishUp(undefined);
  }

  protected override onOver(): void {}

  override wasSent(): boolean {
    return true;
  }

  override onGivenUp(): void {}

  override onLost({ openedMs }: Http2Stream): void {
    this.ledger.lostStream(((this.connection.loop.now() | 0) - openedMs) | 0);
  }

  protected override reject(error: ConnectionError): void {
    super.reject(error);
    this.#host.misbehaved(this.connection, error);
  }

  #open(id: number, fields: Fields, endStream: boolean): void {
    const stream = new Http2Stream(this.streams, id, NOBODY, this.peer.initialWindow, this.streams.windows.initial);
    stream.remoteEnded = endStream;
    stream.contentLeft = this.headers.contentLength;
    stream.openedMs = this.connection.loop.now() | 0;
    this.streams.add(stream);
    if (endStream && stream.contentLeft > 0) {
      this.streams.onFault(id, ErrorCode.PROTOCOL_ERROR, "no data, where content-length promises some");
      return;
    }
    const { tooLarge } = this.headers;
    this.watch.keepAlive(this.#countStreams);
    this.ledger.openedStream();
    if (tooLarge) this.ledger.brokenStream();
    try {
      if (tooLarge) {
        stream.sendHeaders(TOO_LARGE, undefined, true);
        return;
      }
      const receiver = this.#host.accept(stream, fields, endStream);
      stream.receiver = receiver;
      // Ended while it was being accepted, by more than may wait for one: there was nobody yet to be told.
      if (stream.failure !== undefined) receiver.onFailed(stream.failure);
    } catch (error) {
      this.streams.onReceiverError(stream, error as Error);
    }
  }

  readonly #countStreams = (): number => this.inFlight;

  #sayLast(): void {
    if (this.#saidLast || this.connection.ended) return;
    this.#saidLast = true;
    this.#servedUpTo = this.#lastId;
    writeGoAway(this.connection.output, this.#lastId, ErrorCode.NO_ERROR, "");
    this.connection.scheduleFlush();
    if (this.streams.size === 0) this.finishUp(undefined);
  }
}
