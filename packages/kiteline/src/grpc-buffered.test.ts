/** What a connection holds of messages that have not come whole, or that nobody has read, at servers. */
import assert from "node:assert/strict";
import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream, type OutgoingHttpHeaders } from "node:http2";
import { connect as connectSocket } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { ManualClock, systemClock, type Clock } from "@kiteline/core";
import { encode } from "@kiteline/protobuf";
import { createServer, type Server } from "./server.ts";
import { NoteCodec, Streams, type StreamsHandler } from "./streams.fixture.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Larger than what fits any window. */
const SIZE = 500_000;
/** Room for so many of them. */
const ROOM = 4;
const HEADERS = { ":method": "POST", "content-type": "application/grpc", te: "trailers" } as const;

function message(bytes: Uint8Array, flag = 0): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = flag;
  prefix.writeUInt32BE(bytes.byteLength, 1);
  return Buffer.concat([prefix, bytes]);
}

const NOTE = message(encode(NoteCodec, { text: "small", number: 1 }));
const LARGE = message(encode(NoteCodec, { text: "x".repeat(SIZE), number: 1 }));
const COMPRESSED = message(gzipSync(LARGE.subarray(5)), 1);
const MOST = 300_000;
/** More than half of a large one. */
const BEGINNING = LARGE.subarray(0, MOST);
const REST = LARGE.subarray(MOST);

/** However long other threads take to inflate. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** One call, and how it went. */
interface Sent {
  readonly stream: ClientHttp2Stream;
  status: number | undefined;
  text: string;
  executed: string | undefined;
}

class Caller {
  readonly session: ClientHttp2Session;

  constructor(port: number) {
    this.session = connect(`http://127.0.0.1:${port}`);
    this.session.on("error", () => undefined);
  }

  call(method: string, bytes: Buffer, headers: OutgoingHttpHeaders = {}): Sent {
    const stream = this.session.request({ ...HEADERS, ":path": `/test.Streams/${method}`, ...headers });
    const sent: Sent = { stream, status: undefined, text: "", executed: undefined };
    const told = (fields: Readonly<Record<string, unknown>>): void => {
      if (fields["grpc-status"] === undefined) return;
      sent.status = Number(fields["grpc-status"]);
      sent.text = decodeURIComponent(String(fields["grpc-message"] ?? ""));
      sent.executed = fields["kiteline-executed"] as string | undefined;
    };
    stream.on("response", told).on("trailers", told);
    stream.on("error", () => undefined);
    stream.resume().write(bytes);
    return sent;
  }

  /** A call that needs no room, behind everything else. */
  async small(): Promise<void> {
    const call = this.call("One", Buffer.alloc(0));
    for (const byte of NOTE) call.stream.write(Buffer.of(byte));
    call.stream.end();
    await until(() => call.status !== undefined);
    assert.deepEqual([call.status, call.text], [0, ""]);
  }

  /** Begins two more calls than there is room for; those that there is room for. */
  async fill(method: string, bytes: Buffer = BEGINNING, headers: OutgoingHttpHeaders = {}): Promise<Sent[]> {
    const all = Array.from({ length: ROOM + 2 }, () => this.call(method, bytes, headers));
    await until(() => all.filter(({ status }) => status !== undefined).length === 2);
    await this.small();
    const refused = all.filter(({ status }) => status !== undefined);
    assert.equal(refused.length, 2);
    for (const { status, text } of refused) {
      assert.equal(status, 8);
      assert.match(text, /no room for a message of \d+ bytes.*hold \d+ of \d+ \(maxBufferedBytes\); let fewer come at a time, or/);
    }
    return all.filter(({ status }) => status === undefined);
  }
}

interface Played {
  readonly server: Server;
  readonly caller: Caller;
}

