/** A response stream that the caller holds before it is known whether there will be one. */

/** Iterates what `promise` brings; a rejection is thrown by the first `next`. Leaving the loop early ends the call. */
export class PendingStream<T> implements AsyncIterableIterator<T, undefined, undefined> {
  /** Until it is known what came of it. */
  #promise: Promise<AsyncIterable<T>> | undefined;
  readonly #cancel: () => void;
  /** What came of the promise; until somebody has asked for it, only the promise knows. */
  #inner: AsyncIterator<T> | undefined;
  #left = false;

  /** `cancel` ends the call beneath, if it goes on. */
  constructor(promise: Promise<AsyncIterable<T>>, cancel: () => void) {
    this.#promise = promise;
    this.#cancel = cancel;
    // Whoever never iterates must not bring the process down for a failure that nobody asked about.
    promise.catch(() => undefined);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return this.#inner === undefined ? this.#begin() : this.#inner.next();
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#left = true;
    // Also those above the call: middleware that wraps the stream has its own to clean up.
    const left = this.#inner?.return?.();
    this.#cancel();
    await left;
    return { done: true, value: undefined };
  }

  async #begin(): Promise<IteratorResult<T, undefined>> {
    if (this.#left) return { done: true, value: undefined };
    const stream = await this.#promise;
    this.#promise = undefined;
    this.#inner ??= (stream as AsyncIterable<T>)[Symbol.asyncIterator]();
    return this.#inner.next();
  }
}
