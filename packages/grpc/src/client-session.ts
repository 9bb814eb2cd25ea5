/** The calls of one client connection over HTTP/2: each attempt is a stream. */
import { RpcError, type Attempt, type Method, type MethodBinding } from "@kiteline/core";
import {
  ErrorCode,
  Http2ClientConnection,
  PreparedFields,
  type ClientOwner,
  type GoAway,
  type ResolvedHttp2Options,
} from "@kiteline/http2";
import type { CallSession, Connection, SessionOpener, SessionOwner, Slabs } from "@kiteline/net";
import { Background } from "./background.ts";
import { Buffered, BufferLimits } from "./buffered.ts";
import { ClientStream, type ClientForm } from "./client-stream.ts";
import { ACCEPTED, findCompression, type Compression } from "./compression.ts";
import type { IncomingContext } from "./incoming.ts";
import { CALLER_FIELD, pushRequestMetadata } from "./metadata-fields.ts";
import type { GrpcPayload } from "./payload.ts";
import { encodeTimeout } from "./timeout.ts";

export interface GrpcClientOptions {
  /** For methods of the formats that they carry. */
  readonly payloads: readonly GrpcPayload[];
  readonly http2: ResolvedHttp2Options;
  /** Whether connections are TLS: the scheme of requests. */
  readonly secure: boolean;
  /** Of requests. */
  readonly maxMessageBytes: number;
  /** Of responses. */
  readonly maxReceivedBytes: number;
  /** Calls in flight on a connection, beside what the server allows. */
  readonly maxInFlight: number;
  /** Whether to use a connection for many calls at once. */
  readonly multiplexed: boolean;
  /** How requests are compressed where the call does not say. Defaults to not at all. */
  readonly compression?: string | undefined;
  /** What the server is called towards it (`:authority`). Defaults to the target. */
  readonly authority?: string | undefined;
}

/** Speaks gRPC on the connections of a set. Throws a `TypeError` for a compression that there is none of. */
export function grpcSessions(options: GrpcClientOptions): SessionOpener {
  requireCompression(options.compression);
  const pace = new Pace(options.http2);
  const buffers = new BufferLimits(options.http2, options.maxReceivedBytes);
  return (connection, owner) => new GrpcClientSession(connection, owner, options, pace, new Buffered(buffers));
}

/** How servers are asked for signs of life: half as often as before when one of them has taken it amiss (gRFC A8). */
class Pace {
  http2: ResolvedHttp2Options;

  constructor(http2: ResolvedHttp2Options) {
    this.http2 = http2;
  }

  slowDown(peer: string): void {
    const keepaliveMs = 2 * this.http2.keepaliveMs;
    this.http2 = { ...this.http2, keepaliveMs };
    this.http2.log({ level: "warn", message: `${TOO_MANY_PINGS}: from now on keepaliveMs is ${keepaliveMs} for new connections`, peer });
  }
}

export class GrpcClientSession implements CallSession, ClientOwner, IncomingContext {
  readonly connection: Connection;
  readonly background: Background;
  readonly buffered: Buffered;
  readonly multiplexed: boolean;
  calls = 0;
  /** Whether there was ever room for a call. */
  #offered = false;
  readonly #http2: Http2ClientConnection;
  readonly #owner: SessionOwner;
  readonly #options: GrpcClientOptions;
  readonly #pace: Pace;

  constructor(connection: Connection, owner: SessionOwner, options: GrpcClientOptions, pace: Pace, buffered: Buffered) {
    this.connection = connection;
    this.background = new Background(connection.loop);
    this.buffered = buffered;
    this.multiplexed = options.multiplexed;
    this.#owner = owner;
    this.#options = options;
    this.#pace = pace;
    this.#http2 = new Http2ClientConnection(connection, this, pace.http2);
  }

  get slabs(): Slabs {
    return this.connection.loop.slabs;
  }

  /** Multiplexed by nature, proved or not. */
  get proven(): boolean {
    return true;
  }

  /** Nor is a server of any use that takes no calls (SETTINGS_MAX_CONCURRENT_STREAMS of 0) and goes. */
  get stillborn(): boolean {
    return !this.#offered;
  }

  get inFlight(): number {
    return this.#http2.inFlight;
  }

  get closing(): boolean {
    return this.#http2.closing;
  }

  get free(): boolean {
    const http2 = this.#http2;
    // Not before the server has spoken: whoever closes a connection at once has run nothing then.
    return http2.ready && http2.available > 0 && http2.inFlight < this.#options.maxInFlight && http2.hasRoom && !this.connection.blocked;
  }

