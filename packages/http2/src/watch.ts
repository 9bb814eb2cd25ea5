/** The times a connection keeps: SETTINGS that must come, signs of life, age. At most one timer of each, none per stream. */
import type { Timer } from "@kiteline/core";
import type { Connection } from "@kiteline/net";
import { ErrorCode } from "./error-codes.ts";
import type { ResolvedHttp2Options } from "./options.ts";
import type { Pings } from "./pings.ts";

/** Ages differ by so much from the one asked for, so that connections made together do not end together (gRFC A9). */
const AGE_JITTER = 0.1;

export class Watch {
  readonly #connection: Connection;
  readonly #pings: Pings;
  readonly #options: ResolvedHttp2Options;
  readonly #close: (code: number, message: string) => void;
  #settings: Timer | undefined;
  #keepalive: Timer | undefined;
  #age: Timer | undefined;
  #last: Timer | undefined;

  constructor(connection: Connection, pings: Pings, options: ResolvedHttp2Options, close: (code: number, message: string) => void) {
    this.#connection = connection;
    this.#pings = pings;
    this.#options = options;
    this.#close = close;
  }

  /** Ends the connection when the peer's SETTINGS or its acknowledgement of ours have not come in time. */
  awaitSettings(settled: () => boolean): void {
    const { settingsTimeoutMs } = this.#options;
    if (settingsTimeoutMs === Infinity) return;
    this.#settings = this.#after(settingsTimeoutMs, () => {
      if (!settled())
        this.#close(ErrorCode.SETTINGS_TIMEOUT, `no SETTINGS, or none acknowledged, within ${settingsTimeoutMs} ms (settingsTimeoutMs)`);
    });
  }

  /** A stream was opened: from now on the peer is asked for signs of life. Costs nothing when it is already. */
  keepAlive(inFlight: () => number): void {
    if (this.#keepalive === undefined && this.#options.keepaliveMs !== Infinity) this.#lookAfter(this.#options.keepaliveMs, inFlight);
  }

  /** Has `retire` called at the connection's age, and `cut` when the grace is over. */
  ageUntil(retire: () => void, cut: () => void): void {
    const { maxAgeMs, maxAgeGraceMs } = this.#options;
    if (maxAgeMs === Infinity) return;
    this.#age = this.#after(maxAgeMs * (1 + AGE_JITTER * (2 * Math.random() - 1)), () => {
      retire();
      if (maxAgeGraceMs !== Infinity) this.#age = this.#after(maxAgeGraceMs, cut);
    });
  }

  /** Has `task` called unless the connection ends before. */
  afterwards(delayMs: number, task: () => void): void {
    this.#last = this.#after(delayMs, task);
  }

  stop(): void {
    this.#last?.cancel();
    this.#settings?.cancel();
    this.#keepalive?.cancel();
    this.#age?.cancel();
  }

  #lookAfter(delayMs: number, inFlight: () => number): void {
    this.#keepalive = this.#after(delayMs, () => {
      this.#keepalive = undefined;
      if (inFlight() === 0 && !this.#options.keepaliveWithoutStreams) return;
      const left = this.#options.keepaliveMs - (this.#connection.loop.clock.now() - this.#connection.lastReadMs);
      if (left > 0) this.#lookAfter(left, inFlight);
      else this.#ask(inFlight);
    });
  }

  #ask(inFlight: () => number): void {
    const { keepaliveTimeoutMs, keepaliveMs } = this.#options;
    const askedMs = this.#connection.lastReadMs;
    this.#pings.send(() => undefined);
    this.#keepalive = this.#after(keepaliveTimeoutMs, () => {
      // Anything that came is a sign of life, not only the answer.
      if (this.#connection.lastReadMs > askedMs) this.#lookAfter(keepaliveMs, inFlight);
      else this.#close(ErrorCode.NO_ERROR, `no sign of life within ${keepaliveTimeoutMs} ms (keepaliveTimeoutMs)`);
    });
  }

  #after(delayMs: number, task: () => void): Timer {
    return this.#connection.loop.clock.after(delayMs, task);
  }
}
