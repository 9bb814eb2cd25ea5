/** The pauses between attempts to reach an endpoint that cannot be reached: each is twice the one before, half of it random, up to a bound. */
import { RpcError } from "@kiteline/core";

export interface BackoffOptions {
  /** Pause after the first failed dial; doubles with each, half of it random, up to `maxBackoffMs`. */
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
}

export class Backoff {
  /** Until then nobody tries. Of the clock. */
  untilMs = 0;
  /** Why the last attempt failed; `undefined` where it did not. */
  lastError: RpcError | undefined;
  readonly #options: BackoffOptions;
  readonly #random: () => number;
  #failures = 0;

  constructor(options: BackoffOptions, random: () => number) {
    this.#options = options;
    this.#random = random;
  }

  failed(error: RpcError, nowMs: number): void {
    const { minBackoffMs, maxBackoffMs } = this.#options;
    const pause = Math.min(maxBackoffMs, minBackoffMs * 2 ** this.#failures++);
    this.untilMs = nowMs + pause * (0.5 + this.#random() / 2);
    this.lastError = error;
  }

  succeeded(): void {
    this.#failures = 0;
    this.untilMs = 0;
    this.lastError = undefined;
  }

  /** What a call fails with that cannot wait for the next attempt; `undefined` where it is due. */
  refusal(nowMs: number): RpcError | undefined {
    if (nowMs >= this.untilMs || this.lastError === undefined) return undefined;
    const { detail, cause } = this.lastError;
    const text = `${detail}; the next try is in ${Math.ceil(this.untilMs - nowMs)} ms`;
    return new RpcError("unavailable", text, { executed: "no", retriable: true, cause });
  }
}
