/**
 * From a route's groups to one endpoint. A route lists groups in the order of preference (its lane, then the baseline);
 * each attempt walks the list, so that a retry may end where the first attempt would not have.
 *
 * State belongs to endpoints and outlives snapshots; groups only propose.
 */
import { type Clock, RpcError, systemClock } from "@kiteline/core";
import { type Cluster, type Endpoint, endpointAddress, type Snapshot } from "@kiteline/policy";
import { Group } from "./group.ts";
import { type EjectionOptions, LiveEndpoint } from "./live-endpoint.ts";

export interface BalancerOptions {
  /** Defaults to the machine's. */
  readonly clock?: Clock | undefined;
  /** 0 <= x < 1. Defaults to `Math.random`. */
  readonly random?: (() => number) | undefined;
  readonly ejection?: Partial<EjectionOptions> | undefined;
  /** Told of each endpoint that no snapshot names any more: time to close its connections, once what is in flight has ended. */
  readonly removed?: ((endpoint: LiveEndpoint) => void) | undefined;
}

/** The part of a route that the balancer reads. */
export interface Candidates {
  readonly cluster: Cluster;
  /** In the order of preference. */
  readonly groups: readonly Group[];
}

export class Balancer {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #ejection: EjectionOptions;
  readonly #removed: ((endpoint: LiveEndpoint) => void) | undefined;
  readonly #endpoints = new Map<string, LiveEndpoint>();
  #clusters: Readonly<Record<string, Cluster>> = {};

  constructor(options: BalancerOptions = {}) {
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#ejection = { baseMs: options.ejection?.baseMs ?? 50, maxMs: options.ejection?.maxMs ?? 10_000 };
    this.#removed = options.removed;
  }

  /** All endpoints in use. */
  get endpoints(): Iterable<LiveEndpoint> {
    return this.#endpoints.values();
  }

  /** Learns which endpoints there are now. Clusters that did not change cost one comparison. */
  update({ clusters }: Snapshot): void {
    const previous = this.#clusters;
    this.#clusters = clusters;
    // First what is new, so that an endpoint that only moved is not dropped in between.
    for (const [name, cluster] of Object.entries(clusters)) {
      if (cluster === previous[name]) continue;
      for (const endpoint of cluster.endpoints) this.#endpointOf(endpoint).uses++;
    }
    for (const [name, cluster] of Object.entries(previous)) {
      if (cluster === clusters[name]) continue;
      for (const endpoint of cluster.endpoints) this.#drop(endpointAddress(endpoint));
    }
  }

  /** The group of these endpoints of the cluster; `previous` itself when nothing changed. Endpoints known to be unhealthy are left out. */
  group(cluster: Cluster, endpoints: readonly Endpoint[], previous?: Group): Group {
    const healthy = endpoints.filter(({ health = "healthy" }) => health === "healthy");
    const live = healthy.map((endpoint) => this.#endpointOf(endpoint));
    const weights = healthy.map(({ weight = 1 }) => weight);
    if (previous?.has(live, weights, cluster.loadBalancing)) return previous;
    return new Group({ endpoints: live, weights }, cluster.loadBalancing, { clock: this.#clock, random: this.#random }, previous);
  }

  /**
   * An endpoint for an attempt; its count of calls in flight is raised until `released`. `tried` are the endpoints that
   * earlier attempts of the call went to: they are chosen again only when there is no other.
   * Throws an `RpcError` (`unavailable`, not executed) that says why there is none.
   */
  pick(candidates: Candidates, tried?: readonly unknown[]): LiveEndpoint {
    const { groups } = candidates;
    for (let index = 0; index < groups.length; index++) {
      const endpoint = (groups[index] as Group).pick(tried);
      if (endpoint !== undefined) {
        endpoint.inFlight++;
        return endpoint;
      }
    }
    return this.#pickAny(candidates, tried);
  }

  #pickAny(candidates: Candidates, tried: readonly unknown[] | undefined): LiveEndpoint {
    let found: LiveEndpoint | undefined;
    if (tried !== undefined) for (const group of candidates.groups) found ??= group.pick(undefined);
    // Somebody is finding out whether it can be reached again: wait for the answer with them.
    const nowMs = this.#clock.now();
    for (const group of candidates.groups) found ??= group.endpoints.find((endpoint) => nowMs >= endpoint.ejectedUntilMs);
    if (found === undefined) throw this.#nobody(candidates, nowMs);
    found.inFlight++;
    return found;
  }

  #nobody({ cluster, groups }: Candidates, nowMs: number): RpcError {
    const all = [...new Set(groups.flatMap((group) => group.endpoints))];
    const name =
      cluster.subset === undefined ? `${cluster.host}:${cluster.port}` : `${cluster.host}:${cluster.port} (subset ${cluster.subset})`;
    const first = all.reduce<LiveEndpoint | undefined>(
      (a, b) => (a === undefined || b.ejectedUntilMs < a.ejectedUntilMs ? b : a),
      undefined,
    );
    if (first === undefined) {
      const others =
        cluster.endpoints.length === 0
          ? "it has no endpoints"
          : `none of its ${cluster.endpoints.length} endpoints is both healthy and of this lane`;
      return new RpcError("unavailable", `nobody to call at ${name}: ${others}`, { executed: "no", retriable: false });
    }
    const waitMs = Math.ceil(first.ejectedUntilMs - nowMs);
    const reason =
      first.lastError === undefined ? "" : `: ${first.lastError instanceof RpcError ? first.lastError.detail : first.lastError.message}`;
    return new RpcError(
      "unavailable",
      `nobody to call at ${name}: connections to ${all.length === 1 ? first.address : `all ${all.length} endpoints`} failed; the next try is in ${waitMs} ms${reason}`,
      { executed: "no", peer: first.address, cause: first.lastError },
    );
  }

  #endpointOf(endpoint: Endpoint): LiveEndpoint {
    const address = endpointAddress(endpoint);
    let live = this.#endpoints.get(address);
    if (live === undefined) {
      live = new LiveEndpoint(address, endpoint.labels, this.#ejection, this.#random);
      this.#endpoints.set(address, live);
    }
    live.labels = endpoint.labels;
    return live;
  }

  #drop(address: string): void {
    const live = this.#endpoints.get(address);
    if (live === undefined || --live.uses > 0) return;
    this.#endpoints.delete(address);
    this.#removed?.(live);
  }
}
