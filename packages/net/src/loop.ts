/**
 * What the connections of one client or server share within a turn of the event loop: slabs, the
 * timing wheel, a coarse clock, and the flush at the turn's end that sends everything encoded during the turn.
 */
import { runOutsideCall, systemClock, TimingWheel, type Clock } from "@kiteline/core";
import { Slabs } from "./slabs.ts";
import { SlowLane } from "./slow-lane.ts";

/** How many turns a connection counts as busy after it has read or written. */
const BUSY_TURNS = 64;

export interface Flushable {
  flush(): void;
}

export class Loop {
  readonly clock: Clock;
  readonly wheel: TimingWheel;
  readonly slabs: Slabs = new Slabs();
  /** For what few bytes make long. */
  readonly slowLane: SlowLane = new SlowLane(this);
  /** Counts the turns in which something happened here: who may do so much in each can tell one from the next. */
  turn = 0;
  /** Whether the turn's end is under way: what was ready in it has been read, and the next has not been looked for. */
  flushing = false;
  /** Which connection read or wrote last, and in which turn it was another one than before. */
  #last: object | undefined;
  #changedTurn = -BUSY_TURNS;
  #dirty: Flushable[] = [];
  #spare: Flushable[] = [];
  #now = 0;
  readonly #endTurn: () => void;

  constructor(clock: Clock = systemClock) {
    this.clock = clock;
    this.wheel = new TimingWheel(clock);
    this.#endTurn = () => {
      this.#flush();
    };
  }

  /** The clock as it stood when this turn first asked. Good for timings; deadlines ask the clock itself. */
  now(): number {
    if (this.#now === 0) {
      this.#now = this.clock.now();
      if (this.#dirty.length === 0) this.#atTurnsEnd();
    }
    return this.#now;
  }

  /** A connection reads or writes, or whoever has those that are not connections yet. */
  isBusy(connection: object): void {
    if (this.#last === connection) return;
    if (this.#last !== undefined) this.#changedTurn = this.turn;
    this.#last = connection;
  }

  /** Whether more than one connection is busy: whoever has much to do should let the others have their turn soon. */
  get shared(): boolean {
    return this.turn - this.#changedTurn < BUSY_TURNS;
  }

  /** Has `target` flushed when this turn ends. Ask once per turn and target. */
  schedule(target: Flushable): void {
    if (this.#dirty.length === 0 && this.#now === 0) this.#atTurnsEnd();
    this.#dirty.push(target);
  }

  #atTurnsEnd(): void {
    // setImmediate runs after all sockets that were ready in this turn have been read, and before the loop waits again.
    setImmediate(this.#endTurn);
  }

  #flush(): void {
    const dirty = this.#dirty;
    this.#dirty = this.#spare;
    this.#now = 0;
    this.turn++;
    if (dirty.length > 0) {
      this.flushing = true;
      runOutsideCall(() => {
        for (const target of dirty) target.flush();
      });
      this.flushing = false;
    }
    dirty.length = 0;
    this.#spare = dirty;
  }
}
