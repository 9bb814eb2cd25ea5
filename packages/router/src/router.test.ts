import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Metadata, type RpcError } from "@kiteline/core";
import { staticSnapshot, type VirtualHost } from "@kiteline/policy";
import { call, cluster, endpoint, header, host, lanes, method, route, router, snapshot } from "./mesh.fixture.ts";

const v1 = cluster("v1", [endpoint(1)], { subset: "v1" });
const v2 = cluster("v2", [endpoint(2, { lane: "branch" })], { subset: "v2" });
const all = cluster("all", [endpoint(1), endpoint(2, { lane: "branch" }), endpoint(3)]);
const toV1 = route({}, ["v1"]);

describe("a target", () => {
  it("routes to any address with a static snapshot, whatever the target is called", () => {
    const made = router(staticSnapshot(["127.0.0.1:1", "127.0.0.1:2"]));
    const chosen = made.target("anything:1").route(call());
    assert.deepEqual(chosen.groups, [["127.0.0.1:1", "127.0.0.1:2"]]);
    assert.equal(chosen.timeoutMs, Infinity);
    assert.equal(chosen.retry, undefined);
  });

  it("gives every call the same object when nothing depends on the call", () => {
    const target = router(snapshot([host([toV1])], [v1])).target("reviews:9080");
    assert.equal(target.route(call()), target.route(call({ x: "1" })));
  });

  it("is found by the most exact domain, then the longest, and by its port", () => {
    const named = (name: string, domains: string[], port?: number) => host([route({}, ["v1"], { name })], { name, domains, port });
    const hosts = [
      named("any", ["*"]),
      named("suffix", ["*.b.c"]),
      named("short", ["*.c"]),
      named("prefix", ["a.*"]),
      named("exact", ["a.b.c"]),
      named("port", ["a.b.c"], 7),
      named("other", ["a.b.c"], 8),
    ];
    const made = router(snapshot(hosts, [v1]));
    const nameFor = (target: string): string => made.target(target).route(call()).name;
    assert.equal(nameFor("a.b.c:7"), "port");
    assert.equal(nameFor("a.b.c:9"), "exact");
    assert.equal(nameFor("x.b.c:9"), "suffix");
    assert.equal(nameFor("x.y.c:9"), "short");
    assert.equal(nameFor("a.x:9"), "prefix");
    assert.equal(nameFor("elsewhere:9"), "any");
    assert.equal(nameFor("b.c:9"), "short", "*.b.c does not fit b.c itself");
  });

  it("says which hosts, or which ports, there are when its own is unknown", () => {
    const made = router(snapshot([host([toV1]), host([toV1], { port: 9081 })], [v1]));
    const failure = (target: string): RpcError => {
      try {
        made.target(target).route(call());
      } catch (error) {
        return error as RpcError;
      }
      throw new Error("it was routed");
    };
    assert.match(failure("rewiews:9080").detail, /the mesh knows no host "rewiews": it knows reviews\. Is a ServiceEntry missing/);
    const there = router(snapshot([host([toV1], { domains: ["reviews.shop.svc.cluster.local"] })], [v1])).target("reviews:9080");
    assert.throws(() => there.route(call()), /own namespace: is that shop\? Else call it reviews\.shop\.svc\.cluster\.local/);
    assert.match(failure("reviews:1").detail, /reviews has no port 1; it has 9080, 9081/);
    assert.match(failure("reviews").detail, /reviews has several ports: name one of 9080, 9081/);
    const { code, executed, retriable, method: of } = failure("x:1");
    assert.deepEqual([code, executed, retriable, of], ["unavailable", "no", false, "Reviews.get"]);
  });

  it("needs no port where the host has only one", () => {
    assert.equal(
      router(snapshot([host([toV1])], [v1]))
        .target("reviews")
        .route(call()).cluster,
      v1,
    );
  });

  it("fails with a reason before there is a snapshot", () => {
    assert.throws(() => router().target("reviews:9080").route(call()), /no routes have arrived yet/);
  });

  it("refuses a text that is no target at once", () => {
    assert.throws(() => router().target("http://reviews"), TypeError);
  });
});