async function play(t: TestContext, handler: Partial<StreamsHandler> = {}, clock: Clock = systemClock): Promise<Played> {
  const never = (): never => assert.fail("not to be called");
  const server = createServer({
    exitWaitMs: 0,
    maxReceivedBytes: 1_000_000,
    http2: { maxBufferedBytes: ROOM * LARGE.byteLength },
    clock,
    log: () => undefined,
  });
  server.add(Streams, { one: ({ number }) => ({ number }), collect: never, count: never, talk: never, ...handler });
  await server.listen({ port: 0, host: "127.0.0.1" });
  const caller = new Caller(server.port);
  t.after(async () => {
    caller.session.destroy();
    await server.close();
  });
  return { server, caller };
}

async function answered(calls: readonly Sent[], status = 0): Promise<void> {
  await until(() => calls.every((call) => call.status !== undefined));
  for (const call of calls) assert.deepEqual([call.status, status === 0 ? call.text : ""], [status, ""]);
}

/** Handlers that read nothing before they are told to. */
function waiting(read: boolean): Partial<StreamsHandler> & { go: () => void } {
  let { promise, resolve } = Promise.withResolvers<void>();
  return {
    async collect(requests) {
      await promise;
      let number = 0;
      if (read) for await (const note of requests) number += note.number;
      return { number };
    },
    go() {
      resolve();
      ({ promise, resolve } = Promise.withResolvers<void>());
    },
  };
}

describe("messages that a server's connection brings in part", () => {
  it("are taken up to a bound together, and all the same when they have become whole, again and again", async (t) => {
    const { caller } = await play(t);
    for (let round = 0; round < 20; round++) {
      const calls = await caller.fill("One");
      for (const { stream } of calls) stream.end(REST);
      await answered(calls);
    }
  });

  it("do not keep out what fits a window", async (t) => {
    const { caller } = await play(t);
    const calls = await caller.fill("One");
    const fitting = caller.call("One", message(encode(NoteCodec, { text: "x".repeat(200_000) })));
    fitting.stream.end();
    await answered([fitting]);
    for (const { stream } of calls) stream.end(REST);
    await answered(calls);
  });

  it("count no longer when they are reset, nor past their deadlines", async (t) => {
    const clock = new ManualClock();
    const { caller, server } = await play(t, {}, clock);
    for (let round = 0; round < 5; round++) {
      for (const { stream } of await caller.fill("One")) stream.close(constants.NGHTTP2_CANCEL);
      await until(() => server.inFlight === 0);
      const calls = await caller.fill("One", BEGINNING, { "grpc-timeout": "1S" });
      clock.advance(2000);
      await answered(calls, 4);
    }
    assert.equal((await caller.fill("One")).length, ROOM);
  });
});

describe("whole messages that nobody has read", () => {
  for (const [how, bytes, headers] of [
    ["as they came", LARGE, {}],
    ["inflated", COMPRESSED, { "grpc-encoding": "gzip" }],
  ] as const) {
    it(`of a request that has not ended count until it has: ${how}`, async (t) => {
      const { caller } = await play(t);
      for (let round = 0; round < 5; round++) {
        const calls = await caller.fill("One", bytes, headers);
        for (const { stream } of calls) stream.end();
        await answered(calls);
      }
    });

    it(`of a stream count until they are taken: ${how}`, async (t) => {
      const handler = waiting(true);
      const { caller } = await play(t, handler);
      for (let round = 0; round < 5; round++) {
        const calls = await caller.fill("Collect", bytes, headers);
        for (const { stream } of calls) stream.end();
        await caller.small();
        assert.equal(calls.filter(({ status }) => status === undefined).length, ROOM);
        handler.go();
        await answered(calls);
      }
    });

    it(`of a stream count no longer when its handler reads none, or the caller goes: ${how}`, async (t) => {
      const handler = waiting(false);
      const { caller, server } = await play(t, handler);
      for (let round = 0; round < 5; round++) {
        const calls = await caller.fill("Collect", bytes, headers);
        if (round % 2 === 0) handler.go();
        else for (const { stream } of calls) stream.close(constants.NGHTTP2_CANCEL);
        await until(() => server.inFlight === 0);
      }
    });
  }

  it("tell whether their call may have run: only where a handler has begun", async (t) => {
    const { caller } = await play(t, waiting(true));
    const all = ["One", "Collect"].map((method) => Array.from({ length: ROOM + 1 }, () => caller.call(method, BEGINNING)));
    await until(() => all.flat().filter(({ status }) => status !== undefined).length === ROOM + 2);
    for (const [at, executed] of ["no", undefined].entries()) {
      for (const call of all[at] as Sent[]) if (call.status !== undefined) assert.equal(call.executed, executed);
    }
  });
});

