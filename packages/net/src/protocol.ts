/** What packages that speak a protocol register with a server, to be recognised on its ports. */
import type { Connection } from "./connection.ts";
import type { Session } from "./session.ts";

/** A session of the server's side. */
export interface AcceptedSession extends Session {
  /** Calls that have not been answered. */
  readonly inFlight: number;
  /** Tells the peer that the server is going, where the protocol can. */
  drain(): void;
  /** Whether closing the connection now, while nothing is in flight, could lose a call that the protocol promises to keep. */
  readonly owed: boolean;
  /**
   * Whether the caller may not know that the server goes, since its protocol has no word for it or it pays no attention. It is served
   * for as long as it calls.
   */
  readonly untold?: boolean;
  /** Ends a connection that was silent for long, with whatever the protocol says first. Without it the connection is ended at once. */
  endIdle?(): void;
}

/** What a package registers to be recognised on a port. */
export interface Protocol {
  readonly name: string;
  /** Whether these first bytes begin it; `undefined` when more are needed to know. Protocols are asked in their order. */
  recognise(bytes: Buffer, start: number, end: number): boolean | undefined;
  /** Whether `open` can be called. Absent where it always can. */
  readonly loaded?: boolean;
  /** Loads what `open` needs. */
  load?(): Promise<void>;
  open(connection: Connection): AcceptedSession;
}
