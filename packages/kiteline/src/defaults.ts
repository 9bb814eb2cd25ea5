/** Every default there is, with its unit and its reason. Nothing else knows one. */

export const DEFAULTS = {
  /** Long enough for a busy peer of another continent, short enough that a dead host is noticed within a request. */
  connectTimeoutMs: 1000,
  /** Largest message either way. Kitex has no limit and gRPC 4 MiB; a broken peer must not exhaust our memory. */
  maxMessageBytes: 16_777_216,
  /** Room for a frame's header beside its message. */
  frameOverheadBytes: 524_288,
  /** What a socket may hold back before its connection takes no more. */
  writeBufferBytes: 1_048_576,
  /** TTHeader's streams have no windows of their own; this is what gRPC's connections hold, too, before they measure. */
  maxUnreadBytes: 1_048_576,
  /** Sixteen messages of the largest size on a connection at a time: more are few callers' honest need, and ten thousand would be the end of us. */
  maxBufferedBytes: 268_435_456,
  /** What one connection may have of a turn of the event loop: about a quarter of a millisecond of honest calls. */
  turnWork: 1024,
  client: {
    /** Attempts beyond the first for calls that provably were not executed. */
    retries: 2,
    /** Per streaming call: what was sent before the peer began to answer, to be sent again where it provably did nothing (as grpc-java and grpc-js). */
    maxReplayBytes: 1_048_576,
    multiplexedConnections: 1,
    /** Per endpoint: bounds what a server that takes one call per connection can make us open. */
    maxConnections: 256,
    maxInFlight: 10_000,
    maxWaiting: 10_000,
    /** At a cold start many calls wait for the first connections: opening more at once only slows them all. */
    maxDials: 4,
    /** Below the ten minutes after which servers close idle connections, so that ours are closed by us. */
    idleMs: 300_000,
    minBackoffMs: 100,
    maxBackoffMs: 10_000,
    /** How long `ready` keeps trying: services that start together wait for one another. */
    readyMs: 5000,
    /** How long calls may go on after `close`, as at servers: a stream that nobody reads must not hold a program for ever. */
    exitWaitMs: 5000,
  },
  server: {
    /** How long calls may go on after `close` (Kitex's exit wait). */
    exitWaitMs: 5000,
    idleMs: 600_000,
    frameTimeoutMs: 30_000,
    /** A third of a core with keys of usual kinds; callers of a service that restarts are all back within seconds. */
    openingsPerSecond: 1000,
    maxConnections: 100_000,
    /** Calls being handled at once; beyond it calls are refused with `resource_exhausted`. */
    maxConcurrency: 100_000,
    /** Per connection; further calls stay unread. */
    maxInFlight: 10_000,
    /** Per connection whose caller wants its answers in order. */
    maxReadAhead: 64,
  },
} as const;
