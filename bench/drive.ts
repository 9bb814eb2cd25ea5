/** The load: what calls, when, and what it finds out. The same code drives every peer in Node. */
import { Histogram, type Counts } from "./histogram.ts";
import type { EchoCaller } from "./peer.ts";
import { usage, type Usage } from "./usage.ts";

interface Latencies {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Of all latencies that were looked at. */
  readonly latencies: Counts;
}

export interface Measurement extends Usage, Latencies {
  readonly calls: number;
  readonly elapsedMs: number;
}

/** With many callers each looks at the clock for one call in so many: looking costs a twentieth of the fastest call. */
const SAMPLING = 8;

/** Each of `callers` calls again as soon as it has its answer. */
export function closedLoop(peer: EchoCaller, callers: number, durationMs: number): Promise<Measurement> {
  const { promise, resolve, reject } = Promise.withResolvers<Measurement>();
  const histogram = new Histogram();
  const mask = callers < SAMPLING ? 0 : SAMPLING - 1;
  let calls = 0;
  let inFlight = callers;
  let stopped: Omit<Measurement, keyof Latencies> | undefined;
  const before = usage();
  const startedMs = performance.now();

  const startCaller = (): void => {
    let turn = 0;
    let sentMs = 0;
    const send = (): void => {
      if ((turn & mask) === 0) sentMs = performance.now();
      peer.call(done);
    };
    const done = (error?: unknown): void => {
      if (error !== undefined) return reject(error);
      if ((turn & mask) === 0) histogram.record(performance.now() - sentMs);
      turn += 1;
      calls += 1;
      if (stopped === undefined) return send();
      inFlight -= 1;
      if (inFlight > 0) return;
      resolve({ ...stopped, ...latenciesOf(histogram) });
    };
    send();
  };

  setTimeout(() => {
    stopped = { calls, elapsedMs: performance.now() - startedMs, ...since(before) };
  }, durationMs);
  for (let i = 0; i < callers; i += 1) startCaller();
  return promise;
}

/**
 * Calls start at a fixed rate, whether or not earlier ones have been answered, and their latency counts from when they were due:
 * a peer that falls behind cannot hide it by slowing the load.
 */
export function openLoop(peer: EchoCaller, callsPerSecond: number, durationMs: number): Promise<Measurement> {
  const { promise, resolve, reject } = Promise.withResolvers<Measurement>();
  const histogram = new Histogram();
  const gapMs = 1000 / callsPerSecond;
  const total = Math.floor(durationMs / gapMs);
  let sent = 0;
  let answered = 0;
  const before = usage();
  const startedMs = performance.now();

  const callDue = (dueMs: number): void =>
    peer.call((error) => {
      if (error !== undefined) return reject(error);
      const nowMs = performance.now();
      histogram.record(nowMs - dueMs);
      answered += 1;
      if (answered < total) return;
      resolve({
        calls: total,
        elapsedMs: nowMs - startedMs,
        ...since(before),
        ...latenciesOf(histogram),
      });
    });
  // Asked every turn rather than by a timer, whose millisecond would be most of what is measured.
  const turn = (): void => {
    const nowMs = performance.now();
    for (let dueMs = startedMs + sent * gapMs; dueMs <= nowMs && sent < total; dueMs += gapMs) {
      sent += 1;
      callDue(dueMs);
    }
    if (sent < total) setImmediate(turn);
  };
  turn();
  return promise;
}

/** One stream for `durationMs`: the calls are its messages, and there are no latencies. */
export async function streamLoad(stream: (durationMs: number) => Promise<number>, durationMs: number): Promise<Measurement> {
  const before = usage();
  const startedMs = performance.now();
  const calls = await stream(durationMs);
  return { calls, elapsedMs: performance.now() - startedMs, ...since(before), ...latenciesOf(new Histogram()) };
}

function latenciesOf(histogram: Histogram): Latencies {
  const { maxMs } = histogram;
  return { p50Ms: histogram.percentile(0.5), p99Ms: histogram.percentile(0.99), maxMs, latencies: histogram.counts() };
}

function since(before: Usage): Usage {
  const after = usage();
  return { cpuMs: after.cpuMs - before.cpuMs, allocatedBytes: after.allocatedBytes - before.allocatedBytes };
}
