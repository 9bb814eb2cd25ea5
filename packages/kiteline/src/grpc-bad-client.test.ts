/** Clients that misbehave, and those that speak HTTP but not gRPC. */
import assert from "node:assert/strict";
import {
  connect as connectHttp2,
  constants,
  type ClientHttp2Session,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from "node:http2";
import { describe, it, type TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { systemClock, type Clock, type Log, type ServerCall, type Timer } from "@kiteline/core";
import type { Http2Options } from "@kiteline/grpc";
import { encode } from "@kiteline/protobuf";
import { until } from "./peer.fixture.ts";
import { createServer, type Server } from "./server.ts";
import { NoteCodec, Streams, type StreamsHandler } from "./streams.fixture.ts";

interface Answer {
  readonly headers: IncomingHttpHeaders & { ":status"?: number | undefined };
  readonly trailers: IncomingHttpHeaders;
  readonly data: Buffer;
  readonly resetCode: number | undefined;
}

interface Played {
  readonly server: Server;
  readonly session: ClientHttp2Session;
  /** Sends a request, its data in the pieces given, and waits for the end. `half`: does not say that there is no more. */
  readonly send: (headers: OutgoingHttpHeaders, pieces?: readonly Buffer[], half?: boolean) => Promise<Answer>;
}

const ONE = { ":method": "POST", ":path": "/test.Streams/One", "content-type": "application/grpc", te: "trailers" } as const;

async function play(
  t: TestContext,
  handler: Partial<StreamsHandler> = {},
  log: Log = () => undefined,
  { clock, http2 }: { clock?: Clock; http2?: Http2Options } = {},
): Promise<Played> {
  const never = (): never => assert.fail("not to be called");
  const server = createServer({ exitWaitMs: 0, maxMessageBytes: 1_000_000, log, clock, http2 });
  server.add(Streams, { one: ({ text, number }) => ({ text, number: number + 1 }), collect: never, count: never, talk: never, ...handler });
  await server.listen();
  const session = connectHttp2(`http://127.0.0.1:${server.port}`);
  session.on("error", () => undefined);
  t.after(async () => {
    session.destroy();
    await server.close();
  });
  return {
    server,
    session,
    send(headers, pieces = [], half = false) {
      const { promise, resolve } = Promise.withResolvers<Answer>();
      const stream = session.request(headers, { endStream: pieces.length === 0 && !half });
      let came: Answer["headers"] = {};
      let trailers: IncomingHttpHeaders = {};
      const data: Buffer[] = [];
      stream.on("error", () => undefined);
      stream.on("response", (fields) => (came = fields));
      stream.on("trailers", (fields) => (trailers = fields));
      stream.on("data", (chunk: Buffer) => data.push(chunk));
      stream.on("close", () => resolve({ headers: came, trailers, data: Buffer.concat(data), resetCode: stream.rstCode }));
      void (async () => {
        for (const piece of pieces) {
          stream.write(piece);
          await new Promise((turn) => setImmediate(turn));
        }
        if (!half && !stream.closed) stream.end();
      })();
      return promise;
    },
  };
}

function message(bytes: Uint8Array, flag = 0, length = bytes.byteLength): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = flag;
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, bytes]);
}

const NOTE = message(encode(NoteCodec, { text: "b", number: 1 }));

/** The status, wherever it stands. */
function statusOf({ headers, trailers }: Answer): number {
  return Number(headers["grpc-status"] ?? trailers["grpc-status"]);
}

function textOf({ headers, trailers }: Answer): string {
  return decodeURIComponent(String(headers["grpc-message"] ?? trailers["grpc-message"]));
}

describe("a request that is no gRPC", () => {
  it("of another content type is told so", async (t) => {
    const { send } = await play(t);
    for (const contentType of ["text/html", "application/grpcx", "application/grpc+xml", "application/xml"]) {
      const { headers } = await send({ ...ONE, "content-type": contentType }, [Buffer.from("{}")]);
      assert.equal(headers[":status"], 415, contentType);
    }
    assert.equal((await send({ ":method": "POST", ":path": ONE[":path"] }, [NOTE])).headers[":status"], 415);
  });

  it("of another method is told so", async (t) => {
    const { send } = await play(t);
    assert.equal((await send({ ":method": "GET", ":path": "/test.Streams/One" })).headers[":status"], 405);
    assert.equal((await send({ ":method": "GET", ":path": "/" })).headers[":status"], 404);
    assert.equal((await send({ ...ONE, ":method": "PUT" }, [NOTE])).headers[":status"], 405);
  });

  it("of a content type said otherwise is gRPC", async (t) => {
    const { send } = await play(t);
    for (const contentType of ["application/grpc+proto", "application/grpc;charset=utf-8", "Application/GRPC"]) {
      assert.equal(statusOf(await send({ ...ONE, "content-type": contentType }, [NOTE])), 0, contentType);
    }
  });
});

