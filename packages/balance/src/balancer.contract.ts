/** What every load balancing policy promises, ours and those to come. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ManualClock, RpcError } from "@kiteline/core";
import { type Cluster, type Endpoint, endpointAddress, type LoadBalancing, staticSnapshot } from "@kiteline/policy";
import { Balancer, type BalancerOptions, type Candidates } from "./balancer.ts";
import type { LiveEndpoint } from "./live-endpoint.ts";

export interface Bench {
  readonly clock: ManualClock;
  readonly balancer: Balancer;
  /** The whole cluster as one group. */
  readonly candidates: Candidates;
  /** Delivers a snapshot with these endpoints instead. */
  readonly change: (endpoints: readonly Endpoint[]) => Candidates;
}

/** A balancer over a cluster of endpoints on the ports 1 to `count`. `random` is a generator with a seed unless given. */
export function bench(
  loadBalancing: LoadBalancing,
  count: number,
  options: BalancerOptions & { readonly weights?: readonly number[] } = {},
): Bench {
  const { weights = [], ...rest } = options;
  const clock = new ManualClock(1000);
  const balancer = new Balancer({ clock, random: seeded(1), ...rest });
  let group: Candidates["groups"][number] | undefined;
  const change = (endpoints: readonly Endpoint[]): Candidates => {
    const [cluster] = Object.values(staticSnapshot("127.0.0.1:1", { loadBalancing }).clusters) as [Cluster];
    const next = { ...cluster, name: "c", host: "reviews", port: 9080, endpoints };
    balancer.update({ version: "", virtualHosts: [], clusters: { c: next }, lanes: [] });
    group = balancer.group(next, endpoints, group);
    return { cluster: next, groups: [group] };
  };
  const candidates = change(Array.from({ length: count }, (_, index) => endpoint(index + 1, { weight: weights[index] })));
  return { clock, balancer, candidates, change };
}

export function endpoint(port: number, more: Partial<Endpoint> = {}): Endpoint {
  return { address: "127.0.0.1", port, labels: {}, ...more };
}

/** Park and Miller's: good enough for a test, and the same each time. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

export const portOf = ({ address }: LiveEndpoint): number => Number(address.split(":").at(-1));

/** How many of so many calls, one after the other, each port got. */
export function tally({ balancer, candidates }: Pick<Bench, "balancer" | "candidates">, calls: number): Record<number, number> {
  const counts: Record<number, number> = {};
  for (let index = 0; index < calls; index++) {
    const chosen = balancer.pick(candidates);
    counts[portOf(chosen)] = (counts[portOf(chosen)] ?? 0) + 1;
    chosen.released();
  }
  return counts;
}

