/** What a client can be told. `resolveClientOptions` fills in the defaults and checks the bounds; nobody else does. */
import { consoleLog, systemClock, type Clock, type Log, type Middleware } from "@kiteline/core";
import type { ClientTls, ConnectionMode, ConnectionSetOptions, Dialer } from "@kiteline/net";
import type { Source } from "@kiteline/policy";
import { requireBetween, requireClock, requireLimits, requireMessageLimits, requireOneOf, requireType, requireWhole } from "./check.ts";
import { DEFAULTS } from "./defaults.ts";
import type { Http2Options } from "@kiteline/grpc";
import type { MessageLimits } from "./message-limits.ts";
import type { ProtocolName } from "./protocols.ts";

/** A server of this process, called without a socket. */
export interface InProcessTarget {
  readonly inProcess: Dialer;
}

/** Everything but suites, which are bundles of these. */
export interface ClientSettings {
  /**
   * Whom to call: `host:port`, `unix:PATH` (on Windows the path of a named pipe), several of these, or a `Server` of this process. With a `source` (or a
   * suite that brings one) it is a name that the source gives a meaning, such as `reviews:9080`.
   */
  readonly target: string | readonly string[] | InProcessTarget;
  /** What this client calls itself towards servers. Defaults to nothing. */
  readonly name?: string | undefined;
  /** Milliseconds a call may take, all attempts included. Defaults to none: the route, the call or its parent may set one. */
  readonly timeoutMs?: number | undefined;
  /** Defaults to `grpc` for services of Protobuf, else to `ttheader`, which every Kitex server understands; bare Thrift servers want `framed` or `buffered`. */
  readonly protocol?: ProtocolName | undefined;
  /** Defaults to `binary`. */
  readonly payload?: "binary" | "compact" | undefined;
  /** Also understand Thrift replies of the old form, without a version, as `oldThrift` of servers does requests. Defaults to false. */
  readonly oldThrift?: boolean | undefined;
  /** How requests are compressed over gRPC: `gzip`, `deflate` or `zstd`; a call's option replaces it. Defaults to not at all. */
  readonly compression?: "gzip" | "deflate" | "zstd" | undefined;
  /** What gRPC's connections do beside the defaults: windows, keepalive, limits. What the protocol allows of them is checked when the first one is opened. */
  readonly http2?: Omit<Http2Options, "log"> | undefined;
  /** Defaults to `adaptive`; say `multiplexed` for Kitex servers that were started so. */
  readonly connection?: ConnectionMode | undefined;
  /** Around every call, the first outermost. */
  readonly middleware?: readonly Middleware[] | undefined;
  /** Attempts beyond the first for calls that provably were not executed. Defaults to 2; a route's retry policy replaces it. */
  readonly retries?: number | undefined;
  /** How one of several addresses is chosen, where no policy says. Defaults to `round_robin`. */
  readonly loadBalancing?: "round_robin" | "least_request" | "random" | undefined;
  /** What names mean and how calls are routed. */
  readonly source?: Source | undefined;
  /** Speak TLS; `{}` trusts the system's authorities. */
  readonly tls?: ClientTls | undefined;
  /** Milliseconds until a connection must stand, TLS included. Defaults to 1000. */
  readonly connectTimeoutMs?: number | undefined;
  /** Multiplexed connections per endpoint. Defaults to 1. */
  readonly multiplexedConnections?: number | undefined;
  /** Connections per endpoint. Defaults to 256. */
  readonly maxConnections?: number | undefined;
  /** Calls in flight per multiplexed connection. Defaults to 10 000. */
  readonly maxInFlight?: number | undefined;
  /** Calls that may wait for a connection of an endpoint; beyond it they fail with `resource_exhausted`. Defaults to 10 000. */
  readonly maxWaiting?: number | undefined;
  /** Connections of an endpoint being opened at once. Defaults to 4. */
  readonly maxDials?: number | undefined;
  /** Close a connection that carried nothing for this long. Defaults to 5 minutes. */
  readonly idleMs?: number | undefined;
  /** Milliseconds that calls may go on after `close`, then they are cut. Defaults to 5000. */
  readonly exitWaitMs?: number | undefined;
  /** Replace a connection of this age, give or take a tenth. Defaults to never. */
  readonly maxAgeMs?: number | undefined;
  /** Largest request and reply in bytes. Defaults to 16 MiB. */
  readonly maxMessageBytes?: number | undefined;
  /** Largest reply in bytes, where it may be another than that of requests. Defaults to `maxMessageBytes`. */
  readonly maxReceivedBytes?: number | undefined;
  /** What a message that is read may hold beside its bytes. */
  readonly limits?: MessageLimits | undefined;
  /** Bytes that a connection's socket may hold back before calls wait. Defaults to 1 MiB. */
  readonly writeBufferBytes?: number | undefined;
  /** Bytes of unread messages of all streams of a TTHeader connection beyond which it is not read. Defaults to 1 MiB. */
  readonly maxUnreadBytes?: number | undefined;
  /**
   * Bytes that a connection holds of messages of HTTP/2, and of TTHeader's streams, which are not with their readers and which no window bounds:
   * those that have come in part or wait for the end of their streams, and what compressed ones have become. A call that would take more
   * is refused with `resource_exhausted`; one message always may come. Also the default of `http2.maxBufferedBytes`. Defaults to 256 MiB.
   */
  readonly maxBufferedBytes?: number | undefined;
  /** Whether calls made inside a handler inherit from its call. Defaults to true. */
  readonly inherit?: boolean | undefined;
  readonly log?: Log | undefined;
  readonly clock?: Clock | undefined;
  /** Numbers from 0 up to 1, for weights, choices and jitter. Defaults to `Math.random`. */
  readonly random?: (() => number) | undefined;
}

