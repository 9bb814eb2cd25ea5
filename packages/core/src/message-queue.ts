/**
 * The messages of a stream as they arrive, for one reader. The transport learns of every message that was taken, so that
 * what it lets the peer send follows what is consumed: memory is bounded by the peer's credit, not by a limit here.
 */

/** Who fills the queue. */
export interface QueueOwner {
  /** Messages of so many bytes on the wire are no longer held here. */
  taken(bytes: number): void;
  /** The reader has gone although more may come. */
  left(): void;
}

interface Entry<T> {
  readonly message: T;
  readonly bytes: number;
  next: Entry<T> | undefined;
}

/** `ended` and `failed` hold until the reader has been told; `closed` is for good. */
type State = "open" | "ended" | "failed" | "closed";

const DONE: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });

export class MessageQueue<T = unknown> implements AsyncIterableIterator<T, undefined, undefined> {
  readonly #owner: QueueOwner;
  #first: Entry<T> | undefined;
  #last: Entry<T> | undefined;
  #state: State = "open";
  #error: Error | undefined;
  /** Settles the promise that `next` gave out: no more than this of it is kept, since streams wait most of their time. */
  #waiting: ((result: IteratorResult<T, undefined> | Promise<never>) => void) | undefined;
  #listener: ((message: T) => void) | undefined;

  constructor(owner: QueueOwner) {
    this.#owner = owner;
  }

  /** Whether no message waits for the reader. */
  get empty(): boolean {
    return this.#first === undefined;
  }

  /** Adds a message that took `bytes` on the wire. It is dropped when nobody reads any more. */
  push(message: T, bytes: number): void {
    if (this.#state !== "open") {
      this.#owner.taken(bytes);
    } else if (this.#waiting === undefined) {
      const entry = { message, bytes, next: undefined };
      if (this.#last === undefined) this.#first = entry;
      else this.#last.next = entry;
      this.#last = entry;
    } else if (this.#listener === undefined) {
      const resolve = this.#waiting;
      this.#waiting = undefined;
      resolve({ done: false, value: message });
      this.#owner.taken(bytes);
    } else {
      this.#hear(this.#listener, message);
      this.#owner.taken(bytes);
    }
  }

  /** No more will come. The reader gets what has come first. */
  end(): void {
    if (this.#state !== "open") return;
    this.#state = "ended";
    if (this.#waiting !== undefined) this.#tell(this.#waiting);
  }

  /** The stream broke. The reader gets what has come first. */
  fail(error: Error): void {
    if (this.#state !== "open") return;
    this.#state = "failed";
    this.#error = error;
    if (this.#waiting !== undefined) this.#tell(this.#waiting);
  }

  /** The call is over for this reason: what has come and was not read is dropped. */
  abort(error: Error): void {
    const unread = this.#first !== undefined;
    this.#clear();
    // Whose messages were dropped must not take it for the end.
    if (unread && this.#state === "ended") this.#state = "open";
    this.fail(error);
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#first !== undefined) return Promise.resolve({ done: false, value: this.#shift(this.#first) });
    if (this.#waiting !== undefined) {
      return Promise.reject(new TypeError("a stream has one reader: next() was called before the last next() had settled"));
    }
    return new Promise((resolve) => {
      if (this.#state === "open") this.#waiting = resolve;
      else this.#tell(resolve);
    });
  }

  /** The reader wants no more: what `break` calls. */
  return(): Promise<IteratorReturnResult<undefined>> {
    const open = this.#state === "open";
    this.#state = "closed";
    this.#clear();
    if (this.#waiting !== undefined) this.#tell(this.#waiting);
    if (open) this.#owner.left();
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /**
   * Reads by calls instead of promises, each message when it arrives: for streams of very many. Resolves at the end;
   * rejects as `next` would, and with what the listener throws. Nothing else may read then.
   */
  async forEach(listener: (message: T) => void): Promise<void> {
    try {
      while (this.#first !== undefined) listener(this.#shift(this.#first));
    } catch (error) {
      void this.return();
      throw error;
    }
    this.#listener = listener;
    await this.next();
  }

  #hear(listener: (message: T) => void, message: T): void {
    try {
      listener(message);
    } catch (error) {
      this.fail(error as Error);
      this.#owner.left();
    }
  }

  /** Settles a reader that no message will reach. */
  #tell(resolve: (result: IteratorResult<T, undefined> | Promise<never>) => void): void {
    this.#waiting = undefined;
    const failure = this.#state === "failed" ? this.#error : undefined;
    resolve(failure === undefined ? DONE : Promise.reject(failure));
    this.#state = "closed";
  }

  #shift(entry: Entry<T>): T {
    this.#first = entry.next;
    if (entry.next === undefined) this.#last = undefined;
    this.#owner.taken(entry.bytes);
    return entry.message;
  }

  #clear(): void {
    let bytes = 0;
    for (let entry = this.#first; entry !== undefined; entry = entry.next) bytes += entry.bytes;
    this.#first = this.#last = undefined;
    if (bytes > 0) this.#owner.taken(bytes);
  }
}
