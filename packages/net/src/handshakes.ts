/**
 * When callers' TLS handshakes begin. Each takes a signature, as long as a few dozen calls, of a server that knows nothing of who asks
 * for it. So while others are busy they begin one after the other, so many a second, in the order in which callers' first bytes came;
 * who leaves meanwhile, or says nothing at all, has cost none.
 */
import type { Duplex } from "node:stream";
import type { Loop } from "./loop.ts";

/** No caller says more before it is answered. */
const MOST_FIRST_BYTES = 16 * 1024;
/** Timers are no finer. */
const LEAST_STEP_MS = 1;

export class Handshakes {
  readonly #loop: Loop;
  readonly #stepMs: number;
  /** How many begin at each step. */
  readonly #atOnce: number;
  readonly #waiting = new Set<() => void>();
  /** Whether a timer is set. */
  #stepping = false;
  #lastMs = -Infinity;

  constructor(loop: Loop, perSecond: number) {
    this.#loop = loop;
    this.#stepMs = perSecond === Infinity ? 0 : Math.max(LEAST_STEP_MS, 1000 / perSecond);
    this.#atOnce = Math.max(1, Math.round((perSecond * LEAST_STEP_MS) / 1000));
  }

  /** Has `begin` called when it is the turn of `socket`, which is not read any more then and has all that it said before it. */
  wait(socket: Duplex, first: Buffer, begin: () => void): void {
    this.#loop.isBusy(this);
    if (this.#waiting.size === 0 && this.#mayBegin) {
      this.#lastMs = this.#loop.clock.now();
      socket.pause();
      socket.unshift(first);
      begin();
      return;
    }
    // It is read on, or nobody would know when it leaves.
    const said = [first];
    let size = first.byteLength;
    const keep = (chunk: Buffer): void => {
      said.push(chunk);
      size += chunk.byteLength;
      if (size > MOST_FIRST_BYTES) socket.pause();
    };
    const leave = (): void => {
      this.#waiting.delete(turn);
    };
    const turn = (): void => {
      socket.off("data", keep);
      socket.off("close", leave);
      socket.pause();
      socket.unshift(Buffer.concat(said));
      begin();
    };
    socket.on("data", keep);
    socket.once("close", leave);
    this.#waiting.add(turn);
    this.#awaitStep();
  }

  get #mayBegin(): boolean {
    return !this.#loop.shared || this.#loop.clock.now() - this.#lastMs >= this.#stepMs;
  }

  #awaitStep(): void {
    if (this.#stepping || this.#waiting.size === 0) return;
    this.#stepping = true;
    this.#loop.clock.after(this.#stepMs, () => this.#step());
  }

  #step(): void {
    this.#stepping = false;
    this.#lastMs = this.#loop.clock.now();
    let begun = 0;
    for (const turn of this.#waiting) {
      this.#waiting.delete(turn);
      turn();
      if (++begun >= this.#atOnce) break;
    }
    this.#awaitStep();
  }
}
