/**
 * Open streams by their id. Young ones stand in a ring, where finding, adding and removing cost an array access; a stream that
 * lives so long that a younger one needs its place moves to a map.
 *
 * The ring has room for several times as many as are open, so that only those move that are left behind by many others. A map
 * through which all of them went would keep them alive: each of its tables that is outgrown points to the next, and once the first
 * is old, the collector of young objects takes all that the others hold for live.
 */
import type { Http2Stream } from "./stream.ts";

const FIRST_SLOTS = 128;
const MOST_SLOTS = 4096;
/** Slots for each open stream, where younger ones need places of older ones. */
const ROOM = 8;

export class StreamTable {
  size = 0;
  #young: (Http2Stream | undefined)[] = new Array<undefined>(FIRST_SLOTS).fill(undefined);
  #mask = FIRST_SLOTS - 1;
  readonly #old = new Map<number, Http2Stream>();

  get(id: number): Http2Stream | undefined {
    const stream = this.#young[(id >>> 1) & this.#mask];
    if (stream !== undefined && stream.id === id) return stream;
    return this.#old.size === 0 ? undefined : this.#old.get(id);
  }

  /** How many have moved to the map and are open. */
  get aged(): number {
    return this.#old.size;
  }

  add(stream: Http2Stream): void {
    if (this.#young[(stream.id >>> 1) & this.#mask] !== undefined) this.#makeRoom(stream);
    this.#young[(stream.id >>> 1) & this.#mask] = stream;
    this.size++;
  }

  /** Removes a stream that is in the table. */
  remove(stream: Http2Stream): void {
    const slot = (stream.id >>> 1) & this.#mask;
    if (this.#young[slot] === stream) this.#young[slot] = undefined;
    else this.#old.delete(stream.id);
    this.size--;
  }

  /** All of them, in no order; those that are there now. */
  all(): Http2Stream[] {
    return [...this.#young.filter((stream) => stream !== undefined), ...this.#old.values()];
  }

  #makeRoom(stream: Http2Stream): void {
    const slotOf = ({ id }: Http2Stream): number => (id >>> 1) & this.#mask;
    while (this.#young[slotOf(stream)] !== undefined && this.#young.length < Math.min(MOST_SLOTS, ROOM * this.size)) {
      const young = this.#young;
      this.#young = new Array<undefined>(2 * young.length).fill(undefined);
      this.#mask = this.#young.length - 1;
      // No two of them meet: those that stood apart differ in the bits that counted before.
      for (const each of young) if (each !== undefined) this.#young[slotOf(each)] = each;
    }
    const older = this.#young[slotOf(stream)];
    if (older !== undefined) this.#old.set(older.id, older);
  }
}