describe("bodies of calls of Connect", () => {
  it("count like messages in part", async (t) => {
    const { caller } = await play(t);
    const begin = () => {
      const stream = caller.session.request({ ":method": "POST", ":path": "/test.Streams/One", "content-type": "application/proto" });
      const call = { stream, status: 0, text: "" };
      stream.on("error", () => undefined).on("response", (headers) => (call.status = Number(headers[":status"])));
      stream.on("data", (bytes: Buffer) => (call.text += bytes.toString()));
      stream.write(LARGE.subarray(5));
      return call;
    };
    for (let round = 0; round < 5; round++) {
      const calls = Array.from({ length: ROOM + 2 }, begin);
      // A body's memory is doubled when it is full: what exceeds half of the larger size may have no room any more.
      await until(() => calls.filter(({ text }) => text.includes("maxBufferedBytes")).length >= 2);
      await caller.small();
      for (const { stream } of calls) stream.end();
      await until(() => calls.every(({ status }) => status === 200 || status === 429));
      assert.ok(calls.filter(({ status }) => status === 200).length >= ROOM / 2);
    }
  });
});

describe("requests over HTTP/1.1 that are sent without waiting for answers", () => {
  const body = Buffer.concat(new Array<Buffer>(100).fill(message(encode(NoteCodec, { text: "x".repeat(2000) }))));
  const request = Buffer.concat([
    Buffer.from(
      "POST /test.Streams/Collect HTTP/1.1\r\nhost: a\r\ncontent-type: application/grpc-web+proto\r\n" +
        `content-length: ${body.byteLength}\r\n\r\n`,
    ),
    body,
  ]);

  it("are answered where what they bring has room", async (t) => {
    const handler = waiting(true);
    const { server } = await play(t, handler);
    const socket = connectSocket(server.port, "127.0.0.1");
    t.after(() => socket.destroy());
    let answers = "";
    socket.on("data", (bytes: Buffer) => (answers += bytes.toString("latin1")));
    for (let each = 0; each < 50; each++) socket.write(request);
    await until(() => server.inFlight === 50);
    handler.go();
    await until(() => answers.split("grpc-status: 0").length === 51);
  });

  it("cost their connection where they have not", async (t) => {
    const { server } = await play(t, waiting(true));
    const socket = connectSocket(server.port, "127.0.0.1").on("error", () => undefined);
    t.after(() => socket.destroy());
    for (let each = 0; each < 200; each++) socket.write(request);
    await until(() => socket.destroyed && server.inFlight === 0);
  });
});

describe("what a server holds", () => {
  it("is no more than the bound, whatever comes", async (t) => {
    const { caller } = await play(t);
    collectGarbage();
    const before = process.memoryUsage().arrayBuffers;
    const chunk = Buffer.alloc(65_536);
    const prefix = Buffer.from([0, 0, 0, 0, 0]);
    prefix.writeUInt32BE(1_000_000, 1);
    // Fifty million bytes.
    const calls = Array.from({ length: 50 }, () => caller.call("One", prefix));
    for (let bytes = 0; bytes < 900_000; bytes += chunk.byteLength) {
      for (const { stream } of calls) if (!stream.closed) stream.write(chunk);
      await caller.small();
    }
    assert.equal(calls.filter(({ status }) => status === undefined).length, 2);
    collectGarbage();
    const grown = process.memoryUsage().arrayBuffers - before;
    assert.ok(grown < 10_000_000, `${grown} bytes`);
  });
});
