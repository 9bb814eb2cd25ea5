/** A response stream that the caller holds before it is known whether there will be one. */

/** Iterates what `promise` brings; a rejection is thrown by the first `next`. Leaving the loop early ends the stream beneath. */
export function pendingStream<T>(promise: Promise<AsyncIterable<T>>): AsyncIterableIterator<T> {
  let inner: AsyncIterator<T> | undefined;
  // Whoever never iterates must not bring the process down for a failure that nobody asked about.
  promise.catch(() => undefined);
  const iterator = async (): Promise<AsyncIterator<T>> => (inner ??= (await promise)[Symbol.asyncIterator]());
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: async () => (await iterator()).next(),
    return: async (value?: unknown) => {
      const open = await iterator();
      return open.return === undefined ? { done: true, value: value as T } : open.return(value);
    },
  };
}
