/** What a client or server has counted since it was made. Plain numbers: read them whenever you like. */
import { CODES, type Code } from "./errors.ts";

export class Counters {
  started = 0;
  succeeded = 0;
  /** Declared exceptions and business errors: answers, not failures. */
  refused = 0;
  failed = 0;
  /** Attempts beyond each call's first. */
  retries = 0;
  connectionsOpened = 0;
  connectionsClosed = 0;
  connectFailures = 0;
  /** Failures by code. */
  readonly failures: Record<Code, number> = Object.fromEntries(CODES.map((code) => [code, 0])) as Record<Code, number>;
  /**
   * Read and written. Seconds take them past 2^31, where V8 gives up the integer that it has taken a field for, and with it all code
   * compiled for this object; an array of doubles is what it is from the start.
   */
  readonly #bytes = new Float64Array(2);

  get bytesRead(): number {
    return this.#bytes[0] as number;
  }

  set bytesRead(bytes: number) {
    this.#bytes[0] = bytes;
  }

  get bytesWritten(): number {
    return this.#bytes[1] as number;
  }

  set bytesWritten(bytes: number) {
    this.#bytes[1] = bytes;
  }

  get inFlight(): number {
    return this.started - this.succeeded - this.refused - this.failed;
  }
}
