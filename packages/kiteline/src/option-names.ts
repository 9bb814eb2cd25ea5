/** The names of all options, against which what is given is checked at run time: types do not reach everybody. */
import type { CorsOptions, Http2Options } from "@kiteline/grpc";
import type { ClientTls, ServerTls } from "@kiteline/net";
import type { OptionNames, TlsKind } from "./check.ts";
import type { ClientSettings } from "./client-options.ts";
import type { ServerSettings } from "./server-options.ts";

export const CLIENT_OPTIONS: OptionNames<ClientSettings> = {
  target: true,
  name: true,
  timeoutMs: true,
  protocol: true,
  payload: true,
  oldThrift: true,
  compression: true,
  http2: true,
  connection: true,
  middleware: true,
  retries: true,
  loadBalancing: true,
  source: true,
  tls: true,
  connectTimeoutMs: true,
  multiplexedConnections: true,
  maxConnections: true,
  maxInFlight: true,
  maxWaiting: true,
  maxDials: true,
  idleMs: true,
  exitWaitMs: true,
  maxAgeMs: true,
  maxMessageBytes: true,
  maxReceivedBytes: true,
  limits: true,
  writeBufferBytes: true,
  maxUnreadBytes: true,
  maxBufferedBytes: true,
  inherit: true,
  log: true,
  clock: true,
  random: true,
};

export const SERVER_OPTIONS: OptionNames<ServerSettings> = {
  middleware: true,
  tls: true,
  maxConcurrency: true,
  maxConnections: true,
  maxInFlight: true,
  maxReadAhead: true,
  turnWork: true,
  maxMessageBytes: true,
  maxReceivedBytes: true,
  limits: true,
  writeBufferBytes: true,
  maxUnreadBytes: true,
  maxBufferedBytes: true,
  idleMs: true,
  frameTimeoutMs: true,
  openingsPerSecond: true,
  exitWaitMs: true,
  stopOn: true,
  multiplexed: true,
  http2: true,
  cors: true,
  trustLanes: true,
  hideInternalErrors: true,
  oldThrift: true,
  inherit: true,
  log: true,
  clock: true,
};

export const CLIENT_TLS_OPTIONS: Readonly<Record<keyof ClientTls, TlsKind>> = {
  ca: "pems",
  cert: "pem",
  key: "pem",
  serverName: "string",
  insecureSkipVerify: "boolean",
};

export const SERVER_TLS_OPTIONS: Readonly<Record<keyof ServerTls, TlsKind>> = {
  cert: "pem",
  key: "pem",
  clientCa: "pems",
  permissive: "boolean",
};

/** With what they are. */
export const HTTP2_OPTIONS: Readonly<Record<keyof Omit<Http2Options, "log">, "number" | "boolean">> = {
  maxConcurrentStreams: "number",
  maxWaitingStreams: "number",
  initialWindowBytes: "number",
  maxWindowBytes: "number",
  connectionWindowBytes: "number",
  maxBufferedBytes: "number",
  maxFrameBytes: "number",
  maxHeaderListBytes: "number",
  headerTableBytes: "number",
  maxQueuedBytes: "number",
  settingsTimeoutMs: "number",
  keepaliveMs: "number",
  keepaliveTimeoutMs: "number",
  keepaliveWithoutStreams: "boolean",
  minPingIntervalMs: "number",
  pingsWithoutStreams: "boolean",
  maxAgeMs: "number",
  maxAgeGraceMs: "number",
  idleFrameBurst: "number",
  idleFramesPerSecond: "number",
  lostStreamBurst: "number",
  lostStreamsPerSecond: "number",
  lostStreamAgeMs: "number",
  turnWork: "number",
  maxPendingAnswers: "number",
};

export const CORS_OPTIONS: OptionNames<CorsOptions> = { origins: true, credentials: true, maxAgeS: true };
