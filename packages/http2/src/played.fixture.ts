/** One end or both ends of a connection in memory: time and turns pass when the test says so, and every byte can be looked at. */
import { Duplex } from "node:stream";
import { Counters, ManualClock, type LogEvent } from "@kiteline/core";
import { Connection, Loop, type Flushable, type Session } from "@kiteline/net";
import { Http2ClientConnection, type ClientOwner, type GoAway } from "./client-connection.ts";
import { PreparedFields, type ExtraFields, type Fields } from "./fields.ts";
import { resolveHttp2Options, type Http2Options } from "./options.ts";
import { PREFACE } from "./preface.ts";
import { parseFrames, settings, type RawFrame } from "./raw-frames.fixture.ts";
import { Http2ServerConnection, type StreamHost } from "./server-connection.ts";
import type { StreamFailure } from "./stream-failure.ts";
import type { Http2Stream, StreamReceiver } from "./stream.ts";

/** A loop whose turns end when the test says so. */
export class PlayedLoop extends Loop {
  #dirty: Flushable[] = [];

  override now(): number {
    return this.clock.now();
  }

  override schedule(target: Flushable): void {
    this.#dirty.push(target);
  }

  endTurn(): void {
    this.turn++;
    this.flushing = true;
    for (const target of this.#dirty.splice(0)) target.flush();
    this.flushing = false;
  }
}

/** Keeps what is written until somebody takes it. */
class MemorySocket extends Duplex {
  #written: Buffer[] = [];
  #done: (() => void)[] = [];
  /** While true, nothing that is written counts as taken. */
  held = false;

  constructor() {
    super({ allowHalfOpen: true, highWaterMark: 1 << 30 });
  }

