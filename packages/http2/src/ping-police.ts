/** How often a caller may ask for signs of life (gRFC A8): PINGs cost a server more than they are worth. */
import type { ResolvedHttp2Options } from "./options.ts";

/** While nothing is open, and the server does not allow more. */
const UNUSED_INTERVAL_MS = 7_200_000;
/** PINGs that may come too soon before the connection is ended. */
const STRIKES = 2;

export class PingPolice {
  readonly #minIntervalMs: number;
  readonly #unusedIntervalMs: number;
  #lastMs = -Infinity;
  #sentBefore = 0;
  #strikes = 0;

  constructor(options: ResolvedHttp2Options) {
    this.#minIntervalMs = options.minPingIntervalMs;
    this.#unusedIntervalMs = options.pingsWithoutStreams
      ? options.minPingIntervalMs
      : Math.max(UNUSED_INTERVAL_MS, options.minPingIntervalMs);
  }

  /** A PING came: whether it is one too many. `framesSent`: how many frames of use we have sent so far; each pardons what came before. */
  isTooSoon(nowMs: number, framesSent: number, inFlight: number): boolean {
    if (framesSent !== this.#sentBefore) this.#strikes = 0;
    else if (nowMs - this.#lastMs < (inFlight > 0 ? this.#minIntervalMs : this.#unusedIntervalMs)) this.#strikes++;
    this.#sentBefore = framesSent;
    this.#lastMs = nowMs;
    return this.#strikes > STRIKES;
  }
}
