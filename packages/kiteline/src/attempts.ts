/**
 * The bottom of a client's stack: makes the caller's promise and runs attempts until one settles it. Attempts report
 * by calls, not by promises, so that a retry costs the calls that need none nothing at all.
 */
import {
  Attempt,
  isMessageSource,
  Metadata,
  OutgoingMessages,
  rejection,
  RpcError,
  textOf,
  type AttemptController,
  type Call,
  type ClientCall,
  type Clock,
  type Counters,
  type MessageQueue,
  type Service,
  type TimingWheel,
} from "@kiteline/core";
import { hasFields, shown } from "@kiteline/net/start";
import { countFailure, inform, type Observer } from "./observers.ts";

/** Sends one attempt on its way: picks an endpoint and hands it to a connection, or fails it. */
export type Launch = (attempt: Attempt) => void;

/** Whether and when a failed attempt is followed by another: milliseconds to wait, or `undefined` for no. */
export type RetryDecision = (attempt: Attempt, error: RpcError) => number | undefined;

/** Chooses the call's route in the snapshot of this moment; it may shorten the deadline. Returns why there is none. */
export type RouteChoice = (call: ClientCall) => RpcError | undefined;

export interface AttemptsContext {
  readonly clock: Clock;
  readonly wheel: TimingWheel;
  readonly counters: Counters;
  /** Mostly nobody: what every call pays for is no observer. */
  readonly observers: readonly Observer[];
  /** `undefined` once routes are known; until then, what settles when they are, or when they have not come for too long. */
  readonly untilRoutes: () => Promise<void> | undefined;
  readonly route: RouteChoice;
  readonly launch: Launch;
  readonly retry: RetryDecision;
  /** Bytes of a request's messages that are kept to be sent again, until the peer begins to answer. */
  readonly maxReplayBytes: number;
}

export function attempts(context: AttemptsContext): Service {
  const controller = new Controller(context);
  return function attempts(request: unknown, call: Call): Promise<unknown> {
    const mine = call as ClientCall;
    mine.request = request;
    mine.controller = controller;
    return new Promise((resolve) => {
      mine.resolve = resolve;
      controller.start(mine);
    });
  };
}

/** The same for methods whose request is a stream: the messages of all attempts come from one iterable. */
export function streamingAttempts(context: AttemptsContext): Service {
  const service = attempts(context);
  return function attempts(request: unknown, call: Call): Promise<unknown> {
    if (!isMessageSource(request)) {
      const text = `${call.method.fullName} takes an iterable of messages, got ${shown(request)}${hasFields(request) ? ": one message is [message]" : ""}`;
      return Promise.reject(new RpcError("invalid_argument", text, { executed: "no", retriable: false }));
    }
    const outgoing = new OutgoingMessages(request, context.maxReplayBytes);
    (call as ClientCall).outgoing = outgoing;
    const response = service(request, call);
    // Unless they have begun to be sent, which a connection will ask for.
    if (!outgoing.begun) outgoing.keepContext();
    return response;
  };
}

/** Between looks for an endpoint by calls that wait until there is one. */
const LOOK_AGAIN_MS = 100;

class Controller implements AttemptController {
  readonly #context: AttemptsContext;

  constructor(context: AttemptsContext) {
    this.#context = context;
  }

