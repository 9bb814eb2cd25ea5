/** The calls of one client connection, whatever it speaks: what the connections of an endpoint are kept as. */
import type { Attempt } from "@kiteline/core";
import type { Connection } from "./connection.ts";
import type { Session } from "./session.ts";

export interface CallSession extends Session {
  readonly connection: Connection;
  /** Whether it carries many calls at once. */
  readonly multiplexed: boolean;
  /** Whether it is known whether the peer multiplexes. */
  readonly proven: boolean;
  /** Whether the connection ended before the peer had shown that it speaks the protocol: as bad as if none had been made. */
  readonly stillborn: boolean;
  /** Calls that have not ended. */
  readonly inFlight: number;
  /** Calls sent since the connection was opened. */
  readonly calls: number;
  /** Whether a call can be sent now. */
  readonly free: boolean;
  /** Sends the attempt's request, or fails the attempt when it cannot be encoded. */
  send(attempt: Attempt): void;
  /** Takes no more calls; ends when the last has. */
  drain(): void;
}

/** Whoever keeps the connections of an endpoint. */
export interface SessionOwner {
  /** The session can take a call it could not take before. */
  onFree(session: CallSession): void;
  /** The session takes no more calls; those it has are answered or failed. */
  onUnusable(session: CallSession): void;
  /** The peer leaves as a whole, not only this connection. */
  onLeaving(): void;
  onClosed(session: CallSession, error: Error | undefined): void;
}

/** Begins to speak on a connection: what a protocol gives to clients. */
export type SessionOpener = (connection: Connection, owner: SessionOwner) => CallSession;
