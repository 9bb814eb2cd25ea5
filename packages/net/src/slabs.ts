/**
 * Outgoing slabs: fixed blocks of memory that messages are encoded into. They belong to the event loop, not to a
 * connection: one is borrowed with the first byte of a turn and comes back when the socket has taken it, so an idle
 * connection owns none.
 */

import type { MessageMemory } from "@kiteline/core";

/** Big enough that one turn of a busy connection is one write. Beyond it, a write costs the same per byte anyway. */
export const SLAB_BYTES: number = 64 * 1024;

/** A block and the view of it; made together so that encoders never make one. */
export interface Slab {
  readonly bytes: Buffer;
  readonly view: DataView;
  /** Whether somebody refers to it for good: it is not used again. */
  kept: boolean;
}

/** A slab that was kept for a message's sake, as the message's reader may give it back. */
class Loan implements MessageMemory {
  readonly #slabs: Slabs;
  readonly #slab: Slab;

  constructor(slabs: Slabs, slab: Slab) {
    this.#slabs = slabs;
    this.#slab = slab;
  }

  giveBack(): void {
    if (!this.#slab.kept) return;
    this.#slab.kept = false;
    this.#slabs.giveBack(this.#slab);
  }
}

/** What a message lies in that has been read from `slab`, if parts of it stay there. */
export function lend(slabs: Slabs, slab: Slab | undefined): MessageMemory | undefined {
  return slab?.kept === true ? new Loan(slabs, slab) : undefined;
}

/** Slabs kept for reuse; what is over is left to the garbage collector. */
const KEPT = 64;
/** Large slabs come in multiples of this, so that messages of about the same size use the same ones again: fresh memory costs more than filling it. */
const LARGE_STEP_BYTES = 16 * 1024;
/** Bytes in large slabs that are kept for reuse. */
const KEPT_LARGE_BYTES = 8 * 1024 * 1024;

export class Slabs {
  #free: Slab[] = [];
  #large: Slab[] = [];
  #largeBytes = 0;

  borrow(): Slab {
    return this.#free.pop() ?? makeSlab(SLAB_BYTES);
  }

  /** A slab for one large message, with room for `size` bytes. */
  borrowLarge(size: number): Slab {
    const at = this.#large.findIndex((slab) => slab.bytes.byteLength >= size);
    const [found] = at < 0 ? [] : this.#large.splice(at, 1);
    if (found === undefined) return makeSlab(Math.ceil(size / LARGE_STEP_BYTES) * LARGE_STEP_BYTES);
    this.#largeBytes -= found.bytes.byteLength;
    return found;
  }

  /** Takes a slab back, unless it was kept; one too many is dropped. */
  giveBack(slab: Slab): void {
    if (slab.kept) return;
    const size = slab.bytes.byteLength;
    if (size === SLAB_BYTES) {
      if (this.#free.length < KEPT) this.#free.push(slab);
    } else if (size > SLAB_BYTES && this.#largeBytes + size <= KEPT_LARGE_BYTES) {
      this.#large.push(slab);
      this.#largeBytes += size;
    }
  }
}

/** A slab of its own, outside of any pool. */
export function makeSlab(size: number): Slab {
  const bytes = Buffer.allocUnsafeSlow(size);
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, size), kept: false };
}
