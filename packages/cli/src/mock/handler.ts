/** The handler of one mocked method, of whatever kind. */
import { setTimeout } from "node:timers/promises";
import type { ServerCall } from "@kiteline/core";
import { streamsReplies, streamsRequests, type IdlMethod } from "../services/service.ts";
import type { Answer } from "./replies.ts";
import { respond, toldReply, type Response } from "./respond.ts";

/** Learns of one call what it was asked and what it answered. */
export interface CallWatcher {
  asked(request: unknown): void;
  answered(response: Response): void;
  /** However the call ended; a caller that left is told by `complete` being false. */
  ended(complete: boolean): void;
}

/** JSON text or an iterable of it, and the same back. */
export type MockHandler = (request: unknown, call: ServerCall) => unknown;

/**
 * Gives the answers in turn. A stream gets a reply to each request; one reply to many requests is that to the last. `watch`
 * is called for each call.
 */
export function mockHandler(method: IdlMethod, answers: readonly Answer[], watch: (call: ServerCall) => CallWatcher): MockHandler {
  let count = 0;
  const next = (): Answer | undefined => answers[count++ % Math.max(1, answers.length)];
  return streamsReplies(method)
    ? (request, call) => answerEach(method, requestsOf(method, request), next(), call, watch(call))
    : (request, call) => answerOnce(method, requestsOf(method, request), next(), call, watch(call));
}

type Requests = AsyncIterable<string> | Iterable<string>;

function requestsOf(method: IdlMethod, request: unknown): Requests {
  return streamsRequests(method) ? (request as Requests) : [request as string];
}

async function answerOnce(
  method: IdlMethod,
  requests: Requests,
  answer: Answer | undefined,
  call: ServerCall,
  watcher: CallWatcher,
): Promise<string | undefined> {
  let last: unknown = method.exampleRequest();
  for await (const text of requests) watcher.asked((last = JSON.parse(text)));
  await wait(answer, call);
  const response = respond(method, last, answer);
  watcher.answered(response);
  watcher.ended(true);
  if (response.kind === "reply") return response.json;
  throw response.error;
}

async function* answerEach(
  method: IdlMethod,
  requests: Requests,
  answer: Answer | undefined,
  call: ServerCall,
  watcher: CallWatcher,
): AsyncGenerator<string> {
  let complete = false;
  const send = (response: Response): string => {
    watcher.answered(response);
    if (response.kind === "reply") return response.json ?? "";
    complete = true;
    throw response.error;
  };
  try {
    if (answer?.replies === undefined) {
      for await (const text of requests) {
        const request: unknown = JSON.parse(text);
        watcher.asked(request);
        await wait(answer, call);
        yield send(respond(method, request, answer));
      }
    } else {
      // One request is there already; those of a stream may wait for what we say.
      if (!streamsRequests(method)) for await (const text of requests) watcher.asked(JSON.parse(text));
      for (const told of answer.replies) {
        await wait(answer, call);
        yield send(toldReply(method, method.exampleRequest(), told));
      }
    }
    // A stream without requests, or with replies of its own, fails behind them.
    if (failsAtLast(answer)) send(respond(method, method.exampleRequest(), answer));
    complete = true;
  } finally {
    watcher.ended(complete);
  }
}

function failsAtLast(answer: Answer | undefined): boolean {
  return answer !== undefined && answer.outcome.kind !== "example" && answer.outcome.kind !== "reply";
}

/** Waits, but no longer than the caller does. */
async function wait(answer: Answer | undefined, { signal }: ServerCall): Promise<void> {
  if (answer === undefined || answer.delayMs === 0) return;
  await setTimeout(answer.delayMs, undefined, { signal }).catch(() => undefined);
}
