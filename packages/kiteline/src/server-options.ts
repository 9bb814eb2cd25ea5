/** What a server can be told. `resolveServerOptions` fills in the defaults and checks the bounds; nobody else does. */
import { consoleLog, limitedLog, systemClock, type Clock, type Log, type Middleware } from "@kiteline/core";
import type { CorsOptions, Http2Options } from "@kiteline/grpc";
import type { ServerTls } from "@kiteline/net";
import { shown } from "@kiteline/net/start";
import { requireBetween, requireClock, requireLimits, requireMessageLimits, requireType, requireWhole } from "./check.ts";
import { DEFAULTS } from "./defaults.ts";
import type { MessageLimits } from "./message-limits.ts";

/** Everything but suites, which are bundles of these. */
export interface ServerSettings {
  /** Around every handler, the first outermost. */
  readonly middleware?: readonly Middleware[] | undefined;
  /** Certificates; without them the server speaks plaintext. */
  readonly tls?: ServerTls | undefined;
  /** Calls being handled at once; beyond it calls are refused with `resource_exhausted`. Defaults to 100 000. */
  readonly maxConcurrency?: number | undefined;
  /** Defaults to 100 000; further ones are closed at once. */
  readonly maxConnections?: number | undefined;
  /** Calls of one connection being handled at once; further ones stay unread. Defaults to 10 000. */
  readonly maxInFlight?: number | undefined;
  /** The same for callers that want their answers in order. Defaults to 64. */
  readonly maxReadAhead?: number | undefined;
  /**
   * Work that one connection may cause in a turn of the event loop before the others have theirs; what it sent besides waits for the
   * next turn. A call counts 8 while other connections are busy, too, one for what is not there or cannot be read 120 always. Also the
   * default of `http2.turnWork`. Defaults to 1024.
   */
  readonly turnWork?: number | undefined;
  /** Largest request and reply in bytes. Defaults to 16 MiB. */
  readonly maxMessageBytes?: number | undefined;
  /** Largest request in bytes, where it may be another than that of replies. Defaults to `maxMessageBytes`. */
  readonly maxReceivedBytes?: number | undefined;
  /** What a message that is read may hold beside its bytes. */
  readonly limits?: MessageLimits | undefined;
  /** Bytes that a caller may leave unread before its connection is read no further. Defaults to 1 MiB. */
  readonly writeBufferBytes?: number | undefined;
  /** Bytes of unread messages of all streams of a TTHeader connection beyond which it is not read. Defaults to 1 MiB. */
  readonly maxUnreadBytes?: number | undefined;
  /**
   * Bytes that a connection holds of messages of HTTP/2, and of TTHeader's streams, which are not with their readers and which no window bounds:
   * those that have come in part or wait for the end of their streams, and what compressed ones have become. A call that would take more
   * is refused with `resource_exhausted`; one message always may come. Also the default of `http2.maxBufferedBytes`. Defaults to 256 MiB.
   */
  readonly maxBufferedBytes?: number | undefined;
  /** Close a connection that carried nothing for this long. Defaults to 10 minutes. */
  readonly idleMs?: number | undefined;
  /** Close a connection that leaves a frame incomplete for this long. Defaults to 30 seconds. */
  readonly frameTimeoutMs?: number | undefined;
  /**
   * Connections that are opened in a second while others are busy, beyond a hundred at once; and TLS handshakes that begin, one after the
   * other. Either takes as long as a few dozen calls, and anybody may connect. Further callers wait for their turn. Defaults to 1000;
   * `Infinity` opens as many as come.
   */
  readonly openingsPerSecond?: number | undefined;
  /** How long `close` may take: for callers to cease connecting (half of it at most) and for calls in flight to end. Defaults to 5 seconds. */
  readonly exitWaitMs?: number | undefined;
  /** Close gracefully on these signals, then end the process. Defaults to none. */
  readonly stopOn?: readonly NodeJS.Signals[] | undefined;
  /** Tell callers that they may send many calls on one connection and take answers in any order. Defaults to true. */
  readonly multiplexed?: boolean | undefined;
  /** What gRPC's connections do beside the defaults: windows, keepalive, limits, age. What the protocol allows of them is checked by `listen`. */
  readonly http2?: Omit<Http2Options, "log"> | undefined;
  /** Which web pages may call, by Connect and gRPC-Web. Checked by `listen`. Defaults to none. */
  readonly cors?: CorsOptions | undefined;
  /**
   * Believe callers what lane their calls belong to, and let calls made by handlers carry it on. Say so where only
   * members of the mesh can call. Defaults to false: colours that come are taken away.
   */
  readonly trustLanes?: boolean | undefined;
  /**
   * Tell callers of an error that nobody foresaw (no `RpcError`, `BusinessError` or declared exception) only that there
   * was one; the log has it with its stack. Of a failed call that the handler made and whose error it passes on they are told the code
   * alone; the log has who was called, and what was said. Defaults to false: as with Kitex and gRPC, the error's message goes to the
   * caller, never its stack. Say true where strangers can call.
   */
  readonly hideInternalErrors?: boolean | undefined;
  /** Also accept Thrift messages of the old form, without a version. Defaults to false. */
  readonly oldThrift?: boolean | undefined;
  /** Whether calls made by handlers inherit from the call being handled. Defaults to true; costs less than 0.1 µs a call. */
  readonly inherit?: boolean | undefined;
  /**
   * Where is said what no call's error can say. Of events with the same message it is told ten a second, and then how many more there
   * were: callers that misbehave cannot fill it. Defaults to `consoleLog`.
   */
  readonly log?: Log | undefined;
  readonly clock?: Clock | undefined;
}

