/**
 * What both ends of a connection have in common: frames in, the life of streams, windows, settings, and the end. Reading frames,
 * writing them, windows, header blocks and accounts are the business of others; here they meet.
 */
import type { Connection, Output, Session } from "@kiteline/net";
import { ConnectionError } from "./connection-error.ts";
import { ErrorCode } from "./error-codes.ts";
import type { BlockKind } from "./field-rules.ts";
import type { ExtraFields, Fields, PreparedFields } from "./fields.ts";
import { FrameReader, type FrameSink } from "./frame-reader.ts";
import { Flag, FrameType, writeGoAway, writeNumberFrame, writePing, writeSettingsAck } from "./frame.ts";
import { HeaderReader } from "./header-reader.ts";
import { HpackError } from "./hpack/decoder.ts";
import { Ledger } from "./ledger.ts";
import { MAX_WINDOW, type ResolvedHttp2Options } from "./options.ts";
import { Pings } from "./pings.ts";
import { ReceiveWindows } from "./receive-windows.ts";
import { RecentIds } from "./recent-ids.ts";
import { Sender, type SenderOwner } from "./sender.ts";
import { OwnSettings, PeerSettings, type Announced } from "./settings.ts";
import { StreamFailure } from "./stream-failure.ts";
import { StreamTable } from "./stream-table.ts";
import type { Http2Stream, StreamEngine } from "./stream.ts";
import { Watch } from "./watch.ts";

/** Who had few bytes cost much time waits for so many times as long: others have the most of it. */
const REST = 4;

export abstract class Engine implements Session, FrameSink, StreamEngine, SenderOwner {
  readonly connection: Connection;
  wantedBytes = 0;
  protected readonly options: ResolvedHttp2Options;
  protected readonly peer: PeerSettings = new PeerSettings();
  protected readonly own: OwnSettings;
  protected readonly streams: StreamTable = new StreamTable();
  protected readonly ledger: Ledger;
  protected readonly sender: Sender;
  protected readonly windows: ReceiveWindows;
  protected readonly headers: HeaderReader;
  protected readonly pings: Pings;
  protected readonly watch: Watch;
  readonly #reader: FrameReader;
  readonly #recentlyReset = new RecentIds();
  /** Whose DATA frame is under way; undefined when nobody wants it. */
  #dataStream: Http2Stream | undefined;
  #settled = false;
  #over = false;