  takeWritten(): Buffer {
    const all = Buffer.concat(this.#written);
    this.#written = [];
    return all;
  }

  release(): void {
    this.held = false;
    for (const done of this.#done.splice(0)) done();
  }

  /** Done at once unless held: a stream of Node's would first wait for the next tick. */
  override write(chunk: unknown, ...rest: unknown[]): boolean {
    const done = rest.at(-1) as () => void;
    this.#written.push(Buffer.from(chunk as Uint8Array));
    if (this.held) this.#done.push(done);
    else done();
    return true;
  }

  override _read(): void {}
}

export const SOCKET_OPTIONS = { maxMessageBytes: 1 << 24, writeBufferBytes: 1 << 20 };

/** An end of a connection, whatever it is the end of. */
export class PlayedEnd<S extends Session> {
  readonly loop: PlayedLoop;
  readonly socket = new MemorySocket();
  readonly connection: Connection;
  h2: S;
  #seen: Buffer = Buffer.alloc(0);

  constructor(clock: ManualClock, open: (connection: Connection) => S) {
    this.loop = new PlayedLoop(clock);
    let h2: S | undefined;
    this.connection = new Connection(this.loop, this.socket, "peer", (self) => (h2 = open(self)), new Counters(), SOCKET_OPTIONS);
    this.h2 = h2 as S;
  }

  /** What it has written since this was last asked. */
  takeBytes(): Buffer {
    this.loop.endTurn();
    return this.socket.takeWritten();
  }

  /** The frames it has written since this was last asked. */
  takeFrames(): RawFrame[] {
    const bytes = Buffer.concat([this.#seen, this.takeBytes()]);
    const frames = parseFrames(bytes);
    const used = frames.reduce((sum, each) => sum + 9 + each.payload.byteLength, 0);
    const preface = bytes.subarray(0, PREFACE.length).equals(PREFACE) ? PREFACE.length : 0;
    this.#seen = bytes.subarray(preface + used);
    return frames;
  }

  give(...bytes: Uint8Array[]): void {
    const all = Buffer.concat(bytes);
    this.connection.onChunk(all, all.byteLength);
  }
}

/** What came on a stream, in words and in order. */
export class Exchange implements StreamReceiver {
  readonly events: string[] = [];
  stream: Http2Stream | undefined;
  fields: Fields | undefined;
  trailers: Fields | undefined;
  readonly informational: Fields[] = [];
  failure: StreamFailure | undefined;
  complete = false;
  received = 0;
  /** Whether what comes is consumed at once. */
  consumes = true;
  readonly #data: Buffer[] = [];

  get data(): Buffer {
    return Buffer.concat(this.#data);
  }

  onHeaders(fields: Fields, end: boolean): void {
    this.fields = fields;
    this.complete ||= end;
    this.events.push(end ? "headers, end" : "headers");
  }

  onInformational(fields: Fields): void {
    this.informational.push(fields);
    this.events.push(`informational ${fields.status}`);
  }

  onData(bytes: Buffer, start: number, end: number, last: boolean): void {
    this.#data.push(Buffer.from(bytes.subarray(start, end)));
    this.received += end - start;
    this.complete ||= last;
    if (end > start) this.events.push("data");
    if (last) this.events.push("end");
    if (this.consumes) this.stream?.consumed(end - start);
  }

  onTrailers(fields: Fields): void {
    this.trailers = fields;
    this.complete = true;
    this.events.push("trailers");
  }

  onFailed(failure: StreamFailure): void {
    this.failure = failure;
    this.events.push(`failed ${failure.origin} ${failure.code} ${failure.executed}`);
  }

  onWritable(): void {
    this.events.push("writable");
  }
}

/** A server's end whose streams the test answers. */
export class PlayedServer extends PlayedEnd<Http2ServerConnection> implements StreamHost {
  readonly clock: ManualClock;
  readonly exchanges: Exchange[] = [];
  readonly misbehaviour: Error[] = [];
  /** What is done with a stream when it comes. */
  onStream: (exchange: Exchange, stream: Http2Stream, end: boolean) => void = () => undefined;

  constructor(options: Http2Options = {}, clock: ManualClock = new ManualClock(1_000_000)) {
    const log = (event: LogEvent): void => void logged.push(event);
    const logged: LogEvent[] = [];
    const host: { current: StreamHost | undefined } = { current: undefined };
    super(
      clock,
      (connection) =>
        new Http2ServerConnection(
          connection,
          {
            accept: (...args) => (host.current as StreamHost).accept(...args),
            misbehaved: (...args) => host.current?.misbehaved(...args),
          },
          resolveHttp2Options({ log, ...options }),
        ),
    );
    this.clock = clock;
    this.logged = logged;
    host.current = this;
  }

  readonly logged: LogEvent[];

  /** As a caller begins: preface and SETTINGS. Forgets what the server says to it. */
  greet(...entries: readonly (readonly [id: number, value: number])[]): this {
    this.give(PREFACE, settings(...entries));
    this.takeFrames();
    return this;
  }

  accept(stream: Http2Stream, fields: Fields, end: boolean): StreamReceiver {
    const exchange = new Exchange();
    exchange.stream = stream;
    exchange.fields = fields;
    exchange.complete = end;
    this.exchanges.push(exchange);
    this.onStream(exchange, stream, end);
    return exchange;
  }

  misbehaved(_connection: Connection, error: Error): void {
    this.misbehaviour.push(error);
  }
}

/** A client's end whose server the test plays. */
export class PlayedClient extends PlayedEnd<Http2ClientConnection> implements ClientOwner {
  readonly clock: ManualClock;
  readonly events: string[] = [];
  goAway: GoAway | undefined;

  constructor(options: Http2Options = {}, clock: ManualClock = new ManualClock(1_000_000)) {
    const owner: { current: ClientOwner | undefined } = { current: undefined };
    super(
      clock,
      (connection) =>
        new Http2ClientConnection(
          connection,
          {
            onFree: (h2) => owner.current?.onFree(h2),
            onReady: (h2) => owner.current?.onReady(h2),
            onUnusable: (h2, reason) => owner.current?.onUnusable(h2, reason),
            onClosed: (h2, error) => owner.current?.onClosed(h2, error),
          },
          resolveHttp2Options({ log: () => undefined, ...options }),
        ),
    );
    this.clock = clock;
    owner.current = this;
  }

  /** As a server begins. Forgets what the client says to it. */
  greet(...entries: readonly (readonly [id: number, value: number])[]): this {
    this.give(settings(...entries));
    this.takeFrames();
    return this;
  }

  open(extra?: ExtraFields, end = true, exchange: Exchange = new Exchange()): Exchange {
    exchange.stream = this.h2.open(exchange, REQUEST, extra, end);
    return exchange;
  }

  onFree(): void {
    this.events.push("free");
  }

  onReady(): void {
    this.events.push("ready");
  }

  onUnusable(_h2: Http2ClientConnection, reason: GoAway | undefined): void {
    this.goAway = reason;
    this.events.push("unusable");
  }

  onClosed(_h2: Http2ClientConnection, error: Error | undefined): void {
    this.events.push(error === undefined ? "closed" : `closed: ${error.message}`);
  }
}

export const REQUEST: PreparedFields = new PreparedFields([
  [":method", "POST"],
  [":scheme", "http"],
  [":path", "/test.Service/Method"],
  [":authority", "here"],
  ["content-type", "application/test"],
]);
export const RESPONSE: PreparedFields = new PreparedFields([
  [":status", "200"],
  ["content-type", "application/test"],
]);
export const TRAILERS: PreparedFields = new PreparedFields([["test-status", "0"]]);

/** Both ends, with nothing between them but the test. */
export class PlayedPair {
  readonly clock = new ManualClock(1_000_000);
  readonly client: PlayedClient;
  readonly server: PlayedServer;

  constructor(clientOptions: Http2Options = {}, serverOptions: Http2Options = {}) {
    this.client = new PlayedClient(clientOptions, this.clock);
    this.server = new PlayedServer(serverOptions, this.clock);
  }

  /** Carries what was written one way or the other, cut where `cut` says. Returns whether anything was. */
  carry(cut: (bytes: Buffer) => Buffer[] = (bytes) => [bytes]): boolean {
    const up = this.client.takeBytes();
    const down = this.server.takeBytes();
    for (const piece of cut(up)) if (piece.byteLength > 0) this.server.give(piece);
    for (const piece of cut(down)) if (piece.byteLength > 0) this.client.give(piece);
    return up.byteLength + down.byteLength > 0;
  }

  /** Until nobody has anything to say any more. */
  settle(cut?: (bytes: Buffer) => Buffer[]): void {
    // What is put off to the end of a turn leaves with the next.
    for (let turn = 0, quiet = 0; quiet < 2; turn++) {
      quiet = this.carry(cut) ? 0 : quiet + 1;
      if (turn > 100_000) throw new Error("they never come to rest");
    }
  }
}
