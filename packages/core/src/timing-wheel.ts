/**
 * Deadlines of many calls with one timer. A deadline is linked into the slot of its tick and unlinked when the call
 * ends, both in constant time and without an allocation: the entry is the call itself. Entries fire up to one tick
 * late, never early. The underlying timer runs only while there are entries.
 *
 * Slots form a ring; an entry further away than one turn of the ring stays in its slot until its turn has come.
 */
import type { Clock } from "./clock.ts";

const SLOTS = 1024;

/**
 * What a wheel holds. Only the wheel touches the fields, but for the values that they begin with. No class to extend, since a call
 * is one, and each class that it comes from makes it a hundredth slower.
 */
export interface WheelEntry {
  /** When it falls due, on the wheel's clock; `Infinity` to begin with. */
  dueMs: number;
  /** `undefined` to begin with, as the one before it. */
  wheelNext: WheelEntry | undefined;
  wheelPrevious: WheelEntry | undefined;
  /** -1 while it is in no wheel. */
  wheelSlot: number;

  /** Called once, when `dueMs` has passed; the entry is no longer linked then. */
  expire(): void;
}

export class TimingWheel {
  readonly clock: Clock;
  readonly #tickMs: number;
  readonly #slots: (WheelEntry | undefined)[] = new Array<WheelEntry | undefined>(SLOTS).fill(undefined);
  #size = 0;
  /** The last tick that was swept: only what was due by then. */
  #tick = 0;
  #ticking = false;

  /** `tickMs` is the resolution, 5 ms unless given. */
  constructor(clock: Clock, tickMs = 5) {
    this.clock = clock;
    this.#tickMs = tickMs;
  }

  get size(): number {
    return this.#size;
  }

  /** Links an entry; it must not be linked already. */
  add(entry: WheelEntry, dueMs: number): void {
    // While it ticks, the last sweep is near enough: whoever adds and removes one entry after the other looks at no clock.
    if (this.#size === 0 && !this.#ticking) this.#tick = Math.floor(this.clock.now() / this.#tickMs);
    entry.dueMs = dueMs;
    // The tick that the due time lies in; an entry in the past goes where the next sweep begins.
    const slot = Math.max(Math.floor(dueMs / this.#tickMs), this.#tick) & (SLOTS - 1);
    const first = this.#slots[slot];
    entry.wheelSlot = slot;
    entry.wheelNext = first;
    entry.wheelPrevious = undefined;
    if (first !== undefined) first.wheelPrevious = entry;
    this.#slots[slot] = entry;
    if (this.#size++ === 0) this.#schedule();
  }

  /** Unlinks an entry; does nothing if it is not linked. */
  remove(entry: WheelEntry): void {
    const slot = entry.wheelSlot;
    if (slot < 0) return;
    const { wheelNext: next, wheelPrevious: previous } = entry;
    if (previous === undefined) this.#slots[slot] = next;
    else previous.wheelNext = next;
    if (next !== undefined) next.wheelPrevious = previous;
    entry.wheelSlot = -1;
    entry.wheelNext = undefined;
    entry.wheelPrevious = undefined;
    this.#size--;
  }

  #schedule(): void {
    if (this.#ticking) return;
    this.#ticking = true;
    const tick = (): void => {
      this.#ticking = false;
      this.#sweep();
      if (this.#size > 0) this.#schedule();
    };
    this.clock.after(this.#tickMs, tick, true); // somebody waits for each call
  }

  #sweep(): void {
    const now = this.clock.now();
    const current = Math.floor(now / this.#tickMs);
    // Begins with the tick that the last sweep came in the middle of. After a long pause each slot is swept once, not
    // once per tick that was missed.
    const from = Math.max(this.#tick, current - SLOTS + 1);
    this.#tick = current;
    for (let tick = from; tick <= current; tick++) {
      const slot = tick & (SLOTS - 1);
      let entry = this.#slots[slot];
      while (entry !== undefined) {
        const next: WheelEntry | undefined = entry.wheelNext;
        if (entry.dueMs <= now) {
          this.remove(entry);
          entry.expire();
          // Expiring may unlink the neighbour (a cancelled child): then begin the slot again.
          entry = next !== undefined && next.wheelSlot !== slot ? this.#slots[slot] : next;
        } else {
          entry = next;
        }
      }
    }
  }
}
