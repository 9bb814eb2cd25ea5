/** How many have connected lately: a count of which half is forgotten in every so many milliseconds. */

const HALF_LIFE_MS = 25;
/** Fewer than about 60 dials a second: a close takes some 20 microseconds in which one must not come. */
const FEW = 2;

export class DialRate {
  #recent = 0;
  #atMs = 0;

  /** Somebody has connected. */
  add(nowMs: number): void {
    this.#recent = this.#at(nowMs) + 1;
    this.#atMs = nowMs;
  }

  /** Whether so few connect that hardly one will in any given moment. */
  isLow(nowMs: number): boolean {
    return this.#at(nowMs) <= FEW;
  }

  #at(nowMs: number): number {
    return this.#recent * 2 ** ((this.#atMs - nowMs) / HALF_LIFE_MS);
  }
}
