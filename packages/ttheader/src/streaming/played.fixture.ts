/** One end of a connection of streams in memory: turns pass when the test says so, and every frame can be looked at. */
import { Duplex } from "node:stream";
import {
  Attempt,
  CallInfo,
  ClientCall,
  Counters,
  ManualClock,
  Metadata,
  MethodBinding,
  OutgoingMessages,
  RpcError,
  type AttemptController,
  type CallOptions,
  type MessageQueue,
  type Method,
  type MethodKind,
  type ServerCall,
} from "@kiteline/core";
import {
  Connection,
  Loop,
  type BareFormat,
  type CallHost,
  type Flushable,
  type Protocol,
  type ServedMethod,
  type Session,
} from "@kiteline/net";
import { frame, ints, readFrame, strings, type ReadFrame } from "../frame.fixture.ts";
import { RawFormat } from "../raw-format.fixture.ts";
import { streamSessions } from "./client-session.ts";
import type { StreamClientSession } from "./client-session.ts";
import { streamingProtocol, type StreamServerSession } from "./server-session.ts";
import type { StreamingOptions } from "./stream-connection.ts";

export const HEADER = "2";
export const DATA = "3";
export const TRAILER = "4";
export const RESET = "5";

/** Messages that are bytes. */
class RawBare implements BareFormat {
  readonly name = "raw";
  readonly messagesFormat = "raw";
  readonly protocolId = 0x10;

  writeRequest(out: Parameters<BareFormat["writeRequest"]>[0], _method: Method, message: unknown): void {
    if (!(message instanceof Uint8Array)) throw new TypeError("expected bytes");
    out.ensure(message.byteLength);
    out.bytes.set(message, out.position);
    out.position += message.byteLength;
  }

  writeResponse(out: Parameters<BareFormat["writeRequest"]>[0], method: Method, message: unknown): void {
    this.writeRequest(out, method, message);
  }

  readRequest(bytes: Buffer, start: number, end: number): Buffer {
    const message = Buffer.from(bytes.subarray(start, end));
    if (message.toString() === "unreadable") throw new TypeError("unreadable");
    return message;
  }

  readResponse(bytes: Buffer, start: number, end: number): Buffer {
    return this.readRequest(bytes, start, end);
  }
}

const OPTIONS: StreamingOptions = {
  formats: [new RawBare()],
  exceptions: new RawFormat(),
  maxFrameBytes: 1 << 20,
  maxUnreadBytes: 1 << 20,
  maxBufferedBytes: 1 << 20,
  turnWork: 1024,
  maxInFlight: 1000,
};

export function method(name: string, kind: MethodKind): Method {
  return { service: "Streams", name, fullName: `Streams.${name}`, kind, idempotency: "unknown", arity: 1, messages: { format: "raw" } };
}

/** A frame of a stream, as a peer sends it. */
export function streamFrame(
  type: string,
  id: number,
  { name = "chat", texts = {}, payload = Buffer.alloc(0) }: { name?: string; texts?: Record<string, string>; payload?: Uint8Array } = {},
): Buffer {
  const sections = [ints({ 9: name, 27: type })];
  if (Object.keys(texts).length > 0) sections.push(strings(texts));
  return frame({ flags: 2, seq: id, protocolId: 0x10, sections, payload: Buffer.from(payload) });
}

/** A loop whose turns end when the test says so. */
class PlayedLoop extends Loop {
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

/** Keeps what is written. */
class MemorySocket extends Duplex {
  #written: Buffer[] = [];
  #done: (() => void)[] = [];
  /** While true, nothing that is written counts as taken. */
  held = false;

  override write(chunk: unknown, ...rest: unknown[]): boolean {
    this.#written.push(Buffer.from(chunk as Uint8Array));
    const done = rest.at(-1) as () => void;
    if (this.held) this.#done.push(done);
    else done();
    return true;
  }

  override _read(): void {}

