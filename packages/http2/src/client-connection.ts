/** A client's end of a connection: streams it opens, as many as the server takes, the others in line; and what a GOAWAY means for them. */
import type { Connection, Flushable, Session } from "@kiteline/net";
import { ConnectionError } from "./connection-error.ts";
import { Engine } from "./engine.ts";
import { ErrorCode, errorCodeName } from "./error-codes.ts";
import type { ExtraFields, PreparedFields } from "./fields.ts";
import { writeGoAway } from "./frame.ts";
import { MAX_STREAM_ID, type ResolvedHttp2Options } from "./options.ts";
import { PREFACE } from "./preface.ts";
import { StreamFailure } from "./stream-failure.ts";
import { StreamLine } from "./stream-line.ts";
import { Http2Stream, type StreamReceiver } from "./stream.ts";

/** Why the peer asked us to open no more streams. */
export interface GoAway {
  readonly code: number;
  /** What the peer said for people to read, such as `too_many_pings`. */
  readonly debug: string;
}

/** Whoever keeps a client's connections. */
export interface ClientOwner {
  /** `available` has grown, since a stream ended or the server allows more; or `hasRoom` is true again. */
  onFree(connection: Http2ClientConnection): void;
  /** The server's SETTINGS have come: it does speak HTTP/2. Called once. */
  onReady(connection: Http2ClientConnection): void;
  /** No further streams can be opened (GOAWAY, ids used up, `drain`); those that are open go on. Called once, if at all. */
  onUnusable(connection: Http2ClientConnection, reason: GoAway | undefined): void;
  /** Gone; its streams have been told. Called once. */
  onClosed(connection: Http2ClientConnection, error: Error | undefined): void;
}

/** Streams opened before the server has said how many it takes: what RFC 9113 recommends that it take at least. */
const FIRST_STREAMS = 100;
/** What a server says first that does not speak HTTP/2. */
const HTTP_1 = "HTTP/1.";

export class Http2ClientConnection extends Engine implements Session {
  /** No further streams can be opened. */
  closing = false;
  /** The server's SETTINGS have come. */
  ready = false;
  readonly #owner: ClientOwner;
  readonly #line = new StreamLine<Http2Stream>();
  #lastId = -1;
  /** The last stream whose fields have been handed to the socket. */
  #flushedId = -1;
  /** Whether a stream was given up in this turn. */
  #givesUp = false;
  #goAway: GoAway | undefined;
  #goAwayId = MAX_STREAM_ID;

