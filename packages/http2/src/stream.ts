/** One request and its response, as both ends see them. */
import type { Connection, Output, Sealed } from "@kiteline/net";
import type { ExtraFields, Fields, PreparedFields } from "./fields.ts";
import type { StreamFailure } from "./stream-failure.ts";
import type { Lined, StreamLine } from "./stream-line.ts";

/**
 * Who hears what comes on a stream. After the peer's end (`end` or `last` true, trailers) or after `onFailed` nothing more comes.
 * What these throw fails the stream with INTERNAL_ERROR.
 */
export interface StreamReceiver {
  /** Clients: the response begins. `end`: it is over, too. */
  onHeaders(fields: Fields, end: boolean): void;
  /** Clients: an informational response (1xx), any number of times before the response. */
  onInformational(fields: Fields): void;
  /**
   * Data, from `start` to `end` in `bytes`, as it comes and however it was cut; valid only until this returns. `last`: the peer
   * has said its last; the data may be empty then. Say `consumed` when it is no longer held, also after the end.
   */
  onData(bytes: Buffer, start: number, end: number, last: boolean): void;
  /** Where up to `most` bytes of data that come next may be read to, if it is worth it: `onData` is given that buffer then. */
  destination?(most: number): Buffer | undefined;
  /** Fields after the data; the peer has said its last. */
  onTrailers(fields: Fields): void;
  /** The stream is over before its end. Called at most once, also when everything was received and what is to be sent can no longer be. */
  onFailed(failure: StreamFailure): void;
  /** `writable` is true again after it was false. */
  onWritable(): void;
}

/** What waits to be sent on a stream: a piece of data, or else fields. */
export class QueuedPart {
  readonly fields: PreparedFields | undefined;
  readonly extra: ExtraFields | undefined;
  readonly data: Sealed | undefined;
  /** Of the data. */
  readonly size: number;
  /** How much of the data has been sent. */
  sent = 0;
  readonly end: boolean;

  constructor(fields: PreparedFields | undefined, extra: ExtraFields | undefined, data: Sealed | undefined, end: boolean) {
    this.fields = fields;
    this.extra = extra;
    this.data = data;
    this.size = data === undefined ? 0 : data.bytes.byteLength;
    this.end = end;
  }
}

/** A connection as its streams see it. */
export interface StreamEngine {
  readonly connection: Connection;
  sendFields(stream: Http2Stream, fields: PreparedFields, extra: ExtraFields | undefined, end: boolean): void;
  beginMessage(stream: Http2Stream): Output;
  endMessage(stream: Http2Stream, end: boolean): void;
  isWritable(stream: Http2Stream): boolean;
  reset(stream: Http2Stream, code: number): void;
  consumed(stream: Http2Stream, bytes: number): void;
  fault(tookMs: number): void;
}

export class Http2Stream implements Lined<Http2Stream> {
  /** Odd when the client opened it; 0 while it waits for its turn to be opened. */
  id: number;
  receiver: StreamReceiver;
  /** We have sent or queued our end of the stream. */
  localEnded = false;
  /** The peer has sent its end. */
  remoteEnded = false;
  /** Nothing can be sent or will come any more: both ends are said, or the stream failed or was reset. */
  closed = false;
  /** Why it ended before its end, once the receiver was told. */
  failure: StreamFailure | undefined = undefined;

  // What follows is the engine's.

  /** Clients: the response's fields have come. */
  responded = false;
  /** Our end has left, and not only been queued. */
  endSent = false;
  /** How much the peer takes; negative after it has shrunk its windows. */
  sendWindow: number;
  queue: QueuedPart[] | undefined = undefined;
  queuedBytes = 0;
  /** How much the peer may still send. */
  receiveLeft: number;
  /** How much it may send at most before anything is consumed. */
  receiveWindow: number;
  /** Came, or was announced by the frame under way, and is still held. */
  unconsumed = 0;
  /** Of the frame under way, what has not come. */
  coming = 0;
  /** Is no longer held, which the peer has not been told. */
  credit = 0;
  /** How much data its `content-length` leaves; -1 when nothing was said. */
  contentLeft = -1;
  /** Servers: when it was opened, in whole milliseconds that wrap around. */
  openedMs = 0;
  line: StreamLine<Http2Stream> | undefined = undefined;
  nextInLine: Http2Stream | undefined = undefined;
  previousInLine: Http2Stream | undefined = undefined;
  readonly #engine: StreamEngine;

  constructor(engine: StreamEngine, id: number, receiver: StreamReceiver, sendWindow: number, receiveWindow: number) {
    this.#engine = engine;
    this.id = id;
    this.receiver = receiver;
    this.sendWindow = sendWindow;
    this.receiveLeft = receiveWindow;
    this.receiveWindow = receiveWindow;
  }

  get connection(): Connection {
    return this.#engine.connection;
  }

  /**
   * Whether what is sent now leaves with this turn. If not, it is encoded and kept until windows open and the socket takes it:
   * send no more messages until `onWritable`.
   */
  get writable(): boolean {
    return this.#engine.isWritable(this);
  }

  /** Servers: the response's fields. Throws a `TypeError` for extra fields that cannot travel, a `RangeError` for more than the peer takes; nothing was sent then. */
  sendHeaders(fields: PreparedFields, extra: ExtraFields | undefined, end: boolean): void {
    this.#engine.sendFields(this, fields, extra, end);
  }

  /** Servers: an informational response, before the response's fields. */
  sendInformational(fields: PreparedFields): void {
    this.#engine.sendFields(this, fields, undefined, false);
  }

  /**
   * Begins a piece of data. Its owner writes it into the returned output (`ensure` before each write) and then calls
   * `endMessage` or `abortMessage`, in the same turn and with no other use of the connection in between.
   */
  beginMessage(): Output {
    return this.#engine.beginMessage(this);
  }

  /**
   * Sends what was written; in frames as large as the peer takes them, as far as the windows allow, the rest as they open. Throws
   * `TooLarge` when it exceeds the connection's `maxMessageBytes`; nothing was sent then.
   */
  endMessage(end: boolean): void {
    this.#engine.endMessage(this, end);
  }

  /** Forgets what was written since `beginMessage`. */
  abortMessage(): void {
    this.#engine.connection.output.rollback();
  }

  /** Sends data that was encoded elsewhere; copied. */
  sendData(bytes: Uint8Array, end: boolean): void {
    const output = this.#engine.beginMessage(this);
    output.ensure(bytes.byteLength);
    output.bytes.set(bytes, output.position);
    output.position += bytes.byteLength;
    this.#engine.endMessage(this, end);
  }

  /** Fields after the data; ends our side. Throws as `sendHeaders` does. */
  sendTrailers(fields: PreparedFields, extra: ExtraFields | undefined): void {
    this.#engine.sendFields(this, fields, extra, true);
  }

  /** Ends the stream for both sides; what is queued is dropped. The receiver is told nothing. */
  reset(code: number): void {
    this.#engine.reset(this, code);
  }

  /**
   * Servers: the request cannot be served for what it says. Refusing it is work that the caller gets less of in a turn. `tookMs`: it
   * took much time for few bytes, which the connection's next ones have to wait for.
   */
  fault(tookMs = 0): void {
    this.#engine.fault(tookMs);
  }

  /** `bytes` that came by `onData`, or all with `Infinity`, are no longer held: the peer may send as many more. */
  consumed(bytes: number): void {
    this.#engine.consumed(this, bytes);
  }
}
