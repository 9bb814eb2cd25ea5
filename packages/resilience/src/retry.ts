/**
 * Whether a failed attempt is followed by another, and after which pause.
 *
 * A call that may have run is tried again only if running it twice does no harm: its method says so, or its caller
 * does. Beyond that a route's policy says for which failures (Envoy's `retry_on`); without one, whatever provably
 * was not executed is tried again.
 */
import { httpOfCode, type Attempt, type RpcError } from "@kiteline/core";
import type { RetryCondition, RetryPolicy } from "@kiteline/policy";

/** Envoy's default when a policy gives no pause: 25 ms, growing to ten times that. */
const DEFAULT_BACKOFF = { baseMs: 25, maxMs: 250 } as const;

/** Milliseconds until the next attempt, 0 for at once, or `undefined` when there is none. `random` gives numbers from 0 up to 1. */
export function retryDelayMs(
  attempt: Attempt,
  error: RpcError,
  policy: RetryPolicy | undefined,
  defaultRetries: number,
  random: () => number,
): number | undefined {
  const retries = policy?.retries ?? defaultRetries;
  if (attempt.number > retries) return undefined;
  if (error.executed !== "no" && !attempt.call.idempotent) return undefined;
  if (policy === undefined) return error.executed === "no" && error.retriable ? 0 : undefined;
  if (!policy.on.some((condition) => meets(condition, error, policy))) return undefined;
  const { baseMs, maxMs } = policy.backoff ?? DEFAULT_BACKOFF;
  return random() * Math.min(maxMs, baseMs * (2 ** attempt.number - 1));
}

/** Whether the failure is one that the condition means (Envoy, `x-envoy-retry-on` and `x-envoy-retry-grpc-on`). */
function meets(condition: RetryCondition, error: RpcError, policy: RetryPolicy): boolean {
  const { code, executed } = error;
  switch (condition) {
    case "cancelled":
      return code === "cancelled";
    case "deadline-exceeded":
      return code === "deadline_exceeded";
    case "internal":
      return code === "internal";
    case "resource-exhausted":
    case "envoy-ratelimited":
      return code === "resource_exhausted";
    case "unavailable":
      return code === "unavailable";
    case "connect-failure":
    case "refused-stream":
    case "reset-before-request":
      return code === "unavailable" && executed === "no";
    case "reset":
      return code === "unavailable" && executed !== "yes";
    case "5xx":
      return httpOfCode(code) >= 500;
    case "gateway-error":
      return httpOfCode(code) >= 502 && httpOfCode(code) <= 504;
    case "retriable-4xx":
      return httpOfCode(code) === 409;
    case "retriable-status-codes":
      return policy.statusCodes?.includes(httpOfCode(code)) === true;
    case "retriable-headers":
    case "http3-post-connect-failure":
      return false; // about HTTP alone
  }
}
