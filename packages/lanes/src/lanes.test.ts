import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Call, ClientCall, Metadata, MetadataBlock, type MetadataInit, type Method, MethodBinding, ServerCall } from "@kiteline/core";
import type { Endpoint } from "@kiteline/policy";
import { memberOf, withMember } from "./baggage.ts";
import { Lanes, withLane } from "./lanes.ts";

const METHOD: Method = {
  service: "Reviews",
  name: "get",
  fullName: "Reviews.get",
  kind: "unary",
  idempotency: "unknown",
  arity: 1,
  messages: { format: "thrift" },
};

class TestCall extends ServerCall {
  readonly timeLeftMs: number = Infinity;
  readonly peer = "127.0.0.1:1";
  readonly caller = "";
}

function clientCall(metadata?: MetadataInit): Call {
  return new ClientCall(new MethodBinding(METHOD, "", ""), {}, undefined, metadata === undefined ? undefined : Metadata.from(metadata), 0);
}

function serverCall(metadata?: MetadataInit | MetadataBlock): ServerCall {
  const block =
    metadata === undefined || metadata instanceof MetadataBlock ? metadata : new MetadataBlock(Metadata.from(metadata).entries());
  return new TestCall(METHOD, block);
}

const plain = (metadata: Metadata | undefined) => Object.fromEntries([...(metadata ?? [])].map(({ key, value }) => [key, value]));

describe("baggage", () => {
  it("is read as W3C writes it", () => {
    for (const text of [
      "lane=branch",
      "a=b,lane=branch",
      " a=b , lane = branch ; ttl=1 , c=d",
      "lane=branch,lane=other",
      "xlane=1,lane=branch",
      "a=lane=1,lane=branch",
      "lane=br%61nch",
    ]) {
      assert.equal(memberOf(text, "lane"), "branch", text);
    }
    for (const text of ["", "lane", "a=b", "lanes=branch", ",,,", "a;lane=branch"]) assert.equal(memberOf(text, "lane"), undefined, text);
    assert.equal(memberOf("lane=50%", "lane"), "50%");
    assert.equal(memberOf("a,lane,b;c,d=lane,e,lane=branch", "lane"), "branch");
  });

  it("keeps other members when one is set or taken away", () => {
    assert.equal(withMember("a=b;p, lane=old , c=d", "lane", "new"), "lane=new,a=b;p,c=d");
    assert.equal(withMember("a=b,lane=old", "lane", undefined), "a=b");
    assert.equal(withMember("lane=old", "lane", undefined), undefined);
    assert.equal(withMember(undefined, "lane", "a b"), "lane=a%20b");
  });
});

describe("the colour of a call", () => {
  it("is read from baggage, else from the header", () => {
    const lanes = new Lanes();
    const laneOf = (metadata?: MetadataInit): string | undefined => lanes.laneOf(clientCall(metadata));
    assert.equal(laneOf(), undefined);
    assert.equal(laneOf({ baggage: "user=1" }), undefined);
    assert.equal(laneOf({ baggage: "lane=branch" }), "branch");
    assert.equal(laneOf({ baggage: "lane=branch" }), "branch", "again, from what was remembered");
    assert.equal(laneOf({ "X-ASM-Prefer-Tag": "other" }), "other");
    assert.equal(laneOf({ "x-asm-prefer-tag": "other", baggage: "lane=branch" }), "branch");
    assert.equal(laneOf({ "x-asm-prefer-tag": "other", baggage: "a=b" }), "other");
    assert.equal(laneOf({ baggage: ["a=b", "lane=branch"] }), "branch");
  });

  it("is none when it could be no label", () => {
    const lanes = new Lanes();
    for (const lane of ["a%0d%0ab", "-a", "a b", "x".repeat(64), ""]) {
      assert.equal(lanes.laneOf(clientCall({ baggage: `lane=${lane}` })), undefined, lane);
      if (lane !== "") assert.equal(lanes.laneOf(clientCall({ "x-asm-prefer-tag": lane })), undefined, lane);
    }
  });
});

