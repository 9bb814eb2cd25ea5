import assert from "node:assert/strict";
import { createServer as createNetServer, type AddressInfo } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { CallInfo, RpcError } from "@kiteline/core";
import { createClient, type Client } from "./client.ts";
import { until } from "./peer.fixture.ts";
import { createServer, type Server } from "./server.ts";
import type { Note, NoteInit, StreamsClient, StreamsHandler } from "./streams.fixture.ts";
import type { ClientOptions, ServerOptions } from "./suite.ts";
import { ThriftStreams } from "./thrift-streams.fixture.ts";

const HANDLER: StreamsHandler = {
  one: ({ number }) => ({ number: number + 1 }),
  collect: async (requests) => ({ number: (await Array.fromAsync(requests)).length }),
  async *count({ number, text }) {
    for (let i = 0; i < number; i++) yield { number: i, text };
  },
  async *talk(requests) {
    for await (const { number } of requests) yield { number: number + 1 };
  },
};

async function serve(t: TestContext, handler: Partial<StreamsHandler> = {}, options: ServerOptions = {}): Promise<Server> {
  const server = createServer({ log: () => undefined, ...options }).add(ThriftStreams, { ...HANDLER, ...handler });
  await server.listen();
  t.after(() => server.close());
  return server;
}

function connect(t: TestContext, servers: readonly Server[], options: Partial<ClientOptions> = {}): Client<StreamsClient> {
  const target = servers.map(({ port }) => `127.0.0.1:${port}`);
  const client = createClient(ThriftStreams, { log: () => undefined, ...options, target });
  t.after(() => client.close());
  return client;
}

describe("methods that stream over TTHeader", () => {
  it("go over connections of their own, which they share", async (t) => {
    const server = await serve(t);
    const client = connect(t, [server]);
    await client.one({});
    assert.equal(server.counters.connectionsOpened, 1);
    await Promise.all(Array.from({ length: 20 }, () => Array.fromAsync(client.count({ number: 10 }))));
    assert.equal(server.counters.connectionsOpened, 2);
    const info = new CallInfo();
    await client.collect([{}], { info });
    assert.equal(info.connectMs, undefined);
  });

  it("have a connection each when the client is told so, so that a reader that stops stops nobody else", async (t) => {
    const text = "x".repeat(100_000);
    const server = await serve(t);
    const client = connect(t, [server], { connection: "pooled" });
    const stopped = client.count({ number: 1000, text })[Symbol.asyncIterator]();
    await stopped.next();
    assert.equal((await Array.fromAsync(client.count({ number: 100, text }))).length, 100);
    assert.equal(server.counters.connectionsOpened, 2);
    await stopped.return?.();
  });

  it("cost no more than the bound although many streams of a connection are not read, and lose nothing", async (t) => {
    const text = "x".repeat(10_000);
    const streams = 50;
    const each = 200; // 100 MB in all
    let made = 0;
    const server = await serve(t, {
      *count({ number }) {
        for (let i = 0; i < number; i++, made++) yield { number: i, text };
      },
    });
    const client = connect(t, [server]);
    const readers = Array.from({ length: streams }, () => client.count({ number: each })[Symbol.asyncIterator]());
    await Promise.all(readers.map((reader) => reader.next()));
    let last = -1;
    for (let same = 0; same < 100; same = made === last ? same + 1 : 0, last = made) await new Promise((resolve) => setImmediate(resolve));
    // What the two sockets and the system hold beside the bound.
    assert.ok(made * text.length < 30_000_000, `${made} messages were made for ${streams} that were read`);
    const rest = async (reader: AsyncIterator<Note>): Promise<number> => {
      let count = 1;
      for (let step = await reader.next(); step.done !== true; step = await reader.next()) assert.equal(step.value.number, count++);
      return count;
    };
    assert.deepEqual(await Promise.all(readers.map(rest)), new Array<number>(streams).fill(each));
  });

  it("are made again elsewhere when a server is full, as nothing of them was run", async (t) => {
    const full = await serve(t, {}, { maxConcurrency: 1 });
    const free = await serve(t);
    const client = connect(t, [full, free]);
    const busy = [client.talk(endless()), client.talk(endless())].map((stream) => stream[Symbol.asyncIterator]());
    await Promise.all(busy.map((stream) => stream.next()));
    const infos = Array.from({ length: 4 }, () => new CallInfo());
    for (const info of infos) assert.equal((await client.collect([{}, {}], { info })).number, 2);
    for (const info of infos) assert.equal(info.peer, `127.0.0.1:${free.port}`);
    assert.ok(infos.some(({ attempts }) => attempts === 2));
    for (const stream of busy) await stream.return?.();
  });

  it("come to their end when the server goes, and new ones go elsewhere", async (t) => {
    let proceed: () => void = () => undefined;
    const leaving = await serve(t, {
      async *count() {
        yield { number: 1 };
        await new Promise<void>((resolve) => (proceed = resolve));
        yield { number: 2 };
      },
    });
    const client = connect(t, [leaving]);
    const reader = client.count({})[Symbol.asyncIterator]();
    await reader.next();
    const closed = leaving.close();
    await until(() => client.state !== "ready" || leaving.inFlight === 1);
    proceed();
    assert.equal((await reader.next()).value?.number, 2);
    assert.equal((await reader.next()).done, true);
    await closed;
    await assert.rejects(client.collect([]), (error) => error instanceof RpcError && error.executed === "no");
  });

  it("say what may be wrong when the server does not know them", async (t) => {
    const dumb = createNetServer((socket) => socket.on("error", () => undefined).once("data", () => socket.end()));
    await new Promise<void>((resolve) => dumb.listen(0, "127.0.0.1", resolve));
    t.after(() => dumb.close());
    const client = createClient(ThriftStreams, { target: `127.0.0.1:${(dumb.address() as AddressInfo).port}`, log: () => undefined });
    t.after(() => client.close());
    await assert.rejects(client.collect([{}]), (error: RpcError) => /does it speak TTHeader's streaming\?/.test(error.message));
  });

  it("are refused by protocols that carry none", async (t) => {
    const server = await serve(t);
    for (const protocol of ["framed", "buffered"] as const) {
      const client = connect(t, [server], { protocol });
      await assert.rejects(client.collect([]), { code: "unimplemented", executed: "no" });
      assert.equal((await client.one({ number: 1 })).number, 2);
    }
  });
});

async function* endless(): AsyncGenerator<NoteInit> {
  yield {};
  await new Promise(() => undefined);
}
