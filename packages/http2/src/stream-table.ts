/**
 * Open streams by their id. Young ones stand in a ring, where finding, adding and removing cost an array access; a stream that
 * lives so long that a younger one needs its place moves to a map.
 */
import type { Http2Stream } from "./stream.ts";

const SLOTS = 128;

export class StreamTable {
  size = 0;
  readonly #young: (Http2Stream | undefined)[] = new Array<undefined>(SLOTS).fill(undefined);
  readonly #old = new Map<number, Http2Stream>();

  get(id: number): Http2Stream | undefined {
    const stream = this.#young[(id >>> 1) & (SLOTS - 1)];
    if (stream !== undefined && stream.id === id) return stream;
    return this.#old.size === 0 ? undefined : this.#old.get(id);
  }

  add(stream: Http2Stream): void {
    const slot = (stream.id >>> 1) & (SLOTS - 1);
    const older = this.#young[slot];
    if (older !== undefined) this.#old.set(older.id, older);
    this.#young[slot] = stream;
    this.size++;
  }

  /** Removes a stream that is in the table. */
  remove(stream: Http2Stream): void {
    const slot = (stream.id >>> 1) & (SLOTS - 1);
    if (this.#young[slot] === stream) this.#young[slot] = undefined;
    else this.#old.delete(stream.id);
    this.size--;
  }

  /** All of them, in no order; those that are there now. */
  all(): Http2Stream[] {
    return [...this.#young.filter((stream) => stream !== undefined), ...this.#old.values()];
  }
}