  start(call: ClientCall): void {
    const { parent } = call;
    const { signal } = call.options;
    // First, so that every call that begins also ends for whoever counts.
    const { counters, observers } = this.#context;
    counters.started++;
    for (const observer of observers) observer.started(call);
    // By middleware, above.
    if (call.cancelled !== undefined) {
      const { code, detail, cause } = call.cancelled;
      this.#reject(call, new RpcError(code, detail, { executed: "no", retriable: false, cause }));
      return;
    }
    if (parent !== undefined && !parent.ended) {
      if (parent.cancelled !== undefined) {
        const { code, detail } = parent.cancelled;
        this.#reject(
          call,
          new RpcError(code, `the call it was made for has ended: ${detail}`, {
            executed: "no",
            retriable: false,
            cause: parent.cancelled,
          }),
        );
        return;
      }
      parent.adopt(call);
    }
    if (signal !== undefined) {
      if (signal.aborted) {
        this.#reject(call, aborted(signal, "no"));
        return;
      }
      const onAbort = (): void => {
        call.cancel(aborted(signal, "maybe"));
      };
      signal.addEventListener("abort", onAbort, { once: true });
      call.onAbort = onAbort;
    }
    const unknown = this.#context.untilRoutes();
    if (unknown === undefined) this.#route(call);
    else this.#await(call, unknown);
  }

  /** Nothing is known of the target yet: the call waits for the first snapshot, as long as its deadline allows. */
  #await(call: ClientCall, routes: Promise<void>): void {
    const { wheel } = this.#context;
    if (call.deadlineMs !== Infinity) wheel.add(call, call.deadlineMs);
    routes.then(
      () => {
        if (call.ended) return;
        if (call.wheelSlot >= 0) wheel.remove(call);
        this.#route(call);
      },
      (error: unknown) => {
        if (call.ended) return;
        const { code, detail, executed, retriable, cause } = RpcError.from(error);
        // One error each: others wait for the same, and what is noted on it differs from call to call.
        const failure = RpcError.withoutStack(code, detail, { executed, retriable, cause });
        const unknown = waits(call, failure) ? this.#context.untilRoutes() : undefined;
        if (unknown !== undefined) {
          if (call.wheelSlot >= 0) wheel.remove(call);
          this.#await(call, unknown);
        } else {
          this.#reject(call, failure);
        }
      },
    );
  }

  #route(call: ClientCall): void {
    const { wheel } = this.#context;
    // Before the deadline is watched, since a route may shorten it.
    const unroutable = this.#context.route(call);
    if (unroutable !== undefined && !waits(call, unroutable)) {
      this.#reject(call, unroutable);
      return;
    }
    if (call.deadlineMs !== Infinity) {
      if (call.deadlineMs <= call.startMs) {
        this.#reject(
          call,
          new RpcError("deadline_exceeded", "the deadline had passed before the call was sent", { executed: "no", retriable: false }),
        );
        return;
      }
      wheel.add(call, call.deadlineMs);
    }
    if (unroutable === undefined) {
      this.#launch(call);
    } else {
      call.lastError = unroutable;
      this.#lookAgain(call);
    }
  }

  /** There is nobody yet for a call that waits: another snapshot may have another route for it. */
  #lookAgain(call: ClientCall): void {
    const { clock, wheel } = this.#context;
    const again = (): void => {
      if (call.ended) return;
      if (call.wheelSlot >= 0) wheel.remove(call);
      this.#route(call);
    };
    clock.after(LOOK_AGAIN_MS, again, true); // the caller waits
  }

  begun({ call }: Attempt, incoming: MessageQueue): void {
    call.outgoing?.commit();
    call.begin(incoming);
  }

  succeeded({ call }: Attempt, value: unknown): void {
    if (call.ended) return;
    this.#end(call, undefined);
    if (call.incoming === undefined) call.resolve(value);
    else call.incoming.end();
  }

  failed(attempt: Attempt, error: Error): void {
    const { call } = attempt;
    if (call.ended) return;
    if (attempt.peer !== undefined && error instanceof RpcError) {
      error.peer ??= attempt.peer.address; // now: should nobody be left to try, this error is the call's
      if (call.deadlineMs <= this.#context.clock.now()) {
        // Peers give up at the same moment as we do, and some say it in words of their own.
        this.#reject(call, deadlineExceeded(call, error));
        return;
      }
      const delayMs = repeatable(call) ? this.#context.retry(attempt, error) : undefined;
      if (delayMs !== undefined) {
        call.lastError = error;
        if (error.executed !== "no") call.ranBefore++;
        call.outgoing?.detach();
        this.#again(call, delayMs);
        return;
      }
    }
    // After those who could be tried at once, of whom one may be there.
    if (waits(call, error) && repeatable(call)) {
      call.attempts--; // it came nowhere
      call.lastError = error as RpcError;
      call.outgoing?.detach();
      this.#lookAgain(call);
      return;
    }
    // Where there was nobody to try, but somebody was tried before, what went wrong there says more.
    this.#reject(call, attempt.peer === undefined ? (call.lastError ?? error) : error);
  }

  cancelled(call: ClientCall, reason: RpcError): void {
    if (call.ended) return;
    const { attempt, lastError } = call;
    // Between attempts: the last one has ended, and is among those that may have run or is not.
    const mayRun = attempt !== undefined && attempt.seq !== 0 && !attempt.ended;
    const facts = { executed: mayRun || call.ranBefore > 0 ? "maybe" : "no", retriable: false, cause: reason.cause } as const;
    // Who waited for a server that cannot be had wants to know why.
    const why = lastError === undefined || mayRun || reason.code !== "deadline_exceeded" ? "" : `; before: ${lastError.detail}`;
    this.#reject(call, RpcError.withoutStack(reason.code, reason.detail + why, facts));
    attempt?.abandon(reason);
  }

  #again(call: ClientCall, delayMs: number): void {
    const peer = call.attempt?.peer;
    if (peer !== undefined) (call.tried ??= []).push(peer);
    this.#context.counters.retries++;
    if (delayMs <= 0) {
      this.#launch(call);
      return;
    }
    const again = (): void => {
      if (!call.ended) this.#launch(call);
    };
    this.#context.clock.after(delayMs, again, true); // the caller waits
  }

  #launch(call: ClientCall): void {
    const attempt = new Attempt(call, ++call.attempts);
    // What the reply to an earlier attempt brought is not this reply's.
    if (attempt.number > 1 && call.info !== undefined) call.info.reply = new Metadata();
    call.attempt = attempt;
    this.#context.launch(attempt);
  }

  #reject(call: ClientCall, error: Error): void {
    if (error instanceof RpcError) {
      const { attempt } = call;
      error.ofCall = true;
      error.method ??= call.method.fullName;
      if (attempt?.peer !== undefined) error.peer ??= attempt.peer.address;
      error.time ??= (attempt ?? new Attempt(call, 0)).timeSpent(this.#context.clock.now());
    }
    this.#end(call, error);
    if (call.incoming === undefined) call.resolve(rejection(error));
    else if (call.cancelled === undefined) call.incoming.fail(error, rejection);
    else call.incoming.abort(error, rejection); // who gave up wants no more of what has come
  }

  #end(call: ClientCall, error: Error | undefined): void {
    call.ended = true;
    call.outgoing?.close();
    if (call.wheelSlot >= 0) this.#context.wheel.remove(call);
    if (call.parent !== undefined) call.parent.release(call);
    if (call.onAbort !== undefined) call.options.signal?.removeEventListener("abort", call.onAbort);
    const { counters, observers } = this.#context;
    if (error === undefined) counters.succeeded++;
    else countFailure(counters, error);
    if (call.info !== undefined) inform(call, call.info, this.#context.clock.now());
    for (const observer of observers) observer.ended(call, error);
  }
}

/** Whether it can be sent once more: nothing of an answer has come, and what was sent is still there. */
function repeatable({ incoming, outgoing }: ClientCall): boolean {
  return incoming === undefined && outgoing?.replayable !== false;
}

/** Whether the call would rather wait than take this for its end: nobody could be reached. */
function waits({ options }: ClientCall, error: Error): boolean {
  return options.waitForReady === true && error instanceof RpcError && error.code === "unavailable" && error.executed === "no";
}

function deadlineExceeded(call: ClientCall, error: RpcError): RpcError {
  if (error.code === "deadline_exceeded") return error;
  const { executed } = error;
  return new RpcError("deadline_exceeded", `${call.method.fullName} had not succeeded by its deadline: ${error.detail}`, {
    executed,
    retriable: false,
    cause: error,
  });
}

function aborted(signal: AbortSignal, executed: "no" | "maybe"): RpcError {
  const reason: unknown = signal.reason;
  return new RpcError("cancelled", `the caller cancelled: ${textOf(reason)}`, { executed, retriable: false, cause: reason });
}