describe("routes", () => {
  const made = (...routes: ReturnType<typeof route>[]) => router(snapshot([host(routes)], [v1, v2, all]));
  const chosen = (target: ReturnType<ReturnType<typeof router>["target"]>, ...args: Parameters<typeof call>): string =>
    target.route(call(...args)).cluster.name;

  it("are tried in order, and the first that matches is taken", () => {
    const target = made(route(header("user", "jason"), ["v2"]), route(header("user", "jason"), ["all"]), toV1).target("reviews:9080");
    assert.equal(chosen(target, { user: "jason" }), "v2");
    assert.equal(chosen(target, { user: "other" }), "v1");
    assert.equal(chosen(target), "v1");
  });

  it("compare header names in lower case and several values joined with commas", () => {
    const target = made(route(header("X-User", "a,b"), ["v2"]), toV1).target("reviews:9080");
    assert.equal(chosen(target, { "x-USER": ["a", "b"] }), "v2");
    assert.equal(chosen(target, { "x-user": "a" }), "v1");
  });

  it("need all their conditions", () => {
    const both = { headers: [...(header("a", "1").headers ?? []), ...(header("b", "2").headers ?? [])] };
    const target = made(route(both, ["v2"]), toV1).target("reviews:9080");
    assert.equal(chosen(target, { a: "1" }), "v1");
    assert.equal(chosen(target, { a: "1", b: "2" }), "v2");
  });

  it("ask for headers that must be missing, also of calls without metadata", () => {
    const without = { headers: [{ name: "x", match: { kind: "present" }, invert: true }] } as const;
    const target = made(route(without, ["v2"]), toV1).target("reviews:9080");
    assert.equal(chosen(target), "v2");
    assert.equal(chosen(target, { y: "1" }), "v2");
    assert.equal(chosen(target, { x: "1" }), "v1");
  });

  it("look into cookies", () => {
    const target = made(route({ cookies: [{ name: "uid", match: { kind: "exact", value: "100" } }] }, ["v2"]), toV1).target("reviews:9080");
    assert.equal(chosen(target, { cookie: "a=b; uid=100; uid=1" }), "v2");
    assert.equal(chosen(target, { cookie: "xuid=100" }), "v1");
    assert.equal(chosen(target), "v1");
  });

  it("choose by the method's path", () => {
    const path = (kind: "exact" | "prefix" | "regex", value: string) => ({ path: { kind, value } });
    const target = made(
      route(path("exact", "/Reviews/get"), ["v2"]),
      route(path("prefix", "/Ratings/"), ["all"]),
      route(path("regex", "/R.*/put"), ["v2"]),
      toV1,
    ).target("reviews:9080");
    assert.equal(chosen(target, undefined, method("get")), "v2");
    assert.equal(chosen(target, undefined, method("get")), "v2", "again, from what was remembered");
    assert.equal(chosen(target, undefined, method("get", "Ratings")), "all");
    assert.equal(chosen(target, undefined, method("put")), "v2");
    assert.equal(chosen(target, undefined, method("list")), "v1");
  });

  it("know what every call has: POST, http, the target, and no query", () => {
    const target = (match: Parameters<typeof route>[0]) => made(route(match, ["v2"]), toV1).target("reviews:9080");
    assert.equal(chosen(target({ method: { kind: "exact", value: "POST" } })), "v2");
    assert.equal(chosen(target({ method: { kind: "exact", value: "GET" } })), "v1");
    assert.equal(chosen(target({ scheme: { kind: "exact", value: "http" } })), "v2");
    assert.equal(chosen(target({ authority: { kind: "prefix", value: "reviews" } })), "v2");
    assert.equal(chosen(target({ authority: { kind: "exact", value: "ratings" } })), "v1");
    assert.equal(chosen(target({ query: [{ name: "q", match: { kind: "present" } }] })), "v1");
    assert.equal(chosen(target({ query: [{ name: "q", match: { kind: "present" }, invert: true }] })), "v2");
  });

  it("fail with the host's name when none matches", () => {
    const target = made(route(header("a", "1"), ["v1"])).target("reviews:9080");
    assert.throws(() => target.route(call()), /no route of reviews matches Reviews\.get/);
  });

  it("fail the calls that go to a cluster that is not there, and no others", () => {
    const target = made(route(header("a", "1"), ["gone"]), toV1).target("reviews:9080");
    assert.throws(() => target.route(call({ a: "1" })), /route route of reviews leads to gone, which does not exist/);
    assert.equal(chosen(target), "v1");
  });

  it("fail with what a redirect or a direct response means", () => {
    const fail = (action: Parameters<typeof host>[0][number]["action"]): RpcError => {
      try {
        made({ name: "r", match: {}, action }).target("reviews:9080").route(call());
      } catch (error) {
        return error as RpcError;
      }
      throw new Error("it was routed");
    };
    assert.match(
      fail({ kind: "redirect", status: 301, location: "http://elsewhere" }).message,
      /^\[unavailable\] .*redirects to http:\/\/elsewhere/,
    );
    assert.match(fail({ kind: "direct_response", status: 403, body: "closed" }).message, /^\[permission_denied\] .*HTTP 403: closed/);
    assert.match(fail({ kind: "direct_response", status: 200, body: "" }).message, /^\[unavailable\] .*HTTP 200$/);
  });

  it("carry the timeout, the retries and the header operations, inner ones first", () => {
    const retry = { retries: 1, on: ["unavailable"] } as const;
    const set = (value: string) => ({ set: { x: value } });
    const routes = [
      route({}, [{ cluster: "v1", weight: 1, requestHeaders: set("destination") }], { timeoutMs: 5, retry, requestHeaders: set("route") }),
    ];
    const {
      timeoutMs,
      retry: chosenRetry,
      requestHeaders,
      responseHeaders,
    } = router(snapshot([host(routes, { requestHeaders: set("host") })], [v1]))
      .target("reviews:9080")
      .route(call());
    assert.equal(timeoutMs, 5);
    assert.equal(chosenRetry, retry);
    assert.deepEqual(requestHeaders, [set("destination"), set("route"), set("host")]);
    assert.deepEqual(responseHeaders, []);
  });

  it("split calls by weight", () => {
    let random = 0;
    const weighted = [
      route({}, [
        { cluster: "v1", weight: 1 },
        { cluster: "v2", weight: 3 },
      ]),
    ];
    const target = router(snapshot([host(weighted)], [v1, v2]), { random: () => random }).target("reviews:9080");
    for (const [value, expected] of [
      [0, "v1"],
      [0.2499, "v1"],
      [0.25, "v2"],
      [0.999, "v2"],
    ] as const) {
      random = value;
      assert.equal(target.route(call()).cluster.name, expected, String(value));
    }
  });
});

