/** What a connection may be told, and what it does unless told otherwise. */
import { consoleLog, type Log } from "@kiteline/core";

/** Everything has a default; the limits' defaults are on. */
export interface Http2Options {
  /** Streams the peer may have open at once. Defaults to 1000 on servers; a client's server may open none. */
  readonly maxConcurrentStreams?: number;
  /** Requests a client keeps waiting for a free stream, beyond which further ones fail at once. Defaults to 10 000. */
  readonly maxWaitingStreams?: number;
  /** Bytes a peer may send on a stream before its reader has taken any. Defaults to 512 KiB. */
  readonly initialWindowBytes?: number;
  /** What a stream's window may grow to when it limits how fast the peer sends. Defaults to 8 MiB. */
  readonly maxWindowBytes?: number;
  /** Bytes a peer may send on all streams together before readers have taken any: bounds what a connection holds. Defaults to 16 MiB. */
  readonly connectionWindowBytes?: number;
  /**
   * Bytes that a connection may hold beyond that, of all messages together which are not with their readers yet: those that are too large
   * for a window and have come in part, and what compressed ones have become. A call that would take more is refused with
   * `resource_exhausted`, unless its message fits a window: such ones have as much as `connectionWindowBytes` more. Defaults to 256 MiB;
   * never less than the largest message that is received.
   */
  readonly maxBufferedBytes?: number;
  /** Largest frame accepted. Defaults to 512 KiB, so that a large message is few frames; data is handed on as it comes anyway. */
  readonly maxFrameBytes?: number;
  /**
   * Largest list of header fields accepted, counted as in RFC 9113, section 6.5.2; one that is larger costs its stream, one that is
   * encoded in four times as much, or decoded to sixteen times as much, the connection. Defaults to 16 KiB.
   */
  readonly maxHeaderListBytes?: number;
  /** Memory that the peer's header compression may use, and ours when the peer allows as much. Defaults to 4096. */
  readonly headerTableBytes?: number;
  /**
   * Encoded bytes of all streams together that wait for the peer's windows. While another message might not fit, streams are not written to and
   * clients send no further calls; one beyond it resets its stream. Defaults to 64 MiB.
   */
  readonly maxQueuedBytes?: number;
  /** Milliseconds the peer may take for its SETTINGS, and to acknowledge ours. Defaults to 20 000. */
  readonly settingsTimeoutMs?: number;

  /** Milliseconds without a byte from the peer after which it is asked for a sign of life (PING); a client whose server finds that too often doubles it. Defaults to never. */
  readonly keepaliveMs?: number;
  /** Milliseconds to wait for that sign; then the connection is taken for dead. Defaults to 20 000. */
  readonly keepaliveTimeoutMs?: number;
  /** Whether to ask also while no stream is open. Defaults to false. */
  readonly keepaliveWithoutStreams?: boolean;
  /** Servers: how close together the peer's PINGs may be while nothing is sent in between (gRFC A8). Defaults to 300 000 ms. */
  readonly minPingIntervalMs?: number;
  /** Servers: whether PINGs may come while no stream is open; if not, they must be two hours apart. Defaults to false. */
  readonly pingsWithoutStreams?: boolean;
  /** Servers: milliseconds after which a connection is asked to go, give or take a tenth (gRFC A9). Defaults to never. */
  readonly maxAgeMs?: number;
  /** Servers: milliseconds after that until its streams are cut. Defaults to never. */
  readonly maxAgeGraceMs?: number;

