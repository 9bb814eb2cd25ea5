/**
 * Work on other threads, of which a process has few: a connection has one thing done at a time, so that its own calls wait for it and
 * those of others go on. What few bytes blow up to is done in the slow lane.
 */
import type { Transform } from "node:stream";
import { runOutsideCall, type Clock } from "@kiteline/core";
import type { Loop, Part, SlowLane } from "@kiteline/net";

const NOTHING = Buffer.alloc(0);

/** What becomes so many times its size is done slowly, beyond a size that anything small may become. */
export const BLOWN_UP = 32;
const BLOWN_UP_BYTES = 16 * 1024;

/** The most that so many bytes become before it is done slowly. */
export function mostAtOnce(bytes: number): number {
  return Math.max(BLOWN_UP_BYTES, BLOWN_UP * bytes);
}

/** What blew up at the expense of other connections has taken longer than this, together. */
const LONG_MS = 1;
/** Who asked for it waits for so many times as long. */
const REST = 4;

/** The error that Node's own functions throw for more than was asked for. */
export const TOO_LARGE = "ERR_BUFFER_TOO_LARGE";

/** Who hears how it went, and how long it took, without the time that it had to wait. */
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
  readonly slowLane: SlowLane;
  readonly #waiting: Job[] = [];
  #running: Job | undefined;
  #blownUpMs = 0;
  /** Whether nothing is begun for a while, here or elsewhere: whoever asks for it has had the others' time. */
  resting = false;

  constructor({ clock, slowLane }: Loop) {
    this.clock = clock;
    this.slowLane = slowLane;
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
    this.#running = this.resting ? undefined : this.#waiting.shift();
    this.#running?.start();
  }

  /** Something blew up, which took so long. Returns how long that and what did before have taken, if it has to rest for it. */
  charge(tookMs: number): number {
    this.#blownUpMs += tookMs;
    const together = this.#blownUpMs;
    if (together <= LONG_MS) return 0;
    this.#blownUpMs = 0;
    this.rest(REST * together);
    return together;
  }

  /** Begins nothing more for so long. */
  rest(milliseconds: number): void {
    if (this.resting) return;
    this.resting = true;
    const goOn = (): void => {
      this.resting = false;
      if (this.#running === undefined) this.next();
    };
    this.clock.after(milliseconds, goOn, true); // those who wait may have nothing else to keep the process
  }
}

/** Something to be done. */
export class Job implements Part {
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
  #tookMs = 0;
  /** When the part under way was begun. */
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
    if (size <= mostAtOnce(this.#work.bytes.byteLength)) return;
    this.#transform?.pause();
    this.#clockOff();
    this.#background.slowLane.wait(this);
  }

  /** The next part may be done. */
  goOn(): void {
    this.#beganMs = this.#background.clock.now();
    this.#transform?.resume();
  }

  #clockOff(): void {
    this.#tookMs += this.#background.clock.now() - this.#beganMs;
  }

  #finish(error: Error | undefined): void {
    if (this.over) return;
    this.over = true;
    const bytes = error === undefined ? this.#bytes.subarray(0, this.#size) : NOTHING;
    this.#clockOff();
    this.#leave();
    try {
      this.#onDone(error, bytes, this.#tookMs);
    } finally {
      // The others go on.
      this.#background.next();
    }
  }

  #leave(): void {
    this.#bytes = NOTHING;
    this.#background.slowLane.leave(this);
    this.#transform?.destroy();
  }
}
