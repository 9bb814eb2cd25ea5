/** What every source has in common: who listens, what they were told last, and the end. */
import type { Snapshot, Source, Subscription } from "@kiteline/policy";

export abstract class Publisher implements Source {
  #current: Snapshot | undefined;
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  readonly #first = Promise.withResolvers<Snapshot>();
  #closed = false;

  constructor() {
    // Whoever never asks whether it is ready must not be told by a crash that it never was.
    this.#first.promise.catch(() => {});
  }

  get current(): Snapshot | undefined {
    return this.#current;
  }

  get closed(): boolean {
    return this.#closed;
  }

  subscribe(listener: (snapshot: Snapshot) => void): Subscription {
    // Wrapped, so that one function may listen twice.
    const mine = (snapshot: Snapshot): void => listener(snapshot);
    this.#listeners.add(mine);
    if (this.#current !== undefined && !this.#closed) mine(this.#current);
    return { close: () => void this.#listeners.delete(mine) };
  }

  ready(): Promise<Snapshot> {
    return this.#first.promise;
  }

  refresh(): void {}

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listeners.clear();
    this.#first.reject(new Error("the source was closed before it had a snapshot"));
  }

  /** Nothing is told when the snapshot is the one that is known already. */
  protected publish(snapshot: Snapshot): void {
    if (this.#closed || snapshot === this.#current) return;
    this.#current = snapshot;
    this.#first.resolve(snapshot);
    for (const listener of Array.from(this.#listeners)) {
      // A listener may have closed the source, or a snapshot may have come from within one: later ones hear only the newest.
      if (this.#current !== snapshot) return;
      listener(snapshot);
    }
  }
}
