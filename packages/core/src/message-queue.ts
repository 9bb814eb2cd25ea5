/**
 * The messages of a stream as they arrive, for one reader. The transport learns of every message that was taken, so that
 * what it lets the peer send follows what is consumed: memory is bounded by the peer's credit, not by a limit here.
 */

import type { ReadOptions } from "./for-each-message.ts";

/** Who fills the queue. */
export interface QueueOwner {
  /** Messages of so many bytes on the wire are no longer held here. */
  taken(bytes: number): void;
  /** The reader has gone although more may come. */
  left(): void;
}

/** What large bytes of a message lie in. */
export interface MessageMemory {
  /** Nobody refers to the message's bytes any more: it may be used again. */
  giveBack(): void;
}

interface Entry<T> {
  readonly message: T;
  readonly bytes: number;
  readonly surplus: number;
  readonly memory: MessageMemory | undefined;
  next: Entry<T> | undefined;
}

/** The messages that wait. Made for those that come together, so that it is as young as they are: an old object costs the collector a note for each that it is made to refer to. */
interface Unread<T> {
  first: Entry<T>;
  last: Entry<T>;
  surplus: number;
}

/** What a message costs as an object, and its place here. */
const OBJECT_BYTES = 128;

/** `ended` and `failed` hold until the reader has been told; `closed` is for good. */
type State = "open" | "ended" | "failed" | "closed";

/** Settles what a reader waits for. */
type Tell<T> = (result: IteratorResult<T, undefined> | Promise<never>, memory?: MessageMemory) => void;

const DONE: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });

export class MessageQueue<T = unknown> implements AsyncIterableIterator<T, undefined, undefined> {
  readonly #owner: QueueOwner;
  #unread: Unread<T> | undefined;
  #state: State = "open";
  /** Makes what the reader is told that the stream has failed of. */
  #failure: (() => Promise<never>) | undefined;
  /** Settles the promise that `next` gave out: no more than this of it is kept, since streams wait most of their time. */
  #waiting: Tell<T> | undefined;

  constructor(owner: QueueOwner) {
    this.#owner = owner;
  }

  /** Whether no message waits for the reader. */
  get empty(): boolean {
    return this.#unread === undefined;
  }

  /** Whether the reader has gone, or been told of the end: what is pushed is dropped. */
  get closed(): boolean {
    return this.#state === "closed";
  }

  /**
   * By how many bytes what waits exceeds twice its size on the wire. Credit speaks of those bytes alone, but an empty message becomes an
   * object, too, and one that was compressed what it was before: whoever reads on although this grows holds what no credit bounds.
   */
  get surplus(): number {
    return this.#unread === undefined ? 0 : this.#unread.surplus;
  }

  /** Adds a message that took `bytes` on the wire, and `size` once inflated. It is dropped when nobody reads any more. Readers who borrow give its `memory` back. */
  push(message: T, bytes: number, size: number = bytes, memory?: MessageMemory): void {
    if (this.#state !== "open") {
      this.#owner.taken(bytes);
    } else if (this.#waiting === undefined) {
      const surplus = size + OBJECT_BYTES - 2 * bytes;
      const entry = { message, bytes, surplus, memory, next: undefined };
      const unread = this.#unread;
      if (unread === undefined) {
        this.#unread = { first: entry, last: entry, surplus };
      } else {
        unread.surplus += surplus;
        unread.last = unread.last.next = entry;
      }
    } else {
      const resolve = this.#waiting;
      this.#waiting = undefined;
      resolve({ done: false, value: message }, memory);
      this.#owner.taken(bytes);
    }
  }

  /** No more will come. The reader gets what has come first. */
  end(): void {
    if (this.#state !== "open") return;
    this.#state = "ended";
    if (this.#waiting !== undefined) this.#tell(this.#waiting);
  }

  /** The stream broke. The reader gets what has come first, and then what `reject` makes of the error. */
  fail(error: Error, reject: (error: Error) => Promise<never> = rejectAtOnce): void {
    if (this.#state !== "open") return;
    this.#state = "failed";
    this.#failure = () => reject(error);
    if (this.#waiting !== undefined) this.#tell(this.#waiting);
  }

  /** The call is over for this reason: what has come and was not read is dropped. */
  abort(error: Error, reject?: (error: Error) => Promise<never>): void {
    // Whose messages are dropped must not take it for the end.
    if (!this.empty && this.#state === "ended") this.#state = "open";
    this.fail(error, reject);
    // After that, or what comes in the place of what was dropped would wait in its turn.
    this.#clear();
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#unread !== undefined) return Promise.resolve({ done: false, value: this.#shift(this.#unread) });
    return new Promise((resolve) => this.#await(resolve));
  }

  #await(tell: Tell<T>): void {
    if (this.#waiting !== undefined) {
      tell(Promise.reject(new TypeError("a stream has one reader: next() was called before the last next() had settled")));
    } else if (this.#state === "open") {
      this.#waiting = tell;
    } else {
      this.#tell(tell);
    }
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

  /** Reads by calls: see `forEachMessage`. */
  async forEach(listener: (message: T) => unknown, { borrow = false }: ReadOptions = {}): Promise<void> {
    let memory: MessageMemory | undefined;
    const next = (tell: Tell<T>): void => {
      this.#await((result, itsMemory) => {
        memory = itsMemory;
        tell(result);
      });
    };
    try {
      for (;;) {
        while (this.#unread !== undefined) {
          ({ memory } = this.#unread.first);
          const heard = listener(this.#shift(this.#unread));
          if (heard instanceof Promise) await heard;
          if (borrow) memory?.giveBack();
        }
        // One promise for all that come together.
        const step = await new Promise<IteratorResult<T, undefined>>(next);
        if (step.done === true) return;
        const heard = listener(step.value);
        if (heard instanceof Promise) await heard;
        if (borrow) memory?.giveBack();
      }
    } catch (error) {
      void this.return();
      throw error;
    }
  }

  /** Settles a reader that no message will reach. */
  #tell(resolve: Tell<T>): void {
    this.#waiting = undefined;
    const failure = this.#state === "failed" ? this.#failure : undefined;
    resolve(failure === undefined ? DONE : failure());
    this.#state = "closed";
  }

  #shift(unread: Unread<T>): T {
    const { message, bytes, surplus, next } = unread.first;
    if (next === undefined) {
      this.#unread = undefined;
    } else {
      unread.first = next;
      unread.surplus -= surplus;
    }
    this.#owner.taken(bytes);
    return message;
  }

  #clear(): void {
    let bytes = 0;
    for (let entry = this.#unread?.first; entry !== undefined; entry = entry.next) bytes += entry.bytes;
    this.#unread = undefined;
    if (bytes > 0) this.#owner.taken(bytes);
  }
}

/** For handlers, who are told that their caller has gone: nobody asks where they were reading. */
function rejectAtOnce(error: Error): Promise<never> {
  return Promise.reject(error);
}
