/** What is left of the chunks that came, until the session can go on: the beginning of a frame, or all of a peer that has to wait. */

const NO_BYTES = Buffer.alloc(0);

export class Leftover {
  bytes: Buffer = NO_BYTES;
  length = 0;
  /** When the incomplete frame that waits began to come. */
  sinceMs = 0;

  /** Keeps a copy of a part of `chunk`, behind what is here. `wantedBytes`: how many the session says it needs to go on. */
  add(chunk: Buffer, from: number, to: number, wantedBytes: number, nowMs: number): void {
    if (this.length === 0) this.sinceMs = nowMs;
    const length = this.length + to - from;
    if (length > this.bytes.byteLength) {
      // A frame's announced length is believed only as far as its bytes have come: at most twice that is reserved.
      // And always twice what there was, or a frame whose length nobody announces would be copied for every piece.
      const size = Math.max(length, 2 * this.length, Math.min(wantedBytes, 2 * length));
      const bytes = Buffer.allocUnsafe(size);
      this.bytes.copy(bytes, 0, 0, this.length);
      this.bytes = bytes;
    }
    chunk.copy(this.bytes, this.length, from, to);
    this.length = length;
  }

  /** Forgets the first of it, which the session has taken. */
  drop(used: number, nowMs: number): void {
    if (used === 0) return;
    // By now's time, not by that of the last chunk: the peer is not to blame for how long its next frame had to wait for us.
    this.sinceMs = nowMs;
    this.length -= used;
    if (this.length === 0) this.bytes = NO_BYTES;
    else this.bytes.copyWithin(0, used, used + this.length);
  }

  clear(): void {
    this.bytes = NO_BYTES;
    this.length = 0;
  }
}
