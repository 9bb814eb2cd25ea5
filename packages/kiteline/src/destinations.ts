/** Where a client's calls can go: the route from the snapshot in force, the endpoint of each attempt, its connections. */
import { RpcError, runOutsideCall, type Attempt, type ClientCall, type Counters, type Log } from "@kiteline/core";
import { Balancer, type Group, type LiveEndpoint } from "@kiteline/balance";
import { Lanes } from "@kiteline/lanes/lanes";
import { resolveNames, staticSource } from "@kiteline/discovery/endpoints";
import type { Loop } from "@kiteline/net";
import { staticSnapshot, type Source, type Subscription } from "@kiteline/policy";
import { retryDelayMs } from "@kiteline/resilience";
import { applyHeaders, Router, type ChosenRoute, type Target } from "@kiteline/router";
import type { ResolvedClientOptions } from "./client-options.ts";
import type { Connector, Transport } from "./connector.ts";
import { requireBetween } from "./check.ts";
import { DEFAULTS } from "./defaults.ts";
import type { EndpointConnections } from "./endpoint-connections.ts";
import { carriesMetadata } from "./protocols.ts";

/** `idle`: no connection yet or any more. `ready`: at least one stands. `failing`: the last dial failed. */
export type ClientState = "idle" | "ready" | "failing" | "closed";

/** What a server of this process is called by, where a name is needed. */
const IN_PROCESS = "in-process:1";
/** Between looks whether a client has become ready. */
const READY_STEP_MS = 20;