type Optional = "timeoutMs" | "source" | "tls" | "compression" | "http2";

export type ResolvedClientOptions = {
  readonly [K in Exclude<keyof ClientSettings, Optional>]-?: NonNullable<ClientSettings[K]>;
} & { readonly [K in Optional]: ClientSettings[K] } & {
  readonly connections: ConnectionSetOptions;
  /** Of the messages of the service that is called. */
  readonly messagesFormat: string;
};

/** Throws a `RangeError` for a number out of bounds and a `TypeError` for a wrong word. */
export function resolveClientOptions(options: ClientSettings, messagesFormat = "thrift"): ResolvedClientOptions {
  const { client } = DEFAULTS;
  const count = (name: keyof ClientSettings, fallback: number, least = 1): number =>
    requireWhole(name, (options[name] as number | undefined) ?? fallback, least, Number.MAX_SAFE_INTEGER);
  const duration = (name: keyof ClientSettings, fallback: number): number =>
    requireBetween(name, (options[name] as number | undefined) ?? fallback, 1, Infinity);
  const { maxMessageBytes, maxReceivedBytes } = requireMessageLimits(options, DEFAULTS.maxMessageBytes);
  const connections: ConnectionSetOptions = {
    mode: requireOneOf("connection", options.connection ?? "adaptive", ["adaptive", "pooled", "multiplexed", "short"]),
    multiplexedConnections: count("multiplexedConnections", client.multiplexedConnections),
    maxConnections: count("maxConnections", client.maxConnections),
    maxInFlight: count("maxInFlight", client.maxInFlight),
    maxWaiting: count("maxWaiting", client.maxWaiting, 0),
    maxDials: count("maxDials", client.maxDials),
    idleMs: duration("idleMs", client.idleMs),
    maxAgeMs: duration("maxAgeMs", Infinity),
    minBackoffMs: client.minBackoffMs,
    maxBackoffMs: client.maxBackoffMs,
    maxMessageBytes,
    maxFrameBytes: maxReceivedBytes + DEFAULTS.frameOverheadBytes,
    writeBufferBytes: count("writeBufferBytes", DEFAULTS.writeBufferBytes),
  };
  requireType("name", options.name, "string");
  requireType("inherit", options.inherit, "boolean");
  requireType("oldThrift", options.oldThrift, "boolean");
  requireType("log", options.log, "function");
  requireType("random", options.random, "function");
  requireClock(options.clock);
  if (options.timeoutMs !== undefined) requireBetween("timeoutMs", options.timeoutMs, 1, 2_147_483_647);
  if (options.compression !== undefined) requireOneOf("compression", options.compression, ["gzip", "deflate", "zstd"]);
  return {
    ...connections,
    connections,
    messagesFormat,
    maxReceivedBytes,
    limits: requireLimits(options.limits),
    maxUnreadBytes: count("maxUnreadBytes", DEFAULTS.maxUnreadBytes),
    maxBufferedBytes: count("maxBufferedBytes", DEFAULTS.maxBufferedBytes),
    target: requireTarget(options.target),
    name: options.name ?? "",
    timeoutMs: options.timeoutMs,
    protocol: requireOneOf("protocol", options.protocol ?? "ttheader", ["ttheader", "ttheader-framed", "framed", "buffered", "grpc"]),
    payload: requireOneOf("payload", options.payload ?? "binary", ["binary", "compact"]),
    oldThrift: options.oldThrift ?? false,
    compression: options.compression,
    http2: options.http2,
    connection: connections.mode,
    middleware: options.middleware ?? [],
    retries: requireWhole("retries", options.retries ?? client.retries, 0, 10),
    loadBalancing: requireOneOf("loadBalancing", options.loadBalancing ?? "round_robin", ["round_robin", "least_request", "random"]),
    source: requireSource(options.source),
    tls: options.tls,
    connectTimeoutMs: duration("connectTimeoutMs", DEFAULTS.connectTimeoutMs),
    exitWaitMs: requireBetween("exitWaitMs", options.exitWaitMs ?? client.exitWaitMs, 0, 2_147_483_647),
    inherit: options.inherit ?? true,
    log: options.log ?? consoleLog,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  };
}

