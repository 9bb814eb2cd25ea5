/**
 * What a server's connections ask it for each call: who serves it, whether it is let in, that it has ended. A class,
 * since V8 keeps an object literal with a getter as a hash table, and this is asked several times a call.
 *
 * A call passes, in this order:
 *
 * 1. the wire's limits, by what is announced: before memory is spent;
 * 2. `find`: who serves it, since whatever else is told of a call names its method;
 * 3. `admit`: counted, then refused for its deadline or for the others under way, before its message is decoded; then its
 *    colour is believed or taken away, above middleware, so that everybody sees the one that counts;
 * 4. the decoder: what cannot be read has been counted, and reaches nobody;
 * 5. `hideInternalErrors`, where it is on: outside middleware, which shall see what happened;
 * 6. middleware, the server's own, then that of its suites, made once per method (`Registry.serve`);
 * 7. the handler, as the current call of all that it starts;
 * 8. `ended`: once per call that was admitted, when its answer is settled.
 */
import { BusinessError, RpcError, type Counters, type ServerCall } from "@kiteline/core";
import { Lanes } from "@kiteline/lanes/lanes";
import type { CallHost, Connection, Loop, ServedMethod } from "@kiteline/net";
import { droppedColours } from "./dropped-colours.ts";
import { hiddenFailure } from "./hide-internal-errors.ts";
import type { Registry } from "./registry.ts";
import type { ResolvedServerOptions } from "./server-options.ts";
import { UnknownMethods } from "./unknown-methods.ts";

export class ServerHost implements CallHost {
  readonly inherit: boolean;
  /** Whether the server is closing. */
  draining = false;
  /** Calls being handled. */
  inFlight = 0;
  readonly #options: ResolvedServerOptions;
  readonly #registry: Registry;
  readonly #unknownMethods: UnknownMethods;
  readonly #counters: Counters;
  readonly #loop: Loop;
  readonly #lanes: Lanes;

  constructor(options: ResolvedServerOptions, registry: Registry, counters: Counters, loop: Loop) {
    this.inherit = options.inherit;
    this.#options = options;
    this.#registry = registry;
    this.#unknownMethods = new UnknownMethods(registry);
    this.#counters = counters;
    this.#loop = loop;
    this.#lanes = new Lanes({ onDropped: droppedColours(options.log) });
  }

  find(service: string | undefined, name: string, exact?: boolean): ServedMethod | RpcError {
    const found = this.#registry.find(service, name, exact);
    if (found !== undefined) return found;
    const { unknown } = this.#registry;
    if (unknown === undefined || exact === true) return this.#registry.missing(service, name);
    return this.#unknownMethods.serve(service ?? "", name, unknown);
  }

  /** Before a request is decoded: what refuses it, cheapest first. */
  admit(call: ServerCall): RpcError | undefined {
    this.#counters.started++;
    this.inFlight++;
    // A caller that no longer waits gets no work done for it.
    if (call.deadlineMs !== Infinity && call.deadlineMs <= this.#loop.now()) {
      return RpcError.withoutStack("deadline_exceeded", "the caller's deadline had passed when the call came", {
        executed: "no",
        retriable: false,
      });
    }
    if (this.inFlight > this.#options.maxConcurrency) {
      return RpcError.withoutStack(
        "resource_exhausted",
        `the server handles ${this.#options.maxConcurrency} calls already (maxConcurrency)`,
        {
          executed: "no",
          retriable: true,
        },
      );
    }
    // Above all middleware: everybody sees the colour that counts.
    this.#lanes.receive(call, this.#options.trustLanes);
    return undefined;
  }

  ended({ method }: ServerCall, error: Error | undefined): void {
    const counters = this.#counters;
    this.inFlight--;
    if (error === undefined) counters.succeeded++;
    else if (error instanceof RpcError) {
      counters.failed++;
      counters.failures[error.code]++;
    } else if (error instanceof BusinessError || method.messages.declares?.(error) === true) {
      counters.refused++;
    } else {
      counters.failed++;
      counters.failures.internal++;
      this.#options.log({ level: "error", message: `the handler of ${method.fullName} threw`, error });
    }
  }

  unsendable({ method }: ServerCall, error: RpcError): RpcError {
    const { log, hideInternalErrors } = this.#options;
    log({ level: "error", message: `what the handler of ${method.fullName} answered cannot be sent`, error: error.cause });
    // Its text may show the value.
    return hideInternalErrors && error.code === "internal" ? hiddenFailure(method) : error;
  }

  misbehaved(connection: Connection, error: Error): void {
    this.#options.log({ level: "warn", message: "closed a connection for what it sent", peer: connection.peer, error });
  }
}