export class Destinations {
  /** The target as servers are told it. */
  readonly callee: string;
  readonly lanes: Lanes = new Lanes();
  readonly #options: ResolvedClientOptions;
  readonly #loop: Loop;
  readonly #counters: Counters;
  readonly #log: Log;
  readonly #balancer: Balancer;
  readonly #target: Target<Group>;
  /** `undefined` until the first call has loaded it. */
  #connector: Connector | undefined;
  readonly #source: Source;
  /** The source, where nobody else closes it. */
  readonly #owned: Source | undefined;
  readonly #subscription: Subscription;
  readonly #released = (attempt: Attempt): void => {
    (attempt.peer as LiveEndpoint).released();
  };
  /** The connections to endpoints that the snapshot no longer has, until their calls have ended. */
  readonly #leaving = new Set<EndpointConnections>();
  #known = false;
  #untilCallable: Promise<void> | undefined;
  #closed = false;

  /** Throws a `TypeError` for a target that is none. */
  constructor(options: ResolvedClientOptions, loop: Loop, counters: Counters) {
    const { clock, random, target, source } = options;
    const local = typeof target === "object" && "inProcess" in target ? target : undefined;
    const addresses = local === undefined ? (target as string | readonly string[]) : IN_PROCESS;
    this.callee = typeof addresses === "string" ? addresses : (addresses[0] ?? "");
    this.#options = options;
    this.#loop = loop;
    this.#counters = counters;
    this.#log = options.log;
    this.#balancer = new Balancer({
      clock,
      random,
      removed: (endpoint) => {
        if (endpoint.state !== undefined) this.#leave(endpoint.state as EndpointConnections);
      },
    });
    const router = new Router({ groups: this.#balancer, lanes: this.lanes, random });
    this.#target = router.target(this.callee);
    this.#owned = local === undefined && source !== undefined ? undefined : addressesSource(addresses, options);
    this.#source = this.#owned ?? (source as Source);
    this.#subscription = runOutsideCall(() =>
      this.#source.subscribe((snapshot) => {
        this.#known = true;
        router.update(snapshot);
      }),
    );
  }

  get state(): ClientState {
    if (this.#closed) return "closed";
    let failing = false;
    for (const endpoint of this.#balancer.endpoints) {
      if (((endpoint.state as EndpointConnections | undefined)?.size ?? 0) > 0) return "ready";
      if (endpoint.failures > 0) failing = true;
    }
    return failing ? "failing" : "idle";
  }

  /** `undefined` once a snapshot has come and what connects is loaded. Until then calls wait, for the snapshot at most `readyMs`. */
  untilRoutes(): Promise<void> | undefined {
    if (this.#known && this.#connector !== undefined) return undefined;
    this.#untilCallable ??= this.#awaitCallable().finally(() => {
      this.#untilCallable = undefined;
    });
    return this.#untilCallable;
  }

  async #awaitCallable(): Promise<void> {
    await Promise.all([this.#known ? undefined : this.#awaitSnapshot(), this.#loadConnector()]);
  }

  async #loadConnector(): Promise<void> {
    if (this.#connector !== undefined) return;
    const { Connector, callTransport } = await loadTransport(this.#options);
    try {
      const calls = await callTransport(this.#options, this.#loop);
      this.#connector ??= new Connector(this.#options, this.callee, this.#loop, this.#counters, calls);
    } catch (error) {
      // Options that are wrong: no other try will find them right.
      throw RpcError.from(error, "invalid_argument", { executed: "no", retriable: false });
    }
  }

  async #awaitSnapshot(): Promise<void> {
    const { clock } = this.#options;
    const late = Promise.withResolvers<"late">();
    const timer = clock.after(DEFAULTS.client.readyMs, () => late.resolve("late"), true);
    const outcome = await Promise.race([this.#source.ready(), late.promise]);
    timer.cancel(); // or the process would wait for it
    if (outcome !== "late") return;
    throw new RpcError(
      "unavailable",
      `nothing is known of ${this.callee}: its source has delivered nothing within ${DEFAULTS.client.readyMs} ms`,
      {
        executed: "no",
        retriable: true,
      },
    );
  }

  /** Chooses the call's route; it may shorten the deadline and change the metadata. */
  route(call: ClientCall): RpcError | undefined {
    let route: ChosenRoute<Group>;
    try {
      route = this.#target.route(call);
    } catch (error) {
      return RpcError.from(error);
    }
    call.route = route;
    if (route.timeoutMs !== Infinity) {
      const nowMs = this.#options.clock.now();
      call.deadlineMs = Math.min(call.deadlineMs, nowMs + route.timeoutMs);
      // The turn's is too early for a deadline, unless the call has waited for its route.
      if (call.startMs === this.#loop.now()) call.startMs = nowMs;
    }
    if (route.requestHeaders.length > 0) applyHeaders(call.metadata, route.requestHeaders);
    return undefined;
  }

  /** Sends an attempt to an endpoint of its call's route. */
  launch(attempt: Attempt): void {
    const { call } = attempt;
    const route = call.route as ChosenRoute<Group>;
    let endpoint: LiveEndpoint;
    try {
      if (this.#closed) throw wasClosed();
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

  /** Tries until a connection to an endpoint of the call's route stands. Rejects with the last reason after `timeoutMs`. */
  async ready(call: ClientCall, timeoutMs: number): Promise<void> {
    const { clock } = this.#options;
    requireBetween("the time that ready() is given", timeoutMs, 0, Infinity);
    const endMs = clock.now() + timeoutMs;
    for (;;) {
      try {
        await this.#loadConnector();
        if (this.#closed) throw wasClosed();
        const route = this.#target.route(call);
        const endpoint = this.#balancer.pick(route);
        endpoint.released();
        await this.#connectionsOf(endpoint).warm(call.method.kind);
        return;
      } catch (error) {
        if (this.#closed || clock.now() >= endMs) throw error;
      }
      await new Promise<void>((resolve) => clock.after(READY_STEP_MS, resolve, true));
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#subscription.close();
    this.#owned?.close();
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
    const connector = this.#connector as Connector; // loaded before any call is routed
    return connector.connectionsTo(endpoint.address, (_address, error) => {
      if (error === undefined) {
        endpoint.connected();
        return;
      }
      endpoint.connectFailed(clock.now(), error);
      this.#log({ level: "debug", message: "could not connect", peer: endpoint.address, error });
      this.#source.refresh();
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

/** What a client's own addresses mean: names are resolved, again when a connection failed, and stand for all they resolve to. */
function addressesSource(addresses: string | readonly string[], options: ResolvedClientOptions): Source {
  const snapshot = staticSnapshot(addresses, { loadBalancing: { kind: options.loadBalancing } });
  const source = staticSource(snapshot);
  const named = Object.values(snapshot.clusters).some(({ resolution }) => resolution !== "static");
  return named && addresses !== IN_PROCESS ? resolveNames(source, { clock: options.clock, log: options.log }) : source;
}

interface TransportModule {
  readonly Connector: typeof Connector;
  readonly callTransport: (options: ResolvedClientOptions, loop: Loop) => Transport | Promise<Transport>;
}

/** What connects and what speaks in one piece: each `import()` walks through all that is beneath it, loaded before or not. */
function loadTransport({ protocol, payload, messagesFormat }: ResolvedClientOptions): Promise<TransportModule> {
  if (protocol === "grpc") return import("./grpc.ts");
  const byDefault = carriesMetadata(protocol) && payload === "binary" && messagesFormat === "thrift";
  return byDefault ? import("./default-transport.ts") : import("./client-wire.ts");
}

function wasClosed(): RpcError {
  return new RpcError("cancelled", "the client was closed", { executed: "no", retriable: false });
}