describe("a request that cannot be read", () => {
  const rows: [what: string, pieces: readonly Buffer[], status: number, text: RegExp, headers?: OutgoingHttpHeaders][] = [
    ["no message", [], 12, /no message/],
    ["two messages", [NOTE, NOTE], 12, /more than one/],
    ["a message that is cut", [NOTE.subarray(0, -1)], 13, /within a message/],
    ["a prefix that is none", [message(Buffer.from("a"), 9)], 13, /got 9/],
    ["a message over the limit", [message(Buffer.from("a"), 0, 1_000_001)], 8, /maxMessageBytes/],
    ["a message that cannot be decoded", [message(Buffer.from([10, 200]))], 3, /cannot be read/],
    ["a compressed message that nothing names", [message(gzipSync("a"), 1)], 13, /grpc-encoding/],
    ["a compression that nobody knows", [message(Buffer.from("a"), 1)], 12, /brotli/, { "grpc-encoding": "brotli" }],
    ["gzip that is none", [message(Buffer.from("abc"), 1)], 13, /gzip/, { "grpc-encoding": "gzip" }],
    ["a bomb", [message(gzipSync(Buffer.alloc(50_000_000)), 1)], 8, /inflates/, { "grpc-encoding": "gzip" }],
    ["a timeout that is none", [NOTE], 13, /grpc-timeout/, { "grpc-timeout": "soon" }],
    ["a timeout that is over", [NOTE], 4, /deadline/, { "grpc-timeout": "0n" }],
  ];
  for (const [what, pieces, status, text, headers] of rows) {
    it(`is refused with its reason: ${what}`, async (t) => {
      const { send, server, session } = await play(t, { one: () => assert.fail("the handler was called") });
      const answer = await send({ ...ONE, ...headers }, pieces);
      assert.equal(statusOf(answer), status);
      assert.match(textOf(answer), text);
      await until(() => server.inFlight === 0);
      assert.equal(session.closed, false);
    });
  }

  it("is told which compressions there are where it has another", async (t) => {
    const { send } = await play(t, {});
    const answer = await send({ ...ONE, "grpc-encoding": "brotli" }, [message(Buffer.from("a"), 1)]);
    assert.equal(answer.headers["grpc-accept-encoding"], "identity,deflate,gzip,zstd");
    assert.equal((await send(ONE, [message(Buffer.from([10, 200]))])).headers["grpc-accept-encoding"], undefined);
  });

  it("takes nothing of its connection's window with it", async (t) => {
    const { session, send } = await play(t, {}, undefined, { http2: { connectionWindowBytes: 65_535 } });
    const unreadable = Buffer.alloc(10_000);
    unreadable.set([10, 200]);
    for (let each = 0; each < 20; each++) {
      // With its end in the last piece of data: nothing is left to be reset.
      const stream = session.request(ONE).resume();
      stream.end(message(unreadable));
      await new Promise((resolve) => stream.once("close", resolve));
    }
    assert.equal(statusOf(await send(ONE, [NOTE])), 0);
  });

  it("is read however it is cut", async (t) => {
    const { send } = await play(t);
    const bytes = Array.from(NOTE, (byte) => Buffer.from([byte]));
    assert.equal(statusOf(await send(ONE, bytes)), 0);
  });

  it("is answered all the same by a handler that has left before what is wrong", async (t) => {
    const { send } = await play(t, {
      async *talk(requests) {
        for await (const _ of requests) {
          await new Promise((turn) => setImmediate(turn));
          break;
        }
        yield { text: "enough" };
      },
    });
    const all = Buffer.concat([...new Array<Buffer>(1000).fill(NOTE), message(Buffer.alloc(0), 9)]);
    const answer = await send({ ...ONE, ":path": "/test.Streams/Talk" }, [all]);
    assert.deepEqual([statusOf(answer), textOf(answer)], [0, "undefined"]);
    assert.ok(answer.data.includes("enough"));
  });

  it("does not keep its caller sending what nobody reads", async (t) => {
    const { send } = await play(t);
    const answer = await send({ ...ONE, ":path": "/test.Streams/Missing" }, [NOTE], true);
    assert.equal(statusOf(answer), 12);
    assert.equal(answer.resetCode, constants.NGHTTP2_NO_ERROR);
  });
});

