/** Drains the connections of an endpoint that nobody has used for long, and those that are old. */
import type { Timer } from "@kiteline/core";
import type { CallSession } from "./call-session.ts";
import type { Loop } from "./loop.ts";

export interface SweepOptions {
  /** Close a connection that carried nothing for this long; `Infinity` keeps it. */
  readonly idleMs: number;
  /** Drain a connection of this age, give or take a tenth, so that calls spread over new servers. */
  readonly maxAgeMs: number;
}

/** The least pause between two looks. */
const MIN_SWEEP_MS = 100;

export class Sweep {
  readonly #loop: Loop;
  readonly #options: SweepOptions;
  readonly #random: () => number;
  readonly #sessions: () => readonly CallSession[];
  #timer: Timer | undefined;
  #stopped = false;

  constructor(loop: Loop, options: SweepOptions, random: () => number, sessions: () => readonly CallSession[]) {
    this.#loop = loop;
    this.#options = options;
    this.#random = random;
    this.#sessions = sessions;
  }

  /** Looks from time to time, while there are connections. */
  start(): void {
    const { idleMs, maxAgeMs } = this.#options;
    const period = Math.min(idleMs, maxAgeMs);
    if (period === Infinity || this.#stopped) return;
    this.#timer ??= this.#loop.clock.after(Math.max(MIN_SWEEP_MS, period / 4), () => {
      this.#timer = undefined;
      this.#look();
      if (this.#sessions().length > 0) this.start();
    });
  }

  /** For good. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #look(): void {
    const { idleMs, maxAgeMs } = this.#options;
    const now = this.#loop.clock.now();
    for (const session of this.#sessions().slice()) {
      const { connection } = session;
      const idle = session.inFlight === 0 && now - connection.lastReadMs >= idleMs;
      // Spread by a tenth, so that connections opened together do not all go together.
      const old = now - connection.openedMs >= maxAgeMs * (0.9 + this.#random() / 5);
      if (idle || old) session.drain();
    }
  }
}
