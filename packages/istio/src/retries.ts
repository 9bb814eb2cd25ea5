/** `retries` of a route, and what Istio does where there are none (`pilot/pkg/networking/core/route/retry`). */
import type { RetryCondition, RetryPolicy } from "@kiteline/policy";
import { RETRY_CONDITIONS } from "@kiteline/policy/parsers";
import type { HttpRetry } from "./kinds/virtual-service.ts";
import type { Problems } from "./place.ts";

const DEFAULT_CONDITIONS: readonly RetryCondition[] = [
  "connect-failure",
  "refused-stream",
  "unavailable",
  "cancelled",
  "retriable-status-codes",
];
/** Envoy's, for everything that the field `backoff` leaves open. */
const DEFAULT_BASE_MS = 25;

export const DEFAULT_RETRY: RetryPolicy = { retries: 2, on: DEFAULT_CONDITIONS, backoff: backoffOf(DEFAULT_BASE_MS) };

export function retryPolicyOf(retries: HttpRetry | undefined, problems: Problems): RetryPolicy {
  if (retries === undefined) return DEFAULT_RETRY;
  const { attempts = 0, perTryTimeout, retryOn, retryIgnorePreviousHosts, backoff } = retries;
  if (attempts === 0) return { retries: 0, on: [] };
  const { on, statusCodes } = conditionsOf(retryOn, retries, problems);
  return {
    retries: attempts,
    on,
    ...(statusCodes.length === 0 ? {} : { statusCodes }),
    ...(perTryTimeout === undefined || perTryTimeout === 0 ? {} : { perTryTimeoutMs: perTryTimeout }),
    backoff: backoffOf(backoff ?? DEFAULT_BASE_MS),
    ...(retryIgnorePreviousHosts === undefined ? {} : { avoidTried: retryIgnorePreviousHosts }),
  };
}

function backoffOf(baseMs: number): { baseMs: number; maxMs: number } {
  return { baseMs, maxMs: 10 * baseMs };
}

/** Names and HTTP statuses, separated by commas. */
function conditionsOf(
  text: string | undefined,
  retries: HttpRetry,
  problems: Problems,
): { on: readonly RetryCondition[]; statusCodes: number[] } {
  const parts = (text ?? "").split(",").map((part) => part.trim());
  const given = parts.filter((part) => part !== "");
  if (given.length === 0) return { on: DEFAULT_CONDITIONS, statusCodes: [] };
  const on = new Set<RetryCondition>();
  const statusCodes: number[] = [];
  for (const part of given) {
    const condition = RETRY_CONDITIONS.find((each) => each === part);
    if (/^[1-5]\d\d$/.test(part)) statusCodes.push(Number(part));
    else if (condition !== undefined) on.add(condition);
    else
      problems.add(
        retries.place
          .at("retryOn")
          .problem("error", `expected HTTP statuses and names out of ${RETRY_CONDITIONS.join(", ")}, got "${part}"`),
      );
  }
  if (statusCodes.length > 0) on.add("retriable-status-codes");
  return { on: [...on], statusCodes };
}