describe("lanes", () => {
  const made = (...routes: ReturnType<typeof route>[]) => router(snapshot([host(routes)], [v1, v2, all]), { lanes }).target("reviews:9080");

  it("put the instances of a call's lane before the baseline, and give calls without a colour the baseline alone", () => {
    const target = made(route({}, ["all"]));
    const coloured = target.route(call({ lane: "branch" }));
    assert.deepEqual(coloured.groups, [["127.0.0.1:2"], ["127.0.0.1:1", "127.0.0.1:3"]]);
    assert.equal(coloured.lane, "branch");
    for (const plain of [target.route(call()), target.route(call({ x: "1" })), target.route(call({ lane: "nobody's" }))]) {
      assert.deepEqual(plain.groups, [["127.0.0.1:1", "127.0.0.1:3"]]);
      assert.equal(plain.lane, undefined);
    }
    assert.equal(target.route(call({ lane: "branch" })), coloured, "one object for all calls of a lane");
  });

  it("lose to a route that names a subset", () => {
    assert.deepEqual(made(toV1).route(call({ lane: "branch" })).groups, [["127.0.0.1:1"]]);
    assert.deepEqual(made(route({}, ["v2"])).route(call()).groups, [["127.0.0.1:2"]]);
  });

  it("lose to a route that asks for the colour, and only to that one", () => {
    const target = made(route(header("Lane", "branch"), ["all"]), route({}, ["all"]));
    assert.deepEqual(target.route(call({ lane: "branch" })).groups, [["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"]]);
    assert.deepEqual(target.route(call()).groups, [["127.0.0.1:1", "127.0.0.1:3"]]);
  });

  it("mean nothing when they are off", () => {
    const target = router(snapshot([host([route({}, ["all"])])], [all])).target("reviews:9080");
    assert.equal(target.route(call({ lane: "branch" })).groups.flat().length, 3);
  });
});

