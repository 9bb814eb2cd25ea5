import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ManualClock, RpcError, type ServerCall } from "@kiteline/core";
import { createClient } from "./client.ts";
import { Echo, type Message } from "./echo.fixture.ts";
import { echoCall, RawPeer, ttheader, until, wholeFrames } from "./peer.fixture.ts";
import { createServer, type Server } from "./server.ts";
import type { ClientOptions } from "./suite.ts";

async function serve(
  handled: string[] = [],
  handler: (request: Message, call: ServerCall) => Promise<Message> | Message = (r) => r,
  clock?: ManualClock,
): Promise<Server> {
  const server = createServer({ exitWaitMs: 60_000, clock });
  server.add(Echo, {
    async echo(request, call) {
      handled.push(request.msg);
      // A few turns, so that calls are under way whenever something happens.
      for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
      return handler(request, call);
    },
  });
  await server.listen();
  return server;
}

/** Time passes, and the event loop turns meanwhile. */
async function pass(clock: ManualClock, ms: number): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += 20) {
    clock.advance(20);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const WAYS: readonly [name: string, options: Partial<ClientOptions>][] = [
  ["adaptive", {}],
  ["multiplexed", { connection: "multiplexed" }],
  ["pooled", { connection: "pooled" }],
  ["over TTHeader with framed", { protocol: "ttheader-framed" }],
];

describe("a server that closes under load", () => {
  for (const [name, options] of WAYS) {
    it(`loses no call and runs none twice: connections ${name}`, async (t) => {
      const handled: string[] = [];
      const servers = [await serve(handled), await serve(handled)] as const;
      const client = createClient(Echo, { target: servers.map((server) => `127.0.0.1:${server.port}`), ...options });
      let sent = 0;
      let stop = false;
      t.after(async () => {
        stop = true;
        await client.close();
        await servers[1].close();
      });
      const errors: unknown[] = [];
      const caller = async (): Promise<void> => {
        while (!stop) {
          const msg = String(sent++);
          await client.echo({ action: "", msg }).catch((error: unknown) => errors.push(error));
        }
      };
      const callers = Array.from({ length: 20 }, caller);
      await until(() => handled.length > 300);
      // However many calls that takes; what does not end is cut after `exitWaitMs`, and calls fail.
      await servers[0].close();
      const before = handled.length;
      await until(() => handled.length > before + 300);
      stop = true;
      await Promise.all(callers);
      assert.deepEqual(errors, []);
      assert.equal(new Set(handled).size, handled.length, "a call was run twice");
      assert.equal(handled.length, sent);
    });
  }
});

describe("a server that closes and cannot tell its callers", () => {
  for (const protocol of ["framed", "buffered"] as const) {
    it(`loses no call of one that calls on, and ends when it does not: Thrift, ${protocol}`, async () => {
      const clock = new ManualClock(1);
      const server = await serve([], undefined, clock);
      await using client = createClient(Echo, { target: `127.0.0.1:${server.port}`, protocol, retries: 0 });
      const callOften = async (): Promise<void> => {
        for (let i = 0; i < 20; i++) await client.echo({ action: "", msg: "" });
      };
      await callOften();
      let closed = false;
      const closing = server.close().then(() => (closed = true));
      for (let passedMs = 0; passedMs < 30_000; passedMs += 900) {
        await pass(clock, 900);
        await callOften();
      }
      assert.equal(closed, false);
      await pass(clock, 1100);
      await closing;
      assert.equal(server.counters.connectionsOpened, 1);
    });
  }
});

describe("a server that closes", () => {
  it("tells callers as Kitex's clients understand it: on their replies, or by a frame of its own", async () => {
    const held: (() => void)[] = [];
    await using server = await serve([], (request) => new Promise((resolve) => held.push(() => resolve(request))));
    const [single, multiplexed] = [await RawPeer.connect(server.port), await RawPeer.connect(server.port)];
    single.send(ttheader(1, echoCall(1, "a")));
    multiplexed.send(ttheader(1, echoCall(1, "b"), { isn: "Echo" }, 1));
    await until(() => held.length === 2);
    const closing = server.close();
    await until(() => wholeFrames(multiplexed.received).length === 1);
    const [control] = wholeFrames(multiplexed.received) as [Buffer];
    assert.ok(control.includes("crrst") && control.includes("none"));
    assert.equal(control.readInt32BE(8), 0, "its sequence id");
    for (const release of held) release();
    const [answer] = (await single.frames(1)) as [Buffer];
    assert.ok(answer.includes("crrst"));
    assert.equal((await multiplexed.frames(2)).length, 2);
    single.socket.end();
    multiplexed.socket.end();
    await closing;
  });

  it("does not begin to listen any more", async () => {
    const server = createServer();
    const listening = server.listen();
    await server.close();
    await assert.rejects(listening, { code: "failed_precondition", detail: /closed/ });
    assert.deepEqual(server.addresses, []);
  });

  it("refuses clients of its own process that come before anybody else has", async () => {
    const server = createServer().add(Echo, { echo: (request) => request });
    await server.close();
    await using client = createClient(Echo, { target: server, retries: 0 });
    await assert.rejects(client.echo({ action: "", msg: "" }), { code: "unavailable", detail: /closed/ });
  });

  it("refuses clients of its own process from then on", async () => {
    await using server = await serve();
    await using client = createClient(Echo, { target: server });
    await client.echo({ action: "", msg: "" });
    const closing = server.close();
    await client.close();
    await closing;
    await assert.rejects(createClient(Echo, { target: server, retries: 0 }).echo({ action: "", msg: "" }), {
      code: "unavailable",
      executed: "no",
    });
    await assert.rejects(server.listen(), { code: "failed_precondition" });
  });
});

describe("a client that closes", () => {
  it("waits for its calls as long as it was told, and cuts them then", async () => {
    const clock = new ManualClock(1);
    let handling = 0;
    const givenUp = Promise.withResolvers<Message>();
    await using server = await serve([], (_request, call) => {
      handling++;
      call.signal.addEventListener("abort", () => givenUp.reject(call.signal.reason));
      return givenUp.promise;
    });
    const client = createClient(Echo, { target: `127.0.0.1:${server.port}`, clock, exitWaitMs: 50 });
    const call = client.echo({ action: "", msg: "a" }).then(
      () => "answered",
      (error: unknown) => error,
    );
    await until(() => handling === 1);
    let closed = false;
    const closing = client.close().then(() => (closed = true));
    clock.advance(49);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(closed, false);
    clock.advance(1);
    await closing;
    const error = await call;
    assert.ok(error instanceof RpcError);
    assert.match(error.message, /exitWaitMs|client was closed/);
    assert.equal(error.executed, "maybe");
    await assert.rejects(givenUp.promise, { code: "cancelled" }); // the handler learns of it, and nobody waits for it
  });

  it("lets its calls end, and takes no more", async () => {
    const held: (() => void)[] = [];
    await using server = await serve([], (request) => new Promise((resolve) => held.push(() => resolve(request))));
    await using client = createClient(Echo, { target: `127.0.0.1:${server.port}` });
    const call = client.echo({ action: "", msg: "a" });
    await until(() => held.length === 1);
    const closing = client.close();
    assert.equal(client.state, "closed");
    await assert.rejects(client.echo({ action: "", msg: "b" }), { code: "cancelled", executed: "no" });
    held[0]?.();
    assert.equal((await call).msg, "a");
    await closing;
    await server.close();
    assert.equal(server.counters.connectionsClosed, server.counters.connectionsOpened);
  });
});

describe("a client that closes before its first connection stands", () => {
  it("takes no call any more, and connects for none", async () => {
    await using server = await serve();
    const target = `127.0.0.1:${server.port}`;
    const gone = { code: "cancelled", executed: "no", detail: /the client was closed/ };

    const closed = createClient(Echo, { target });
    await closed.close();
    await assert.rejects(closed.echo({ action: "", msg: "" }), gone);
    await assert.rejects(closed.ready(), gone);

    const closing = createClient(Echo, { target });
    const call = assert.rejects(closing.echo({ action: "", msg: "" }), gone);
    const readying = assert.rejects(closing.ready(), gone);
    await closing.close();
    await Promise.all([call, readying]);

    assert.deepEqual([closed.counters.connectionsOpened, closing.counters.connectionsOpened, server.counters.connectionsOpened], [0, 0, 0]);
  });
});
