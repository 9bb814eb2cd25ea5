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

/** What is to be done with some bytes. */
export interface Work {
  readonly make: () => Transform;
  readonly bytes: Uint8Array;
  /** How much will probably come of them. */
  readonly expectedBytes: number;
  /** More is an error with the code `TOO_LARGE`. */
  readonly maxBytes: number;
}

export class Background {
  readonly clock: Clock;
  readonly #waiting: Job[] = [];
  #running: Job | undefined;
  #resting = false;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Whether nothing is done or waits. */
  get idle(): boolean {
    return this.#running === undefined && this.#waiting.length === 0;
  }

  /** Has it done when it is its turn, and tells what became of it. */
  add(work: Work, onDone: OnDone): Job {
    const job = new Job(this, work, onDone);
    this.#waiting.push(job);
    if (this.#running === undefined) this.next();
    return job;
  }

  /** A job that was given up before its turn: what it would have worked on is not kept until then. */
  forget(job: Job): void {
    const at = this.#waiting.indexOf(job);
    if (at >= 0) this.#waiting.splice(at, 1);
  }

  /** The job under way has ended. */
  next(): void {
    this.#running = this.#resting ? undefined : this.#waiting.shift();
    this.#running?.start();
  }

  /** Begins nothing more for so long: whoever asks for it has had the others' time. */
  rest(milliseconds: number): void {
    if (this.#resting) return;
    this.#resting = true;
    this.clock.after(milliseconds, () => {
      this.#resting = false;
      if (this.#running === undefined) this.next();
    });
  }
}

/** Something to be done. */
export class Job {
  /** Whether it was done or given up. */
  over = false;
  readonly #background: Background;
  readonly #work: Work;
  readonly #onDone: OnDone;
  #begun = false;
  #transform: Transform | undefined;
  /** What has come, in memory that grows: putting it together at the end would be one long turn. */
  #bytes: Buffer = NOTHING;
  #size = 0;
  #beganMs = 0;

  constructor(background: Background, work: Work, onDone: OnDone) {
    this.#background = background;
    this.#work = work;
    this.#onDone = onDone;
  }

  /** Nobody wants it any more: nobody is told. */
  cancel(): void {
    if (this.over) return;
    this.over = true;
    if (!this.#begun) {
      this.#background.forget(this);
      return;
    }
    this.#leave();
    this.#background.next();
  }

  start(): void {
    this.#begun = true;
    runOutsideCall(() => {
      this.#beganMs = this.#background.clock.now();
      try {
        this.#begin();
      } catch (error) {
        // For want of memory, say. Told later, as all else is: whoever adds a job does not have it yet.
        process.nextTick(() => {
          this.#finish(error as Error);
        });
      }
    });
  }

  #begin(): void {
    const transform = this.#work.make();
    this.#transform = transform;
    transform.on("data", (part: Buffer) => {
      this.#add(part);
    });
    transform.on("end", () => {
      this.#finish(undefined);
    });
    transform.on("error", (error: Error) => {
      this.#finish(error);
    });
    transform.end(this.#work.bytes);
  }

  #add(part: Buffer): void {
    if (this.over) return;
    const { expectedBytes, maxBytes } = this.#work;
    const size = this.#size + part.byteLength;
    if (size > maxBytes) {
      this.#finish(Object.assign(new RangeError(`more than ${maxBytes} bytes`), { code: TOO_LARGE }));
      return;
    }
    if (size > this.#bytes.byteLength) {
      let grown: Buffer;
      try {
        grown = Buffer.allocUnsafeSlow(Math.min(maxBytes, Math.max(size, expectedBytes, 2 * this.#bytes.byteLength)));
      } catch (error) {
        this.#finish(error as Error);
        return;
      }
      this.#bytes.copy(grown, 0, 0, this.#size);
      this.#bytes = grown;
    }
    part.copy(this.#bytes, this.#size);
    this.#size = size;
  }

  #finish(error: Error | undefined): void {
    if (this.over) return;
    this.over = true;
    const bytes = error === undefined ? this.#bytes.subarray(0, this.#size) : NOTHING;
    this.#leave();
    try {
      this.#onDone(error, bytes, this.#background.clock.now() - this.#beganMs);
    } finally {
      // The others go on.
      this.#background.next();
    }
  }

  #leave(): void {
    this.#bytes = NOTHING;
    this.#transform?.destroy();
  }
}
