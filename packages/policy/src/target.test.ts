import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { endpointAddress } from "./cluster.ts";
import { problemsOf } from "./snapshot.ts";
import { staticSnapshot } from "./static-snapshot.ts";
import { parseTarget } from "./target.ts";

describe("parseTarget", () => {
  it("reads names, addresses of both kinds, and Unix sockets", () => {
    assert.deepEqual(parseTarget("Reviews:9080"), { host: "reviews", port: 9080 });
    assert.deepEqual(parseTarget("reviews"), { host: "reviews", port: undefined });
    assert.deepEqual(parseTarget("[::1]:80"), { host: "::1", port: 80 });
    assert.deepEqual(parseTarget("unix:/Run/A.sock"), { host: "unix:/Run/A.sock", port: undefined });
  });

  for (const text of ["", ":80", "a:b", "a:1:2", "unix:", "a b:1", "[x]:1"]) {
    it(`refuses ${JSON.stringify(text)} and says what a target looks like`, () => {
      assert.throws(() => parseTarget(text), {
        name: "TypeError",
        message: `a target must look like "host:port", "[::1]:port" or "unix:/path", got "${text}"`,
      });
    });
  }

  for (const text of ["a:0", "127.0.0.1:99999", "[::1]:123456"]) {
    it(`says what is wrong with the port of ${text}`, () => {
      assert.throws(() => parseTarget(text), /^TypeError: a target must look like "host:port".*: a port is a number from 1 to 65535$/);
    });
  }

  for (const text of ["http://a:1", "dns:///a:1"]) {
    it(`asks to leave out the scheme of ${text}`, () => {
      assert.throws(
        () => parseTarget(text),
        /^TypeError: a target must look like "host:port".*: leave the scheme out, the options protocol and tls/,
      );
    });
  }
});

describe("staticSnapshot", () => {
  it("has one cluster of the addresses, for any target, and no problem", () => {
    const snapshot = staticSnapshot(["127.0.0.1:1", "[::1]:2", "unix:/a"]);
    assert.deepEqual(problemsOf(snapshot), []);
    const [cluster] = Object.values(snapshot.clusters);
    assert.equal(cluster?.resolution, "static");
    assert.deepEqual(cluster?.endpoints.map(endpointAddress), ["127.0.0.1:1", "[::1]:2", "unix:/a"]);
    assert.deepEqual(snapshot.virtualHosts[0]?.domains, ["*"]);
  });

  it("leaves names to be resolved", () => {
    assert.equal(Object.values(staticSnapshot("localhost:1").clusters)[0]?.resolution, "dns");
  });

  it("wants at least one address, with a port each", () => {
    assert.throws(() => staticSnapshot([]), /at least one address/);
    assert.throws(() => staticSnapshot("localhost"), /needs a port, such as "localhost:9080"/);
  });
});

describe("problemsOf", () => {
  it("names routes that lead nowhere and weights that mean nothing", () => {
    const snapshot = staticSnapshot("127.0.0.1:1");
    const [host] = snapshot.virtualHosts;
    const route = { name: "r", match: {}, action: { kind: "forward", destinations: [{ cluster: "gone", weight: 0 }] } } as const;
    const problems = problemsOf({ ...snapshot, virtualHosts: [{ ...(host as NonNullable<typeof host>), routes: [route] }] });
    assert.equal(problems.length, 2);
    assert.match(problems[0] as string, /names the cluster gone, which is not there/);
    assert.match(problems[1] as string, /weight 0/);
  });
});
