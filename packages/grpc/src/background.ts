/**
 * Work on other threads, of which a process has few: a connection has one thing done at a time, so that its own calls wait for it and
 * those of others go on.
 */
import type { Transform } from "node:stream";
import { runOutsideCall, type Clock } from "@kiteline/core";

const NOTHING = Buffer.alloc(0);

/** The error that Node's own functions throw for more than was asked for. */
export const TOO_LARGE = "ERR_BUFFER_TOO_LARGE";

/** Who hears how it went, and how long it took once it was begun. */
export type OnDone = (error: Error | undefined, bytes: Buffer, tookMs: number) => void;

export class Background {
  readonly clock: Clock;
  readonly #waiting: Job[] = [];
  #running: Job | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Whether nothing is done or waits. */
  get idle(): boolean {
    return this.#running === undefined;
  }

  /**
   * Has `bytes` transformed, when it is their turn, and tells what became of them; an error with the code `ERR_BUFFER_TOO_LARGE` for more
   * than `maxBytes`.
   */
  add(make: () => Transform, bytes: Uint8Array, maxBytes: number, onDone: OnDone): Job {
    const job = new Job(this, make, bytes, maxBytes, onDone);
    this.#waiting.push(job);
    if (this.#running === undefined) this.next();
    return job;
  }

  /** The job under way has ended. */
  next(): void {
    do this.#running = this.#waiting.shift();
    while (this.#running?.over === true);
    this.#running?.start();
  }
}

/** Something to be done. */
export class Job {
  /** Whether it was done or given up. */
  over = false;
  readonly #background: Background;
  readonly #make: () => Transform;
  readonly #bytes: Uint8Array;
  readonly #maxBytes: number;
  readonly #onDone: OnDone;
  #transform: Transform | undefined;
  #parts: Buffer[] = [];
  #size = 0;
  #beganMs = 0;

  constructor(background: Background, make: () => Transform, bytes: Uint8Array, maxBytes: number, onDone: OnDone) {
    this.#background = background;
    this.#make = make;
    this.#bytes = bytes;
    this.#maxBytes = maxBytes;
    this.#onDone = onDone;
  }

  /** Nobody wants it any more: nobody is told. */
  cancel(): void {
    if (this.over) return;
    this.over = true;
    if (this.#transform !== undefined) this.#leave(this.#transform);
  }

  start(): void {
    runOutsideCall(() => {
      this.#beganMs = this.#background.clock.now();
      const transform = this.#make();
      this.#transform = transform;
      transform.on("data", (part: Buffer) => {
        this.#add(transform, part);
      });
      transform.on("end", () => {
        this.#finish(transform, undefined);
      });
      transform.on("error", (error: Error) => {
        this.#finish(transform, error);
      });
      transform.end(this.#bytes);
    });
  }

  #add(transform: Transform, part: Buffer): void {
    if (this.over) return;
    this.#size += part.byteLength;
    this.#parts.push(part);
    if (this.#size <= this.#maxBytes) return;
    this.#finish(transform, Object.assign(new RangeError(`more than ${this.#maxBytes} bytes`), { code: TOO_LARGE }));
  }

  #finish(transform: Transform, error: Error | undefined): void {
    if (this.over) return;
    this.over = true;
    const [first] = this.#parts;
    const bytes =
      error !== undefined ? NOTHING : this.#parts.length === 1 && first !== undefined ? first : Buffer.concat(this.#parts, this.#size);
    this.#leave(transform);
    this.#onDone(error, bytes, this.#background.clock.now() - this.#beganMs);
  }

  /** The others go on. */
  #leave(transform: Transform): void {
    this.#parts = [];
    transform.destroy();
    this.#background.next();
  }
}
