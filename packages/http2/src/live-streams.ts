/**
 * The streams of a connection that are open: what comes for them, what they ask for, and how each of them ends. Which may be opened, and
 * what becomes of the connection, its two kinds of ends know.
 */
import type { Connection, Output } from "@kiteline/net";
import { ConnectionError } from "./connection-error.ts";
import { ErrorCode } from "./error-codes.ts";
import type { ExtraFields, Fields, PreparedFields } from "./fields.ts";
import { FrameType, writeNumberFrame } from "./frame.ts";
import type { HeaderReader } from "./header-reader.ts";
import type { Ledger } from "./ledger.ts";
import { MAX_WINDOW, type ResolvedHttp2Options } from "./options.ts";
import type { Pings } from "./pings.ts";
import { ReceiveWindows } from "./receive-windows.ts";
import { RecentIds } from "./recent-ids.ts";
import { Sender, type SenderOwner } from "./sender.ts";
import type { PeerSettings } from "./settings.ts";
import { StreamFailure } from "./stream-failure.ts";
import { StreamTable } from "./stream-table.ts";
import type { Http2Stream, StreamEngine } from "./stream.ts";

/** Who had few bytes cost much time waits for so many times as long: others have the most of it. */
const REST = 4;

/** Whose streams they are. */
export interface StreamsOwner {
  readonly connection: Connection;
  readonly options: ResolvedHttp2Options;
  readonly ledger: Ledger;
  readonly pings: Pings;
  readonly peer: PeerSettings;
  /** Whether no stream of this id was opened yet. */
  isIdle(id: number): boolean;
  /** Whether the peer may have seen the stream. */
  wasSent(stream: Http2Stream): boolean;
  /** Our end of the stream has left. */
  onEndSent(stream: Http2Stream): void;
  /** Other messages may wait to be sent again. */
  onRoom(): void;
  /** Whoever had the stream gives it up; nobody else has been told. */
  onGivenUp(stream: Http2Stream): void;
  onStreamClosed(stream: Http2Stream): void;
  /** The peer has reset a stream before it was answered. */
  onLost(stream: Http2Stream): void;
}

export class LiveStreams extends StreamTable implements StreamEngine, SenderOwner {
  readonly connection: Connection;
  readonly sender: Sender;
  readonly windows: ReceiveWindows;
  readonly #owner: StreamsOwner;
  readonly #ledger: Ledger;
  readonly #recentlyReset = new RecentIds();
  /** Whose DATA frame is under way; undefined when nobody wants it. */
  #dataStream: Http2Stream | undefined;
  #over = false;

  constructor(owner: StreamsOwner) {
    super();
    const { connection, options, ledger } = owner;
    this.#owner = owner;
    this.#ledger = ledger;
    this.connection = connection;
    this.sender = new Sender(connection, owner.peer, this, ledger, options);
    this.windows = new ReceiveWindows(connection, owner.pings, options);
  }

  // What the peer sends.