  release(): void {
    this.held = false;
    for (const done of this.#done.splice(0)) done();
  }

  takeWritten(): Buffer {
    return Buffer.concat(this.#written.splice(0));
  }
}

class PlayedEnd<S extends Session> {
  readonly clock = new ManualClock(1_000_000);
  readonly loop = new PlayedLoop(this.clock);
  readonly socket = new MemorySocket();
  readonly connection: Connection;
  readonly session: S;

  constructor(open: (connection: Connection) => S, writeBufferBytes: number) {
    let session: S | undefined;
    const options = { maxMessageBytes: 1 << 20, writeBufferBytes };
    this.connection = new Connection(this.loop, this.socket, "peer", (self) => (session = open(self)), new Counters(), options);
    this.session = session as S;
  }

  give(...bytes: Uint8Array[]): void {
    const all = Buffer.concat(bytes);
    this.connection.onChunk(all, all.byteLength);
  }

  /** The frames written since this was last asked, once the handlers that can go on have gone on. */
  async frames(): Promise<PlayedFrame[]> {
    // The first turn ends with those who waited for the socket told, the second with what they then sent.
    for (let turn = 0; turn < 2; turn++) {
      for (let step = 0; step < 20; step++) await Promise.resolve();
      this.loop.endTurn();
    }
    return framesOf(this.socket.takeWritten());
  }
}

export interface PlayedFrame extends ReadFrame {
  readonly type: string;
}

export function framesOf(bytes: Buffer): PlayedFrame[] {
  const found: PlayedFrame[] = [];
  for (let at = 0; at < bytes.byteLength; ) {
    const end = at + 4 + bytes.readUInt32BE(at);
    const read = readFrame(bytes.subarray(at, end));
    found.push({ ...read, type: read.ints[27] ?? "" });
    at = end;
  }
  return found;
}

/** What frames are, in few words. */
export function told(frames: readonly PlayedFrame[]): string[] {
  return frames.map(({ seq, type, payload, strings: texts }) => {
    const kind = { 2: "header", 3: "data", 4: "trailer", 5: "reset" }[type] ?? type;
    const keys = Object.keys(texts).join(",");
    return `${seq} ${kind}${type === DATA ? ` ${payload.toString()}` : ""}${keys === "" ? "" : ` (${keys})`}`;
  });
}

export type Handler = (request: unknown, call: ServerCall) => unknown;

/** A server's end whose callers the test plays. Methods are named by their kind. */
export class PlayedServer extends PlayedEnd<StreamServerSession> {
  readonly calls: ServerCall[] = [];
  readonly ended: (Error | undefined)[] = [];
  readonly misbehaviour: Error[] = [];
  readonly host: { draining: boolean };
  readonly protocol: Protocol;

  constructor(handler: Handler, options: Partial<StreamingOptions> = {}, writeBufferBytes = 1 << 20) {
    const calls: ServerCall[] = [];
    const ended: (Error | undefined)[] = [];
    const misbehaviour: Error[] = [];
    const serve: ServedMethod["serve"] = (request, call) => {
      calls.push(call as ServerCall);
      return handler(request, call as ServerCall);
    };
    const served = new Map(
      Object.entries({ chat: "bidi_stream", collect: "client_stream", expand: "server_stream", once: "unary" } as const).map(
        ([name, kind]) => [name, { method: method(name, kind), serve }],
      ),
    );
    const host = {
      inherit: false,
      draining: false,
      find: (_service: string | undefined, name: string) =>
        served.get(name) ?? new RpcError("unimplemented", `unknown method ${name}`, { executed: "no" }),
      admit: () => undefined,
      ended: (_call: ServerCall, error: Error | undefined) => void ended.push(error),
      unsendable: (_call: ServerCall, error: RpcError) => error,
      misbehaved: (_connection: Connection, error: Error) => void misbehaviour.push(error),
    } satisfies CallHost;
    const protocol = streamingProtocol(host, { ...OPTIONS, ...options });
    super((connection) => protocol.open(connection) as StreamServerSession, writeBufferBytes);
    this.calls = calls;
    this.ended = ended;
    this.misbehaviour = misbehaviour;
    this.host = host;
    this.protocol = protocol;
  }
}

/** A call of a played client, and what has become of it. */
export class PlayedCall {
  readonly info = new CallInfo();
  readonly call: ClientCall;
  readonly attempt: Attempt;
  value: unknown;
  error: Error | undefined;
  queue: MessageQueue | undefined;

  constructor(asked: Method, request: unknown, options: CallOptions = {}, parent?: ServerCall, caller = "cli") {
    const metadata = options.metadata === undefined ? undefined : Metadata.from(options.metadata);
    this.call = new ClientCall(new MethodBinding(asked, caller, "target:1"), { info: this.info, ...options }, parent, metadata, 1_000_000);
    this.call.request = request;
    if (asked.kind === "client_stream" || asked.kind === "bidi_stream") this.call.outgoing = new OutgoingMessages(request, 1000);
    const controller: AttemptController = {
      begun: (_attempt, incoming) => {
        this.queue = this.call.incoming = incoming;
      },
      succeeded: (_attempt, value) => {
        this.value = value;
        this.queue?.end();
      },
      failed: (_attempt, error) => {
        this.error = error;
        this.queue?.fail(error);
      },
      cancelled: (call, reason) => call.attempt?.abandon(reason),
    };
    this.call.controller = controller;
    this.attempt = this.call.attempt = new Attempt(this.call, 1);
  }
}

/** A client's end whose server the test plays. */
export class PlayedClient extends PlayedEnd<StreamClientSession> {
  readonly events: string[];

  constructor(options: Partial<StreamingOptions & { multiplexed: boolean }> = {}, writeBufferBytes = 1 << 20) {
    const events: string[] = [];
    const owner = {
      onFree: () => void events.push("free"),
      onUnusable: () => void events.push("unusable"),
      onLeaving: () => undefined,
      onClosed: () => void events.push("closed"),
    };
    const open = streamSessions({ multiplexed: true, ...OPTIONS, ...options });
    super((connection) => open(connection, owner) as StreamClientSession, writeBufferBytes);
    this.events = events;
  }

  send(name: string, kind: MethodKind, request: unknown, options: CallOptions = {}, parent?: ServerCall, caller?: string): PlayedCall {
    const played = new PlayedCall(method(name, kind), request, options, parent, caller);
    this.session.send(played.attempt);
    return played;
  }
}
