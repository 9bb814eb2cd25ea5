/** Servers that misbehave, and proxies that answer in their place. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttp1Server } from "node:http";
import {
  constants,
  createServer as createHttp2Server,
  type Http2Server,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { CallInfo, ManualClock, RpcError, type Code } from "@kiteline/core";
import { encode } from "@kiteline/protobuf";
import { createClient, type Client } from "./client.ts";
import { rawServer, until } from "./peer.fixture.ts";
import { NoteCodec, Streams, type StreamsClient } from "./streams.fixture.ts";
import type { ClientOptions } from "./suite.ts";

const GRPC = { ":status": 200, "content-type": "application/grpc" } as const;

interface Played {
  readonly client: Client<StreamsClient>;
  readonly server: Http2Server;
  readonly sessions: ServerHttp2Session[];
  /** Requests that came. */
  readonly paths: string[];
  /** Makes a unary call and says how it failed. */
  readonly fail: () => Promise<RpcError>;
}

type Respond = (stream: ServerHttp2Stream, count: number) => void;

async function play(t: TestContext, respond: Respond, options: Partial<ClientOptions> = {}): Promise<Played> {
  const server = createHttp2Server();
  const sessions: ServerHttp2Session[] = [];
  const paths: string[] = [];
  server.on("session", (session) => {
    sessions.push(session);
    session.on("error", () => undefined);
  });
  server.on("stream", (stream: ServerHttp2Stream, headers) => {
    stream.on("error", () => undefined);
    respond(stream, paths.push(String(headers[":path"])));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = createClient(Streams, { target: `127.0.0.1:${(server.address() as AddressInfo).port}`, log: () => undefined, ...options });
  t.after(async () => {
    for (const session of sessions) session.destroy();
    server.close();
    await client.close();
  });
  const fail = async (): Promise<RpcError> => {
    const error = await client.one({ text: "a" }).then(
      () => assert.fail("the call did not fail"),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof RpcError, String(error));
    return error;
  };
  return { client, server, sessions, paths, fail };
}

/** A message of gRPC. */
function message(bytes: Uint8Array, flag = 0, length = bytes.byteLength): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = flag;
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, bytes]);
}

const NOTE = message(encode(NoteCodec, { text: "b", number: 1 }));

/** Answers with these fields, this data and these trailers. */
function answer(data: Buffer, trailers: Record<string, string> | undefined, headers: Record<string, string | number> = GRPC): Respond {
  return (stream) => {
    stream.respond(headers, { waitForTrailers: trailers !== undefined });
    stream.on("wantTrailers", () => stream.sendTrailers(trailers ?? {}));
    stream.end(data);
  };
}