  constructor(connection: Connection, owner: ClientOwner, options: ResolvedHttp2Options) {
    super(connection, options, "client");
    this.#owner = owner;
    if (options.keepaliveWithoutStreams) this.watch.keepAlive(this.#countStreams);
  }

  /** How many more streams the server takes now; what is opened beyond waits in line. 0 when closing. */
  get available(): number {
    return this.closing ? 0 : Math.max(0, this.#limit - this.streams.size - this.#line.length);
  }

  /** Streams in line. */
  get waiting(): number {
    return this.#line.length;
  }

  /**
   * Opens a stream with its request fields; `end`: there is no body. When the server takes no more, it is kept until a stream
   * ends, and when the socket takes no more, until it does: it gets its id with its fields' leaving, for ids must leave in their
   * order, and a stream that is reset before was never there. When none can be opened any more, or the line is full (`maxWaitingStreams`), `receiver.onFailed` is called at once.
   * Throws as `sendHeaders` does; no stream was opened then.
   */
  open(receiver: StreamReceiver, fields: PreparedFields, extra: ExtraFields | undefined, end: boolean): Http2Stream {
    const stream = new Http2Stream(this.streams, 0, receiver, this.peer.initialWindow, this.streams.windows.initial);
    const waits = this.streams.size >= this.#limit || this.#line.length > 0 || this.connection.blocked;
    if (this.closing || this.streams.size + this.#line.length >= this.#limit + this.options.maxWaitingStreams) {
      const why = this.closing
        ? "the connection takes no more calls"
        : "too many calls wait for the server to take more (maxWaitingStreams)";
      stream.closed = true;
      receiver.onFailed(new StreamFailure("local", ErrorCode.REFUSED_STREAM, why, "no"));
      return stream;
    }
    if (waits) this.#line.push(stream);
    else this.#start(stream);
    try {
      this.streams.sendFields(stream, fields, extra, end);
    } catch (error) {
      stream.closed = true;
      if (waits) this.#line.remove(stream);
      else this.#takeBack(stream);
      throw error;
    }
    return stream;
  }

  /** Opens no more streams but those in line, and ends the connection when the last is done. */
  drain(): void {
    if (this.closing) return;
    this.#becomeUnusable(undefined);
    this.#endIfDone();
  }

  /**
   * Who gives up one call may be about to give up thousands: those in line take no place before the turn ends, or they would be
   * opened and reset one after the other, which servers take for an attack.
   */
  override onGivenUp(stream: Http2Stream): void {
    if (this.#givesUp || stream.id === 0) return;
    this.#givesUp = true;
    this.connection.loop.schedule(this.#afterwards);
  }

  readonly #afterwards: Flushable = {
    flush: () => {
      this.#givesUp = false;
      this.#useFree();
    },
  };

  override onBytes(bytes: Buffer, start: number, end: number): number {
    if (!this.ready && end - start >= HTTP_1.length && bytes.toString("latin1", start, start + HTTP_1.length) === HTTP_1) {
      this.reject(
        new ConnectionError(ErrorCode.HTTP_1_1_REQUIRED, "the server answers in HTTP/1.1: it does not speak HTTP/2 on this port"),
      );
      return end;
    }
    return super.onBytes(bytes, start, end);
  }

  override onDrain(): void {
    super.onDrain();
    this.#startWaiting();
  }

  override onFlush(): void {
    super.onFlush();
    this.#flushedId = this.#lastId;
  }

  override onHeaders(id: number, endStream: boolean, bytes: Buffer, start: number, end: number): void {
    const stream = this.streams.get(id);
    if (stream === undefined) {
      if (this.isIdle(id)) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `fields on stream ${id}, which was not opened`);
      this.readFields(bytes, start, end, "trailers");
      if (!this.streams.wasReset(id)) this.ledger.idleFrame();
      return;
    }
    if (stream.responded) this.onTrailers(stream, endStream, bytes, start, end);
    else this.#onResponse(stream, endStream, bytes, start, end);
  }

  override onDataFrame(id: number, size: number, padding: number, endStream: boolean): void {
    super.onDataFrame(id, size, padding, endStream);
    if (this.streams.get(id)?.responded === false) this.streams.onFault(id, ErrorCode.PROTOCOL_ERROR, "data before the response's fields");
  }

  override onGoAway(lastId: number, code: number, debug: string): void {
    if (lastId > this.#goAwayId) {
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `a GOAWAY up to stream ${lastId} after one up to ${this.#goAwayId}`);
    }
    this.ledger.idleFrame();
    this.#goAwayId = lastId;
    this.#goAway = { code, debug };
    const failure = new StreamFailure("goaway", code, describeGoAway(code, debug), "no");
    this.#becomeUnusable(this.#goAway);
    for (let stream = this.#line.shift(); stream !== undefined; stream = this.#line.shift()) this.streams.fail(stream, failure);
    for (const stream of this.streams.all()) if (stream.id > lastId) this.streams.fail(stream, failure);
    this.#endIfDone();
  }

  protected override begin(): void {
    const { output } = this.connection;
    output.begin();
    output.ensure(PREFACE.length);
    output.bytes.set(PREFACE, output.position);
    output.position += PREFACE.length;
  }

  protected override get lastPeerId(): number {
    return 0; // servers open no streams
  }

  override isIdle(id: number): boolean {
    return (id & 1) === 0 || id > this.#lastId;
  }

  protected override onPeerSettings(first: boolean): void {
    this.ready = true;
    this.#startWaiting();
    if (first) this.#owner.onReady(this);
    if (this.available > 0) this.#owner.onFree(this);
  }

  override onStreamClosed(stream: Http2Stream): void {
    if (stream.id === 0) return;
    if (this.#givesUp) this.#endIfDone();
    else this.#useFree();
  }

  /** Streams have ended: others have their places, or the connection its end. */
  #useFree(): void {
    if (this.connection.ended) return;
    this.#startWaiting();
    if (this.closing) this.#endIfDone();
    else if (this.available > 0) this.#owner.onFree(this);
  }

  protected override onOver(error: Error | undefined): void {
    const failure = new StreamFailure("connection", ErrorCode.NO_ERROR, error?.message ?? "the connection was closed", "no", error);
    const wasClosing = this.closing;
    this.closing = true;
    for (let stream = this.#line.shift(); stream !== undefined; stream = this.#line.shift()) this.streams.fail(stream, failure);
    if (!wasClosing) this.#owner.onUnusable(this, undefined);
    this.#owner.onClosed(this, error);
  }

  protected override finishUp(error: Error | undefined): void {
    // What the peer said when it went explains more than that it is gone.
    const said = this.#goAway;
    super.finishUp(
      error ??
        (said === undefined || said.code === ErrorCode.NO_ERROR
          ? undefined
          : new ConnectionError(said.code, describeGoAway(said.code, said.debug))),
    );
  }

  override wasSent(stream: Http2Stream): boolean {
    return stream.id <= this.#flushedId;
  }

  override onEndSent(): void {}

  override onRoom(): void {
    if (this.available > 0) this.#owner.onFree(this);
  }

  /** A server that refuses is in its right, and cannot refuse more than was asked: callers are told, and try again later or elsewhere. */
  override onLost(): void {}

  get #limit(): number {
    return this.ready ? this.peer.maxConcurrentStreams : FIRST_STREAMS;
  }

  #start(stream: Http2Stream): void {
    this.#lastId += 2;
    stream.id = this.#lastId;
    stream.sendWindow = this.peer.initialWindow;
    stream.receiveLeft = stream.receiveWindow = this.streams.windows.initial;
    this.streams.add(stream);
    this.watch.keepAlive(this.#countStreams);
    if (this.#lastId >= MAX_STREAM_ID) this.#becomeUnusable(undefined);
  }

  readonly #countStreams = (): number => this.inFlight;

  /** A stream whose fields cannot be sent was never opened. */
  #takeBack(stream: Http2Stream): void {
    this.streams.remove(stream);
    this.#lastId -= 2;
  }

  #startWaiting(): void {
    while (this.#line.length > 0 && this.streams.size < this.#limit && !this.connection.blocked && !this.connection.ended) {
      const stream = this.#line.shift();
      if (stream === undefined) return;
      this.#start(stream);
      this.streams.sender.resume(stream);
    }
  }

  #onResponse(stream: Http2Stream, endStream: boolean, bytes: Buffer, start: number, end: number): void {
    const fields = this.readFields(bytes, start, end, "response");
    const informational = fields.status >= 100 && fields.status < 200;
    const fault =
      this.headers.fault ??
      (informational && (endStream || fields.status === 101) ? `a response ${fields.status} that is none` : undefined);
    if (fault !== undefined) {
      this.streams.onFault(stream.id, ErrorCode.PROTOCOL_ERROR, fault);
      return;
    }
    if (this.headers.tooLarge) {
      const message = `header fields of more than ${this.options.maxHeaderListBytes} bytes (maxHeaderListBytes)`;
      this.streams.onFault(stream.id, ErrorCode.ENHANCE_YOUR_CALM, message);
      return;
    }
    if (informational) this.ledger.idleFrame();
    else this.ledger.useful(1);
    stream.responded = !informational;
    stream.remoteEnded = endStream;
    // A response to HEAD, 204 and 304 speak of a length and have no data.
    stream.contentLeft = endStream || informational ? -1 : this.headers.contentLength;
    try {
      if (informational) stream.receiver.onInformational(fields);
      else stream.receiver.onHeaders(fields, endStream);
    } catch (error) {
      this.streams.onReceiverError(stream, error as Error);
    }
    this.streams.finishIfDone(stream);
  }

  #becomeUnusable(reason: GoAway | undefined): void {
    if (this.closing) return;
    this.closing = true;
    this.#owner.onUnusable(this, reason);
  }

  #endIfDone(): void {
    if (!this.closing || this.streams.size > 0 || this.#line.length > 0 || this.connection.ended) return;
    writeGoAway(this.connection.output, this.lastPeerId, ErrorCode.NO_ERROR, "");
    this.finishUp(undefined);
  }
}

function describeGoAway(code: number, debug: string): string {
  return `the peer has closed the connection: ${errorCodeName(code)}${debug === "" ? "" : `, "${debug}"`}`;
}