describe("an update", () => {
  it("keeps the groups of clusters that did not change, and makes the others with the old ones at hand", () => {
    const asked: [string, readonly string[] | undefined][] = [];
    const groups = {
      update() {},
      group(of: { name: string }, endpoints: readonly { port: number }[], previous: readonly string[] | undefined) {
        asked.push([of.name, previous]);
        return endpoints.map(({ port }) => String(port));
      },
    };
    const routes = [route(header("a", "1"), ["v1"]), route({}, ["v2"])];
    const made = router(undefined, { groups });
    made.update(snapshot([host(routes)], [v1, v2]));
    const target = made.target("reviews:9080");
    const before = target.route(call({ a: "1" }));
    asked.length = 0;
    made.update(snapshot([host(routes)], [v1, cluster("v2", [endpoint(5)], { subset: "v2" })]));
    assert.deepEqual(asked, [["v2", ["2"]]]);
    assert.equal(target.route(call({ a: "1" })).groups[0], before.groups[0]);
    assert.deepEqual(target.route(call()).groups, [["5"]]);
  });

  it("compiles nothing again for a target of which nothing changed", () => {
    const hosts = [host([toV1])];
    const made = router(snapshot(hosts, [v1]));
    const target = made.target("reviews:9080");
    const before = target.route(call());
    made.update(snapshot([...hosts, host([toV1], { domains: ["ratings"] })], [v1, v2]));
    assert.equal(target.route(call()), before);
  });

  it("reaches targets that were unknown, known, and unknown again", () => {
    const made = router(snapshot([], []));
    const target = made.target("reviews:9080");
    assert.throws(() => target.route(call()), /it knows no host/);
    made.update(snapshot([host([toV1])], [v1]));
    assert.equal(target.route(call()).cluster, v1);
    made.update(snapshot([], []));
    assert.throws(() => target.route(call()), /the mesh knows no host/);
  });

  it("sends a cluster of original destinations to what the caller names", () => {
    const wild = cluster("wild", [], { resolution: "original", port: 443 });
    const made = router(snapshot([host([route({}, ["wild"])], { domains: ["*.example.com"], port: 443 })], [wild]));
    assert.deepEqual(made.target("a.example.com:443").route(call()).groups, [["a.example.com:443"]]);
    assert.deepEqual(made.target("b.example.com").route(call()).groups, [["b.example.com:443"]]);
  });
});

describe("a chosen route", () => {
  it("removes, sets and adds headers, in this order", () => {
    const headers = { remove: ["gone"], set: { set: "3" }, add: { add: "2" } };
    const chosen = (parts: Partial<VirtualHost>) =>
      router(snapshot([host([route({}, ["v1"])], parts)], [cluster("v1", [])]))
        .target("reviews:9080")
        .route(call());
    for (const change of [
      (metadata: Metadata) => chosen({ requestHeaders: headers }).changeRequest(metadata),
      (metadata: Metadata) => chosen({ responseHeaders: headers }).changeReply(metadata),
    ]) {
      const metadata = new Metadata().append("gone", "1").append("set", "1").append("set", "2").append("add", "1");
      change(metadata);
      assert.deepEqual(
        [...metadata].map(({ key, value }) => [key, value]),
        [
          ["add", "1"],
          ["set", "3"],
          ["add", "2"],
        ],
      );
    }
  });
});
