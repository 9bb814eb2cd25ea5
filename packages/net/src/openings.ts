/**
 * When a connection's session is opened, which takes as long as a few dozen calls, and as long again for its end: while others are busy
 * one a turn, and no more than so many a second beyond a burst, in the order in which their first bytes came. So those who have work wait
 * for one opening at most, and seldom, however many connect, and nobody is asked who they are; who leaves meanwhile has cost next to
 * nothing. The system hands out connections one a turn by itself.
 */
import type { Connection } from "./connection.ts";
import type { Flushable, Loop } from "./loop.ts";

/** So many have had their turn before it is worth while to move the others up. */
const LEAST_DONE = 32;
/** So many are opened as fast as turns follow each other: what one program's pool begins with. */
const BURST = 100;

export class Openings implements Flushable {
  readonly #loop: Loop;
  readonly #perMs: number;
  /** How many may be opened now. */
  #credit = BURST;
  #creditedMs = 0;
  #waiting: Connection[] = [];
  /** How many of those have had their turn. */
  #done = 0;
  /** The turn of the last opening. */
  #turn = -1;
  /** Whose turn it is now. */
  #next: Connection | undefined;

  /** `perSecond`: while others are busy, beyond a burst. */
  constructor(loop: Loop, perSecond: number) {
    this.#loop = loop;
    this.#perMs = perSecond / 1000;
  }

  /** Whether the connection may be opened now. If not, its bytes are kept, and presented again when it may. */
  mayOpen(connection: Connection): boolean {
    const { turn, shared } = this.#loop;
    if (connection === this.#next) return true;
    if (this.#waiting.length === 0 && (!shared || (this.#turn !== turn && this.#waitMs === 0))) {
      this.#begin();
      return true;
    }
    connection.rest(Infinity);
    if (this.#waiting.push(connection) === 1) this.#await();
    return false;
  }

  /** How long until the next may be opened. */
  get #waitMs(): number {
    if (this.#perMs === Infinity || !this.#loop.shared) return 0;
    const nowMs = this.#loop.now();
    this.#credit = Math.min(BURST, this.#credit + (nowMs - this.#creditedMs) * this.#perMs);
    this.#creditedMs = nowMs;
    return this.#credit >= 1 ? 0 : (1 - this.#credit) / this.#perMs;
  }

  #begin(): void {
    this.#turn = this.#loop.turn;
    if (this.#loop.shared) this.#credit -= 1;
  }

  #await(): void {
    const waitMs = this.#waitMs;
    if (waitMs === 0) this.#loop.schedule(this);
    else this.#loop.clock.after(waitMs, () => this.#loop.schedule(this), true); // a stopped socket keeps no process
  }

  flush(): void {
    if (this.#waitMs > 0) {
      this.#await();
      return;
    }
    const connection = this.#takeNext();
    if (connection === undefined) return;
    this.#begin();
    if (this.#waiting.length > 0) this.#await();
    this.#next = connection;
    connection.wake();
    this.#next = undefined;
  }

  /** Those who have gone meanwhile have lost their turn. */
  #takeNext(): Connection | undefined {
    let next: Connection | undefined;
    do next = this.#waiting[this.#done++];
    while (next?.ended === true);
    if (this.#done >= this.#waiting.length) {
      this.#waiting = [];
      this.#done = 0;
    } else if (this.#done >= LEAST_DONE && 2 * this.#done >= this.#waiting.length) {
      // A line that is never empty must not hold on to all who ever stood in it.
      this.#waiting.splice(0, this.#done);
      this.#done = 0;
    }
    return next;
  }
}
