/**
 * The last streams that this side has reset: what the peer sent on them before it knew is no fault of its. Thousands may be reset at
 * once, when their calls are given up together; most connections never reset any.
 */

/** A place for each of so many streams in a row, of which the last one has it; more when two of them want one. */
const FIRST_PLACES = 64;
const MOST_PLACES = 16_384;

export class RecentIds {
  #ids: Int32Array | undefined;

  add(id: number): void {
    this.#ids ??= new Int32Array(FIRST_PLACES);
    const there = this.#ids[placeOf(id, this.#ids)] as number;
    if (there !== 0 && there !== id && this.#ids.length < MOST_PLACES) this.#grow(id - there);
    this.#ids[placeOf(id, this.#ids)] = id;
  }

  has(id: number): boolean {
    const ids = this.#ids;
    return ids !== undefined && ids[placeOf(id, ids)] === id;
  }

  /** To where two that are so far apart have each their place, if that is not too far. */
  #grow(apart: number): void {
    const before = this.#ids as Int32Array;
    let places = before.length;
    while (places < MOST_PLACES && ((apart >> 1) & (places - 1)) === 0) places *= 2;
    const ids = new Int32Array(places);
    for (const id of before) if (id !== 0) ids[placeOf(id, ids)] = id;
    this.#ids = ids;
  }
}

function placeOf(id: number, ids: Int32Array): number {
  return (id >>> 1) & (ids.length - 1);
}
