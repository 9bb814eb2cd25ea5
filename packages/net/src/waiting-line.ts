/**
 * Attempts that wait for a connection, first come, first served. Those given up are passed over and not looked for:
 * when ten thousand calls reach their deadline at once, each leaves in constant time.
 */
import type { Attempt } from "@kiteline/core";

/** Places of those given up and sent are cleared away when they are this many and more than those that wait. */
const CLEAR_AT = 64;

export class WaitingLine {
  #places: (Attempt | undefined)[] = [];
  #first = 0;
  #size = 0;

  /** How many wait. */
  get size(): number {
    return this.#size;
  }

  /** How many places are kept for them. */
  get places(): number {
    return this.#places.length;
  }

  push(attempt: Attempt): void {
    this.#places.push(attempt);
    this.#size++;
  }

  /** Takes the one that has waited longest. */
  shift(): Attempt | undefined {
    while (this.#first < this.#places.length) {
      const attempt = this.#places[this.#first] as Attempt;
      this.#places[this.#first++] = undefined;
      if (attempt.ended) continue;
      this.#size--;
      this.#clear();
      return attempt;
    }
    this.#clear();
    return undefined;
  }

  /** One that waits has been given up: it has ended. */
  left(): void {
    this.#size--;
    this.#clear();
  }

  #clear(): void {
    const unused = this.#places.length - this.#size;
    if (unused < CLEAR_AT || unused <= this.#size) return;
    this.#places = this.#places.filter((attempt) => attempt?.ended === false);
    this.#first = 0;
  }
}
