/** What is left of the chunks that came, until the session can go on: the beginning of a frame, or all of a peer that has to wait. */

const NO_BYTES = Buffer.alloc(0);

export class Leftover {
  bytes: Buffer = NO_BYTES;
  /** Where it begins in `bytes`. */
  start = 0;
  length = 0;
  /** When the incomplete frame that waits began to come. */
  sinceMs = 0;

  /** Keeps a copy of a part of `chunk`, behind what is here. `wantedBytes`: how many the session says it needs to go on. */
  add(chunk: Buffer, from: number, to: number, wantedBytes: number, nowMs: number): void {
    if (this.length === 0) this.sinceMs = nowMs;
    const length = this.length + to - from;
    if (this.start + length > this.bytes.byteLength) this.#makeRoom(length, wantedBytes);
    chunk.copy(this.bytes, this.start + this.length, from, to);
    this.length = length;
  }

  /** For `length` bytes behind `start`. */
  #makeRoom(length: number, wantedBytes: number): void {
    const { bytes, start } = this;
    const end = start + this.length;
    this.start = 0;
    if (length <= bytes.byteLength && start >= this.length) {
      bytes.copyWithin(0, start, end);
      return;
    }
    // A frame's announced length is believed only as far as its bytes have come: at most twice that is reserved.
    // And always twice what there was, or a frame whose length nobody announces would be copied for every piece.
    const size = Math.max(length, 2 * this.length, Math.min(wantedBytes, 2 * length));
    this.bytes = Buffer.allocUnsafe(size);
    bytes.copy(this.bytes, 0, start, end);
  }

  /** Forgets the first of it, which the session has taken. What is behind stays where it is: who has to wait takes it in small parts. */
  drop(used: number, nowMs: number): void {
    if (used === 0) return;
    // By now's time, not by that of the last chunk: the peer is not to blame for how long its next frame had to wait for us.
    this.sinceMs = nowMs;
    this.start += used;
    this.length -= used;
    if (this.length === 0) this.clear();
  }

  clear(): void {
    this.bytes = NO_BYTES;
    this.start = 0;
    this.length = 0;
  }
}
