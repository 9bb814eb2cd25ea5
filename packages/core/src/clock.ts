/** Time, passed in like everything else, so that no test waits for it. */
import { runOutsideCall } from "./call-store.ts";

/** A timer that was set. */
export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds on a clock that never goes back; its zero means nothing. */
  now(): number;
  /** Runs `task` once after `delayMs`, outside of any call. The process does not wait for it, unless `awaited` says that somebody does. */
  after(delayMs: number, task: () => void, awaited?: boolean): Timer;
}

/** Node clips longer timers to 1 ms, and warns of those in the past: we clip both. */
const MAX_TIMER_MS = 2_147_483_647;

/** Node looks for the global `performance` each time it is named, which takes as long as looking at the clock. */
let machine: Pick<Performance, "now"> | undefined;

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => (machine ??= performance).now(),
  after(delayMs, task, awaited = false) {
    // A timer belongs to the call that set it: one that sets itself again would hold on to that call for ever.
    const timeout = runOutsideCall(() => setTimeout(task, Math.max(0, Math.min(delayMs, MAX_TIMER_MS))));
    if (!awaited) timeout.unref();
    return { cancel: () => clearTimeout(timeout) };
  },
};

/** A clock that stands still until told to advance; for tests, ours and our users'. */
export class ManualClock implements Clock {
  #now: number;
  #timers: { at: number; task: () => void }[] = [];

  constructor(startMs = 0) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  after(delayMs: number, task: () => void): Timer {
    const timer = { at: this.#now + Math.max(0, delayMs), task };
    this.#timers.push(timer);
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
      },
    };
  }

  /** Lets `ms` pass, running what falls due in the order of its time. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      let next: { at: number; task: () => void } | undefined;
      for (const timer of this.#timers) if (timer.at <= end && (next === undefined || timer.at < next.at)) next = timer;
      if (next === undefined) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.at);
      runOutsideCall(next.task);
    }
    this.#now = end;
  }
}
