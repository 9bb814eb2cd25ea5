/** grpc-js at the other end, as client and as server. */
import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import * as grpc from "@grpc/grpc-js";
import { CallInfo, CODES, ManualClock, Metadata, RpcError, type Code, type ServerCall } from "@kiteline/core";
import { errorDetail, errorDetails } from "@kiteline/grpc";
import { decode, encode } from "@kiteline/protobuf";
import { createClient, type Client } from "./client.ts";
import { until } from "./peer.fixture.ts";
import { createServer, type Server } from "./server.ts";
import { NoteCodec, Streams, type Note, type NoteInit, type StreamsClient, type StreamsHandler } from "./streams.fixture.ts";
import type { ClientOptions, ServerOptions } from "./suite.ts";

const serialize = (note: NoteInit): Buffer => Buffer.from(encode(NoteCodec, note));
const deserialize = (bytes: Buffer): Note => decode(NoteCodec, bytes);

/** grpc-js has no clock but the machine's: short, and long enough for a call to arrive on a busy one. */
/** By our clocks, which tests move on; grpc-js has none but the real one. */
const DEADLINE_MS = 5000;

function theirMethod(name: string, requestStream: boolean, responseStream: boolean): grpc.MethodDefinition<NoteInit, Note> {
  return {
    path: `/test.Streams/${name}`,
    requestStream,
    responseStream,
    requestSerialize: serialize,
    requestDeserialize: deserialize,
    responseSerialize: serialize,
    responseDeserialize: deserialize,
  };
}

const THEIRS = {
  one: theirMethod("One", false, false),
  collect: theirMethod("Collect", true, false),
  count: theirMethod("Count", false, true),
  talk: theirMethod("Talk", true, true),
};

/** What grpc-js makes of a unary call. */
interface Answer {
  readonly value: Note | undefined;
  readonly error: grpc.ServiceError | null;
  readonly headers: grpc.Metadata;
  readonly status: grpc.StatusObject;
}

class TheirClient {
  readonly client: grpc.Client;

  constructor(port: number, options: grpc.ChannelOptions = {}) {
    this.client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), options);
  }

  one(request: NoteInit, metadata = new grpc.Metadata(), options: grpc.CallOptions = {}, path = "/test.Streams/One"): Promise<Answer> {
    return new Promise((resolve) => {
      let headers = new grpc.Metadata();
      let value: Note | undefined;
      let error: grpc.ServiceError | null = null;
      const call = this.client.makeUnaryRequest(path, serialize, deserialize, request, metadata, options, (failure, response) => {
        error = failure;
        value = response;
      });
      call.on("metadata", (came: grpc.Metadata) => (headers = came));
      call.on("status", (status: grpc.StatusObject) => setImmediate(() => resolve({ value, error, headers, status })));
    });
  }
}

async function ours(
  t: TestContext,
  handler: Partial<StreamsHandler>,
  options: ServerOptions = {},
  channel: grpc.ChannelOptions = {},
): Promise<{ server: Server; them: TheirClient }> {
  const never = (): never => assert.fail("not to be called");
  const server = createServer({ exitWaitMs: 0, log: () => undefined, ...options });
  server.add(Streams, { one: never, collect: never, count: never, talk: never, ...handler });
  await server.listen();
  const them = new TheirClient(server.port, channel);
  t.after(async () => {
    them.client.close();
    await server.close();
  });
  return { server, them };
}

