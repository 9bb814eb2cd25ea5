/** What callers are told of a handler that passes on how a call of its own has failed, or that throws what nobody foresaw. */
import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { RpcError, type ServiceDescription } from "@kiteline/core";
import { createClient, type Client } from "./client.ts";
import type { ProtocolName } from "./protocols.ts";
import { createServer } from "./server.ts";
import { Streams, type StreamsClient, type StreamsHandler } from "./streams.fixture.ts";
import { ThriftStreams } from "./thrift-streams.fixture.ts";

type Service = ServiceDescription<StreamsClient, StreamsHandler>;

const NOBODY = "127.0.0.1:1";

/** Whose own call could not be sent at all. Before anything else, or once it has answered. */
async function play(t: TestContext, service: Service, protocol: ProtocolName, inProcess: boolean): Promise<Client<StreamsClient>> {
  const next = createClient(service, { target: NOBODY, protocol, retries: 0, log: () => undefined });
  const server = createServer({ exitWaitMs: 0, log: () => undefined }).add(service, {
    one({ text }) {
      if (text === "own") throw new TypeError("unforeseen");
      return next.one({});
    },
    collect: async (requests) => await next.collect(requests),
    async *count({ number }) {
      for (let at = 0; at < number; at++) yield { number: at };
      yield* next.count({});
    },
    talk: (requests) => next.talk(requests),
  });
  const client = createClient(service, { target: inProcess ? server : await server.listen(), protocol, retries: 3 });
  t.after(() => Promise.all([client.close(), next.close(), server.close()]));
  return client;
}

async function failure(call: Promise<unknown>): Promise<RpcError> {
  const error = await call.then(
    () => assert.fail("it did not fail"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof RpcError, String(error));
  return error;
}

for (const [name, service, protocol, streams, exact] of [
  ["gRPC", Streams, "grpc", true, true],
  ["Kitex Protobuf", Streams, "ttheader-framed", false, true],
  ["TTHeader", ThriftStreams, "ttheader", true, true],
  ["bare Thrift", ThriftStreams, "framed", false, false],
] as const satisfies readonly [string, Service, ProtocolName, boolean, boolean][]) {
  for (const inProcess of [false, true]) {
    describe(`over ${name}${inProcess ? " in one process" : ""}`, () => {
      // Bare Thrift has one type for a handler that failed and for a server that refused.
      const executed = exact ? "yes" : "maybe";

      it("a call whose handler passes on that its own was not executed is not said to be that", async (t) => {
        const client = await play(t, service, protocol, inProcess);
        const error = await failure(client.one({}));
        assert.deepEqual([error.executed, error.retriable], [executed, false]);
        // The caller made a call, too, and would pass it on as such.
        assert.equal(error.ofCall, true);
        if (!streams) return;
        const failures = [
          client.collect([{}, {}]),
          Array.fromAsync(client.count({})),
          Array.fromAsync(client.count({ number: 2 })),
          Array.fromAsync(client.talk([{}])),
        ];
        for (const call of failures) {
          const { code, executed, retriable } = await failure(call);
          assert.deepEqual([code, executed, retriable], ["unavailable", "yes", false]);
        }
      });

      it("a call whose handler throws what nobody foresaw was executed", async (t) => {
        const client = await play(t, service, protocol, inProcess);
        const error = await failure(client.one({ text: "own" }));
        assert.deepEqual([error.code, error.executed, error.detail], ["internal", executed, "unforeseen"]);
      });
    });
  }
}
