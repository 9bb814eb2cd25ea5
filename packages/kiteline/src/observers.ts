/** What a client notes of its calls by itself: counters always, a `CallInfo` for callers that passed one. */
import { RpcError, type CallInfo, type ClientCall, type Counters, type Log } from "@kiteline/core";
import type { LiveEndpoint } from "@kiteline/balance";
import type { ChosenRoute } from "@kiteline/router";
import type { EndpointConnections } from "./endpoint-connections.ts";

/** Sees calls begin and end without standing in their way. */
export interface Observer {
  started(call: ClientCall): void;
  /** `error` is `undefined` for a success. */
  ended(call: ClientCall, error: Error | undefined): void;
}

/** Counts a call that came to an end without a success. */
export function countFailure(counters: Counters, error: Error): void {
  if (error instanceof RpcError) {
    counters.failed++;
    counters.failures[error.code]++;
  } else {
    counters.refused++;
  }
}

/** Fills in what the caller wants to know of a call that ends now. */
export function inform(call: ClientCall, info: CallInfo, nowMs: number): void {
  const { attempt, startMs } = call;
  info.attempts = call.attempts;
  const route = call.route as ChosenRoute<unknown> | undefined;
  info.route = route?.name;
  if (route !== undefined && route.responseHeaders.length > 0) route.changeReply(info.reply);
  info.endedMs = nowMs - startMs;
  if (attempt === undefined) return;
  // Nobody may have been left for the last attempt: then it is who was tried before.
  const peer = attempt.peer ?? call.tried?.at(-1);
  info.peer = peer?.address;
  info.labels = peer?.labels;
  if (attempt.sentMs !== 0) info.sentMs = Math.max(0, attempt.sentMs - startMs);
  const connections = (attempt.peer as LiveEndpoint | undefined)?.state as EndpointConnections | undefined;
  const dial = connections?.lastDial(call.method.kind);
  // Only while this call waited: a connection that was open already costs nothing.
  if (dial === undefined || dial.endedMs < startMs || (attempt.sentMs !== 0 && dial.endedMs > attempt.sentMs)) return;
  info.connectMs = dial.times.connectMs;
  info.tlsMs = dial.times.tlsMs;
}

/** Says, once, that a coloured call went where its colour cannot. For protocols without metadata only: others pay nothing. */
export function missingColours(laneOf: (call: ClientCall) => string | undefined, protocol: string, callee: string, log: Log): Observer {
  let told = false;
  return {
    started: () => undefined,
    // Not before, since a route may colour the call.
    ended: (call: ClientCall) => {
      if (told) return;
      const lane = laneOf(call);
      if (lane === undefined) return;
      told = true;
      log({
        level: "warn",
        message: `calls to ${callee} belong to a lane ("${lane}" for one), which it does not learn: ${protocol} carries no metadata. Use the protocol ttheader, if it understands that. Said once`,
      });
    },
  };
}
