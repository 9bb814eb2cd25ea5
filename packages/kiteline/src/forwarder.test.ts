import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Metadata, type Method, type ServerCall } from "@kiteline/core";
import { createClient } from "./client.ts";
import { Echo, type EchoClient } from "./echo.fixture.ts";
import { createForwarder } from "./forwarder.ts";
import type { UnknownRequest } from "./registry.ts";
import { createServer } from "./server.ts";
import type { ClientOptions } from "./suite.ts";
import { until } from "./peer.fixture.ts";

/** The same service with a method that wants no answer. */
const Told: typeof Echo = { ...Echo, methods: { echo: { ...(Echo.methods["echo"] as Method), kind: "oneway" } } };

describe("a forwarder", () => {
  for (const protocol of ["ttheader", "framed", "buffered"] as const) {
    it(`passes on calls whose types it does not know, over ${protocol} too`, async () => {
      await using behind = createServer({ exitWaitMs: 0 });
      behind.add(Echo, { echo: (request) => ({ ...request, msg: `${request.msg}!` }) });
      await using forwarder = createForwarder({ target: behind, protocol, payload: "compact" });
      const seen: UnknownRequest[] = [];
      await using proxy = createServer({ exitWaitMs: 0 });
      proxy.addUnknown((request) => {
        seen.push(request);
        return forwarder.forward(request);
      });
      await forwarder.ready();
      await using client = createClient(Echo, { target: proxy });
      for (const msg of ["a", "b"]) assert.deepEqual(await client.echo({ action: "", msg }), { action: "", msg: `${msg}!` });
      assert.deepEqual(
        seen.map(({ service, method, oneway }) => [service, method, oneway]),
        [
          ["Echo", "echo", false],
          ["Echo", "echo", false],
        ],
      );
      assert.equal(forwarder.counters.succeeded, 2);
    });
  }

  it("passes on failures, deadlines and persistent metadata", async () => {
    await using behind = createServer({ exitWaitMs: 0 });
    await using forwarder = createForwarder({ target: behind });
    await using proxy = createServer({ exitWaitMs: 0 });
    proxy.addUnknown((request) => forwarder.forward(request));
    await using client = createClient(Echo, { target: proxy });
    await assert.rejects(client.echo({ action: "", msg: "" }), { code: "unimplemented", executed: "no" });
    let seen: ServerCall | undefined;
    behind.add(Echo, {
      echo(request, call) {
        seen = call;
        return request;
      },
    });
    await client.echo({ action: "", msg: "" }, { timeoutMs: 5000, metadata: new Metadata().set("user", "7", "persistent") });
    assert.equal(seen?.metadata.get("user"), "7");
    assert.ok(seen.deadlineMs < Infinity);
  });

  it("waits for no answer of a call that wants none", async () => {
    let told = 0;
    await using behind = createServer({ exitWaitMs: 0 });
    behind.add(Told, {
      echo(request) {
        told++;
        return request;
      },
    });
    await using forwarder = createForwarder({ target: behind });
    await using proxy = createServer({ exitWaitMs: 0 });
    proxy.addUnknown((request) => forwarder.forward(request));
    await using client = createClient<EchoClient>(Told, { target: proxy });
    await client.echo({ action: "", msg: "" });
    await until(() => told === 1 && forwarder.counters.succeeded === 1);
    assert.equal(proxy.inFlight, 0);
  });

  it("is not made for protocols that carry no Thrift, nor with options that do not exist", () => {
    assert.throws(() => createForwarder({ target: "127.0.0.1:1", protocol: "grpc" }), /TypeError: a forwarder passes on Thrift/);
    assert.throws(
      () => createForwarder({ target: "127.0.0.1:1", timeout: 5 } as ClientOptions),
      /did you mean timeoutMs\?|there are target/,
    );
  });
});
