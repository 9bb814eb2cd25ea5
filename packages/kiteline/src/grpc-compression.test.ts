/** Which messages come compressed over gRPC, as both ends are told. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CallInfo } from "@kiteline/core";
import { createClient } from "./client.ts";
import { createServer } from "./server.ts";
import { Streams, type Note, type StreamsHandler } from "./streams.fixture.ts";

const TEXT = "a".repeat(1000);

/** Answers with how many messages of the request came compressed. */
const HANDLER: Pick<StreamsHandler, "one" | "collect" | "count"> = {
  one(_request, call) {
    call.compression = "gzip";
    return { text: TEXT, number: call.compressedMessages };
  },
  async collect(requests, call) {
    await Array.fromAsync(requests);
    return { text: TEXT, number: call.compressedMessages };
  },
  *count({ number }, call) {
    for (let i = 0; i < number; i++) {
      call.compression = i % 2 === 0 ? "gzip" : undefined;
      yield { text: TEXT };
    }
  },
};

describe("compression over gRPC", () => {
  it("is counted by message at both ends, and may be left out between two", async () => {
    await using server = createServer().add(Streams, { ...HANDLER, talk: () => [] });
    await using client = createClient(Streams, { target: server, protocol: "grpc" });
    const one = new CallInfo();
    assert.equal((await client.one({ text: TEXT }, { compression: "gzip", info: one })).number, 1);
    assert.equal(one.compressedMessages, 1);
    const collected = new CallInfo();
    assert.equal((await client.collect([{ text: TEXT }, { text: TEXT }], { info: collected })).number, 0);
    assert.equal(collected.compressedMessages, 0);
    assert.equal((await client.collect([{ text: TEXT }, { text: TEXT }], { compression: "zstd" })).number, 2);
    const long = (message: unknown): boolean => (message as Note).text.length === 1000;
    const mixed = [{ text: TEXT }, { text: TEXT.slice(1) }, { text: TEXT }];
    assert.equal((await client.collect(mixed, { compression: "gzip", compressMessage: long })).number, 2);
    await assert.rejects(client.collect(mixed, { compressMessage: true as never }), /compressMessage must be a function, got true/);
    const counted = new CallInfo();
    const notes = await Array.fromAsync(client.count({ number: 5 }, { info: counted }));
    assert.deepEqual(
      notes.map(({ text }) => text),
      new Array(5).fill(TEXT),
    );
    assert.equal(counted.compressedMessages, 3);
  });
});
