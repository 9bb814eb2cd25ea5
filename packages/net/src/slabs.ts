/**
 * Outgoing slabs: fixed blocks of memory that messages are encoded into. They belong to the event loop, not to a
 * connection: one is borrowed with the first byte of a turn and comes back when the socket has taken it, so an idle
 * connection owns none.
 */

/** Big enough that one turn of a busy connection is one write. Beyond it, a write costs the same per byte anyway. */
export const SLAB_BYTES: number = 64 * 1024;

/** A block and the view of it; made together so that encoders never make one. */
export interface Slab {
  readonly bytes: Buffer;
  readonly view: DataView;
}

/** Slabs kept for reuse; what is over is left to the garbage collector. */
const KEPT = 64;

export class Slabs {
  #free: Slab[] = [];

  borrow(): Slab {
    return this.#free.pop() ?? makeSlab(SLAB_BYTES);
  }

  /** Takes a slab back. Those of another size (made for one large message) are dropped. */
  giveBack(slab: Slab): void {
    if (slab.bytes.byteLength === SLAB_BYTES && this.#free.length < KEPT) this.#free.push(slab);
  }
}

/** A slab of its own, outside of any pool. */
export function makeSlab(size: number): Slab {
  const bytes = Buffer.allocUnsafeSlow(size);
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, size) };
}
