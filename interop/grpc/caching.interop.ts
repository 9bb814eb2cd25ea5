/** `cacheable_unary`: through a proxy that caches it passes, without one it cannot. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CachingProxy } from "./caching-proxy.ts";
import { GRPC_JS_CLIENT, GRPC_JS_SERVER, KITELINE_CLIENT, KITELINE_SERVER, runCase, SuiteServer } from "./suite.ts";

const CASE = "cacheable_unary";

for (const [client, server] of [
  [KITELINE_CLIENT, KITELINE_SERVER],
  [KITELINE_CLIENT, GRPC_JS_SERVER],
  [GRPC_JS_CLIENT, KITELINE_SERVER],
] as const) {
  describe(`${client.name} to ${server.name}, with a caching proxy between them`, () => {
    it(CASE, async () => {
      await using started = await SuiteServer.start(server, false);
      await using proxy = await CachingProxy.start(started.port);
      await runCase(client, proxy, CASE);
      assert.equal(proxy.hits, 1);
      await assert.rejects(runCase(client, started, CASE), /the same answer/);
    });
  });
}
