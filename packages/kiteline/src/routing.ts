/**
 * How a client's calls get where they go: the route from the snapshot in force, the endpoint of each attempt, its
 * connections. Loaded with what connects and speaks, while the program goes on (`destinations.ts`).
 */
import { RpcError, type Attempt, type ClientCall, type Counters, type Log, type Metadata } from "@kiteline/core";
import { Balancer, type Group, type LiveEndpoint } from "@kiteline/balance";
import { Lanes } from "@kiteline/lanes/lanes";
import { resolveNames, staticSource } from "@kiteline/discovery/endpoints";
import type { Loop } from "@kiteline/net";
import type { Snapshot, Source } from "@kiteline/policy";
import { retryDelayMs } from "@kiteline/resilience";
import { Router, type ChosenRoute, type Target } from "@kiteline/router";
import type { ResolvedClientOptions } from "./client-options.ts";
import { Connector, type Transport } from "./connector.ts";
import type { EndpointConnections } from "./endpoint-connections.ts";

export interface RoutingContext {
  readonly options: ResolvedClientOptions;
  /** The target as servers are told it. */
  readonly callee: string;
  readonly loop: Loop;
  readonly counters: Counters;
  /** How the client talks to endpoints. */
  readonly transport: Transport;
  /** Told when a connection fails: what is known of the target may be out of date. */
  readonly outdated: () => void;
}