  /** A DATA frame begins; throws a `ConnectionError` for one that the connection does not survive. */
  onDataFrame(id: number, size: number, padding: number, endStream: boolean): void {
    const stream = this.get(id);
    this.#dataStream = undefined;
    if (stream === undefined || stream.remoteEnded) {
      if (stream === undefined && this.#owner.isIdle(id))
        throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `data on stream ${id}, which is not open`);
      this.windows.onData(undefined, size);
      if (stream !== undefined || !this.#recentlyReset.has(id)) this.onFault(id, ErrorCode.STREAM_CLOSED, "data after the stream's end");
      return;
    }
    this.windows.onData(stream, size);
    if (stream.receiveLeft < 0) {
      this.onFault(id, ErrorCode.FLOW_CONTROL_ERROR, `${-stream.receiveLeft} bytes more than the stream's window`);
      return;
    }
    if (stream.contentLeft >= 0) {
      stream.contentLeft -= size - padding;
      if (stream.contentLeft < 0 || (endStream && stream.contentLeft > 0)) {
        this.onFault(id, ErrorCode.PROTOCOL_ERROR, "data that is not as long as content-length says");
        return;
      }
    }
    if (size > padding) this.#ledger.usefulFrame();
    if (padding > 0) this.windows.consumed(stream, padding);
    stream.coming = size - padding;
    this.#dataStream = stream;
  }

  onData(bytes: Buffer, start: number, end: number, last: boolean): void {
    const stream = this.#dataStream;
    if (stream === undefined || stream.closed || (start === end && !last)) return;
    if (last) stream.remoteEnded = true;
    stream.coming -= end - start;
    try {
      stream.receiver.onData(bytes, start, end, last);
    } catch (error) {
      this.onReceiverError(stream, error as Error);
    }
    if (last) this.finishIfDone(stream);
  }

  /** Where the next bytes of data may be read to, of which `most` come in the frame under way. */
  destination(most: number): Buffer | undefined {
    const stream = this.#dataStream;
    return most === 0 || stream === undefined || stream.closed ? undefined : stream.receiver.destination?.(most);
  }

  /** Trailers came, as `headers` has read them: checks and hands them on. */
  onTrailers(stream: Http2Stream, endStream: boolean, fields: Fields, headers: HeaderReader): void {
    const fault = stream.remoteEnded
      ? "fields after the stream's end"
      : endStream
        ? (headers.fault ?? (stream.contentLeft > 0 ? "less data than content-length says" : undefined))
        : "fields after the data that do not end the stream";
    if (fault !== undefined) {
      this.onFault(stream.id, stream.remoteEnded ? ErrorCode.STREAM_CLOSED : ErrorCode.PROTOCOL_ERROR, fault);
      return;
    }
    if (headers.tooLarge) {
      this.onFault(
        stream.id,
        ErrorCode.ENHANCE_YOUR_CALM,
        `trailers of more than ${this.#owner.options.maxHeaderListBytes} bytes (maxHeaderListBytes)`,
      );
      return;
    }
    stream.remoteEnded = true;
    this.#ledger.useful(1);
    try {
      stream.receiver.onTrailers(fields);
    } catch (error) {
      this.onReceiverError(stream, error as Error);
    }
    this.finishIfDone(stream);
  }

  onReset(id: number, code: number): void {
    const stream = this.get(id);
    if (stream === undefined) {
      if (this.#owner.isIdle(id)) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `a reset of stream ${id}, which was never opened`);
      this.#ledger.resetStream();
      return;
    }
    const executed = code === ErrorCode.REFUSED_STREAM ? "no" : "maybe";
    const answered = stream.endSent;
    this.fail(stream, new StreamFailure("reset", code, "the peer has reset the stream", executed));
    this.#ledger.resetStream();
    if (!answered) this.#owner.onLost(stream);
  }

  onWindowUpdate(id: number, increment: number): void {
    const stream = this.get(id);
    if (stream === undefined) {
      if (this.#owner.isIdle(id)) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `a WINDOW_UPDATE of stream ${id}, which is not open`);
    } else if (increment === 0) {
      this.onFault(id, ErrorCode.PROTOCOL_ERROR, "a WINDOW_UPDATE of 0");
    } else if (stream.sendWindow + increment > MAX_WINDOW) {
      this.onFault(id, ErrorCode.FLOW_CONTROL_ERROR, "the stream's window exceeds 2^31-1");
    } else {
      stream.sendWindow += increment;
      this.sender.resume(stream);
    }
  }

  /** The peer has changed the window that streams begin with by so much. */
  changeSendWindows(difference: number): void {
    const all = this.all();
    for (const stream of all) {
      stream.sendWindow += difference;
      if (stream.sendWindow > MAX_WINDOW)
        throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "SETTINGS_INITIAL_WINDOW_SIZE makes a stream's window exceed 2^31-1");
    }
    if (difference > 0) for (const stream of all) this.sender.resume(stream);
  }

  /** The peer broke the rules on one stream: it is reset, and whoever owns it is told. Where there was none yet, it is a fault of the connection. */
  onFault(id: number, code: number, message: string): void {
    if (this.#owner.isIdle(id)) throw new ConnectionError(code, message);
    const stream = this.get(id);
    const answered = stream?.endSent === true;
    this.#ledger.answer(this.connection.blocked);
    this.#writeReset(id, code);
    if (stream !== undefined) this.fail(stream, new StreamFailure("local", code, `the peer sent ${message}`, "maybe"));
    if (answered) return;
    if (code === ErrorCode.REFUSED_STREAM) this.#ledger.lostStream();
    else this.#ledger.brokenStream();
  }

  /** Whether a frame on a closed stream was under way when we reset it, so that it means nothing. */
  wasReset(id: number): boolean {
    return this.#recentlyReset.has(id);
  }

  // What streams ask.

  sendFields(stream: Http2Stream, fields: PreparedFields, extra: ExtraFields | undefined, end: boolean): void {
    this.sender.sendFields(stream, fields, extra, end);
  }

  beginMessage(stream: Http2Stream): Output {
    return this.sender.beginMessage(stream);
  }

  endMessage(stream: Http2Stream, end: boolean): void {
    this.sender.endMessage(stream, end);
  }

  isWritable(stream: Http2Stream): boolean {
    return this.sender.isWritable(stream);
  }

  reset(stream: Http2Stream, code: number): void {
    if (stream.closed) return;
    this.#owner.onGivenUp(stream);
    this.#writeReset(stream.id, code);
    this.#forget(stream);
  }

  fault(tookMs: number): void {
    this.#ledger.fault();
    if (tookMs > 0) this.connection.rest(REST * tookMs);
  }

  consumed(stream: Http2Stream, bytes: number): void {
    if (!this.#over) this.windows.consumed(stream, bytes);
  }

  // What the sender tells.

  onEndSent(stream: Http2Stream): void {
    stream.endSent = true;
    this.finishIfDone(stream);
    this.#owner.onEndSent(stream);
  }

  onTooMuchQueued(stream: Http2Stream): void {
    const { maxQueuedBytes } = this.#owner.options;
    this.#writeReset(stream.id, ErrorCode.ENHANCE_YOUR_CALM);
    const message = `more than ${maxQueuedBytes} bytes wait for a peer that does not take them (maxQueuedBytes)`;
    this.fail(stream, new StreamFailure("local", ErrorCode.ENHANCE_YOUR_CALM, message, "maybe"));
  }

  onRoom(): void {
    this.#owner.onRoom();
  }

  onWritable(stream: Http2Stream): void {
    try {
      stream.receiver.onWritable();
    } catch (error) {
      this.onReceiverError(stream, error as Error);
    }
  }

  // How they end.

  finishIfDone(stream: Http2Stream): void {
    if (stream.endSent && stream.remoteEnded && !stream.closed) {
      stream.closed = true;
      this.remove(stream);
      this.#ledger.endedStream();
      this.#owner.onStreamClosed(stream);
    }
  }

  /** What a receiver throws is ours to answer for: the stream ends, and the log tells why. */
  onReceiverError(stream: Http2Stream, error: Error): void {
    this.#log("whoever had a stream failed", error);
    if (stream.closed) return;
    this.#writeReset(stream.id, ErrorCode.INTERNAL_ERROR);
    this.fail(stream, new StreamFailure("local", ErrorCode.INTERNAL_ERROR, error.message, "maybe", error));
  }

  /** Ends a stream before its end, and tells its owner why. */
  fail(stream: Http2Stream, failure: StreamFailure): void {
    if (stream.closed) return;
    this.#forget(stream);
    stream.failure = failure;
    try {
      stream.receiver.onFailed(failure);
    } catch (error) {
      this.#log("whoever had a stream failed when told of its end", error as Error);
    }
  }

  /** The connection is over: so are all that are open. */
  failAll(error: Error | undefined): void {
    this.#over = true;
    const ours = error instanceof ConnectionError;
    const why = error === undefined ? "the connection was closed" : ours ? error.detail : error.message;
    for (const stream of this.all()) {
      const executed = this.#owner.wasSent(stream) ? "maybe" : "no";
      this.fail(stream, new StreamFailure("connection", ours ? error.code : ErrorCode.NO_ERROR, why, executed, error));
    }
  }

  /** Without a word to its owner. One that was given up before its fields left, and so has no id, never was. */
  #writeReset(id: number, code: number): void {
    if (this.connection.ended || id === 0) return;
    this.#recentlyReset.add(id);
    writeNumberFrame(this.connection.output, FrameType.RST_STREAM, id, code);
    this.connection.scheduleFlush();
  }

  #forget(stream: Http2Stream): void {
    stream.closed = true;
    this.sender.drop(stream);
    this.windows.release(stream);
    if (stream.id !== 0) {
      this.remove(stream);
      this.#ledger.endedStream();
    }
    this.#owner.onStreamClosed(stream);
  }

  #log(message: string, error: Error): void {
    this.#owner.options.log({ level: "error", message, peer: this.connection.peer, error });
  }
}
