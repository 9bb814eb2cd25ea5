/**
 * In which turn a connection's session is opened, which takes as long as a few dozen calls: while others are busy one a turn, in the
 * order in which their first bytes came. So those who have work wait for one opening at most, however many connect at once, and nobody
 * is asked who they are. The system hands out connections one a turn by itself.
 */
import type { Connection } from "./connection.ts";
import type { Flushable, Loop } from "./loop.ts";

/** So many have had their turn before it is worth while to move the others up. */
const LEAST_DONE = 32;

export class Openings implements Flushable {
  readonly #loop: Loop;
  #waiting: Connection[] = [];
  /** How many of those have had their turn. */
  #done = 0;
  /** The turn of the last opening. */
  #turn = -1;
  /** Whose turn it is now. */
  #next: Connection | undefined;

  constructor(loop: Loop) {
    this.#loop = loop;
  }

  /** Whether the connection may be opened now. If not, its bytes are kept, and presented again when it may. */
  mayOpen(connection: Connection): boolean {
    const { turn, shared } = this.#loop;
    if (connection === this.#next) return true;
    if (this.#waiting.length === 0 && (!shared || this.#turn !== turn)) {
      this.#turn = turn;
      return true;
    }
    connection.rest(Infinity);
    if (this.#waiting.push(connection) === 1) this.#loop.schedule(this);
    return false;
  }

  flush(): void {
    const connection = this.#takeNext();
    if (connection === undefined) return;
    if (this.#waiting.length > 0) this.#loop.schedule(this);
    this.#turn = this.#loop.turn;
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
