/**
 * The end of a server's connections: their sessions tell the callers to go, and each is closed once it idles. Nobody can connect any
 * more when it begins.
 */
import type { Socket } from "node:net";
import type { Clock, Timer } from "@kiteline/core";
import type { Connection } from "./connection.ts";
import type { AcceptedSession } from "./protocol.ts";

const STEP_MS = 20;
/** A connection that was silent for this long is taken for idle, unless its session knows better. */
const IDLE_MS = 100;

export class Drain {
  readonly #connections: ReadonlySet<Connection>;
  readonly #sockets: ReadonlySet<Socket>;
  readonly #clock: Clock;
  readonly #beganMs: number;
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

  /** Idle since it was told that we go, that is: what had been sent to us before shall have come. */
  #endIfIdle(connection: Connection, nowMs: number): void {
    const idleMs = nowMs - Math.max(connection.lastReadMs, this.#beganMs);
    const session = connection.session as AcceptedSession;
    // Our side has said its last; some clients keep such a connection until they next want it.
    if (connection.ended && idleMs >= IDLE_MS && connection.unwrittenBytes === 0) connection.destroy();
    if (connection.closed || session.inFlight > 0 || session.owed || connection.restBytes > 0) return;
    if (idleMs >= IDLE_MS) connection.end();
  }
}
