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
  bytesRead = 0;
  bytesWritten = 0;
  /** Failures by code. */
  readonly failures: Record<Code, number> = Object.fromEntries(CODES.map((code) => [code, 0])) as Record<Code, number>;

  get inFlight(): number {
    return this.started - this.succeeded - this.refused - this.failed;
  }
}
