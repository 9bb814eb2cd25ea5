/** Whose code the stack of a failed call shows. */
import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { BusinessError, forEachMessage, RpcError, type Middleware, type ServiceDescription } from "@kiteline/core";
import { createClient, type Client } from "./client.ts";
import type { ProtocolName } from "./protocols.ts";
import { createServer } from "./server.ts";
import { Streams, type StreamsClient, type StreamsHandler } from "./streams.fixture.ts";
import { ThriftStreams } from "./thrift-streams.fixture.ts";

type Service = ServiceDescription<StreamsClient, StreamsHandler>;

async function play(
  t: TestContext,
  service: Service,
  protocol: ProtocolName,
  middleware: Middleware[] = [],
): Promise<Client<StreamsClient>> {
  const server = createServer({ exitWaitMs: 0, log: () => undefined }).add(service, {
    one({ text }) {
      if (text === "business") throw new BusinessError(7, "sold out");
      throw new RpcError("not_found", "no such thing");
    },
    collect: () => Promise.reject(new RpcError("not_found", "no such thing")),
    async *count({ number }) {
      for (let at = 0; at < number; at++) yield { number: at };
      throw new RpcError("not_found", "no such thing");
    },
    talk: () => assert.fail("talk was called"),
  });
  const client = createClient(service, { target: await server.listen({ port: 0, host: "127.0.0.1" }), protocol, middleware });
  t.after(() => Promise.all([client.close(), server.close()]));
  return client;
}

/** The functions of this file that the stack of what `call` rejects with shows, the innermost first. */
async function shown(call: () => Promise<unknown>): Promise<string[]> {
  const error = await call().then(
    () => assert.fail("it did not fail"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Error);
  const lines = String(error.stack).split("\n");
  assert.equal(lines[0], String(error), "the first line");
  const functions = lines
    .filter((line) => line.includes(import.meta.filename))
    .map((line) => /at (?:async )?(?:\w+\.)?(\S+)/.exec(line)?.[1] ?? line);
  return functions.slice(0, functions.indexOf("shown"));
}

for (const [name, service, protocol, streams] of [
  ["gRPC", Streams, "grpc", true],
  ["TTHeader", ThriftStreams, "ttheader", true],
  ["bare Thrift", ThriftStreams, "framed", false],
] as const satisfies readonly [string, Service, ProtocolName, boolean][]) {
  describe(`the stack of a failed call over ${name}`, () => {
    it("shows who waits for it", async (t) => {
      const client = await play(t, service, protocol);
      async function order(): Promise<unknown> {
        return await client.one({});
      }
      async function visit(): Promise<unknown> {
        return await order();
      }
      assert.deepEqual(await shown(visit), ["order", "visit"]);
      async function visits(): Promise<unknown> {
        return await Promise.all([visit(), visit()]);
      }
      assert.deepEqual(await shown(visits), ["order", "visit", "visits"]);
    });

    it("shows it also beneath middleware that waits, and for failures that no peer has told", async (t) => {
      const middleware: Middleware = (next) =>
        async function patience(request, call) {
          return await next(request, call);
        };
      const client = await play(t, service, protocol, [middleware]);
      async function order(): Promise<unknown> {
        return await client.one({});
      }
      assert.deepEqual(await shown(order), ["patience", "order"]);
      await client.close();
      assert.deepEqual(await shown(order), ["patience", "order"]);
    });

    it("shows who reads the stream that fails, before its first message or after", { skip: !streams && "no streams" }, async (t) => {
      const client = await play(t, service, protocol);
      async function collect(): Promise<void> {
        await client.collect([{}]);
      }
      async function loop(number: number): Promise<void> {
        for await (const _ of client.count({ number }));
      }
      async function listen(number: number): Promise<void> {
        await forEachMessage(client.count({ number }), () => undefined);
      }
      assert.deepEqual(await shown(collect), ["collect"]);
      for (const number of [0, 2]) {
        assert.deepEqual(await shown(() => loop(number)), ["loop"]);
        assert.deepEqual(await shown(() => listen(number)), ["listen"]);
      }
    });
  });
}

it("the stack of a business error shows who waits for the call", async (t) => {
  const client = await play(t, Streams, "grpc");
  async function order(): Promise<unknown> {
    return await client.one({ text: "business" });
  }
  assert.deepEqual(await shown(order), ["order"]);
});
