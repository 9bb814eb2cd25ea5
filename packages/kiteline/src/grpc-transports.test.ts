/** gRPC over everything that carries bytes, beside Thrift on one port. */
import assert from "node:assert/strict";
import { createServer as createNetServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { CallInfo, currentCall, Metadata, RpcError, type Messages, type Method } from "@kiteline/core";
import type { StructCodec } from "@kiteline/thrift/gen";
import { createClient } from "./client.ts";
import { Echo } from "./echo.fixture.ts";
import { createServer } from "./server.ts";
import { Streams, type StreamsHandler } from "./streams.fixture.ts";
import type { ServerOptions } from "./suite.ts";

const HANDLER: StreamsHandler = {
  one: ({ number }) => ({ number: number + 1 }),
  collect: async (requests) => ({ number: (await Array.fromAsync(requests)).length }),
  count: ({ number }) => Array.from({ length: number }, (_, i) => ({ number: i })),
  async *talk(requests) {
    yield* requests;
  },
};

const serve = (options?: ServerOptions) =>
  createServer({ log: () => undefined, ...options })
    .add(Streams, HANDLER)
    .add(Echo, { echo: (request) => request });

describe("one port", () => {
  it("takes Thrift and gRPC, and tells their connections apart", async () => {
    await using server = serve();
    const target = await server.listen();
    await using streams = createClient(Streams, { target });
    for (const protocol of ["ttheader", "framed", "buffered"] as const) {
      await using echo = createClient(Echo, { target, protocol });
      const [reply, note] = await Promise.all([echo.echo({ action: "", msg: "a" }), streams.one({ number: 1 })]);
      assert.deepEqual([reply.msg, note.number], ["a", 2]);
    }
  });

  it("has one middleware, one limit and one count for both", async () => {
    const seen: string[] = [];
    await using server = serve({
      middleware: [
        (next, { fullName }) =>
          (request, call) => {
            seen.push(fullName);
            return next(request, call);
          },
      ],
    });
    await using streams = createClient(Streams, { target: server });
    await using echo = createClient(Echo, { target: server });
    await streams.one({});
    await Array.fromAsync(streams.count({ number: 2 }));
    await echo.echo({ action: "", msg: "" });
    assert.deepEqual(seen, ["test.Streams.One", "test.Streams.Count", "Echo.echo"]);
    assert.equal(server.counters.succeeded, 3);
  });

  it("refuses what is too much, and says that it did not run", async () => {
    const held = Promise.withResolvers<void>();
    await using server = createServer({ maxConcurrency: 1 }).add(Streams, {
      ...HANDLER,
      async one() {
        await held.promise;
        return {};
      },
    });
    await using client = createClient(Streams, { target: server, retries: 0 });
    const first = client.one({});
    await assert.rejects(client.one({}), { code: "resource_exhausted", executed: "no" });
    held.resolve();
    await first;
  });

  it("refuses a request that is too large once, and is not asked again", async () => {
    await using server = createServer({ maxMessageBytes: 1000 }).add(Streams, HANDLER);
    await using client = createClient(Streams, { target: server });
    const info = new CallInfo();
    await assert.rejects(client.one({ text: "x".repeat(2000) }, { info }), {
      code: "resource_exhausted",
      executed: "no",
      retriable: false,
      detail: /maxMessageBytes/,
    });
    assert.equal(info.attempts, 1);
  });
});

describe("limits of messages", () => {
  for (const protocol of ["grpc", "ttheader"] as const) {
    it(`may be others for what is received than for what is sent, over ${protocol}`, async () => {
      const long = { action: "", msg: "x".repeat(20_000) };
      const short = { action: "", msg: "x" };
      const answer = (message: { msg: string }) => (message.msg === "x" ? long : short);
      await using server = createServer({ maxReceivedBytes: 10_000 }).add(Echo, { echo: answer });
      const target = await server.listen();
      await using client = createClient(Echo, { target, protocol });
      assert.deepEqual(await client.echo(short), long);
      await assert.rejects(client.echo(long), RpcError);
      await using wide = createServer().add(Echo, { echo: answer });
      await using narrow = createClient(Echo, { target: await wide.listen(), protocol, maxReceivedBytes: 10_000 });
      assert.deepEqual(await narrow.echo(long), short);
      await assert.rejects(narrow.echo(short), RpcError);
    });
  }
});

describe("a call made by a handler", () => {
  it("carries on what came, from gRPC to Thrift and back, also from inside of a stream", async () => {
    const seen: (string | undefined)[] = [];
    await using inner = createServer().add(Echo, {
      echo(request, call) {
        seen.push(call.metadata.get("user", "persistent"));
        return request;
      },
    });
    await using echo = createClient(Echo, { target: inner });
    await using outer = createServer().add(Streams, {
      ...HANDLER,
      async *count() {
        await echo.echo({ action: "", msg: "" });
        yield {};
        await echo.echo({ action: "", msg: "" });
        assert.notEqual(currentCall(), undefined);
      },
    });
    await using client = createClient(Streams, { target: outer });
    await Array.fromAsync(client.count({}, { metadata: new Metadata().set("user", "ann", "persistent") }));
    assert.deepEqual(seen, ["ann", "ann"]);
  });

  it("ends with the stream that it was made for", async () => {
    const ended = Promise.withResolvers<unknown>();
    await using inner = createServer({ exitWaitMs: 0 }).add(Streams, { ...HANDLER, one: () => new Promise(() => undefined) });
    await using near = createClient(Streams, { target: inner });
    await using outer = createServer({ exitWaitMs: 0 }).add(Streams, {
      ...HANDLER,
      async *count() {
        yield {};
        try {
          await near.one({});
        } catch (error) {
          ended.resolve(error);
        }
      },
    });
    await using client = createClient(Streams, { target: outer });
    for await (const _ of client.count({})) break;
    const error = await ended.promise;
    assert.ok(error instanceof RpcError && error.code === "cancelled");
  });
});

describe("a caller of gRPC", () => {
  it("sends nothing more for a call that has been answered", async () => {
    await using server = serve();
    await using client = createClient(Streams, { target: await server.listen() });
    await client.one({ number: 1 });
    for (let turn = 0; turn < 10; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    const before = server.counters.bytesRead;
    await client.one({ number: 1 });
    const answered = server.counters.bytesRead;
    assert.ok(answered > before);
    for (let turn = 0; turn < 10; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    assert.equal(server.counters.bytesRead, answered);
  });
});

describe("gRPC over a Unix socket", () => {
  it("works as over TCP", async () => {
    const path = join(tmpdir(), `kiteline-grpc-${process.pid}.sock`);
    await using server = serve();
    await server.listen({ path });
    await using client = createClient(Streams, { target: `unix:${path}` });
    const info = new CallInfo();
    assert.equal((await client.one({ number: 1 }, { info })).number, 2);
    assert.equal(info.peer, `unix:${path}`);
  });
});

describe("protocols and services", () => {
  it("must fit, which is told when the client is made", () => {
    assert.throws(() => createClient(Streams, { target: "a:1", protocol: "buffered" }), /protobuf/);
  });

  it("that nobody speaks at the other end fail clearly", async () => {
    const dumb = createNetServer((socket) => {
      socket.on("error", () => undefined).resume();
      socket.end("220 mail.example ESMTP\r\n");
    });
    await new Promise<void>((resolve) => dumb.listen(0, "127.0.0.1", resolve));
    await using client = createClient(Streams, { target: `127.0.0.1:${(dumb.address() as AddressInfo).port}`, log: () => undefined });
    await assert.rejects(client.one({}), (error) => error instanceof RpcError && error.executed === "no");
    await new Promise((resolve) => dumb.close(resolve));
  });
});

class NotFound extends Error {
  what = "";
}

const NotFoundCodec: StructCodec<NotFound> = {
  name: "NotFound",
  write(out, { what }) {
    out.begin("NotFound");
    out.stringField(1, what);
    out.end();
  },
  read(inp) {
    const error = new NotFound("not found");
    inp.begin();
    for (let key: number; (key = inp.field()) !== 0; ) {
      if (key === 0x0b0001) error.what = inp.string();
      else inp.skip(key);
    }
    return error;
  },
};

/** `Echo` with an exception. */
const { echo } = Echo.methods as { readonly echo: Method };
const is = (error: Error): boolean => error instanceof NotFound;
const Thrown: typeof Echo = {
  ...Echo,
  methods: {
    echo: { ...echo, messages: { ...echo.messages, exceptions: [{ id: 1, codec: NotFoundCodec, is }], declares: is } as Messages },
  },
};

describe("Thrift over gRPC", () => {
  it("carries results, nothing, and declared exceptions with the metadata of the reply", async () => {
    await using server = createServer({ log: () => undefined }).add(Thrown, {
      echo(request, call) {
        call.reply.set("back", "1", "backward");
        if (request.action === "fail") throw Object.assign(new NotFound("not found"), { what: "it" });
        return request;
      },
    });
    await server.listen();
    await using client = createClient(Thrown, { target: `127.0.0.1:${server.port}`, protocol: "grpc" });
    const info = new CallInfo();
    assert.deepEqual(await client.echo({ action: "a", msg: "m" }, { info }), { action: "a", msg: "m" });
    assert.equal(info.reply.get("back"), "1");
    const failed = new CallInfo();
    await assert.rejects(
      client.echo({ action: "fail", msg: "" }, { info: failed }),
      (error) => error instanceof NotFound && error.what === "it",
    );
    assert.equal(failed.reply.get("back"), "1");
    // An answer of the handler, not its failure.
    assert.deepEqual([server.counters.succeeded, server.counters.refused, server.counters.failed], [1, 1, 0]);
  });

  it("finds a service that has no package under any, as Kitex calls it, and no service of another package", async () => {
    await using server = serve();
    const target = await server.listen();
    const renamed = <T extends typeof Echo | typeof Streams>(service: T, name: string): T => ({
      ...service,
      name,
      methods: Object.fromEntries(Object.entries(service.methods).map(([stub, method]) => [stub, { ...method, service: name }])),
    });
    for (const name of ["Echo", "other.v2.Echo"]) {
      await using client = createClient(renamed(Echo, name), { target, protocol: "grpc" });
      assert.equal((await client.echo({ action: "a", msg: "" })).action, "a");
    }
    for (const name of ["Streams", "other.v2.Streams", "test.Rivers"]) {
      await using client = createClient(renamed(Streams, name), { target });
      await assert.rejects(client.one({}), { code: "unimplemented" });
    }
  });
});
