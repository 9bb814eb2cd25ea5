/** Compresses the messages of one direction of a call: a long one on another thread, behind which everything else has to wait. */
import type { Compression } from "./compression.ts";
import type { Background, Job, OnDone } from "./background.ts";

export class Compressor {
  readonly compression: Compression;
  readonly #background: Background;
  readonly #onUnsent: (error: Error) => void;
  #job: Job | undefined;
  #then: (() => void) | undefined;

  /** `onUnsent` hears why a message could not be sent once it was compressed. */
  constructor(compression: Compression, background: Background, onUnsent: (error: Error) => void) {
    this.compression = compression;
    this.#background = background;
    this.#onUnsent = onUnsent;
  }

  /** Whether a message is being compressed: nothing may be sent before it. */
  get busy(): boolean {
    return this.#job !== undefined;
  }

  /** `onDone` sends it, and may throw as whoever sends does; what was told to come `after` it follows. */
  compressLater(bytes: Buffer, onDone: OnDone): void {
    this.#job = this.compression.compressLater(this.#background, bytes, (error, compressed, tookMs) => {
      try {
        onDone(error, compressed, tookMs);
      } catch (failure) {
        this.#onUnsent(failure as Error);
      }
      this.#goOn();
    });
  }

  /** Has something done when the message that is being compressed has been sent, or else at once. */
  after(then: () => void): void {
    if (this.#job === undefined) then();
    else this.#then = then;
  }

  /** The message has nobody to go to: what was to come after it follows at once. */
  cancel(): void {
    this.#job?.cancel();
    this.#goOn();
  }

  #goOn(): void {
    const then = this.#then;
    this.#job = this.#then = undefined;
    then?.();
  }
}
