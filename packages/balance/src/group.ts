/** Endpoints among which one policy chooses: a cluster's, or those of them that are in one lane. */
import type { Cluster } from "@kiteline/policy";
import type { LiveEndpoint } from "./live-endpoint.ts";
import { createOrder, type Order, type OrderOptions } from "./policies.ts";

export class Group {
  readonly endpoints: readonly LiveEndpoint[];
  readonly #weights: readonly number[];
  readonly #policy: Cluster["loadBalancing"];
  readonly #options: OrderOptions;
  readonly #order: Order | undefined;

  /** `previous` stood in the same place in the last snapshot: a rotation goes on where that one was. */
  constructor(
    members: { readonly endpoints: readonly LiveEndpoint[]; readonly weights: readonly number[] },
    policy: Cluster["loadBalancing"],
    options: OrderOptions,
    previous: Group | undefined,
  ) {
    const { endpoints, weights } = members;
    this.endpoints = endpoints;
    this.#weights = weights;
    this.#policy = policy;
    this.#options = options;
    if (endpoints.length === 0) return;
    const alike = weights.every((weight) => weight === weights[0]);
    const start = (previous === undefined ? undefined : previous.#order?.at) ?? Math.floor(options.random() * endpoints.length);
    this.#order = createOrder(policy, { endpoints, weights: alike ? undefined : weights }, options, start);
  }

  /** Whether a group of these members would be no other than this. */
  has(endpoints: readonly LiveEndpoint[], weights: readonly number[], policy: Cluster["loadBalancing"]): boolean {
    return (
      policy === this.#policy &&
      endpoints.length === this.endpoints.length &&
      endpoints.every((endpoint, index) => endpoint === this.endpoints[index] && weights[index] === this.#weights[index])
    );
  }

  /** An endpoint that can take a call and is not among those tried; `undefined` when there is none. */
  pick(tried: readonly unknown[] | undefined): LiveEndpoint | undefined {
    const order = this.#order;
    if (order === undefined) return undefined;
    const first = order.next();
    if (first.ejectedUntilMs === 0 && (tried === undefined || !tried.includes(first))) return first;
    return this.#search(first, order, tried);
  }

  /** As many more proposals as there are endpoints, then each of them. */
  #search(first: LiveEndpoint, order: Order, tried: readonly unknown[] | undefined): LiveEndpoint | undefined {
    const nowMs = this.#options.clock.now();
    const { endpoints } = this;
    let candidate = first;
    for (let proposals = 0; proposals < endpoints.length; proposals++) {
      if (candidate.usableAt(nowMs) && !tried?.includes(candidate)) return taken(candidate, nowMs);
      candidate = order.next();
    }
    for (const endpoint of endpoints) if (endpoint.usableAt(nowMs) && !tried?.includes(endpoint)) return taken(endpoint, nowMs);
    return undefined;
  }
}

function taken(endpoint: LiveEndpoint, nowMs: number): LiveEndpoint {
  if (endpoint.ejectedUntilMs !== 0) endpoint.beginProbe(nowMs);
  return endpoint;
}