describe("withLane", () => {
  it("writes both carriers into a copy", () => {
    const metadata = new Metadata().append("user", "1").append("baggage", "a=b,lane=old").append("x-asm-prefer-tag", "old");
    assert.deepEqual(plain(withLane(metadata, "new")), { user: "1", baggage: "lane=new,a=b", "x-asm-prefer-tag": "new" });
    assert.deepEqual(plain(withLane(metadata, undefined)), { user: "1", baggage: "a=b" });
    assert.deepEqual(plain(withLane(undefined, "new")), { baggage: "lane=new", "x-asm-prefer-tag": "new" });
    assert.equal(metadata.get("x-asm-prefer-tag"), "old");
  });

  it("refuses what can be no label", () => {
    assert.throws(() => withLane(undefined, "a b"), /a lane is named as a label is.*got "a b"/);
  });
});

describe("a server that trusts incoming colours", () => {
  it("leaves a call alone whose carriers agree, or that has none", () => {
    const lanes = new Lanes();
    for (const metadata of [undefined, { user: "1" }, { baggage: "lane=branch", "x-asm-prefer-tag": "branch" }]) {
      const call = serverCall(metadata);
      const before = call.inherited;
      lanes.receive(call, true);
      assert.equal(call.inherited, before);
    }
  });

  it("completes what only one carrier says, for the calls made while handling", () => {
    const lanes = new Lanes();
    for (const metadata of [
      { baggage: "lane=branch,a=b" },
      { baggage: "a=b", "x-asm-prefer-tag": "branch" },
      { baggage: "a=b,lane=branch", "x-asm-prefer-tag": "other" },
    ]) {
      const call = serverCall(metadata);
      assert.equal(lanes.receive(call, true), "branch");
      assert.deepEqual(plain(call.inherited), { baggage: "lane=branch,a=b", "x-asm-prefer-tag": "branch" });
    }
  });

  it("does so once for all calls that carry the same", () => {
    const lanes = new Lanes();
    const block = new MetadataBlock(Metadata.from({ baggage: "lane=branch" }).entries());
    const calls = [serverCall(block), serverCall(block)] as const;
    for (const call of calls) lanes.receive(call, true);
    assert.equal(calls[0].inherited, calls[1].inherited);
  });
});

describe("a server that does not", () => {
  it("takes the colour away from the handler and from the calls it makes, and nothing else", async () => {
    const lanes = new Lanes();
    for (const metadata of [
      { baggage: "lane=branch,a=b", user: "1" },
      { baggage: "a=b", user: "1", "x-asm-prefer-tag": "branch" },
    ]) {
      const call = serverCall(metadata);
      const service = lanes.server({ trustIncoming: false })(async (request, seen) => [request, lanes.laneOf(seen)], METHOD);
      assert.deepEqual(await service("request", call), ["request", undefined]);
      assert.deepEqual(plain(call.metadata), { baggage: "a=b", user: "1" });
      assert.deepEqual(plain(call.inherited), { baggage: "a=b" });
    }
  });

  it("leaves a call alone that has no colour", () => {
    const call = serverCall({ baggage: "a=b" });
    const before = call.inherited;
    assert.equal(new Lanes().receive(call, false), undefined);
    assert.equal(call.inherited, before);
    assert.equal(call.metadataIfAny, undefined, "nothing was made that nobody asked for");
  });
});

describe("split", () => {
  it("puts endpoints into the lane that their label names, and into the baseline without one", () => {
    const endpoint = (port: number, lane?: string): Endpoint => ({ address: "a", port, labels: lane === undefined ? {} : { lane } });
    const { baseline, lanes } = new Lanes().split([endpoint(1), endpoint(2, "a"), endpoint(3, "b"), endpoint(4, "a"), endpoint(5, "")]);
    assert.deepEqual(
      baseline.map(({ port }) => port),
      [1, 5],
    );
    assert.deepEqual(
      [...lanes].map(([lane, members]) => [lane, members.map(({ port }) => port)]),
      [
        ["a", [2, 4]],
        ["b", [3]],
      ],
    );
  });
});