  constructor(connection: Connection, options: ResolvedHttp2Options, role: "client" | "server") {
    this.connection = connection;
    this.options = options;
    this.ledger = new Ledger(connection.loop, options);
    this.sender = new Sender(connection, this.peer, this, this.ledger, options);
    this.pings = new Pings(connection);
    this.windows = new ReceiveWindows(connection, this.pings, options);
    this.headers = new HeaderReader(options.maxHeaderListBytes);
    this.own = new OwnSettings(role);
    this.#reader = new FrameReader(this, options.maxHeaderListBytes);
    this.watch = new Watch(connection, this.pings, options, (code, message) => this.close(code, message));
    this.watch.awaitSettings(() => this.#settled && this.own.settled);
    this.begin();
    this.own.announce(connection.output, options);
    this.#applyOwn();
    this.windows.announce();
    connection.scheduleFlush(0);
  }

  /** Streams that are open. */
  get inFlight(): number {
    return this.streams.size;
  }

  /** Bytes that came and that receivers have not said to be `consumed`. */
  get heldBytes(): number {
    return this.windows.heldBytes;
  }

  /** Bytes that wait for the peer's windows and for the socket to take more. */
  get queuedBytes(): number {
    return this.sender.queuedBytes;
  }

  /** Asks for a sign of life; `onAnswer` gets the milliseconds it took. Not called when the connection ends before. */
  ping(onAnswer: (milliseconds: number) => void): void {
    this.pings.send(onAnswer);
  }

  /**
   * Tells the peer of other limits than those of the options, at any time. It can be held to what is less than before when it has
   * acknowledged it; until then it is taken at the most that it may know.
   */
  change(limits: Partial<Omit<Announced, "maxHeaderListBytes">>): void {
    if (this.connection.ended) return;
    this.own.announce(this.connection.output, { ...this.own.last, ...limits });
    this.connection.scheduleFlush(0);
    this.#applyOwn();
  }

  /** Ends the connection at once with a GOAWAY of this code, whose reason people may read; open streams fail. */
  close(code: number, message: string): void {
    if (this.#over) return;
    writeGoAway(this.connection.output, this.lastPeerId, code, message);
    this.connection.scheduleFlush(0);
    this.finishUp(new ConnectionError(code, message));
  }

  /** Writes what comes before our SETTINGS. */
  protected begin(): void {}
  /** The last stream of the peer's that we did or may do something for. */
  protected abstract get lastPeerId(): number;
  /** Whether no stream of this id was opened yet. */
  protected abstract isIdle(id: number): boolean;
  /** The SETTINGS of the peer were read; `first`: for the first time. */
  protected abstract onPeerSettings(first: boolean): void;
  protected abstract onStreamClosed(stream: Http2Stream): void;
  /** The connection is over, and all streams have been told. Called once. */
  protected abstract onOver(error: Error | undefined): void;
  /** Whether the peer may have seen the stream. */
  protected abstract wasSent(stream: Http2Stream): boolean;
  /** The peer ended (`reset`) or broke a stream before it was answered. */
  protected abstract onLost(reset: Http2Stream | undefined): void;

  // What the connection tells.

  onBytes(bytes: Buffer, start: number, end: number): number {
    this.ledger.beginTurn();
    try {
      const at = this.#reader.read(bytes, start, end);
      this.wantedBytes = this.#reader.wantedBytes;
      if (at < end && this.ledger.spent) this.connection.rest(this.ledger.restMs);
      return at;
    } catch (error) {
      if (error instanceof ConnectionError) this.reject(error);
      else if (error instanceof HpackError) this.reject(new ConnectionError(ErrorCode.COMPRESSION_ERROR, error.message));
      else {
        // Nothing that comes should lead here: it is our mistake, and whoever runs this must hear of it.
        this.options.log({ level: "error", message: "closed a connection for a mistake of ours", peer: this.connection.peer, error });
        this.reject(new ConnectionError(ErrorCode.INTERNAL_ERROR, (error as Error).message));
      }
      return end;
    }
  }

  destination(): Buffer | undefined {
    const { dataLeft } = this.#reader;
    const stream = this.#dataStream;
    return dataLeft === 0 || stream === undefined || stream.closed ? undefined : stream.receiver.destination?.(dataLeft);
  }

  onEnd(): void {
    this.finishUp(undefined);
  }

  onClose(error: Error | undefined): void {
    this.finishUp(error);
  }

  onDrain(): void {
    this.ledger.answer(false);
    this.sender.onDrain();
  }

  onFlush(): void {
    this.sender.onFlush();
  }

  // What the frame reader asks and tells.

  get stopped(): boolean {
    return this.ledger.spent || this.connection.resting || this.connection.ended;
  }

  onDataFrame(id: number, size: number, padding: number, endStream: boolean): void {
    const stream = this.streams.get(id);
    this.#dataStream = undefined;
    if (stream === undefined || stream.remoteEnded) {
      if (stream === undefined && this.isIdle(id))
        throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `data on stream ${id}, which is not open`);
      this.windows.onData(undefined, size);
      if (stream !== undefined || !this.#recentlyReset.has(id))
        this.onStreamFault(id, ErrorCode.STREAM_CLOSED, "data after the stream's end");
      return;
    }
    this.windows.onData(stream, size);
    if (stream.receiveLeft < 0) {
      this.onStreamFault(id, ErrorCode.FLOW_CONTROL_ERROR, `${-stream.receiveLeft} bytes more than the stream's window`);
      return;
    }
    if (stream.contentLeft >= 0) {
      stream.contentLeft -= size - padding;
      if (stream.contentLeft < 0 || (endStream && stream.contentLeft > 0)) {
        this.onStreamFault(id, ErrorCode.PROTOCOL_ERROR, "data that is not as long as content-length says");
        return;
      }
    }
    if (size > padding) this.ledger.usefulFrame();
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

  abstract onHeaders(id: number, endStream: boolean, bytes: Buffer, start: number, end: number): void;
  abstract onGoAway(lastId: number, code: number, debug: string): void;

  onReset(id: number, code: number): void {
    if (this.isIdle(id)) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `a reset of stream ${id}, which was never opened`);
    const stream = this.streams.get(id);
    if (stream === undefined) {
      this.ledger.idleFrame();
      return;
    }
    const executed = code === ErrorCode.REFUSED_STREAM ? "no" : "maybe";
    const answered = stream.endSent;
    this.failStream(stream, new StreamFailure("reset", code, "the peer has reset the stream", executed));
    if (!answered) this.onLost(stream);
  }

  onSettings(bytes: Buffer, start: number, end: number): void {
    const { peer } = this;
    const before = peer.initialWindow;
    this.ledger.idleFrame();
    peer.read(bytes, start, end);
    this.sender.encoder.allow(peer.headerTableBytes);
    this.ledger.answer(this.connection.blocked);
    writeSettingsAck(this.connection.output);
    this.connection.scheduleFlush(0);
    const first = !this.#settled;
    this.#settled = true;
    if (peer.initialWindow !== before) this.#changeSendWindows(peer.initialWindow - before);
    this.onPeerSettings(first);
  }

  onSettingsAck(): void {
    if (this.own.onAck()) this.#applyOwn();
    else this.ledger.idleFrame();
  }

  onPing(high: number, low: number): void {
    this.ledger.idleFrame();
    this.ledger.answer(this.connection.blocked);
    writePing(this.connection.output, Flag.ACK, high, low);
    this.connection.scheduleFlush(0);
  }

  onPingAck(high: number, low: number): void {
    if (!this.pings.onAnswer(high, low)) this.ledger.idleFrame();
  }

  onWindowUpdate(id: number, increment: number): void {
    this.ledger.idleFrame();
    if (id === 0) {
      if (increment === 0) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "a WINDOW_UPDATE of 0");
      if (!this.sender.grow(increment)) throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "the connection's window exceeds 2^31-1");
      return;
    }
    const stream = this.streams.get(id);
    if (stream === undefined) {
      if (this.isIdle(id)) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `a WINDOW_UPDATE of stream ${id}, which is not open`);
    } else if (increment === 0) {
      this.onStreamFault(id, ErrorCode.PROTOCOL_ERROR, "a WINDOW_UPDATE of 0");
    } else if (stream.sendWindow + increment > MAX_WINDOW) {
      this.onStreamFault(id, ErrorCode.FLOW_CONTROL_ERROR, "the stream's window exceeds 2^31-1");
    } else {
      stream.sendWindow += increment;
      this.sender.resume(stream);
    }
  }

  onIdleFrame(): void {
    this.ledger.idleFrame();
  }

  /** The peer broke the rules on one stream: it is reset, and whoever owns it is told. */
  onStreamFault(id: number, code: number, message: string): void {
    if (this.isIdle(id)) throw new ConnectionError(code, message);
    const stream = this.streams.get(id);
    const answered = stream?.endSent === true;
    this.ledger.answer(this.connection.blocked);
    this.writeReset(id, code);
    if (stream !== undefined) this.failStream(stream, new StreamFailure("local", code, `the peer sent ${message}`, "maybe"));
    if (!answered) this.onLost(undefined);
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
    this.writeReset(stream.id, code);
    this.#forget(stream);
  }

  fault(tookMs: number): void {
    this.ledger.fault();
    if (tookMs > 0) this.connection.rest(REST * tookMs);
  }

  consumed(stream: Http2Stream, bytes: number): void {
    if (!this.#over) this.windows.consumed(stream, bytes);
  }

  // What the sender tells.

  onEndSent(stream: Http2Stream): void {
    stream.endSent = true;
    this.finishIfDone(stream);
  }

  onTooMuchQueued(stream: Http2Stream): void {
    const { maxQueuedBytes } = this.options;
    this.writeReset(stream.id, ErrorCode.ENHANCE_YOUR_CALM);
    const message = `more than ${maxQueuedBytes} bytes wait for a peer that does not take them (maxQueuedBytes)`;
    this.failStream(stream, new StreamFailure("local", ErrorCode.ENHANCE_YOUR_CALM, message, "maybe"));
  }

  onWritable(stream: Http2Stream): void {
    try {
      stream.receiver.onWritable();
    } catch (error) {
      this.onReceiverError(stream, error as Error);
    }
  }

  // What both ends do with it.

  /** Reads a header block, as every block must be whatever becomes of its stream; `headers` tells what is wrong with it. */
  protected readFields(bytes: Buffer, start: number, end: number, kind: BlockKind): Fields {
    this.ledger.readFields(end - start);
    return this.headers.read(bytes, start, end, kind);
  }

  /** Trailers came: checks and hands them on. */
  protected onTrailers(stream: Http2Stream, endStream: boolean, bytes: Buffer, start: number, end: number): void {
    const fields = this.readFields(bytes, start, end, "trailers");
    const fault = stream.remoteEnded
      ? "fields after the stream's end"
      : endStream
        ? (this.headers.fault ?? (stream.contentLeft > 0 ? "less data than content-length says" : undefined))
        : "fields after the data that do not end the stream";
    if (fault !== undefined) {
      this.onStreamFault(stream.id, stream.remoteEnded ? ErrorCode.STREAM_CLOSED : ErrorCode.PROTOCOL_ERROR, fault);
      return;
    }
    if (this.headers.tooLarge) {
      this.onStreamFault(
        stream.id,
        ErrorCode.ENHANCE_YOUR_CALM,
        `trailers of more than ${this.options.maxHeaderListBytes} bytes (maxHeaderListBytes)`,
      );
      return;
    }
    stream.remoteEnded = true;
    this.ledger.useful(1);
    try {
      stream.receiver.onTrailers(fields);
    } catch (error) {
      this.onReceiverError(stream, error as Error);
    }
    this.finishIfDone(stream);
  }

  /** Whether a frame on a closed stream was under way when we reset it, so that it means nothing. */
  protected wasReset(id: number): boolean {
    return this.#recentlyReset.has(id);
  }

  protected finishIfDone(stream: Http2Stream): void {
    if (stream.endSent && stream.remoteEnded && !stream.closed) {
      stream.closed = true;
      this.streams.remove(stream);
      this.onStreamClosed(stream);
    }
  }

  /** What a receiver throws is ours to answer for: the stream ends, and the log tells why. */
  protected onReceiverError(stream: Http2Stream, error: Error): void {
    this.options.log({ level: "error", message: "whoever had a stream failed", peer: this.connection.peer, error });
    if (stream.closed) return;
    this.writeReset(stream.id, ErrorCode.INTERNAL_ERROR);
    this.failStream(stream, new StreamFailure("local", ErrorCode.INTERNAL_ERROR, error.message, "maybe", error));
  }

  /** Ends a stream before its end, and tells its owner why. */
  protected failStream(stream: Http2Stream, failure: StreamFailure): void {
    if (stream.closed) return;
    this.#forget(stream);
    stream.failure = failure;
    try {
      stream.receiver.onFailed(failure);
    } catch (error) {
      this.options.log({ level: "error", message: "whoever had a stream failed when told of its end", peer: this.connection.peer, error });
    }
  }

  /** Resets a stream without a word to its owner. One that was given up before its fields left, and so has no id, never was. */
  protected writeReset(id: number, code: number): void {
    if (this.connection.ended || id === 0) return;
    this.#recentlyReset.add(id);
    writeNumberFrame(this.connection.output, FrameType.RST_STREAM, id, code);
    this.connection.scheduleFlush();
  }

  /** The peer sent what ends the connection. */
  protected reject(error: ConnectionError): void {
    this.close(error.code, error.detail);
  }

  /** Ends the connection after what is written, and tells everybody once. */
  protected finishUp(error: Error | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.watch.stop();
    if (error instanceof ConnectionError && error.code !== ErrorCode.NO_ERROR) this.connection.cut();
    else if (!this.connection.closed) this.connection.end();
    for (const stream of this.streams.all()) {
      const code = error instanceof ConnectionError ? error.code : ErrorCode.NO_ERROR;
      const why = error === undefined ? "the connection was closed" : error instanceof ConnectionError ? error.detail : error.message;
      this.failStream(stream, new StreamFailure("connection", code, why, this.wasSent(stream) ? "maybe" : "no", error));
    }
    this.onOver(error);
  }

  /** What we hold the peer to, now that it may know, or is known to know, other limits. */
  #applyOwn(): void {
    this.#reader.maxFrameBytes = this.own.most("maxFrameBytes");
    this.headers.decoder.allow(this.own.most("headerTableBytes"));
    this.windows.changeInitial(this.own.most("initialWindowBytes"), this.streams.all());
  }

  #changeSendWindows(difference: number): void {
    const all = this.streams.all();
    for (const stream of all) {
      stream.sendWindow += difference;
      if (stream.sendWindow > MAX_WINDOW)
        throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "SETTINGS_INITIAL_WINDOW_SIZE makes a stream's window exceed 2^31-1");
    }
    if (difference > 0) for (const stream of all) this.sender.resume(stream);
  }

  #forget(stream: Http2Stream): void {
    stream.closed = true;
    this.sender.drop(stream);
    this.windows.release(stream);
    if (stream.id !== 0) this.streams.remove(stream);
    this.onStreamClosed(stream);
  }
}
