/**
 * The messages that one side sends: pulled from what the program gave, one after the other, and only as fast as the
 * transport takes them. Until the peer has begun to answer they are remembered, up to a bound, so that an attempt that
 * provably did not run can be made again.
 */
import { AsyncLocalStorage } from "node:async_hooks";

/** What a stub takes as the request of a streaming method, and what a handler may answer with. */
export type MessageSource<T = unknown> = AsyncIterable<T> | Iterable<T>;

/** Where messages go. */
export interface MessageSink {
  /** Whether it takes another message now. When it does so again, it says so by `resume`. */
  readonly writable: boolean;
  /** Takes a message and returns its size in bytes. One that cannot be sent ends the call. */
  send(message: unknown): number;
  /** There are no more. */
  finish(): void;
  /** The program's iterable threw, or is none. */
  broke(error: unknown): void;
}

/** What a remembered message costs beside its bytes. */
const ENTRY_BYTES = 64;

/** Whether it can be iterated; a lone text is one message, not an iterable of letters. */
export function isMessageSource(value: unknown): value is MessageSource {
  return typeof value === "object" && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value);
}

type Step = IteratorResult<unknown, unknown>;

export class OutgoingMessages {
  readonly #source: unknown;
  readonly #maxReplayBytes: number;
  /**
   * Runs the program's code in its own asynchronous context, although a socket's event may have called. Made when that
   * comes to be: most streams wait for their program, whose code keeps its context by itself.
   */
  #inContext: (<R>(task: () => R) => R) | undefined;
  #iterator: Iterator<unknown, unknown> | AsyncIterator<unknown, unknown> | undefined;
  #sink: MessageSink | undefined;
  /** What was pulled, while it may have to be sent again or has yet to be. */
  #kept: unknown[] | undefined;
  #replayable: boolean;
  #keptBytes = 0;
  /** How many of `#kept` the present sink has got. */
  #given = 0;
  #pulling = false;
  #ended = false;
  #thrown: { readonly reason: unknown } | undefined;

  /** Remembers messages of `maxReplayBytes` in all; with 0 none. */
  constructor(source: unknown, maxReplayBytes: number) {
    this.#source = source;
    this.#maxReplayBytes = maxReplayBytes;
    this.#replayable = maxReplayBytes > 0;
    this.#kept = this.#replayable ? [] : undefined;
  }

  /** Whether the program has been asked for a message. */
  get begun(): boolean {
    return this.#iterator !== undefined;
  }

  /** Whether all that was pulled so far can be sent once more. */
  get replayable(): boolean {
    return this.#replayable;
  }

  /** Sends to `sink` from now on, beginning with the first message. */
  attach(sink: MessageSink): void {
    this.#sink = sink;
    this.#given = 0;
    this.#keptBytes = 0;
    this.resume();
  }

  /** The sink takes nothing more; another may be attached. */
  detach(): void {
    this.#sink = undefined;
  }

  /** The peer has begun to answer: nothing will be sent again. */
  commit(): void {
    this.#replayable = false;
    this.#forget();
  }

  /** The sink takes messages again. */
  resume(): void {
    if (this.#sink === undefined) return;
    if (this.#inContext === undefined) this.#pump();
    else this.#inContext(() => this.#pump());
  }

  /** Remembers the present asynchronous context, which is the program's, for when it is called from elsewhere. */
  keepContext(): void {
    this.#inContext ??= AsyncLocalStorage.snapshot();
  }

  /** The call is over: tells the iterable, unless it has come to its end. */
  close(): void {
    this.#sink = undefined;
    this.#kept = undefined;
    if (this.#ended) return;
    this.#ended = true;
    const iterator = this.#iterator;
    if (iterator?.return === undefined) return;
    if (this.#inContext === undefined) leave(iterator);
    else this.#inContext(() => leave(iterator));
  }

  #pump(): void {
    for (let sink = this.#sink; sink !== undefined; sink = this.#sink) {
      const kept = this.#kept;
      if (kept !== undefined && this.#given < kept.length) {
        if (!sink.writable) return this.keepContext();
        this.#give(sink, kept[this.#given++]);
      } else if (this.#ended) {
        this.#sink = undefined;
        if (this.#thrown === undefined) sink.finish();
        else sink.broke(this.#thrown.reason);
      } else {
        if (this.#pulling) return;
        if (!sink.writable) return this.keepContext();
        this.#pull();
      }
    }
  }

  #pull(): void {
    this.#pulling = true;
    try {
      this.#iterator ??= iterate(this.#source);
      const step = this.#iterator.next();
      if ("then" in step) step.then(this.#onPromised, this.#onThrown);
      else this.#onStep(step);
    } catch (error) {
      this.#pulling = false;
      this.#ended = true;
      this.#thrown = { reason: error };
    }
  }

  readonly #onPromised = (step: Step): void => {
    // By what the program iterates with: nothing that it gives may be thrown here, where nobody would catch it.
    if (typeof step !== "object" || step === null) {
      this.#onThrown(new TypeError(`expected an iterator whose next() gives an object, got ${String(step)}`));
      return;
    }
    this.#onStep(step);
    this.#pump();
  };

  readonly #onThrown = (reason: unknown): void => {
    this.#pulling = false;
    this.#ended = true;
    this.#thrown = { reason };
    this.#pump();
  };

  #onStep(step: Step): void {
    this.#pulling = false;
    if (this.#ended) return; // closed while it was waited for
    if (step.done === true) {
      this.#ended = true;
      return;
    }
    // What is kept is sent in its order; without, there is a sink, or the call is over.
    if (this.#kept !== undefined) this.#kept.push(step.value);
    else if (this.#sink !== undefined) this.#give(this.#sink, step.value);
  }

  #give(sink: MessageSink, message: unknown): void {
    const bytes = sink.send(message);
    if (this.#replayable) {
      this.#keptBytes += bytes + ENTRY_BYTES;
      if (this.#keptBytes > this.#maxReplayBytes) this.#replayable = false;
    }
    if (!this.#replayable) this.#forget();
  }

  /** Lets go of what will not be sent again, once all of it has been sent. */
  #forget(): void {
    if (this.#kept !== undefined && this.#given >= this.#kept.length) this.#kept = undefined;
  }
}

/** Throws a `TypeError` for what cannot be iterated. */
function iterate(source: unknown): Iterator<unknown, unknown> | AsyncIterator<unknown, unknown> {
  if (!isMessageSource(source)) throw new TypeError(`expected an iterable of messages, got ${String(source)}`);
  return Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
}

/** What an iterable throws on its way out is nobody's answer. */
function leave(iterator: Iterator<unknown, unknown> | AsyncIterator<unknown, unknown>): void {
  try {
    Promise.resolve(iterator.return?.()).catch(() => undefined);
  } catch {
    // The same, at once.
  }
}
