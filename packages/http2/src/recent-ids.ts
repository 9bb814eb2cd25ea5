/** The last streams that this side has reset: what the peer sent on them before it knew is no fault of its. */
const KEPT = 256;

export class RecentIds {
  /** Made with the first: most connections never reset a stream. */
  #ids: Int32Array | undefined;
  #next = 0;

  add(id: number): void {
    this.#ids ??= new Int32Array(KEPT);
    this.#ids[this.#next] = id;
    this.#next = (this.#next + 1) % KEPT;
  }

  has(id: number): boolean {
    return this.#ids?.includes(id) === true;
  }
}
