/** What a client notes of its calls by itself: counters always, a `CallInfo` for callers that passed one. */
import { RpcError, type ClientCall, type Clock, type Counters } from "@kiteline/core";
import { applyHeaders, type ChosenRoute } from "@kiteline/router";
import type { Observer } from "./attempts.ts";

export function counting(counters: Counters): Observer {
  return {
    started: () => {
      counters.started++;
    },
    ended: (_call, error) => {
      if (error === undefined) counters.succeeded++;
      else if (error instanceof RpcError) {
        counters.failed++;
        counters.failures[error.code]++;
      } else {
        counters.refused++;
      }
    },
  };
}

export function informing(clock: Clock): Observer {
  return {
    started: () => undefined,
    ended: (call: ClientCall) => {
      const { info } = call;
      if (info === undefined) return;
      const { attempt, startMs } = call;
      info.attempts = call.attempts;
      const route = call.route as ChosenRoute<unknown> | undefined;
      info.route = route?.name;
      if (route !== undefined && route.responseHeaders.length > 0) applyHeaders(info.reply, route.responseHeaders);
      info.endedMs = clock.now() - startMs;
      if (attempt === undefined) return;
      info.peer = attempt.peer?.address;
      info.labels = attempt.peer?.labels;
      if (attempt.sentMs !== 0) info.sentMs = Math.max(0, attempt.sentMs - startMs);
    },
  };
}