describe("what is no gRPC", () => {
  const rows: [status: number, code: Code][] = [
    [400, "internal"],
    [401, "unauthenticated"],
    [403, "permission_denied"],
    [404, "unimplemented"],
    [429, "unavailable"],
    [502, "unavailable"],
    [503, "unavailable"],
    [504, "unavailable"],
    [500, "unknown"],
    [200, "unknown"],
  ];
  for (const [status, code] of rows) {
    it(`HTTP ${status} with a page in HTML is ${code}`, async (t) => {
      const page = Buffer.from("<html>".repeat(1000));
      const { fail } = await play(t, answer(page, undefined, { ":status": status, "content-type": "text/html" }));
      const error = await fail();
      assert.equal(error.code, code);
      assert.equal(error.foreignCode, `http ${status}`);
      assert.match(error.detail, /text\/html/);
    });
  }

  it("HTTP 503 without a body is unavailable", async (t) => {
    const { fail } = await play(t, (stream) => stream.respond({ ":status": 503 }, { endStream: true }));
    assert.equal((await fail()).code, "unavailable");
  });

  it("an HTTP/1.1 server is told", async (t) => {
    const server = createHttp1Server((_request, response) => response.end("hello"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const client = createClient(Streams, { target: `127.0.0.1:${(server.address() as AddressInfo).port}`, log: () => undefined });
    t.after(async () => {
      await client.close();
      server.close();
    });
    await assert.rejects(client.one({}), (error) => error instanceof RpcError && /HTTP\/1\.1/.test(error.detail));
  });

  it("informational responses before the response are passed over", async (t) => {
    const { client } = await play(t, (stream) => {
      stream.additionalHeaders({ ":status": 103, link: "<a>" });
      answer(NOTE, { "grpc-status": "0" })(stream, 0);
    });
    assert.equal((await client.one({})).number, 1);
  });
});

describe("an end that says too little", () => {
  it("data without trailers", async (t) => {
    const { fail } = await play(t, answer(NOTE, undefined));
    const error = await fail();
    assert.equal(error.code, "internal");
    assert.match(error.detail, /without trailers/);
  });

  it("trailers without a status", async (t) => {
    const { fail } = await play(t, answer(NOTE, { other: "1" }));
    const error = await fail();
    assert.equal(error.code, "unknown");
    assert.match(error.detail, /no grpc-status/);
  });

  it("a status that is no number, or one that nobody gave out", async (t) => {
    for (const status of ["ok", "99", "-1", ""]) {
      const { fail } = await play(t, answer(NOTE, { "grpc-status": status, "grpc-message": "what?" }));
      const error = await fail();
      assert.equal(error.code, "unknown");
      assert.equal(error.foreignCode, `grpc ${status}`);
    }
  });

  it("a status that only Kitex gives out: an unknown service", async (t) => {
    const { fail } = await play(t, answer(NOTE, { "grpc-status": "20", "grpc-message": "unknown service Streams" }));
    const error = await fail();
    assert.deepEqual([error.code, error.foreignCode], ["unimplemented", "grpc 20"]);
  });

  it("fields that are the end, too, with a text that is badly encoded", async (t) => {
    const { fail } = await play(t, (stream) =>
      stream.respond({ ...GRPC, "grpc-status": 5, "grpc-message": "100%%2g%C3%A4%" }, { endStream: true }),
    );
    const error = await fail();
    assert.equal(error.code, "not_found");
    assert.equal(error.detail, "100%%2gä%");
  });

  it("details that are rubbish: code and text count", async (t) => {
    const { fail } = await play(
      t,
      answer(Buffer.alloc(0), { "grpc-status": "9", "grpc-message": "no", "grpc-status-details-bin": "////" }),
    );
    const error = await fail();
    assert.equal(error.code, "failed_precondition");
    assert.deepEqual(error.details, []);
  });
});

describe("messages that are none", () => {
  const ok = { "grpc-status": "0" };
  const rows: [what: string, data: Buffer, code: Code, text: RegExp, headers?: Record<string, string | number>][] = [
    ["a success without a message", Buffer.alloc(0), "internal", /without a response/],
    ["a second message", Buffer.concat([NOTE, NOTE]), "internal", /more than one/],
    ["a message that is cut", NOTE.subarray(0, -1), "internal", /within a message/],
    ["a prefix that is cut", NOTE.subarray(0, 3), "internal", /within a message/],
    ["a prefix that is none", message(Buffer.from("a"), 7), "internal", /got 7/],
    ["a message over the limit", message(Buffer.from("a"), 0, 2_000_000), "resource_exhausted", /maxMessageBytes/],
    ["a message that cannot be decoded", message(Buffer.from([10, 200])), "internal", /./],
    ["a compressed message without a name for it", message(gzipSync("a"), 1), "internal", /grpc-encoding/],
    ["a compression that nobody knows", message(Buffer.from("a"), 1), "internal", /brotli/, { ...GRPC, "grpc-encoding": "brotli" }],
    ["gzip that is none", message(Buffer.from("abc"), 1), "internal", /gzip/, { ...GRPC, "grpc-encoding": "gzip" }],
    ["a bomb", message(gzipSync(Buffer.alloc(50_000_000)), 1), "resource_exhausted", /inflates/, { ...GRPC, "grpc-encoding": "gzip" }],
  ];
  for (const [what, data, code, text, headers] of rows) {
    it(what, async (t) => {
      const { client, fail, paths } = await play(t, answer(data, ok, headers), { maxMessageBytes: 1_000_000 });
      const error = await fail();
      assert.equal(error.code, code);
      assert.match(error.detail, text);
      assert.equal(paths.length, 1); // it ran: nothing is tried again
      assert.equal(client.counters.connectionsClosed, 0); // the other calls of the connection are none the worse
    });
  }

  it("in a stream are thrown behind the messages before", async (t) => {
    const { client } = await play(t, answer(Buffer.concat([NOTE, message(Buffer.from("a"), 7)]), ok));
    const stream = client.count({})[Symbol.asyncIterator]();
    assert.equal((await stream.next()).value?.text, "b");
    await assert.rejects(stream.next(), { code: "internal" });
  });
});

describe("streams that end within a message", () => {
  it("take nothing of the connection's window with them", async (t) => {
    // The reader takes one message, not the next, and there is half of another.
    const data = Buffer.concat([NOTE, NOTE, message(Buffer.alloc(200_000), 0, 400_000)]);
    const { client } = await play(t, answer(data, { "grpc-status": "0" }), { http2: { connectionWindowBytes: 1_000_000 } });
    for (let call = 0; call < 10; call++) {
      const notes = client.count({})[Symbol.asyncIterator]();
      assert.equal((await notes.next()).value?.number, 1);
      await until(() => client.counters.inFlight === 0);
      assert.equal((await notes.next()).value?.number, 1);
      await assert.rejects(notes.next(), /ends within a message/);
    }
  });
});

describe("streams that are reset", () => {
  const rows: [code: number, is: Code][] = [
    [constants.NGHTTP2_PROTOCOL_ERROR, "internal"],
    [constants.NGHTTP2_INTERNAL_ERROR, "internal"],
    [constants.NGHTTP2_FLOW_CONTROL_ERROR, "internal"],
    [constants.NGHTTP2_CANCEL, "cancelled"],
    [constants.NGHTTP2_ENHANCE_YOUR_CALM, "resource_exhausted"],
    [constants.NGHTTP2_INADEQUATE_SECURITY, "permission_denied"],
    [constants.NGHTTP2_HTTP_1_1_REQUIRED, "unknown"],
  ];
  for (const [code, is] of rows) {
    it(`with ${code} are ${is}, and may have run`, async (t) => {
      const { fail, paths } = await play(t, (stream) => stream.close(code));
      const error = await fail();
      assert.equal(error.code, is);
      assert.equal(error.executed, "maybe");
      assert.equal(paths.length, 1);
    });
  }

  it("refused ones did not run: they are tried again, and told as such when all were refused", async (t) => {
    const { client, fail, paths } = await play(t, (stream, count) => {
      if (count <= 2) stream.close(constants.NGHTTP2_REFUSED_STREAM);
      else if (count === 3) answer(NOTE, { "grpc-status": "0" })(stream, count);
      else stream.close(constants.NGHTTP2_REFUSED_STREAM);
    });
    const info = new CallInfo();
    assert.equal((await client.one({}, { info })).number, 1);
    assert.equal(info.attempts, 3);
    const error = await fail();
    assert.deepEqual([error.code, error.executed], ["unavailable", "no"]);
    assert.equal(paths.length, 6);
  });

  it("refused streams of messages are sent again from the first", async (t) => {
    const received: Buffer[][] = [[], []];
    const { client } = await play(t, (stream, count) => {
      stream.on("data", (chunk: Buffer) => {
        received[count - 1]?.push(chunk);
        if (count === 1 && Buffer.concat(received[0] ?? []).byteLength >= 2 * NOTE.byteLength)
          stream.close(constants.NGHTTP2_REFUSED_STREAM);
      });
      stream.on("end", () => {
        if (count === 2) answer(NOTE, { "grpc-status": "0" })(stream, count);
      });
    });
    async function* notes() {
      for (let i = 0; i < 4; i++) {
        yield { text: "b", number: 1 };
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    assert.equal((await client.collect(notes())).number, 1);
    assert.deepEqual(Buffer.concat(received[1] ?? []), Buffer.concat([NOTE, NOTE, NOTE, NOTE]));
  });
});

describe("a server that goes", () => {
  it("finishes what it took on; calls above its last stream go elsewhere", async (t) => {
    const held: ServerHttp2Stream[] = [];
    const { client, sessions } = await play(t, (stream, count) => {
      if (count === 1) held.push(stream);
      else answer(NOTE, { "grpc-status": "0" })(stream, count);
    });
    const first = client.one({});
    await until(() => held.length === 1);
    sessions[0]?.goaway(constants.NGHTTP2_NO_ERROR, held[0]?.id);
    const second = client.one({}); // sent on the old connection, above the last stream, or on a new one
    assert.equal((await second).number, 1);
    answer(NOTE, { "grpc-status": "0" })(held[0] as ServerHttp2Stream, 1);
    assert.equal((await first).number, 1);
    assert.equal(sessions.length, 2);
  });

  it("without a word: the call may have run, and is not tried again unless that does no harm", async (t) => {
    const { client, fail, sessions, paths } = await play(t, () => sessions.at(-1)?.destroy());
    const error = await fail();
    assert.deepEqual([error.code, error.executed], ["unavailable", "maybe"]);
    assert.equal(paths.length, 1);
    assert.equal(client.counters.inFlight, 0);
  });

  it("in the middle of a stream: what came is read, then the failure", async (t) => {
    const { client, sessions } = await play(t, (stream) => {
      stream.respond(GRPC);
      stream.write(NOTE);
    });
    const stream = client.count({})[Symbol.asyncIterator]();
    assert.equal((await stream.next()).value?.text, "b");
    sessions[0]?.destroy();
    await assert.rejects(stream.next(), { code: "unavailable" });
  });
});

/** Lets time go by in small steps, with turns of the event loop in each. */
async function pass(clock: ManualClock, milliseconds: number): Promise<void> {
  for (let gone = 0; gone < milliseconds; gone += 10) {
    clock.advance(10);
    for (let turn = 0; turn < 10; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

/** SETTINGS that let the caller open no stream. */
const NO_STREAMS = Buffer.from("000006040000000000" + "000300000000", "hex");

describe("a server that cannot be had", () => {
  it("one that closes each connection at once is dialled less and less often, and calls say why", async (t) => {
    const clock = new ManualClock(1000);
    let connections = 0;
    const { port, close } = await rawServer((peer) => {
      connections++;
      peer.socket.once("data", () => peer.destroy());
    });
    const client = createClient(Streams, { target: `127.0.0.1:${port}`, clock, log: () => undefined });
    t.after(async () => {
      await client.close();
      await close();
    });
    const why = /does it want TLS, or another protocol\?/;
    for (let i = 0; i < 20; i++) await assert.rejects(client.one({}), { code: "unavailable", executed: "no", detail: why });
    assert.equal(connections, 1);
    clock.advance(100);
    await assert.rejects(client.one({}), { code: "unavailable" });
    assert.equal(connections, 2);
    clock.advance(100); // the second pause is twice as long
    await assert.rejects(client.one({}), { code: "unavailable" });
    assert.ok(connections <= 3);
  });

  it("one that takes no calls and goes is not dialled without a pause", async (t) => {
    const clock = new ManualClock(1000);
    let connections = 0;
    const { port, close } = await rawServer(({ socket }) => {
      connections++;
      socket.once("data", () => socket.end(NO_STREAMS));
    });
    const client = createClient(Streams, { target: `127.0.0.1:${port}`, clock, log: () => undefined });
    t.after(async () => {
      await client.close();
      await close();
    });
    await assert.rejects(client.one({}), { code: "unavailable", executed: "no" });
    const patient = client.one({}, { waitForReady: true, timeoutMs: 1000 });
    patient.catch(() => undefined);
    await pass(clock, 1000);
    // The last try may end with the deadline.
    await assert.rejects(patient, { code: "deadline_exceeded", executed: "no", detail: /(before|by its deadline): / });
    assert.ok(connections <= 6, `${connections} connections`);
  });

  it("one that refuses calls again and again did not run the one that waited", async (t) => {
    const clock = new ManualClock(1000);
    const { client, paths } = await play(t, (stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM), { clock });
    const call = client.one({}, { waitForReady: true, timeoutMs: 250 });
    call.catch(() => undefined);
    await pass(clock, 250);
    await assert.rejects(call, { code: "deadline_exceeded", executed: "no", detail: /before: the peer has reset the stream/ });
    // Three at once, as calls that do not wait have, then one each 100 ms.
    assert.ok(paths.length > 3 && paths.length <= 5, `${paths.length} tries`);
  });

  it("one that is asked too often for signs of life is asked half as often", async (t) => {
    const clock = new ManualClock(1000);
    const played = await play(
      t,
      (stream, count) => {
        if (count > 1) return;
        stream.session?.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM, 0, Buffer.from("too_many_pings"));
        stream.close(constants.NGHTTP2_CANCEL);
      },
      { clock, http2: { keepaliveMs: 1000 } },
    );
    let pings = 0;
    played.server.on("session", (session) => session.on("ping", () => pings++));
    await played.fail();
    played.client.one({}).catch(() => undefined);
    await until(() => played.paths.length === 2);
    await pass(clock, 1800);
    assert.equal(pings, 0);
    await pass(clock, 400);
    await until(() => pings === 1);
  });

  it("calls that would rather wait do so, until somebody listens", async (t) => {
    const clock = new ManualClock(1000);
    const { server, port } = await rawServer(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    const client = createClient(Streams, { target: `127.0.0.1:${port}`, clock, log: () => undefined });
    await assert.rejects(client.one({}), { code: "unavailable" });
    let outcome: unknown;
    const waiting = client.one({}, { waitForReady: true }).then((note) => (outcome = note.number));
    const late = client.one({}, { waitForReady: true, timeoutMs: 150 });
    late.catch(() => undefined);
    await pass(clock, 200);
    await assert.rejects(late, { code: "deadline_exceeded", executed: "no", detail: /within 150 ms; before: .*ECONNREFUSED/ });
    assert.equal(outcome, undefined);
    const live = createHttp2Server().on("stream", (stream: ServerHttp2Stream) => answer(NOTE, { "grpc-status": "0" })(stream, 1));
    const sockets = new Set<Socket>();
    live.on("connection", (socket: Socket) => sockets.add(socket));
    live.listen(port, "127.0.0.1");
    await once(live, "listening");
    t.after(async () => {
      for (const socket of sockets) socket.destroy();
      live.close();
      await client.close();
    });
    for (let i = 0; i < 1000 && outcome === undefined; i++) {
      clock.advance(100);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await waiting;
    assert.equal(outcome, 1);
  });

  it("silence ends with the deadline, and the stream is cancelled", async (t) => {
    const clock = new ManualClock(1000);
    let stream: ServerHttp2Stream | undefined;
    const { client } = await play(t, (theirs) => (stream = theirs), { clock });
    const call = client.one({}, { timeoutMs: 500 });
    await until(() => stream !== undefined);
    clock.advance(600);
    await assert.rejects(call, { code: "deadline_exceeded" });
    await until(() => stream?.closed === true);
    assert.equal(stream?.rstCode, constants.NGHTTP2_CANCEL);
  });
});
