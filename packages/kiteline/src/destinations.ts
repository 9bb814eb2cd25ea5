/** Where a client's calls can go: routes and endpoints from the snapshot in force, connections of each endpoint. */
import { RpcError, type Attempt, type ClientCall, type Counters, type Peer } from "@kiteline/core";
import { ConnectionSet, parseAddress, socketDialer, type Loop } from "@kiteline/net";
import type { ResolvedClientOptions } from "./client-options.ts";
import { clientWire } from "./wires.ts";

/** `idle`: no connection yet or any more. `ready`: at least one stands. `failing`: the last dial failed. */
export type ClientState = "idle" | "ready" | "failing" | "closed";

export class Destinations {
  readonly #set: ConnectionSet;
  readonly #options: ResolvedClientOptions;
  readonly callee: string;
  readonly #peer: Peer;
  #closed = false;

  constructor(options: ResolvedClientOptions, loop: Loop, counters: Counters) {
    this.#options = options;
    const local = typeof options.target === "object" && "inProcess" in options.target ? options.target : undefined;
    const target = local !== undefined ? "in-process:1" : typeof options.target === "string" ? options.target : ((options.target as readonly string[])[0] as string);
    this.callee = target;
    const dial = local !== undefined ? local.inProcess : socketDialer({ connectTimeoutMs: options.connectTimeoutMs, tls: options.tls });
    const wire = clientWire(options.protocol, options.payload, options.maxMessageBytes, () => options.clock.now());
    this.#peer = { address: target, labels: {} };
    this.#set = new ConnectionSet(parseAddress(target), { loop, dial, wire, counters, options: options.connections, random: options.random });
  }

  get state(): ClientState {
    if (this.#closed) return "closed";
    return this.#set.size > 0 ? "ready" : "idle";
  }

  route(_call: ClientCall): RpcError | undefined {
    return undefined;
  }

  launch(attempt: Attempt): void {
    attempt.peer = this.#peer;
    this.#set.send(attempt);
  }

  retry(attempt: Attempt, error: RpcError): number | undefined {
    return error.executed === "no" && error.retriable && attempt.number <= this.#options.retries ? 0 : undefined;
  }

  ready(): Promise<void> {
    return this.#set.warm();
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.#set.close();
  }
}