/**
 * Throws a `TypeError` for what the client's protocol has not, and would not obey. Only for a client's own options: suites say theirs to
 * clients of all protocols.
 */
export function requireObeyed(options: ClientSettings, protocol: ProtocolName, messagesFormat: string | undefined): void {
  const { compression, http2, payload, oldThrift } = options;
  if (protocol !== "grpc") {
    const idle = compression !== undefined ? "compression" : http2 !== undefined ? "http2" : undefined;
    if (idle !== undefined) throw new TypeError(`${idle} is an option of gRPC, but this client speaks ${protocol} (option protocol)`);
  }
  if (messagesFormat !== "protobuf") return;
  const idle = payload === "compact" ? "payload" : oldThrift === true ? "oldThrift" : undefined;
  if (idle !== undefined) throw new TypeError(`${idle} is an option of Thrift, but the messages of this client's service are Protobuf`);
}

function requireTarget(target: ClientSettings["target"]): ClientSettings["target"] {
  const addresses = typeof target === "string" ? [target] : target;
  const fits = Array.isArray(addresses)
    ? addresses.length > 0 && addresses.every((address) => typeof address === "string")
    : typeof addresses === "object" && addresses !== null && "inProcess" in addresses;
  if (fits) return target;
  const got = Array.isArray(target) ? `[${target.map(String).join(", ")}]` : String(target);
  throw new TypeError(`target must be "host:port", "unix:PATH", a list of these, or a server of this process, got ${got}`);
}

function requireSource(source: Source | undefined): Source | undefined {
  if (source === undefined || typeof (source as Partial<Source> | null)?.subscribe === "function") return source;
  throw new TypeError("source must be what fileSource, staticSource or another source made");
}
