/** The order in which a group's endpoints are proposed. Whether a proposal can take the call, the group decides. */
import type { Clock } from "@kiteline/core";
import type { LoadBalancing } from "@kiteline/policy";
import type { LiveEndpoint } from "./live-endpoint.ts";

export interface Order {
  next(): LiveEndpoint;
  /** Where a rotation stands. */
  readonly at?: number;
}

export interface Members {
  /** Never empty. */
  readonly endpoints: readonly LiveEndpoint[];
  /** Left out when all are equal. */
  readonly weights: readonly number[] | undefined;
}

export interface OrderOptions {
  readonly random: () => number;
  readonly clock: Clock;
}

/**
 * `start` is where a rotation begins, so that one that replaces another goes on instead of starting over.
 * Hashing needs a key per call, which comes with it; until then it is least request.
 */
export function createOrder(policy: LoadBalancing, members: Members, { random, clock }: OrderOptions, start: number): Order {
  const { endpoints, weights } = members;
  switch (policy.kind) {
    case "round_robin":
      return weights === undefined ? new Rotation(endpoints, start) : new WeightedRotation(endpoints, weights, random);
    case "random":
      return weights === undefined ? new Uniform(endpoints, random) : new Weighted(endpoints, weights, random);
    case "least_request":
    case "ring_hash":
    case "maglev":
      return new LeastRequest(members, random, clock);
  }
}

/** Each in turn. */
class Rotation implements Order {
  readonly #endpoints: readonly LiveEndpoint[];
  #at: number;

  constructor(endpoints: readonly LiveEndpoint[], start: number) {
    this.#endpoints = endpoints;
    this.#at = start % endpoints.length;
  }

  get at(): number {
    return this.#at;
  }

  next(): LiveEndpoint {
    const at = this.#at;
    this.#at = at + 1 === this.#endpoints.length ? 0 : at + 1;
    return this.#endpoints[at] as LiveEndpoint;
  }
}

/**
 * Each in turn, in proportion to its weight and as evenly spread as can be: the endpoint whose next turn is due first
 * comes, and is due again 1/weight later (earliest deadline first, in a binary heap). The first turns are at random.
 */
class WeightedRotation implements Order {
  readonly #heap: { readonly endpoint: LiveEndpoint; readonly interval: number; due: number }[];

  constructor(endpoints: readonly LiveEndpoint[], weights: readonly number[], random: () => number) {
    this.#heap = endpoints.map((endpoint, index) => {
      const interval = 1 / (weights[index] as number);
      return { endpoint, interval, due: interval * random() };
    });
    this.#heap.sort((a, b) => a.due - b.due);
  }

  next(): LiveEndpoint {
    const heap = this.#heap;
    const top = heap[0] as (typeof heap)[number];
    top.due += top.interval;
    // Sift down.
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const child = right < heap.length && (heap[right] as typeof top).due < (heap[left] as typeof top).due ? right : left;
      if ((heap[child] as typeof top).due >= top.due) break;
      heap[at] = heap[child] as typeof top;
      heap[child] = top;
      at = child;
    }
    return top.endpoint;
  }
}

class Uniform implements Order {
  readonly #endpoints: readonly LiveEndpoint[];
  readonly #random: () => number;

  constructor(endpoints: readonly LiveEndpoint[], random: () => number) {
    this.#endpoints = endpoints;
    this.#random = random;
  }

  next(): LiveEndpoint {
    return this.#endpoints[(this.#random() * this.#endpoints.length) | 0] as LiveEndpoint;
  }
}

class Weighted implements Order {
  readonly #endpoints: readonly LiveEndpoint[];
  /** Sums of the weights up to and with each. */
  readonly #until: readonly number[];
  readonly #random: () => number;

  constructor(endpoints: readonly LiveEndpoint[], weights: readonly number[], random: () => number) {
    let sum = 0;
    this.#endpoints = endpoints;
    this.#until = weights.map((weight) => (sum += weight));
    this.#random = random;
  }

  next(): LiveEndpoint {
    const until = this.#until;
    const at = this.#random() * (until[until.length - 1] as number);
    let low = 0;
    let high = until.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at < (until[middle] as number)) high = middle;
      else low = middle + 1;
    }
    return this.#endpoints[low] as LiveEndpoint;
  }
}

/**
 * The less busy of two taken at random ("The Power of Two Choices in Randomized Load Balancing", Mitzenmacher), which
 * is nearly as good as the least busy of all and costs the same for any number. One that is ejected counts as busier
 * until it is time to try it again, and then as idle, or nobody ever would.
 * Unequal weights: taken in proportion to them, and busy in proportion to them.
 */
class LeastRequest implements Order {
  readonly #endpoints: readonly LiveEndpoint[];
  readonly #weighted: Weighted | undefined;
  readonly #weightOf: ReadonlyMap<LiveEndpoint, number> | undefined;
  readonly #random: () => number;
  readonly #clock: Clock;

  constructor({ endpoints, weights }: Members, random: () => number, clock: Clock) {
    this.#endpoints = endpoints;
    this.#random = random;
    this.#clock = clock;
    if (weights !== undefined) {
      this.#weighted = new Weighted(endpoints, weights, random);
      this.#weightOf = new Map(endpoints.map((endpoint, index) => [endpoint, weights[index] as number]));
    }
  }

  next(): LiveEndpoint {
    const endpoints = this.#endpoints;
    const count = endpoints.length;
    if (count === 1) return endpoints[0] as LiveEndpoint;
    if (this.#weighted !== undefined) return this.#nextWeighted(this.#weighted);
    const first = (this.#random() * count) | 0;
    // Another than the first: the rest, counted on from it.
    const second = (first + 1 + ((this.#random() * (count - 1)) | 0)) % count;
    const a = endpoints[first] as LiveEndpoint;
    const b = endpoints[second] as LiveEndpoint;
    if (a.ejectedUntilMs !== 0 || b.ejectedUntilMs !== 0) return this.#soundOf(a, b);
    return a.inFlight <= b.inFlight ? a : b;
  }

  #nextWeighted(weighted: Weighted): LiveEndpoint {
    const a = weighted.next();
    const b = weighted.next();
    if (a === b) return a;
    if (a.ejectedUntilMs !== 0 || b.ejectedUntilMs !== 0) return this.#soundOf(a, b);
    const weightOf = this.#weightOf as ReadonlyMap<LiveEndpoint, number>;
    return a.inFlight * (weightOf.get(b) as number) <= b.inFlight * (weightOf.get(a) as number) ? a : b;
  }

  #soundOf(a: LiveEndpoint, b: LiveEndpoint): LiveEndpoint {
    const nowMs = this.#clock.now();
    if (a.ejectedUntilMs === 0) return b.usableAt(nowMs) ? b : a;
    return a.usableAt(nowMs) ? a : b;
  }
}
