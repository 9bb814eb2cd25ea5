/** A stream read by calls instead of `for await`, which makes a promise for each message. */

export interface ReadOptions {
  /**
   * Whether a message's large `bytes` are only lent: when the listener has returned, or its promise has settled, their memory is used
   * again for messages to come, so copy what you keep. Fresh memory for each costs more than all else, and twice what is left in
   * streams of large ones. Texts and all other values are yours either way. Defaults to false.
   */
  readonly borrow?: boolean;
}

/** A stream that can do so by itself. */
export interface ReadByCalls<T> {
  forEach(listener: (message: T) => unknown, options?: ReadOptions): Promise<void>;
}

/**
 * Calls `listener` with each message of a stream, in order, and resolves at its end: what `for await` does, faster for streams of
 * very many small messages, since those that came together cost one promise. When the listener returns a promise, the next message
 * waits for it, and the peer is held back as by a loop. Rejects with what the stream fails of, and with what the listener throws,
 * which ends the call as `break` does. Nothing else may read the stream.
 */
export async function forEachMessage<T>(
  messages: AsyncIterable<T> | (AsyncIterable<T> & ReadByCalls<T>),
  listener: (message: T) => unknown,
  options?: ReadOptions,
): Promise<void> {
  if ("forEach" in messages) return await messages.forEach(listener, options);
  // Middleware may have put an iterable of its own around ours.
  for await (const message of messages) {
    const heard = listener(message);
    if (heard instanceof Promise) await heard;
  }
}
