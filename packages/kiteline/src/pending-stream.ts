/** A response stream that the caller holds before it is known whether there will be one. */
import { forEachMessage, retrace, RpcError, type ReadByCalls, type ReadOptions } from "@kiteline/core";

type Reader<T> = AsyncIterator<T, undefined> | (AsyncIterator<T, undefined> & ReadByCalls<T>);

/** Iterates what `promise` brings; a rejection is thrown by the first `next`. Leaving the loop early ends the call. */
export class PendingStream<T> implements AsyncIterableIterator<T, undefined, undefined> {
  /** Until it is known what came of it. */
  #promise: Promise<AsyncIterable<T>> | undefined;
  readonly #cancel: () => void;
  /** What came of the promise; until somebody has asked for it, only the promise knows. */
  #inner: Reader<T> | undefined;
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

  /** Reads by calls: see `forEachMessage`. */
  async forEach(listener: (message: T) => unknown, options?: ReadOptions): Promise<void> {
    const inner = await this.#open();
    if (inner === undefined) return;
    try {
      if ("forEach" in inner) await inner.forEach(listener, options);
      else await forEachMessage({ [Symbol.asyncIterator]: () => inner }, listener, options);
    } catch (error) {
      this.#cancel();
      throw error;
    }
  }

  async #begin(): Promise<IteratorResult<T, undefined>> {
    return (await this.#open())?.next() ?? { done: true, value: undefined };
  }

  /** What came of the promise; nothing when the reader has left before. */
  async #open(): Promise<Reader<T> | undefined> {
    if (this.#left || this.#inner !== undefined) return this.#inner;
    const stream = await outcome(this.#promise as Promise<AsyncIterable<T>>);
    this.#promise = undefined;
    return (this.#inner ??= stream[Symbol.asyncIterator]());
  }
}

async function outcome<T>(promise: Promise<AsyncIterable<T>>): Promise<AsyncIterable<T>> {
  try {
    return await promise;
  } catch (error) {
    // The promise has another listener, so its `rejection` has not found who reads.
    if (error instanceof RpcError && error.ofCall) retrace(error, outcome);
    throw error;
  }
}
