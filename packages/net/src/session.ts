/** What understands the bytes of a connection, and what either direction of a connection knows of the whole. */
import type { Duplex } from "node:stream";
import type { Loop } from "./loop.ts";

/** What understands the bytes of a connection. A connection's session may be exchanged while it lives. */
export interface Session {
  /**
   * Takes what it can of `bytes` from `start` to `end` and returns where it stopped. The bytes are reused after it
   * returns. What is left is presented again together with what follows, once `wantedBytes` are there.
   */
  onBytes(bytes: Buffer, start: number, end: number): number;
  /**
   * Where what comes next may be read to, because all that fits there belongs there; `onBytes` is given that buffer then. `undefined`
   * when it does not know.
   */
  destination?(): Buffer | undefined;
  /** How many bytes must be there before `onBytes` can go on; 0 when any number will do. */
  readonly wantedBytes: number;
  /** The peer will send no more. */
  onEnd(): void;
  /** The connection is gone. Called once. */
  onClose(error: Error | undefined): void;
  /** What was written before has left, after `blocked` was true. */
  onDrain(): void;
  /** What was encoded so far has been handed to the socket. */
  onFlush(): void;
}

/** What a connection counts. */
export interface Traffic {
  bytesRead: number;
  bytesWritten: number;
}

/** A connection as either direction of it sees it. */
export interface Carrier {
  readonly loop: Loop;
  readonly socket: Duplex;
  readonly session: Session;
  /** Whether our side has said its last: nothing more is written, and what comes is not looked at. */
  readonly ended: boolean;
  /** Whether both directions are told when the turn ends. */
  readonly scheduled: boolean;
  /** Has both directions told when the turn ends. */
  atTurnsEnd(): void;
}
