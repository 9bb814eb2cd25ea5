/**
 * What both ends of a connection have in common: frames in, settings, PINGs, and the end. Its streams, reading frames, header blocks and
 * accounts are the business of others; here they meet.
 */
import type { Connection, Session } from "@kiteline/net";
import { ConnectionError } from "./connection-error.ts";
import { ErrorCode } from "./error-codes.ts";
import type { BlockKind } from "./field-rules.ts";
import type { Fields } from "./fields.ts";
import { FrameReader, type FrameSink } from "./frame-reader.ts";
import { Flag, writeGoAway, writePing, writeSettingsAck } from "./frame.ts";
import { HeaderReader } from "./header-reader.ts";
import { HpackError } from "./hpack/decoder.ts";
import { Ledger } from "./ledger.ts";
import { LiveStreams, type StreamsOwner } from "./live-streams.ts";
import type { ResolvedHttp2Options } from "./options.ts";
import { Pings } from "./pings.ts";
import { OwnSettings, PeerSettings, type Announced } from "./settings.ts";
import type { Http2Stream } from "./stream.ts";
import { Watch } from "./watch.ts";

export abstract class Engine implements Session, FrameSink, StreamsOwner {
  readonly connection: Connection;
  wantedBytes = 0;
  readonly options: ResolvedHttp2Options;
  readonly peer: PeerSettings = new PeerSettings();
  readonly ledger: Ledger;
  readonly pings: Pings;
  protected readonly own: OwnSettings;
  protected readonly streams: LiveStreams;
  protected readonly headers: HeaderReader;
  protected readonly watch: Watch;
  readonly #reader: FrameReader;
  #settled = false;
  #over = false;

  constructor(connection: Connection, options: ResolvedHttp2Options, role: "client" | "server") {
    this.connection = connection;
    this.options = options;
    this.ledger = new Ledger(connection.loop, options);
    this.pings = new Pings(connection);
    this.streams = new LiveStreams(this);
    this.headers = new HeaderReader(options.maxHeaderListBytes);
    this.own = new OwnSettings(role);
    this.#reader = new FrameReader(this, options.maxHeaderListBytes);
    this.watch = new Watch(connection, this.pings, options, (code, message) => this.close(code, message));
    this.watch.awaitSettings(() => this.#settled && this.own.settled);
    this.begin();
    this.own.announce(connection.output, options);
    this.#applyOwn();
    this.streams.windows.announce();
    connection.scheduleFlush(0);
  }

  /** Streams that are open. */
  get inFlight(): number {
    return this.streams.size;
  }

  /** Bytes that came and that receivers have not said to be `consumed`. */
  get heldBytes(): number {
    return this.streams.windows.heldBytes;
  }

  /** Bytes that wait for the peer's windows and for the socket to take more. */
  get queuedBytes(): number {
    return this.streams.sender.queuedBytes;
  }

  /** Whether any message can wait beside them. */
  get hasRoom(): boolean {
    return this.streams.sender.hasRoom;
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
  /** The SETTINGS of the peer were read; `first`: for the first time. */
  protected abstract onPeerSettings(first: boolean): void;
  /** The connection is over, and all streams have been told. Called once. */
  protected abstract onOver(error: Error | undefined): void;

  // What its streams ask and tell.

  abstract isIdle(id: number): boolean;
  abstract wasSent(stream: Http2Stream): boolean;
  abstract onEndSent(stream: Http2Stream): void;
  abstract onRoom(): void;
  abstract onGivenUp(stream: Http2Stream): void;
  abstract onStreamClosed(stream: Http2Stream): void;
  abstract onLost(stream: Http2Stream): void;

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
    return this.streams.destination(this.#reader.dataLeft);
  }

  onEnd(): void {
    this.finishUp(undefined);
  }

  onClose(error: Error | undefined): void {
    this.finishUp(error);
  }

  onDrain(): void {
    this.ledger.answer(false);
    this.streams.sender.onDrain();
  }

  onFlush(): void {
    this.streams.sender.onFlush();
  }

  // What the frame reader asks and tells.

  get stopped(): boolean {
    return this.ledger.spent || this.connection.resting || this.connection.ended;
  }

  onDataFrame(id: number, size: number, padding: number, endStream: boolean): void {
    this.streams.onDataFrame(id, size, padding, endStream);
  }

  onData(bytes: Buffer, start: number, end: number, last: boolean): void {
    this.streams.onData(bytes, start, end, last);
  }

  abstract onHeaders(id: number, endStream: boolean, bytes: Buffer, start: number, end: number): void;
  abstract onGoAway(lastId: number, code: number, debug: string): void;

  onReset(id: number, code: number): void {
    this.streams.onReset(id, code);
  }

  onSettings(bytes: Buffer, start: number, end: number): void {
    const { peer } = this;
    const before = peer.initialWindow;
    this.ledger.idleFrame();
    peer.read(bytes, start, end);
    this.streams.sender.encoder.allow(peer.headerTableBytes);
    this.ledger.answer(this.connection.blocked);
    writeSettingsAck(this.connection.output);
    this.connection.scheduleFlush(0);
    const first = !this.#settled;
    this.#settled = true;
    if (peer.initialWindow !== before) this.streams.changeSendWindows(peer.initialWindow - before);
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
    if (id !== 0) {
      this.streams.onWindowUpdate(id, increment);
      return;
    }
    if (increment === 0) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "a WINDOW_UPDATE of 0");
    if (!this.streams.sender.grow(increment))
      throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "the connection's window exceeds 2^31-1");
  }

  onIdleFrame(): void {
    this.ledger.idleFrame();
  }

  onStreamFault(id: number, code: number, message: string): void {
    this.streams.onFault(id, code, message);
  }

  // What both ends do with it.

  /** Reads a header block, as every block must be whatever becomes of its stream; `headers` tells what is wrong with it. */
  protected readFields(bytes: Buffer, start: number, end: number, kind: BlockKind): Fields {
    this.ledger.readFields(end - start);
    return this.headers.read(bytes, start, end, kind);
  }

  protected onTrailers(stream: Http2Stream, endStream: boolean, bytes: Buffer, start: number, end: number): void {
    this.streams.onTrailers(stream, endStream, this.readFields(bytes, start, end, "trailers"), this.headers);
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
    this.streams.failAll(error);
    this.onOver(error);
  }

  /** What we hold the peer to, now that it may know, or is known to know, other limits. */
  #applyOwn(): void {
    this.#reader.maxFrameBytes = this.own.most("maxFrameBytes");
    this.headers.decoder.allow(this.own.most("headerTableBytes"));
    this.streams.windows.changeInitial(this.own.most("initialWindowBytes"), this.streams.all());
  }
}
