/** The session of a connection whose protocol is not known yet: asks each protocol whether the first bytes begin it. */
import type { Log } from "@kiteline/core";
import type { Connection } from "./connection.ts";
import { describeCaller } from "./first-bytes.ts";
import type { Openings } from "./openings.ts";
import type { AcceptedSession, Protocol } from "./protocol.ts";

/** No protocol needs more to be recognised. */
const MAX_PROBE_BYTES = 64;

export interface RecogniserContext {
  readonly protocols: readonly Protocol[];
  readonly log: Log;
  readonly openings: Openings;
  /** The protocol has been recognised, and its session has not been given any bytes. */
  readonly onOpen: (session: AcceptedSession) => void;
}

export class Recogniser implements AcceptedSession {
  readonly inFlight = 0;
  readonly owed = false;
  readonly wantedBytes = 0;
  readonly #connection: Connection;
  readonly #context: RecogniserContext;

  constructor(connection: Connection, context: RecogniserContext) {
    this.#connection = connection;
    this.#context = context;
  }

  onBytes(bytes: Buffer, start: number, end: number): number {
    let undecided = false;
    for (const protocol of this.#context.protocols) {
      const answer = protocol.recognise(bytes, start, end);
      if (answer === true) {
        if (protocol.loaded === false && protocol.load !== undefined) {
          this.#await(protocol.name, protocol.load());
          return start;
        }
        if (!this.#context.openings.mayOpen(this.#connection)) return start;
        const session = protocol.open(this.#connection);
        this.#connection.session = session;
        this.#context.onOpen(session);
        return session.onBytes(bytes, start, end);
      }
      // Nobody behind is asked before it has decided: what a connection speaks must not depend on how its bytes are cut.
      if (answer === undefined) {
        undecided = true;
        break;
      }
    }
    if (undecided && end - start < MAX_PROBE_BYTES) return start;
    this.#context.log({
      level: "warn",
      message: `closed a connection that ${describeCaller(bytes, start, end)}`,
      peer: this.#connection.peer,
    });
    this.#connection.destroy();
    return end;
  }

  /** What has come is kept and recognised again once it can be understood. */
  #await(name: string, loading: Promise<void>): void {
    const connection = this.#connection;
    connection.pause();
    loading.then(
      () => connection.resume(),
      (error: unknown) => {
        this.#context.log({ level: "error", message: `closed a connection that speaks ${name}, which cannot be loaded`, error });
        connection.destroy();
      },
    );
  }

  drain(): void {}

  onEnd(): void {
    this.#connection.end();
  }

  onClose(): void {}
  onDrain(): void {}
  onFlush(): void {}
}