async function theirs(
  t: TestContext,
  handlers: Partial<Record<keyof typeof THEIRS, grpc.UntypedHandleCall>>,
  options: Partial<ClientOptions> = {},
): Promise<Client<StreamsClient>> {
  const server = new grpc.Server();
  server.addService(THEIRS, handlers as grpc.UntypedServiceImplementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  const client = createClient(Streams, { target: `127.0.0.1:${port}`, ...options });
  t.after(async () => {
    await client.close();
    server.forceShutdown();
  });
  return client;
}

type UnaryHandler = grpc.handleUnaryCall<Note, NoteInit>;

describe("our server and grpc-js", () => {
  it("agree on the four kinds of calls", async (t) => {
    const { them } = await ours(t, {
      one: ({ number }) => ({ number: number + 1 }),
      collect: async (requests) => ({ number: (await Array.fromAsync(requests)).length }),
      *count({ number }) {
        for (let i = 0; i < number; i++) yield { number: i };
      },
      async *talk(requests) {
        for await (const { number } of requests) yield { number: 2 * number };
      },
    });
    const { client } = them;
    assert.equal((await them.one({ number: 1 })).value?.number, 2);
    const collected = new Promise<Note | undefined>((resolve, reject) => {
      const call = client.makeClientStreamRequest("/test.Streams/Collect", serialize, deserialize, (error, value) => {
        if (error === null) resolve(value);
        else reject(error);
      });
      for (let i = 0; i < 5; i++) call.write({ number: i });
      call.end();
    });
    assert.equal((await collected)?.number, 5);
    const counted = client.makeServerStreamRequest("/test.Streams/Count", serialize, deserialize, { number: 3 });
    assert.deepEqual(await numbersOf(counted), [0, 1, 2]);
    const talk = client.makeBidiStreamRequest("/test.Streams/Talk", serialize, deserialize);
    for (let i = 0; i < 3; i++) talk.write({ number: i });
    talk.end();
    assert.deepEqual(await numbersOf(talk), [0, 2, 4]);
  });

  it("agree on all codes, on texts and on details", async (t) => {
    const text = " tést ☺\n100 % ";
    const { them } = await ours(t, {
      one({ number }) {
        throw new RpcError(CODES[number - 1] as Code, text, { details: [errorDetail(NoteCodec, { text: "why", number })] });
      },
    });
    for (let number = 1; number <= CODES.length; number++) {
      const { error } = await them.one({ number });
      assert.equal(error?.code, number);
      assert.equal(error?.details, text);
      const [bytes] = error?.metadata.get("grpc-status-details-bin") ?? [];
      assert.ok(Buffer.isBuffer(bytes) && bytes.includes("type.googleapis.com/test.Note"));
    }
  });

  it("agree on metadata, plain and binary, before and after", async (t) => {
    let came: Metadata | undefined;
    const { them } = await ours(t, {
      one(_request, call) {
        came = call.metadata;
        call.reply.append("first", "1").append("first", "2");
        call.trailers.set("last-bin", new Uint8Array([0, 1, 255]));
        return {};
      },
    });
    const sent = new grpc.Metadata();
    sent.add("key", "a");
    sent.add("key", "b");
    sent.add("raw-bin", Buffer.from([1]));
    sent.add("raw-bin", Buffer.from([2, 3]));
    const { headers, status } = await them.one({}, sent);
    assert.deepEqual(came?.getAll("key").join(), "a,b"); // grpc-js joins what has several values
    assert.deepEqual(came?.getAll("raw-bin"), [Buffer.from([1]), Buffer.from([2, 3])]);
    assert.match(came?.get("user-agent") ?? "", /grpc-node-js/);
    assert.deepEqual(headers.get("first"), ["1, 2"]);
    assert.deepEqual(status.metadata.get("last-bin"), [Buffer.from([0, 1, 255])]);
  });

  for (const [name, algorithm] of [
    ["deflate", grpc.compressionAlgorithms.deflate],
    ["gzip", grpc.compressionAlgorithms.gzip],
  ] as const) {
    it(`agree on ${name}`, async (t) => {
      const { them } = await ours(
        t,
        {
          one({ text }, call) {
            call.compression = name;
            return { text: text + text };
          },
        },
        {},
        { "grpc.default_compression_algorithm": algorithm },
      );
      const { value } = await them.one({ text: "a".repeat(10_000) });
      assert.equal(value?.text, "a".repeat(20_000));
    });
  }

  it("end a call whose deadline passes, on both sides", async (t) => {
    const clock = new ManualClock(1000);
    const { promise, resolve } = Promise.withResolvers<ServerCall>();
    const handler: Partial<StreamsHandler> = {
      one(_request, call) {
        resolve(call);
        return new Promise(() => undefined);
      },
    };
    const { them } = await ours(t, handler, { clock });
    const answer = them.one({}, new grpc.Metadata(), { deadline: Date.now() + DEADLINE_MS });
    const call = await Promise.race([promise, answer.then(() => assert.fail("it ended before it had come"))]);
    assert.ok(call.timeLeftMs <= DEADLINE_MS && call.timeLeftMs >= 0);
    clock.advance(DEADLINE_MS);
    assert.equal((await answer).error?.code, grpc.status.DEADLINE_EXCEEDED);
    await until(() => call.cancelled !== undefined);
  });

  it("cancel what the caller gives up", async (t) => {
    const { promise, resolve } = Promise.withResolvers<ServerCall>();
    const { them } = await ours(t, {
      async *count(_request, call) {
        resolve(call);
        yield {};
        await new Promise(() => undefined);
      },
    });
    const stream = them.client.makeServerStreamRequest("/test.Streams/Count", serialize, deserialize, {});
    stream.on("error", () => undefined);
    const call = await promise;
    stream.cancel();
    await until(() => call.cancelled !== undefined);
    assert.equal(call.cancelled?.code, "cancelled");
  });

  it("say what is not there", async (t) => {
    const { them } = await ours(t, {});
    for (const path of ["/test.Streams/Missing", "/test.Missing/One", "/One", "/test.Streams/"]) {
      const { error } = await them.one({}, new grpc.Metadata(), {}, path);
      assert.equal(error?.code, grpc.status.UNIMPLEMENTED, path);
    }
  });

  it("hold to the limit of messages in both directions", async (t) => {
    const { them } = await ours(t, { one: ({ number }) => ({ text: "x".repeat(number) }) }, { maxMessageBytes: 1000 });
    assert.equal((await them.one({ text: "x".repeat(2000) })).error?.code, grpc.status.RESOURCE_EXHAUSTED);
    assert.equal((await them.one({ number: 2000 })).error?.code, grpc.status.RESOURCE_EXHAUSTED);
    assert.equal((await them.one({ number: 500 })).value?.text.length, 500);
  });

  it("lose nothing of large messages and of many", async (t) => {
    const { them } = await ours(t, {
      async *talk(requests) {
        for await (const request of requests) yield request;
      },
    });
    const talk = them.client.makeBidiStreamRequest("/test.Streams/Talk", serialize, deserialize);
    for (let i = 0; i < 500; i++) talk.write({ number: i, text: "x".repeat(i % 100 === 0 ? 3_000_000 : i) });
    talk.end();
    let next = 0;
    for await (const { number, text } of talk as AsyncIterable<Note>) {
      assert.equal(number, next);
      assert.equal(text.length, next % 100 === 0 ? 3_000_000 : next);
      next++;
    }
    assert.equal(next, 500);
  });

  it("part when the server goes: calls in flight are answered, later ones go elsewhere", async (t) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let begun = false;
    const { server, them } = await ours(
      t,
      {
        async one() {
          begun = true;
          await promise;
          return { number: 7 };
        },
      },
      { exitWaitMs: 5000 },
    );
    const answer = them.one({});
    await until(() => begun);
    const closing = server.close();
    resolve();
    assert.equal((await answer).value?.number, 7);
    await closing;
  });
});

