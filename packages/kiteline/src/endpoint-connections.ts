/** The connections to one endpoint: those of methods that stream apart, where the protocol has them so. */
import type { Attempt, MethodKind, RpcError } from "@kiteline/core";
import { ConnectionSet, type Address, type ConnectionSetContext } from "@kiteline/net";

/** What an endpoint's connections are made with. */
export interface ConnectionContexts {
  readonly calls: ConnectionSetContext;
  /** Absent where streams go over the same connections. */
  readonly streams: ConnectionSetContext | undefined;
}

export class EndpointConnections {
  readonly #address: Address;
  readonly #contexts: ConnectionContexts;
  readonly #onDial: ConnectionSetContext["onDial"];
  #calls: ConnectionSet | undefined;
  #streams: ConnectionSet | undefined;
  #closed = false;
  #retired = false;

  constructor(address: Address, contexts: ConnectionContexts, onDial: ConnectionSetContext["onDial"]) {
    this.#address = address;
    this.#contexts = contexts;
    this.#onDial = onDial;
  }

  /** Connections that stand. */
  get size(): number {
    return (this.#calls?.size ?? 0) + (this.#streams?.size ?? 0);
  }

  /** As a set says it of its own. */
  lastDial(kind: MethodKind): ConnectionSet["lastDial"] {
    return this.#setFor(kind).lastDial;
  }

  send(attempt: Attempt): void {
    this.#setFor(attempt.call.method.kind).send(attempt);
  }

  /** Opens the first connection for methods of the kind. Rejects with the error of the dial. */
  warm(kind: MethodKind): Promise<void> {
    return this.#setFor(kind).warm();
  }

  /** Takes no more calls. Resolves when those in flight have ended and no connection stands or is being opened. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([this.#calls?.close(), this.#streams?.close()]);
  }

  /** Keeps no connection any longer than it has calls. Resolves when nobody waits and no connection stands or is being opened. */
  async retire(): Promise<void> {
    this.#retired = true;
    await Promise.all([this.#calls?.retire(), this.#streams?.retire()]);
  }

  /** Ends the connections that stand; their calls fail with this. */
  cut(error: RpcError): void {
    this.#calls?.cut(error);
    this.#streams?.cut(error);
  }

  #setFor(kind: MethodKind): ConnectionSet {
    const { calls, streams } = this.#contexts;
    if (streams === undefined || kind === "unary" || kind === "oneway") return (this.#calls ??= this.#open(calls));
    return (this.#streams ??= this.#open(streams));
  }

  #open(context: ConnectionSetContext): ConnectionSet {
    const set = new ConnectionSet(this.#address, { ...context, onDial: this.#onDial });
    if (this.#closed) void set.close();
    else if (this.#retired) void set.retire();
    return set;
  }
}
