import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bench, endpoint, portOf, seeded, tally, testPolicy } from "./balancer.contract.ts";

testPolicy("round robin", { kind: "round_robin" });
testPolicy("least request", { kind: "least_request" });
testPolicy("random", { kind: "random" });

describe("round robin", () => {
  it("alternates exactly between two", () => {
    const { balancer, candidates } = bench({ kind: "round_robin" }, 2);
    const ports = Array.from({ length: 6 }, () => portOf(balancer.pick(candidates)));
    assert.equal(new Set(ports.slice(0, 2)).size, 2);
    assert.deepEqual(ports.slice(2, 4), ports.slice(0, 2));
    assert.deepEqual(ports.slice(4), ports.slice(0, 2));
  });

  it("still takes turns when all were tried", () => {
    const { balancer, candidates } = bench({ kind: "round_robin" }, 3);
    const all = [...balancer.endpoints];
    assert.equal(new Set(Array.from({ length: 3 }, () => balancer.pick(candidates, all))).size, 3);
  });

  it("goes on where it was when the snapshot changes", () => {
    const { balancer, candidates, change } = bench({ kind: "round_robin" }, 3);
    const ports = [portOf(balancer.pick(candidates))];
    const same = change([1, 2, 3].map((port) => endpoint(port, { labels: { changed: "yes" } })));
    assert.equal(same.groups[0], candidates.groups[0], "of the same members nothing is made anew");
    ports.push(portOf(balancer.pick(same)));
    const more = change([1, 2, 3, 4].map((port) => endpoint(port)));
    ports.push(portOf(balancer.pick(more)));
    assert.equal(new Set(ports).size, 3, JSON.stringify(ports));
  });

  it("spreads unequal weights evenly instead of in bursts", () => {
    const { balancer, candidates } = bench({ kind: "round_robin" }, 2, { weights: [1, 3] });
    const ports = Array.from({ length: 400 }, () => portOf(balancer.pick(candidates)));
    for (let start = 0; start + 4 <= ports.length; start++)
      assert.equal(ports.slice(start, start + 4).filter((port) => port === 1).length, 1);
  });

  it("does not begin with the same endpoint in every process", () => {
    const firsts = new Set<number>();
    for (let seed = 1; seed < 40; seed++) {
      const { balancer, candidates } = bench({ kind: "round_robin" }, 3, { random: seeded(seed * 7919) });
      firsts.add(portOf(balancer.pick(candidates)));
    }
    assert.deepEqual(
      [...firsts].sort((a, b) => a - b),
      [1, 2, 3],
    );
  });
});

describe("least request", () => {
  it("prefers the less busy", () => {
    const { balancer, candidates } = bench({ kind: "least_request" }, 2);
    const busy = balancer.pick(candidates);
    assert.ok(!(portOf(busy) in tally({ balancer, candidates }, 20)));
  });

  it("is busy in proportion to weights", () => {
    const { balancer, candidates } = bench({ kind: "least_request" }, 2, { weights: [1, 9] });
    for (let index = 0; index < 200; index++) balancer.pick(candidates);
    const load = Object.fromEntries([...balancer.endpoints].map((each) => [portOf(each), each.inFlight]));
    assert.ok((load[1] ?? 0) <= 30 && (load[2] ?? 0) >= 170, JSON.stringify(load));
  });
});

describe("a balancer", () => {
  it("keeps an endpoint that one of two clusters still has", () => {
    const gone: string[] = [];
    const { balancer, candidates } = bench({ kind: "random" }, 1, { removed: ({ address }) => gone.push(address) });
    const { cluster } = candidates;
    const other = { ...cluster, name: "d" };
    const update = (...clusters: (typeof cluster)[]) =>
      balancer.update({
        version: "",
        virtualHosts: [],
        clusters: Object.fromEntries(clusters.map((each) => [each.name, each])),
        lanes: [],
      });
    update(cluster, other);
    update(other);
    assert.deepEqual(gone, []);
    update();
    assert.deepEqual(gone, ["127.0.0.1:1"]);
    assert.deepEqual([...balancer.endpoints], []);
  });
});