describe("our client and grpc-js", () => {
  it("agree on the four kinds of calls", async (t) => {
    const client = await theirs(t, {
      one: ((call, callback) => callback(null, { number: call.request.number + 1 })) satisfies UnaryHandler,
      collect: ((call, callback) => {
        let number = 0;
        call.on("data", () => number++);
        call.on("end", () => callback(null, { number }));
      }) satisfies grpc.handleClientStreamingCall<Note, NoteInit>,
      count: ((call) => {
        for (let number = 0; number < call.request.number; number++) call.write({ number });
        call.end();
      }) satisfies grpc.handleServerStreamingCall<Note, NoteInit>,
      talk: ((call) => {
        call.on("data", ({ number }: Note) => call.write({ number: 2 * number }));
        call.on("end", () => call.end());
      }) satisfies grpc.handleBidiStreamingCall<Note, NoteInit>,
    });
    assert.equal((await client.one({ number: 1 })).number, 2);
    assert.equal((await client.collect([{}, {}, {}])).number, 3);
    assert.deepEqual(
      (await Array.fromAsync(client.count({ number: 3 }))).map(({ number }) => number),
      [0, 1, 2],
    );
    assert.deepEqual(
      (await Array.fromAsync(client.talk([{ number: 1 }, { number: 2 }]))).map(({ number }) => number),
      [2, 4],
    );
  });

  it("agree on all codes, on texts and on details", async (t) => {
    const text = " tést ☺\n100 % ";
    const client = await theirs(t, {
      one: ((call, callback) => {
        const metadata = new grpc.Metadata();
        const detail = Buffer.concat([Buffer.from([10, 29]), Buffer.from("type.googleapis.com/test.Note"), Buffer.from([18, 2, 16, 7])]);
        metadata.set("grpc-status-details-bin", Buffer.concat([Buffer.from([8, call.request.number, 26, detail.length]), detail]));
        callback({ code: call.request.number, details: text, metadata });
      }) satisfies UnaryHandler,
    });
    for (let number = 1; number <= CODES.length; number++) {
      const error = await client.one({ number }).then(
        () => assert.fail("it did not fail"),
        (reason: unknown) => reason,
      );
      assert.ok(error instanceof RpcError);
      assert.equal(error.code, CODES[number - 1]);
      assert.equal(error.detail, text);
      assert.deepEqual(errorDetails(error, NoteCodec), [{ text: "", number: 7 }]);
    }
  });

  it("agree on metadata, plain and binary, before and after", async (t) => {
    let came: grpc.Metadata | undefined;
    const client = await theirs(t, {
      one: ((call, callback) => {
        came = call.metadata;
        const first = new grpc.Metadata();
        first.set("first", "1");
        call.sendMetadata(first);
        const last = new grpc.Metadata();
        last.set("last-bin", Buffer.from([9]));
        callback(null, {}, last);
      }) satisfies UnaryHandler,
    });
    const info = new CallInfo();
    await client.one(
      {},
      {
        info,
        metadata: new Metadata()
          .append("key", "a")
          .set("raw-bin", new Uint8Array([1, 2]))
          .set("far", "b", "persistent"),
      },
    );
    assert.deepEqual(came?.get("key"), ["a"]);
    assert.deepEqual(came?.get("raw-bin"), [Buffer.from([1, 2])]);
    assert.deepEqual(came?.get("rpc-persist-far"), ["b"]);
    assert.match(String(came?.get("user-agent")[0]), /kiteline/);
    assert.equal(info.reply.get("first"), "1");
    assert.deepEqual(info.trailers.getBytes("last-bin"), Buffer.from([9]));
  });

  it("agree on compression", async (t) => {
    const client = await theirs(t, {
      one: ((call, callback) =>
        callback(null, { text: call.request.text, number: Number(call.metadata.get("grpc-encoding").length) })) satisfies UnaryHandler,
    });
    for (const compression of ["gzip", "deflate"]) {
      const { text } = await client.one({ text: "a".repeat(10_000) }, { compression });
      assert.equal(text.length, 10_000);
    }
    await assert.rejects(client.one({ text: "a".repeat(10_000) }, { compression: "zstd" }), { code: "unimplemented" });
    await assert.rejects(client.one({}, { compression: "brotli" }), { code: "invalid_argument" });
  });

  it("tell the server of deadlines and of callers that give up", async (t) => {
    let call: grpc.ServerUnaryCall<Note, NoteInit> | undefined;
    const clock = new ManualClock(1000);
    const client = await theirs(t, { one: ((theirCall) => (call = theirCall)) satisfies UnaryHandler }, { clock });
    const late = assert.rejects(client.one({}, { timeoutMs: DEADLINE_MS }), { code: "deadline_exceeded" });
    await until(() => call !== undefined);
    clock.advance(DEADLINE_MS);
    await late;
    assert.ok(Number(call?.getDeadline()) <= Date.now() + DEADLINE_MS);
    await until(() => call?.cancelled === true);
    call = undefined;
    const abort = new AbortController();
    const answer = client.one({}, { signal: abort.signal });
    await until(() => call !== undefined);
    abort.abort();
    await assert.rejects(answer, { code: "cancelled" });
    await until(() => call?.cancelled === true);
  });

  it("hold to the limit of messages in both directions", async (t) => {
    const client = await theirs(
      t,
      { one: ((call, callback) => callback(null, { text: "x".repeat(call.request.number) })) satisfies UnaryHandler },
      { maxMessageBytes: 1000 },
    );
    await assert.rejects(client.one({ text: "x".repeat(2000) }), { code: "resource_exhausted", executed: "no" });
    await assert.rejects(client.one({ number: 2000 }), { code: "resource_exhausted" });
    assert.equal((await client.one({ number: 500 })).text.length, 500);
  });
});

async function numbersOf(stream: AsyncIterable<Note>): Promise<number[]> {
  const numbers: number[] = [];
  for await (const { number } of stream) numbers.push(number);
  return numbers;
}
