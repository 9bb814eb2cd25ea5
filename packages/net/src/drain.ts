/**
 * The end of a server's connections: their sessions tell the callers to go, and each is closed once it idles. Nobody can connect any
 * more when it begins.
 */
import type { Socket } from "node:net";
import type { Clock, Timer } from "@kiteline/core";
import type { Connection } from "./connection.ts";
import type { AcceptedSession } from "./protocol.ts";

const STEP_MS = 20;
/** A connection that had no call for this long is closed, unless its session knows better: what was under way has come by then. */
const IDLE_MS = 100;
/**
 * And so long where the caller may not know that we go. The next call of one that calls less often than this may be under way when its
 * connection is closed, and is lost; whoever calls more often is served until it has called for the last time.
 */
const UNTOLD_IDLE_MS = 1000;

export class Drain {
  readonly #connections: ReadonlySet<Connection>;
  readonly #sockets: ReadonlySet<Socket>;
  readonly #clock: Clock;
  readonly #beganMs: number;
  /** When a connection was last seen to have a call, or a part of one. */
  readonly #busyMs = new Map<Connection, number>();
  #step: Timer | undefined;

  /** Begins. `sockets` are those of the connections that were accepted here, and some that have not become a connection yet. */
  constructor(connections: ReadonlySet<Connection>, sockets: ReadonlySet<Socket>, clock: Clock) {
    this.#connections = connections;
    this.#sockets = sockets;
    this.#clock = clock;
    this.#beganMs = clock.now();
    for (const connection of connections) (connection.session as AcceptedSession).drain();
    this.#look();
  }

  stop(): void {
    this.#step?.cancel();
  }

  #look(): void {
    const now = this.#clock.now();
    for (const connection of this.#connections) this.#endIfIdle(connection, now);
    // Nobody has said anything on those that are left, or not all of a TLS handshake.
    if (this.#connections.size === 0 && now - this.#beganMs >= IDLE_MS) for (const socket of this.#sockets) socket.destroy();
    this.#step = this.#clock.after(STEP_MS, () => this.#look());
  }

  #endIfIdle(connection: Connection, nowMs: number): void {
    const session = connection.session as AcceptedSession;
    const silentMs = nowMs - Math.max(connection.lastReadMs, this.#beganMs);
    if (connection.ended) {
      // Our side has said its last; some clients keep such a connection until they next want it.
      if (silentMs >= IDLE_MS && connection.unwrittenBytes === 0) connection.destroy();
      return;
    }
    if (session.inFlight > 0 || connection.restBytes > 0) {
      this.#busyMs.set(connection, nowMs);
      return;
    }
    const idleMs = Math.min(silentMs, nowMs - (this.#busyMs.get(connection) ?? 0));
    if (!session.owed && idleMs >= (session.untold === true ? UNTOLD_IDLE_MS : IDLE_MS)) connection.end();
  }
}