export function testPolicy(name: string, policy: LoadBalancing): void {
  const failure = (run: () => unknown): RpcError => {
    try {
      run();
    } catch (error) {
      assert.ok(error instanceof RpcError);
      return error;
    }
    throw new Error("an endpoint was picked");
  };

  describe(`${name}, as every policy`, () => {
    it("gives all endpoints of equal weight about the same", () => {
      const counts = tally(bench(policy, 4), 4000);
      for (const port of [1, 2, 3, 4]) assert.ok(Math.abs((counts[port] ?? 0) - 1000) < 150, JSON.stringify(counts));
    });

    it("gives endpoints shares in proportion to their weights", () => {
      const counts = tally(bench(policy, 3, { weights: [1, 2, 5] }), 8000);
      for (const [port, weight] of [
        [1, 1],
        [2, 2],
        [3, 5],
      ] as const)
        assert.ok(Math.abs((counts[port] ?? 0) - weight * 1000) < 200, JSON.stringify(counts));
    });

    it("counts what is in flight", () => {
      const { balancer, candidates } = bench(policy, 1);
      const first = balancer.pick(candidates);
      assert.equal(balancer.pick(candidates), first);
      assert.equal(first.inFlight, 2);
      first.released();
      assert.equal(first.inFlight, 1);
    });

    it("does not choose what was tried, unless all was", () => {
      const { balancer, candidates } = bench(policy, 3);
      for (let round = 0; round < 50; round++) {
        const tried: LiveEndpoint[] = [];
        for (let attempt = 0; attempt < 3; attempt++) tried.push(balancer.pick(candidates, tried));
        assert.equal(new Set(tried).size, 3);
        assert.ok(tried.includes(balancer.pick(candidates, tried)));
      }
    });

    it("leaves an endpoint alone after a failed connection, longer each time", () => {
      const { balancer, candidates, clock } = bench(policy, 2, { random: seeded(3) });
      const bad = [...balancer.endpoints][0] as LiveEndpoint;
      bad.connectFailed(clock.now());
      const firstWaitMs = bad.ejectedUntilMs - clock.now();
      assert.ok(firstWaitMs >= 37 && firstWaitMs <= 63, String(firstWaitMs));
      assert.deepEqual(Object.keys(tally({ balancer, candidates }, 50)), ["2"]);
      bad.connectFailed(clock.now());
      assert.ok(bad.ejectedUntilMs - clock.now() >= 75);
      for (let failures = 0; failures < 100; failures++) bad.connectFailed(clock.now());
      assert.ok(bad.ejectedUntilMs - clock.now() <= 12_500);
    });

    it("lets one call try again when the time is over, and the rest when that one succeeded", () => {
      const { balancer, candidates, clock } = bench(policy, 2);
      const bad = [...balancer.endpoints][0] as LiveEndpoint;
      bad.connectFailed(clock.now());
      clock.advance(70);
      assert.equal(tally({ balancer, candidates }, 50)[1], 1, "one probe");
      bad.connected();
      assert.ok((tally({ balancer, candidates }, 50)[1] ?? 0) > 10);
      bad.connectFailed(clock.now());
      clock.advance(70);
      assert.equal(tally({ balancer, candidates }, 50)[1], 1);
      clock.advance(1001);
      assert.equal(tally({ balancer, candidates }, 50)[1], 1, "a probe of which nothing was heard is lost after a second");
    });

    it("fails at once, saying why and until when, while nobody can be reached", () => {
      const { balancer, candidates, clock } = bench(policy, 2);
      for (const each of balancer.endpoints) each.connectFailed(clock.now(), new Error("connect ECONNREFUSED"));
      const error = failure(() => balancer.pick(candidates));
      assert.deepEqual([error.code, error.executed, error.retriable], ["unavailable", "no", true]);
      assert.match(
        error.detail,
        /^nobody to call at reviews:9080: connections to all 2 endpoints failed; the next try is in \d+ ms: connect ECONNREFUSED$/,
      );
    });

    it("lets others wait with the call that tries, when there is nobody else", () => {
      const { balancer, candidates, clock } = bench(policy, 1);
      const only = balancer.pick(candidates);
      only.connectFailed(clock.now());
      clock.advance(70);
      assert.equal(balancer.pick(candidates), only);
      assert.equal(balancer.pick(candidates), only);
      assert.equal(balancer.pick(candidates, [only]), only);
      assert.equal(only.inFlight, 4);
    });

    it("says so when there are no endpoints, or none that is healthy", () => {
      const { balancer, candidates, change } = bench(policy, 0);
      assert.match(failure(() => balancer.pick(candidates)).detail, /nobody to call at reviews:9080: it has no endpoints/);
      const sick = change([endpoint(1, { health: "unhealthy" }), endpoint(2, { health: "draining" })]);
      const error = failure(() => balancer.pick(sick));
      assert.match(error.detail, /none of its 2 endpoints is both healthy and of this lane/);
      assert.equal(error.retriable, false);
    });

    it("walks the groups in their order: the next only when the one before has nobody", () => {
      const { balancer, clock } = bench(policy, 3);
      const cluster = bench(policy, 3).candidates.cluster;
      const lane = balancer.group(cluster, cluster.endpoints.slice(0, 1));
      const baseline = balancer.group(cluster, cluster.endpoints.slice(1));
      const candidates = { cluster, groups: [lane, baseline] };
      assert.deepEqual(Object.keys(tally({ balancer, candidates }, 20)), ["1"]);
      const mine = balancer.pick(candidates);
      const second = balancer.pick(candidates, [mine]);
      assert.notEqual(second, mine, "a retry goes on to the baseline");
      mine.released();
      second.released();
      mine.connectFailed(clock.now());
      assert.deepEqual(Object.keys(tally({ balancer, candidates }, 20)), ["2", "3"]);
      clock.advance(70);
      assert.equal(portOf(balancer.pick(candidates)), 1, "and back, when it is time to try");
      const empty = balancer.group(cluster, []);
      assert.equal(portOf(balancer.pick({ cluster, groups: [empty, lane] }, [])), 1);
    });

    it("keeps what it knows of an address when the snapshot changes, and tells of addresses that are gone", () => {
      const gone: string[] = [];
      const { balancer, candidates, change, clock } = bench(policy, 2, { removed: ({ address }) => gone.push(address) });
      const picked = balancer.pick(candidates);
      picked.connectFailed(clock.now());
      const address = picked.address;
      const other = address === "127.0.0.1:1" ? 2 : 1;
      change([endpoint(portOf(picked), { labels: { version: "v2" } }), endpoint(3)]);
      assert.deepEqual(gone, [endpointAddress(endpoint(other))]);
      const again = [...balancer.endpoints].find((each) => each.address === address);
      assert.equal(again, picked);
      assert.equal(again?.inFlight, 1);
      assert.equal(again?.failures, 1);
      assert.deepEqual(again?.labels, { version: "v2" });
    });
  });
}