describe("a caller whose messages blow up", () => {
  /** Each look at it takes a fifth of a millisecond while it is `slow`. */
  class SlowClock implements Clock {
    slow = true;
    #looks = 0;

    now(): number {
      if (this.slow) this.#looks++;
      return systemClock.now() + 0.2 * this.#looks;
    }

    after(delayMs: number, task: () => void): Timer {
      return systemClock.after(delayMs, task);
    }
  }

  it("has a few of them inflated before others have their turn, also of those that have come, and in the end all", async (t) => {
    const clock = new SlowClock();
    let came = 0;
    const collect = async (requests: AsyncIterable<unknown>): Promise<{ text: string }> => {
      for await (const _ of requests) came++;
      return { text: "all" };
    };
    const { send } = await play(t, { collect }, undefined, { clock });
    const bomb = message(gzipSync(encode(NoteCodec, { text: "b".repeat(100_000) })), 1);
    const answer = send({ ...ONE, ":path": "/test.Streams/Collect", "grpc-encoding": "gzip" }, [Buffer.concat(new Array(20).fill(bomb))]);
    await until(() => came > 0);
    assert.ok(came < 10, `${came} were inflated in one turn`);
    clock.slow = false;
    assert.deepEqual([statusOf(await answer), came], [0, 20]);
  });
});

describe("a caller that takes no fields at all", () => {
  it("loses its calls, however they end, and nobody else's", async (t) => {
    const { promise: forever } = Promise.withResolvers<never>();
    const { server, send } = await play(t, {
      one: ({ text, number }) => (text === "fail" ? Promise.reject(new Error("no")) : Promise.resolve({ text, number })),
      count: async function* () {
        yield await forever;
      },
    });
    const session = connectHttp2(`http://127.0.0.1:${server.port}`, { settings: { maxHeaderListSize: 0 } });
    t.after(() => session.destroy());
    const end = async (path: string, text: string, headers: OutgoingHttpHeaders = {}): Promise<number | undefined> => {
      const stream = session.request({ ...ONE, ...headers, ":path": `/test.Streams/${path}` });
      stream.on("error", () => undefined);
      stream.resume().end(message(encode(NoteCodec, { text })));
      await new Promise((resolve) => stream.once("close", resolve));
      return stream.rstCode;
    };
    assert.equal(await end("One", "succeed"), constants.NGHTTP2_INTERNAL_ERROR);
    assert.equal(await end("One", "fail"), constants.NGHTTP2_INTERNAL_ERROR);
    assert.equal(await end("Count", "", { "grpc-timeout": "1m" }), constants.NGHTTP2_INTERNAL_ERROR);
    assert.equal(await end("Missing", ""), constants.NGHTTP2_INTERNAL_ERROR);
    await until(() => server.inFlight === 0);
    assert.equal(statusOf(await send(ONE, [NOTE])), 0);
  });
});

describe("a handler that fails", () => {
  it("with what is no error of ours: internal, and the log has it", async (t) => {
    const logged: unknown[] = [];
    const { send } = await play(
      t,
      {
        one: () => {
          throw new TypeError("a bug");
        },
      },
      ({ error }) => logged.push(error),
    );
    const answer = await send(ONE, [NOTE]);
    assert.equal(statusOf(answer), 13);
    assert.equal(textOf(answer), "a bug");
    assert.equal(answer.headers[":status"], 200);
    assert.ok(logged.some((error) => error instanceof TypeError));
  });

  it("with an answer or metadata that cannot be sent: internal, and why", async (t) => {
    const logged: string[] = [];
    const one = ({ text }: { text: string }, call: ServerCall): { text: string } => {
      if (text === "b") call.reply.set("größe", "1");
      return { text: 7 as unknown as string };
    };
    const { send } = await play(t, { one }, ({ message, error }) => logged.push(`${message}: ${String(error)}`));
    const odd = await send(ONE, [NOTE]);
    assert.equal(statusOf(odd), 13);
    assert.match(textOf(odd), /metadata key/);
    const wrong = await send(ONE, [message(encode(NoteCodec, { text: "c" }))]);
    assert.equal(statusOf(wrong), 13);
    assert.match(textOf(wrong), /cannot be sent/);
    assert.match(
      logged.at(-1) ?? "",
      /^what the handler of test\.Streams\.One answered cannot be sent: ValueError: test\.Note: field 1: expected a string, got 7$/,
    );
  });

  it("by its caller's leaving is counted once", async (t) => {
    let left = false;
    const { session, server } = await play(t, {
      async *count() {
        try {
          for (;;) {
            yield { number: 1 };
            await new Promise((resolve) => setImmediate(resolve));
          }
        } finally {
          left = true;
        }
      },
    });
    const stream = session.request({ ...ONE, ":path": "/test.Streams/Count" });
    stream.on("error", () => undefined);
    stream.end(NOTE);
    stream.resume();
    await until(() => server.inFlight === 1);
    stream.close(constants.NGHTTP2_CANCEL);
    await until(() => left && server.inFlight === 0);
    assert.equal(server.counters.failures.cancelled, 1);
    assert.equal(server.counters.failed, 1);
  });
});
