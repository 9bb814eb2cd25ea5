import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type LogEvent, ManualClock } from "@kiteline/core";
import { endpointAddress, type Snapshot, staticSnapshot } from "@kiteline/policy";
import { type DnsOptions, resolveNames } from "./dns-source.ts";
import { numbered, testSource } from "./source.contract.ts";
import { staticSource } from "./static-source.ts";

/** Lets lookups that have been answered be noticed. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function addressesOf(snapshot: Snapshot | undefined): string[] {
  return Object.values(snapshot?.clusters ?? {}).flatMap(({ endpoints }) => endpoints.map(endpointAddress));
}

/** A source over one cluster of the name `db:5`, whose answers the test gives. */
function bench(snapshot: Snapshot = staticSnapshot("db:5"), options: DnsOptions = {}) {
  const clock = new ManualClock(1_000_000);
  const below = staticSource(snapshot);
  const answers: Record<string, readonly string[] | Error> = { db: ["10.0.0.1", "10.0.0.2"] };
  const asked: string[] = [];
  const logged: LogEvent[] = [];
  const lookup = async (name: string): Promise<readonly string[]> => {
    asked.push(name);
    const answer = answers[name] ?? new Error("no such name");
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const source = resolveNames(below, { lookup, clock, log: (event) => logged.push(event), ...options });
  return { clock, below, answers, asked, logged, source };
}

describe("resolveNames", () => {
  testSource(async () => {
    const { source, below } = bench();
    return {
      source,
      change: async () => {
        below.set({ ...staticSnapshot("db:6"), version: "2" });
        await settle();
      },
    };
  });

  it("replaces a name by its addresses and keeps the rest of the endpoint", async () => {
    const { source } = bench();
    assert.equal(source.current, undefined, "not complete before the answer");
    assert.deepEqual(addressesOf(await source.ready()), ["10.0.0.1:5", "10.0.0.2:5"]);
    source.close();
  });

  it("lets everything through that needs no resolving, as the same object", () => {
    const snapshot = numbered(1);
    const { source, asked } = bench(snapshot);
    assert.equal(source.current, snapshot);
    assert.deepEqual(asked, []);
    source.close();
  });

  it("takes one address where the cluster wants only the first", async () => {
    const snapshot = staticSnapshot("db:5");
    const clusters = Object.fromEntries(
      Object.entries(snapshot.clusters).map(([name, cluster]) => [name, { ...cluster, resolution: "dns_first" as const }]),
    );
    const { source } = bench({ ...snapshot, clusters });
    assert.deepEqual(addressesOf(await source.ready()), ["10.0.0.1:5"]);
    source.close();
  });

  it("asks again when the time is over, and tells only when the answer differs in more than its order", async () => {
    const { source, clock, answers, asked } = bench();
    await source.ready();
    let told = 0;
    source.subscribe(() => told++);
    answers["db"] = ["10.0.0.2", "10.0.0.1"];
    clock.advance(60_000);
    await settle();
    assert.equal(asked.length, 2);
    assert.equal(told, 1);
    answers["db"] = ["10.0.0.3"];
    clock.advance(60_000);
    await settle();
    assert.equal(told, 2);
    assert.deepEqual(addressesOf(source.current), ["10.0.0.3:5"]);
    source.close();
  });

  it("asks again because a connection failed, but not more than once a second", async () => {
    const { source, clock, asked } = bench();
    await source.ready();
    source.refresh();
    assert.equal(asked.length, 1);
    clock.advance(1000);
    source.refresh();
    source.refresh();
    assert.equal(asked.length, 2);
    source.close();
  });

  it("keeps the last answer when there is none, and says so", async () => {
    const { source, clock, answers, logged } = bench();
    await source.ready();
    answers["db"] = new Error("SERVFAIL");
    clock.advance(60_000);
    await settle();
    assert.deepEqual(addressesOf(source.current), ["10.0.0.1:5", "10.0.0.2:5"]);
    assert.match(logged[0]?.message ?? "", /the name db could not be resolved; it keeps 10\.0\.0\.1, 10\.0\.0\.2/);
    source.close();
  });

  it("leaves a name that was never resolved to whoever connects", async () => {
    const { source, logged } = bench(staticSnapshot("gone:5"));
    assert.deepEqual(addressesOf(await source.ready()), ["gone:5"]);
    assert.match(logged[0]?.message ?? "", /connections will try by name/);
    source.close();
  });

  it("does not keep back what changed elsewhere for a name that nobody answers for, and takes its answer when it comes", async () => {
    const late = Promise.withResolvers<readonly string[]>();
    const { clock, below, source, logged } = bench(staticSnapshot("db:5"), {
      lookup: (name) => (name === "db" ? Promise.resolve(["10.0.0.1"]) : late.promise),
    });
    assert.deepEqual(addressesOf(await source.ready()), ["10.0.0.1:5"]);
    below.set({ ...staticSnapshot(["db:6", "dark:7"]), version: "2" });
    await settle();
    clock.advance(999);
    assert.deepEqual(addressesOf(source.current), ["10.0.0.1:5"], "the answer may still come");
    clock.advance(1);
    assert.deepEqual(addressesOf(source.current), ["10.0.0.1:6", "dark:7"]);
    assert.match(logged[0]?.message ?? "", /the name dark has not been resolved in 1000 ms/);
    late.resolve(["10.0.0.9"]);
    await settle();
    assert.deepEqual(addressesOf(source.current), ["10.0.0.1:6", "10.0.0.9:7"]);
    source.close();
  });

  it("keeps clusters that did not change when another one's answer comes", async () => {
    const two = { ...staticSnapshot("db:5"), clusters: { ...staticSnapshot("db:5").clusters, ...staticSnapshot("127.0.0.1:1").clusters } };
    const { source, answers, clock } = bench(two);
    const before = await source.ready();
    answers["db"] = ["10.0.0.9"];
    clock.advance(60_000);
    await settle();
    assert.equal(source.current?.clusters["127.0.0.1:1"], before.clusters["127.0.0.1:1"]);
    assert.equal(source.current?.virtualHosts, before.virtualHosts);
    source.close();
  });

  it("resolves names by the operating system unless told otherwise", async () => {
    const source = resolveNames(staticSource(staticSnapshot("localhost:5")));
    assert.deepEqual(addressesOf(await source.ready()), ["127.0.0.1:5"]);
    source.close();
  });

  it("closes the source beneath, and ends when that one does without a snapshot", async () => {
    const { source, below } = bench();
    source.close();
    below.set(numbered(9));
    assert.notEqual(below.current?.version, "9", "a closed source takes nothing more");
    await assert.rejects(
      bench()
        .source.ready()
        .then(() => source.ready()),
      /closed before it had a snapshot/,
    );
  });
});
