/**
 * A bound for the time that reading one message may take. V8 hashes the numbers in a `Map` or `Set` without a secret, so that a peer can
 * choose keys that all collide, and each further one costs as much as all before: a message of a megabyte then takes a minute.
 * Readers ask now and then, once for many elements; a message that nobody crafted is read ten times as fast as is allowed, or faster.
 */
import { systemClock } from "@kiteline/core";
import { DecodeError } from "./payload.ts";

/** What any message may take from the first look on, whatever else the machine does meanwhile. */
const GRACE_MS = 500;
/** And so many bytes more for each millisecond. */
const BYTES_PER_MS = 5000;

export class ReadingTime {
  private beganMs = -1;
  private beganAt = 0;

  /** Another message begins. */
  reset(): void {
    this.beganMs = -1;
  }

  /** `position` is how far the reader has come, in bytes from anywhere. Throws a `DecodeError` when that took too long. */
  look(position: number): void {
    const nowMs = systemClock.now();
    if (this.beganMs < 0) {
      this.beganMs = nowMs;
      this.beganAt = position;
      return;
    }
    const tookMs = nowMs - this.beganMs;
    const bytes = position - this.beganAt;
    if (tookMs <= GRACE_MS + bytes / BYTES_PER_MS) return;
    throw new DecodeError(
      `reading ${bytes} bytes of the message took ${Math.round(tookMs)} ms, as it does where numbers are chosen so that they collide as keys of a map or set`,
    );
  }
}
