/**
 * An endpoint as this process knows it: what is in flight to it and whether connections to it fail. It outlives
 * snapshots and belongs to an address, not to a cluster: clusters that share an address share what is known of it.
 *
 * A failed connection ejects the endpoint for a while that doubles with each further failure. When the while is over,
 * one call may try it (a probe); until that one succeeds or fails, others keep away, unless they have nowhere else to go.
 */
import type { Peer } from "@kiteline/core";

/** A probe that says nothing of its outcome for this long is taken for lost. As long as connecting takes by default. */
const PROBE_MS = 1000;

/** How long an endpoint is left alone after its first failed connection, and at most. */
export interface EjectionOptions {
  /** Defaults to 50. */
  readonly baseMs: number;
  /** Defaults to 10,000. */
  readonly maxMs: number;
}

export class LiveEndpoint implements Peer {
  /** `host:port` or `unix:PATH`. */
  readonly address: string;
  /** As the current snapshot says. */
  labels: Readonly<Record<string, string>>;
  /** Whatever the client keeps for it, such as its connections. The balancer never touches it. */
  state: unknown = undefined;
  /** Calls that were sent to it and have not ended. */
  inFlight = 0;
  /** When it may be tried again; 0 while connections to it succeed. */
  ejectedUntilMs = 0;
  /** Until when a probe is taken to be under way. */
  probedUntilMs = 0;
  /** Connections that failed since the last that succeeded. */
  failures = 0;
  /** Why the last connection failed. */
  lastError: Error | undefined = undefined;
  /** How many clusters of the current snapshot have it. */
  uses = 0;
  readonly #ejection: EjectionOptions;
  readonly #random: () => number;

  constructor(address: string, labels: Readonly<Record<string, string>>, ejection: EjectionOptions, random: () => number) {
    this.address = address;
    this.labels = labels;
    this.#ejection = ejection;
    this.#random = random;
  }

  /** The client could not connect. A jitter of a quarter keeps many clients from coming back at once. */
  connectFailed(nowMs: number, error?: Error): void {
    this.failures++;
    this.lastError = error;
    const { baseMs, maxMs } = this.#ejection;
    const waitMs = Math.min(maxMs, baseMs * 2 ** Math.min(30, this.failures - 1));
    this.ejectedUntilMs = nowMs + waitMs * (0.75 + 0.5 * this.#random());
    this.probedUntilMs = 0;
  }

  /** The client has a connection, or had an answer. */
  connected(): void {
    this.failures = 0;
    this.ejectedUntilMs = 0;
    this.probedUntilMs = 0;
    this.lastError = undefined;
  }

  /** A call that `pick` sent here has ended. */
  released(): void {
    this.inFlight--;
  }

  /** Whether a call may go here: nothing is wrong, or it is time to try again and nobody does yet. */
  usableAt(nowMs: number): boolean {
    return this.ejectedUntilMs === 0 || (nowMs >= this.ejectedUntilMs && nowMs >= this.probedUntilMs);
  }

  /** The call at hand is the one that finds out. */
  beginProbe(nowMs: number): void {
    this.probedUntilMs = nowMs + PROBE_MS;
  }
}
