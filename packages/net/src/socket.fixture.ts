/** A socket that a test plays: what is written to it can be looked at, held back and failed. */
import { Duplex } from "node:stream";
import type { ManualClock } from "@kiteline/core";

export class PlayedSocket extends Duplex {
  readonly writes: Buffer[] = [];
  /** While true, writes are not done until `release`. */
  held = false;
  ended = false;
  #done: ((error?: Error) => void)[] = [];

  constructor() {
    super({ allowHalfOpen: true });
  }

  get written(): Buffer {
    return Buffer.concat(this.writes);
  }

  release(): void {
    for (const done of this.#done.splice(0)) done();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.writes.push(Buffer.from(chunk));
    if (this.held) this.#done.push(done);
    else done();
  }

  override _read(): void {}

  override _final(done: () => void): void {
    this.ended = true;
    done();
  }
}

/** Lets the event loop turn: what was encoded is flushed, what streams put off happens. */
export async function turns(count = 4): Promise<void> {
  for (; count > 0; count--) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** What a listener that begins to close needs to close its ports, when there are callers and none connects anew. */
export async function portsClose(clock: ManualClock): Promise<void> {
  for (let passedMs = 0; passedMs < 25; passedMs += 5) {
    await turns(1);
    clock.advance(5);
  }
  await turns(10);
}