export type ResolvedServerOptions = {
  readonly [K in Exclude<keyof ServerSettings, "tls" | "http2" | "cors">]-?: NonNullable<ServerSettings[K]>;
} & {
  readonly tls: ServerTls | undefined;
  readonly http2: ServerSettings["http2"];
  readonly cors: CorsOptions | undefined;
};

/** Throws a `RangeError` for a number out of bounds. */
export function resolveServerOptions(options: ServerSettings): ResolvedServerOptions {
  const { server } = DEFAULTS;
  for (const name of ["multiplexed", "trustLanes", "hideInternalErrors", "oldThrift", "inherit"] as const)
    requireType(name, options[name], "boolean");
  requireType("log", options.log, "function");
  requireClock(options.clock);
  const count = (name: keyof ServerSettings, fallback: number, least = 1): number =>
    requireWhole(name, (options[name] as number | undefined) ?? fallback, least, Number.MAX_SAFE_INTEGER);
  const duration = (name: keyof ServerSettings, fallback: number, least = 1): number =>
    requireBetween(name, (options[name] as number | undefined) ?? fallback, least, Infinity);
  const clock = options.clock ?? systemClock;
  return {
    middleware: options.middleware ?? [],
    tls: options.tls,
    http2: options.http2,
    cors: options.cors,
    maxConcurrency: count("maxConcurrency", server.maxConcurrency),
    maxConnections: count("maxConnections", server.maxConnections),
    maxInFlight: count("maxInFlight", server.maxInFlight),
    maxReadAhead: count("maxReadAhead", server.maxReadAhead),
    turnWork: count("turnWork", DEFAULTS.turnWork),
    ...requireMessageLimits(options, DEFAULTS.maxMessageBytes),
    limits: requireLimits(options.limits),
    writeBufferBytes: count("writeBufferBytes", DEFAULTS.writeBufferBytes),
    maxUnreadBytes: count("maxUnreadBytes", DEFAULTS.maxUnreadBytes),
    maxBufferedBytes: count("maxBufferedBytes", DEFAULTS.maxBufferedBytes),
    idleMs: duration("idleMs", server.idleMs),
    frameTimeoutMs: duration("frameTimeoutMs", server.frameTimeoutMs),
    openingsPerSecond: requireBetween("openingsPerSecond", options.openingsPerSecond ?? server.openingsPerSecond, 1, Infinity),
    exitWaitMs: requireBetween("exitWaitMs", options.exitWaitMs ?? server.exitWaitMs, 0, 2_147_483_647),
    stopOn: requireSignals(options.stopOn ?? []),
    multiplexed: options.multiplexed ?? true,
    trustLanes: options.trustLanes ?? false,
    hideInternalErrors: options.hideInternalErrors ?? false,
    oldThrift: options.oldThrift ?? false,
    inherit: options.inherit ?? true,
    log: limitedLog(options.log ?? consoleLog, clock),
    clock,
  };
}

/** No process can do anything about these. */
const UNSTOPPABLE = ["SIGKILL", "SIGSTOP"];

/** Throws a `TypeError` for what is no list of signals: Node would wait for a signal of any name, and for ever. */
function requireSignals(stopOn: readonly NodeJS.Signals[]): readonly NodeJS.Signals[] {
  if (stopOn.length === 0) return stopOn;
  const { signals } = process.getBuiltinModule("node:os").constants;
  const given: unknown = stopOn;
  if (Array.isArray(given) && given.every((signal) => typeof signal === "string" && Object.hasOwn(signals, signal))) {
    const vain = stopOn.find((signal) => UNSTOPPABLE.includes(signal));
    if (vain === undefined) return stopOn;
    throw new TypeError(`stopOn cannot have ${vain}, which ends a process without its knowing; SIGTERM is how others ask it to end`);
  }
  const got = Array.isArray(given) ? `[${given.map(shown).join(", ")}]` : shown(given);
  throw new TypeError(`stopOn must be a list of signals, such as ["SIGINT", "SIGTERM"], got ${got}`);
}
