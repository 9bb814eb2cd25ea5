/**
 * Work that few bytes of a peer's make long, and that other threads do in parts: one part at a time for all connections of a loop
 * together, each followed by a rest, in the order in which they asked. So it has little of the process, however many connections ask
 * for it; who has other work done there does not wait behind it. While no other connection is busy nobody has to wait.
 */
import type { Clock } from "@kiteline/core";

/** From the beginning of a part to that of the next: a part takes about a tenth of a millisecond. */
const PART_MS = 2;

/** Whose loop it is. */
interface Around {
  readonly clock: Clock;
  /** Whether more than one connection is busy. */
  readonly shared: boolean;
}

/** Somebody whose next part is to be done. */
export interface Part {
  /** Its turn has come. */
  goOn(): void;
}

export class SlowLane {
  readonly #around: Around;
  readonly #waiting = new Set<Part>();
  #resting = false;

  constructor(around: Around) {
    this.#around = around;
  }

  /** How many wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Has it told, once, when its turn has come: at once if it may go on at once. */
  wait(part: Part): void {
    if (this.#waiting.size === 0 && !this.#around.shared) {
      part.goOn();
      return;
    }
    this.#waiting.add(part);
    if (!this.#resting) this.#next();
  }

  /** It waits no more. */
  leave(part: Part): void {
    this.#waiting.delete(part);
  }

  #next(): void {
    const [part] = this.#waiting;
    this.#resting = part !== undefined;
    if (part === undefined) return;
    this.#waiting.delete(part);
    this.#around.clock.after(PART_MS, () => this.#next(), true); // of those who wait nothing else may keep the process
    part.goOn();
  }
}
