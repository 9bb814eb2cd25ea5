/** The contract of everything that delivers snapshots: a value, a folder, DNS, a control plane. */
import type { Snapshot } from "./snapshot.ts";

export interface Source {
  /** The last snapshot delivered. A source that fails keeps it. */
  readonly current: Snapshot | undefined;
  /** Tells the listener of the current snapshot at once, if there is one, and of each later one, in order. */
  subscribe(listener: (snapshot: Snapshot) => void): Subscription;
  /** Settles with the first snapshot; rejects when the source is closed before. */
  ready(): Promise<Snapshot>;
  /** Asks to look again, because a connection failed. May be called often: a source that polls does so at most once a second for it. */
  refresh(): void;
  /** Ends the source: no timer, watcher or socket stays behind, no listener is told anything more. */
  close(): void;
}

export interface Subscription {
  close(): void;
}
