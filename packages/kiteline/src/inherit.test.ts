import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ManualClock, Metadata, type RpcError, type ServerCall, type ServiceDescription } from "@kiteline/core";
import { Echo, type EchoClient } from "./echo.fixture.ts";
import { createClient, type Client } from "./client.ts";
import type { ProtocolName } from "./protocols.ts";
import { createServer, type Server } from "./server.ts";
import { Streams, type StreamsClient, type StreamsHandler } from "./streams.fixture.ts";
import { ThriftStreams } from "./thrift-streams.fixture.ts";

/** Two servers in this process; the first one's handler does `inner` with a client of the second. */
async function twoHops(
  inner: (second: Client<EchoClient>, call: ServerCall) => Promise<unknown>,
  handle: (call: ServerCall) => Promise<void> = () => Promise.resolve(),
): Promise<AsyncDisposable & { client: Client<EchoClient> }> {
  const far = createServer({ trustLanes: true });
  far.add(Echo, {
    async echo(request, call) {
      await handle(call);
      return request;
    },
  });
  const farClient = createClient(Echo, { target: far });
  const near = createServer({ trustLanes: true });
  near.add(Echo, {
    async echo(request, call) {
      await inner(farClient, call);
      return request;
    },
  });
  const client = createClient(Echo, { target: near, connection: "pooled" });
  const servers: Server[] = [near, far];
  return {
    client,
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await farClient.close();
      for (const server of servers) await server.close();
    },
  };
}

const request = { action: "", msg: "" };

describe("a caller that gives up on a connection of its own", () => {
  it("ends the handler's call, over a socket too", async () => {
    await using server = createServer();
    const { promise: started, resolve: start } = Promise.withResolvers<ServerCall>();
    server.add(Echo, {
      echo: (_request, call) => {
        start(call);
        return new Promise(() => undefined);
      },
    });
    await using client = createClient(Echo, { target: await server.listen(), connection: "pooled" });
    const abort = new AbortController();
    const call = client.echo(request, { signal: abort.signal });
    const { signal } = await started;
    const ended = new Promise((resolve) => signal.addEventListener("abort", () => resolve(signal.reason)));
    abort.abort(new Error("the user left"));
    await assert.rejects(call, /the user left/);
    assert.match(String(await ended), /cancelled/);
  });
});

describe("a call made inside a handler", () => {
  it("has the deadline of the call being handled when its own is later", async () => {
    let left = 0;
    await using hops = await twoHops(
      (second) => second.echo(request, { timeoutMs: 60_000 }),
      async (call) => {
        left = call.deadlineMs - performance.now();
      },
    );
    await hops.client.echo(request, { timeoutMs: 5000 });
    assert.ok(left > 0 && left <= 5001, `${left} ms were left`);
  });

  it("carries persistent metadata and baggage, and nothing else", async () => {
    let seen: [string, unknown, string][] = [];
    await using hops = await twoHops(
      (second) => second.echo(request),
      async (call) => {
        seen = [...call.metadata].map(({ name, value, scope }) => [name, value, scope]);
      },
    );
    const metadata = new Metadata().set("user", "7", "persistent").set("hop", "1").set("baggage", "lane=branch");
    await hops.client.echo(request, { metadata });
    assert.deepEqual(seen, [
      ["user", "7", "persistent"],
      ["baggage", "lane=branch", "transient"],
      ["x-asm-prefer-tag", "branch", "transient"],
    ]);
  });

  it("carries nothing when it is cut off", async () => {
    let size = -1;
    await using hops = await twoHops(
      (second) => second.echo(request, { parent: null }),
      async (call) => {
        size = call.metadata.size;
      },
    );
    await hops.client.echo(request, { metadata: new Metadata().set("user", "7", "persistent") });
    assert.equal(size, 0);
  });

  it("ends when the caller of the call being handled goes away", async () => {
    let end: (reason: unknown) => void = () => undefined;
    const ended = new Promise((resolve) => (end = resolve));
    let started: () => void = () => undefined;
    const running = new Promise<void>((resolve) => (started = resolve));
    await using hops = await twoHops(
      (second) => second.echo(request),
      (call) =>
        new Promise((_resolve, reject) => {
          started();
          call.signal.addEventListener("abort", () => {
            end(call.signal.reason);
            reject(new Error("aborted"));
          });
        }),
    );
    const abort = new AbortController();
    const call = hops.client.echo(request, { signal: abort.signal, timeoutMs: 10_000 });
    await running;
    abort.abort(new Error("the user left"));
    await assert.rejects(call, (error: RpcError) => error.code === "cancelled" && error.message.includes("the user left"));
    assert.match(String(await ended), /cancelled/);
  });

  it("is not bound by a handler that has settled", async () => {
    let later: Promise<unknown> = Promise.resolve();
    await using hops = await twoHops((second, call) => {
      later = new Promise((resolve, reject) => {
        setImmediate(() => {
          second.echo({ action: "", msg: "later" }, { timeoutMs: 5000 }).then(resolve, reject);
        });
      });
      assert.equal(call.ended, false);
      return Promise.resolve();
    });
    await hops.client.echo(request, { timeoutMs: 1000 });
    assert.deepEqual(await later, { action: "", msg: "later" });
  });
});

for (const [name, service, protocol] of [
  ["gRPC", Streams, "grpc"],
  ["TTHeader", ThriftStreams, "ttheader"],
] as const satisfies readonly [string, ServiceDescription<StreamsClient, StreamsHandler>, ProtocolName][]) {
  it(`over ${name} a call made by a handler that has computed for long has what is left then, not what was left before`, async (t) => {
    const clock = new ManualClock(1);
    const left: number[] = [];
    // Whose clock stands still: what is left there is what it was told.
    const far = createServer({ clock: new ManualClock(1) }).add(service, {
      one(_request, call) {
        left.push(call.timeLeftMs);
        return {};
      },
      collect: () => assert.fail("collect was called"),
      async *count(_request, call) {
        left.push(call.timeLeftMs);
        yield {};
      },
      talk: () => assert.fail("talk was called"),
    });
    const next = createClient(service, { target: far, protocol, clock });
    const near = createServer({ clock }).add(service, {
      async one() {
        const before = next.one({});
        clock.advance(400);
        const [after, stream] = [next.one({}), Array.fromAsync(next.count({}))];
        await Promise.all([before, after, stream]);
        return {};
      },
      collect: () => assert.fail("collect was called"),
      count: () => assert.fail("count was called"),
      talk: () => assert.fail("talk was called"),
    });
    const client = createClient(service, { target: near, protocol, clock });
    t.after(() => Promise.all([client.close(), next.close(), near.close(), far.close()]));
    await next.ready();
    await client.one({}, { timeoutMs: 1000 });
    assert.deepEqual(left, [1000, 600, 600]);
  });
}