  send(attempt: Attempt): void {
    const { call } = attempt;
    const { kind } = call.method;
    let extra: string[] | undefined;
    let compression: Compression | undefined;
    let prepared: PreparedMethod;
    try {
      prepared = (call.binding.wireState ??= this.#prepare(call.binding)) as PreparedMethod;
      compression = requireCompression(call.options.compression ?? this.#options.compression);
      extra = this.#extraFields(attempt, compression);
    } catch (error) {
      attempt.fail(RpcError.from(error, "invalid_argument", NOT_SENT));
      return;
    }
    this.connection.pace.onCall(this.inFlight);
    const stream = new ClientStream(attempt, prepared.form, compression, this);
    this.calls++;
    attempt.seq = this.calls;
    attempt.sentMs = this.connection.loop.now();
    attempt.holder = stream;
    try {
      stream.stream = this.#http2.open(stream, prepared.fields, extra, false);
    } catch (error) {
      attempt.fail(RpcError.from(error, error instanceof TypeError ? "invalid_argument" : "resource_exhausted", NOT_SENT));
      return;
    }
    if (attempt.ended) return; // it could not be opened after all
    if (kind === "client_stream" || kind === "bidi_stream") call.outgoing?.attach(stream);
    else stream.sendOnly(call.request);
  }

  /** What differs from call to call; `undefined` for nothing. */
  #extraFields(attempt: Attempt, compression: Compression | undefined): string[] | undefined {
    const { call } = attempt;
    const metadata = call.metadataIfAny;
    if (call.deadlineMs === Infinity && compression === undefined && call.ranBefore === 0 && metadata === undefined) return undefined;
    const extra: string[] = [];
    if (call.deadlineMs !== Infinity) extra.push("grpc-timeout", encodeTimeout(call.deadlineMs - this.connection.loop.clock.now()));
    if (compression !== undefined) extra.push("grpc-encoding", compression.name);
    if (call.ranBefore > 0) extra.push("grpc-previous-rpc-attempts", String(call.ranBefore));
    if (metadata !== undefined) pushRequestMetadata(extra, metadata.entries());
    return extra;
  }

  /** Throws an `RpcError` for a method whose messages no payload carries. */
  #prepare({ method, caller, callee }: MethodBinding): PreparedMethod {
    const { payloads, secure, authority, maxMessageBytes, maxReceivedBytes } = this.#options;
    const payload = requirePayload(method, payloads);
    const fields = new PreparedFields([
      [":method", "POST"],
      [":scheme", secure ? "https" : "http"],
      [":path", `/${method.service}/${method.name}`],
      [":authority", authority ?? (callee.startsWith("unix:") ? "localhost" : callee)],
      ["te", "trailers"],
      ["content-type", payload.contentType],
      ["user-agent", USER_AGENT],
      ["grpc-accept-encoding", ACCEPTED],
      ...(caller === "" ? [] : ([[CALLER_FIELD, caller]] as const)),
    ]);
    return { fields, form: { payload, maxMessageBytes, maxReceivedBytes } };
  }

  drain(): void {
    this.#http2.drain();
  }

  // The connection's bytes, for the engine.

  get wantedBytes(): number {
    return this.#http2.wantedBytes;
  }

  onBytes(bytes: Buffer, start: number, end: number): number {
    this.connection.pace.onAnswers(this.inFlight);
    return this.#http2.onBytes(bytes, start, end);
  }

  destination(): Buffer | undefined {
    return this.#http2.destination();
  }

  onEnd(): void {
    this.#http2.onEnd();
  }

  onDrain(): void {
    this.#http2.onDrain();
    if (this.free) this.#owner.onFree(this);
  }

  onFlush(): void {
    this.#http2.onFlush();
  }

  onClose(error: Error | undefined): void {
    this.#http2.onClose(error);
  }

  // What the engine tells of it.

  onFree(): void {
    this.#offered ||= this.#http2.ready && this.#http2.available > 0;
    if (this.free) this.#owner.onFree(this);
  }

  onReady(): void {
    this.onFree();
  }

  onUnusable(_connection: Http2ClientConnection, reason: GoAway | undefined): void {
    if (reason?.code === ErrorCode.ENHANCE_YOUR_CALM && reason.debug === TOO_MANY_PINGS) this.#pace.slowDown(this.connection.peer);
    this.#owner.onUnusable(this);
  }

  onClosed(_connection: Http2ClientConnection, error: Error | undefined): void {
    this.#owner.onClosed(this, error);
  }
}

const USER_AGENT = "kiteline";
/** What servers say in their last words to callers whose PINGs come too often. */
const TOO_MANY_PINGS = "too_many_pings";
const NOT_SENT = { executed: "no", retriable: false } as const;

/** What the calls of a method have in common. */
interface PreparedMethod {
  readonly fields: PreparedFields;
  readonly form: ClientForm;
}

function requirePayload({ fullName, messages: { format } }: Method, payloads: readonly GrpcPayload[]): GrpcPayload {
  const payload = payloads.find((each) => each.format.messagesFormat === format);
  if (payload !== undefined) return payload;
  const names = payloads.map(({ name }) => name).join(" or ");
  throw new RpcError("invalid_argument", `${fullName} has ${format} messages, which gRPC with ${names} does not carry`, NOT_SENT);
}

/** Throws a `TypeError` for a name that there is no compression of. */
function requireCompression(name: string | undefined): Compression | undefined {
  if (name === undefined || name === "identity") return undefined;
  const compression = findCompression(name);
  if (compression === undefined) throw new TypeError(`compression must be one of ${ACCEPTED}, got ${name}`);
  return compression;
}