export class Routing {
  readonly lanes: Lanes = new Lanes();
  readonly #options: ResolvedClientOptions;
  readonly #loop: Loop;
  readonly #log: Log;
  readonly #balancer: Balancer;
  readonly #router: Router<Group>;
  readonly #target: Target<Group>;
  readonly #connector: Connector;
  readonly #outdated: () => void;
  readonly #released = (attempt: Attempt): void => {
    (attempt.peer as LiveEndpoint).released();
  };
  /** The connections to endpoints that the snapshot no longer has, until their calls have ended. */
  readonly #leaving = new Set<EndpointConnections>();
  /** The metadata of calls that may wait, from before a route changed it. */
  readonly #unchanged = new WeakMap<ClientCall, Metadata>();

  /** Throws a `TypeError` for options of TLS that are wrong. */
  constructor({ options, callee, loop, counters, transport, outdated }: RoutingContext) {
    const { clock, random } = options;
    this.#options = options;
    this.#loop = loop;
    this.#log = options.log;
    this.#outdated = outdated;
    this.#connector = new Connector(options, callee, loop, counters, transport);
    this.#balancer = new Balancer({
      clock,
      random,
      removed: (endpoint) => {
        if (endpoint.state !== undefined) this.#leave(endpoint.state as EndpointConnections);
      },
    });
    this.#router = new Router({ groups: this.#balancer, lanes: this.lanes, random });
    this.#target = this.#router.target(callee);
  }

  get state(): "idle" | "ready" | "failing" {
    let failing = false;
    for (const endpoint of this.#balancer.endpoints) {
      if (((endpoint.state as EndpointConnections | undefined)?.size ?? 0) > 0) return "ready";
      if (endpoint.failures > 0) failing = true;
    }
    return failing ? "failing" : "idle";
  }

  /** Calls that begin from now on see this snapshot. */
  update(snapshot: Snapshot): void {
    this.#router.update(snapshot);
  }

  /**
   * Chooses the call's route; it may shorten the deadline and change the metadata. Calls that wait for somebody to send them to are asked about
   * again: by what they said themselves, not by what a route has made of it.
   */
  route(call: ClientCall): RpcError | undefined {
    const unchanged = call.options.waitForReady === true ? this.#unchanged.get(call) : undefined;
    if (unchanged !== undefined) replace(call.metadata, unchanged);
    const former = call.route as ChosenRoute<Group> | undefined;
    let route: ChosenRoute<Group>;
    try {
      route = this.#target.route(call);
    } catch (error) {
      return RpcError.from(error);
    }
    call.route = route;
    if (route.timeoutMs !== Infinity && route !== former) {
      const nowMs = this.#options.clock.now();
      call.deadlineMs = Math.min(call.deadlineMs, nowMs + route.timeoutMs);
      // The turn's is too early for a deadline, unless the call has waited for its route.
      if (call.startMs === this.#loop.now()) call.startMs = nowMs;
    }
    if (route.requestHeaders.length > 0) {
      if (call.options.waitForReady === true && unchanged === undefined) this.#unchanged.set(call, call.metadata.clone());
      route.changeRequest(call.metadata);
    }
    return undefined;
  }

  /** Sends an attempt to an endpoint of its call's route. */
  launch(attempt: Attempt): void {
    const { call } = attempt;
    const route = call.route as ChosenRoute<Group>;
    let endpoint: LiveEndpoint;
    try {
      endpoint = this.#balancer.pick(route, route.retry?.avoidTried === false ? undefined : call.tried);
    } catch (error) {
      attempt.fail(RpcError.from(error));
      return;
    }
    attempt.peer = endpoint;
    attempt.onEnd = this.#released;
    const perTryMs = route.retry?.perTryTimeoutMs;
    if (perTryMs !== undefined) this.#limit(attempt, perTryMs);
    const connections = this.#connectionsOf(endpoint);
    connections.send(attempt);
    // The call's route is from before the last snapshot.
    if (endpoint.uses === 0) this.#leave(connections);
  }

  /** Whether a failed attempt is followed by another, and after how many milliseconds. */
  retry(attempt: Attempt, error: RpcError): number | undefined {
    const route = attempt.call.route as ChosenRoute<Group> | undefined;
    return retryDelayMs(attempt, error, route?.retry, this.#options.retries, this.#options.random);
  }

  /** Opens a first connection to an endpoint of the call's route. Rejects with why there is none. */
  async warm(call: ClientCall): Promise<void> {
    const endpoint = this.#balancer.pick(this.#target.route(call));
    endpoint.released();
    await this.#connectionsOf(endpoint).warm(call.method.kind);
  }

  /** Resolves when the calls in flight have ended, at the latest after `exitWaitMs`. */
  async close(): Promise<void> {
    const { clock, exitWaitMs } = this.#options;
    const open = [...this.#leaving];
    for (const { state } of this.#balancer.endpoints) if (state !== undefined) open.push(state as EndpointConnections);
    const closing = open.map((connections) => connections.close());
    const last = clock.after(
      exitWaitMs,
      () => {
        const late = new RpcError("cancelled", `the client has closed after waiting ${exitWaitMs} ms for its calls (exitWaitMs)`);
        for (const connections of open) connections.cut(late);
      },
      true,
    );
    await Promise.all(closing);
    last.cancel();
  }

  #leave(connections: EndpointConnections): void {
    if (this.#leaving.has(connections)) return;
    this.#leaving.add(connections);
    void connections.retire().then(() => this.#leaving.delete(connections));
  }

  #connectionsOf(endpoint: LiveEndpoint): EndpointConnections {
    return (endpoint.state ??= this.#connect(endpoint)) as EndpointConnections;
  }

  #connect(endpoint: LiveEndpoint): EndpointConnections {
    const { clock } = this.#options;
    return this.#connector.connectionsTo(endpoint.address, (_address, error) => {
      if (error === undefined) {
        endpoint.connected();
        return;
      }
      endpoint.connectFailed(clock.now(), error);
      this.#log({ level: "debug", message: "could not connect", peer: endpoint.address, error });
      this.#outdated();
    });
  }

  /** Gives the attempt up when it takes longer than its route allows; the call may go on with another. */
  #limit(attempt: Attempt, perTryMs: number): void {
    const giveUp = (): void => {
      attempt.giveUp(
        new RpcError("deadline_exceeded", `the attempt took longer than the route's ${perTryMs} ms per try`, { retriable: true }),
      );
    };
    const timer = this.#options.clock.after(perTryMs, giveUp, true); // the caller waits
    attempt.onEnd = (ended) => {
      timer.cancel();
      this.#released(ended);
    };
  }
}

/** Its names are resolved, again when a connection failed, and stand for all they resolve to. */
export function resolved(snapshot: Snapshot, { clock, log }: ResolvedClientOptions): Source {
  return resolveNames(staticSource(snapshot), { clock, log });
}

function replace(metadata: Metadata, by: Metadata): void {
  for (const name of Array.from(metadata, (entry) => entry.name)) metadata.delete(name);
  for (const { name, value, scope } of by) metadata.append(name, value, scope);
}
