/** The suite's two endurance cases: large unary calls again and again, some of which may fail or be slow, over one channel or many. */
import { setTimeout as delay } from "node:timers/promises";
import { largeUnary, type SuiteClients } from "./cases.ts";
import type { Flags } from "./flags.ts";

interface SoakOptions {
  readonly iterations: number;
  readonly maxFailures: number;
  /** An iteration that takes longer has failed. */
  readonly maxLatencyMs: number;
  /** When it ends, wherever it is; having made too few iterations it has failed. */
  readonly overallTimeoutMs: number;
  readonly minTimeBetweenMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly workers: number;
}

/** By the suite's flags and defaults. */
export function soakOptions(flags: Flags): SoakOptions {
  return {
    iterations: flags.number("soak_iterations", 10),
    maxFailures: flags.number("soak_max_failures", 0),
    maxLatencyMs: flags.number("soak_per_iteration_max_acceptable_latency_ms", 1000),
    overallTimeoutMs: flags.number("soak_overall_timeout_seconds", 10) * 1000,
    minTimeBetweenMs: flags.number("soak_min_time_ms_between_rpcs", 0),
    requestBytes: flags.number("soak_request_size", 271_828),
    responseBytes: flags.number("soak_response_size", 314_159),
    workers: flags.number("soak_num_threads", 1),
  };
}

/** `use` runs an iteration with the channel it is to use. Throws when more failed than may, or when there was no time for all. */
export async function soak(options: SoakOptions, use: (iterate: (clients: SuiteClients) => Promise<void>) => Promise<void>): Promise<void> {
  const { iterations, maxFailures, maxLatencyMs, overallTimeoutMs, minTimeBetweenMs, requestBytes, responseBytes, workers } = options;
  const stopMs = performance.now() + overallTimeoutMs;
  const failures: string[] = [];
  let made = 0;
  const iterate = async ({ test }: SuiteClients): Promise<void> => {
    const startedMs = performance.now();
    await largeUnary(test, requestBytes, responseBytes);
    const tookMs = performance.now() - startedMs;
    if (tookMs > maxLatencyMs) throw new Error(`an iteration took ${tookMs.toFixed(0)} ms`);
  };
  const work = async (): Promise<void> => {
    for (let left = iterations / workers; left > 0 && performance.now() < stopMs; left -= 1) {
      const pause = minTimeBetweenMs > 0 ? delay(minTimeBetweenMs) : undefined;
      await use(iterate).catch((error: unknown) => failures.push(String(error)));
      made += 1;
      await pause;
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  if (made < iterations) throw new Error(`there was time for ${made} of ${iterations} iterations`);
  if (failures.length > maxFailures)
    throw new Error(`${failures.length} of ${iterations} iterations failed: ${failures.slice(0, 3).join("; ")}`);
}