  /**
   * Work that one connection may cause in a turn of the event loop before the others have theirs; what it sent besides waits for
   * the next turn. An honest call counts 9 while other connections are busy, too, which is about two microseconds, a frame that carries nothing 16 (and twice as
   * much from a peer that sends hardly anything else), and a stream that is lost
   * before it is answered 64. Defaults to 1024.
   */
  readonly turnWork?: number;
  /** Frames that carry nothing a peer may send in a row, a quarter of them to begin with; what it sends and receives of use gives it more. Defaults to 2000. */
  readonly idleFrameBurst?: number;
  /** And how many more for each second. Defaults to 1000. */
  readonly idleFramesPerSecond?: number;
  /**
   * Servers: streams that a caller may open and lose before they are answered, by its resets, or, which counts for four, by its faults;
   * answered ones give it more. Who loses more is told to calm down (ENHANCE_YOUR_CALM), and the connection ends. Defaults to 1000.
   */
  readonly lostStreamBurst?: number;
  /** And how many more for each second. Defaults to 1000. */
  readonly lostStreamsPerSecond?: number;
  /**
   * Streams that were open for so long before the caller reset them do not count among those, since calls that take too long are given
   * up by the thousand: each costs its part of a turn like a call that is answered. Milliseconds, 10 by default.
   */
  readonly lostStreamAgeMs?: number;
  /** Answers to control frames (PING, SETTINGS, resets) that may wait for a peer that does not read. Defaults to 1000. */
  readonly maxPendingAnswers?: number;

  /** Where is said what no stream's failure can say. Defaults to `consoleLog`. */
  readonly log?: Log;
}

export type ResolvedHttp2Options = Required<Http2Options>;

/** The largest flow-control window. */
export const MAX_WINDOW = 0x7fff_ffff;
export const MAX_STREAM_ID = 0x7fff_ffff;
const MIN_FRAME_BYTES = 16_384;
const MAX_FRAME_BYTES = 16_777_215;

const DEFAULTS: ResolvedHttp2Options = {
  maxConcurrentStreams: 1000,
  maxWaitingStreams: 10_000,
  initialWindowBytes: 512 * 1024,
  maxWindowBytes: 8 * 1024 * 1024,
  connectionWindowBytes: 16 * 1024 * 1024,
  maxBufferedBytes: 256 * 1024 * 1024,
  maxFrameBytes: 512 * 1024,
  maxHeaderListBytes: 16 * 1024,
  headerTableBytes: 4096,
  maxQueuedBytes: 64 * 1024 * 1024,
  settingsTimeoutMs: 20_000,
  keepaliveMs: Infinity,
  keepaliveTimeoutMs: 20_000,
  keepaliveWithoutStreams: false,
  minPingIntervalMs: 300_000,
  pingsWithoutStreams: false,
  maxAgeMs: Infinity,
  maxAgeGraceMs: Infinity,
  turnWork: 1024,
  idleFrameBurst: 2000,
  idleFramesPerSecond: 1000,
  lostStreamBurst: 1000,
  lostStreamsPerSecond: 1000,
  lostStreamAgeMs: 10,
  maxPendingAnswers: 1000,
  log: consoleLog,
};

/** The least and the most that the protocol allows, or sense. All others must not be negative. */
const RANGES: Partial<Record<keyof Http2Options, readonly [number, number]>> = {
  maxConcurrentStreams: [0, 0xffff_ffff],
  initialWindowBytes: [1, MAX_WINDOW],
  maxWindowBytes: [1, MAX_WINDOW],
  connectionWindowBytes: [65_535, MAX_WINDOW],
  maxFrameBytes: [MIN_FRAME_BYTES, MAX_FRAME_BYTES],
  maxHeaderListBytes: [0, 0xffff_ffff],
  headerTableBytes: [0, 0xffff_ffff],
  turnWork: [1, Infinity],
};

/** Fills in defaults and checks bounds; throws a `RangeError` that names the option. Made once per client or server, not per connection. */
export function resolveHttp2Options(options: Http2Options = {}): ResolvedHttp2Options {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const resolved: ResolvedHttp2Options = { ...DEFAULTS, ...Object.fromEntries(given) };
  for (const [name, value] of Object.entries(resolved)) {
    if (typeof value !== "number") continue;
    const [least, most] = RANGES[name as keyof Http2Options] ?? [0, Infinity];
    if (!(value >= least && value <= most)) throw new RangeError(`${name} must be between ${least} and ${most}, got ${value}`);
  }
  return resolved;
}
