/** What a client's connection holds of responses that have not come whole, or that nobody has read. */
import assert from "node:assert/strict";
import { once } from "node:events";
import {
  constants,
  createServer as createHttp2Server,
  type Http2Server,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { ManualClock, RpcError, systemClock, type CallOptions, type Clock } from "@kiteline/core";
import { encode } from "@kiteline/protobuf";
import { createClient, type Client } from "./client.ts";
import { NoteCodec, Streams, type Note, type StreamsClient } from "./streams.fixture.ts";

const SIZE = 500_000;
/** Room for so many messages of that size. */
const ROOM = 4;

function message(bytes: Uint8Array, flag = 0): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = flag;
  prefix.writeUInt32BE(bytes.byteLength, 1);
  return Buffer.concat([prefix, bytes]);
}

const NOTE = message(encode(NoteCodec, { text: "small" }));
const LARGE = message(encode(NoteCodec, { text: "x".repeat(SIZE) }));
const COMPRESSED = message(gzipSync(LARGE.subarray(5)), 1);
const BEGINNING = LARGE.subarray(0, 300_000);
const REST = LARGE.subarray(BEGINNING.byteLength);

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise<void>((resolve) => setImmediate(resolve));
}

interface Filled<Call> {
  /** Those that there is room for, and the server's ends of them. */
  readonly calls: readonly Call[];
  readonly streams: readonly ServerHttp2Stream[];
  readonly refused: readonly Call[];
}

/** A server that begins its responses with the same bytes, and a client of it. */
class Peer {
  readonly client: Client<StreamsClient>;
  readonly #begin: Buffer;
  readonly #sessions: ServerHttp2Session[] = [];
  #streams: ServerHttp2Stream[] = [];

  private constructor(server: Http2Server, begin: Buffer, clock: Clock) {
    this.#begin = begin;
    this.client = createClient(Streams, {
      target: `127.0.0.1:${(server.address() as AddressInfo).port}`,
      retries: 0,
      maxReceivedBytes: 1_000_000,
      http2: { maxBufferedBytes: ROOM * LARGE.byteLength },
      clock,
      log: () => undefined,
    });
    server.on("session", (session) => this.#sessions.push(session.on("error", () => undefined)));
    server.on("stream", (stream: ServerHttp2Stream) => this.#answer(stream));
  }

  static async start(t: TestContext, begin: Buffer, clock: Clock = systemClock): Promise<Peer> {
    const server = createHttp2Server();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const peer = new Peer(server, begin, clock);
    t.after(async () => {
      peer.loseConnections();
      server.close();
      await peer.client.close();
    });
    return peer;
  }

  #answer(stream: ServerHttp2Stream): void {
    stream.on("error", () => undefined);
    stream.respond({ ":status": 200, "content-type": "application/grpc", "grpc-encoding": "gzip" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.on("data", (request: Buffer) => {
      if (request.includes("small")) {
        stream.end(NOTE);
      } else {
        this.#streams.push(stream);
        stream.write(this.#begin);
      }
    });
  }

  /** Begins two more calls than there is room for. */
  async fill<Call>(begin: () => Call): Promise<Filled<Call>> {
    this.#streams = [];
    const calls = Array.from({ length: ROOM + 2 }, begin);
    const isRefused = (at: number): boolean => this.#streams[at]?.closed === true;
    await until(() => calls.filter((_, at) => isRefused(at)).length >= 2);
    assert.equal((await this.client.one({ text: "small" })).text, "small");
    const refused = calls.filter((_, at) => isRefused(at));
    assert.equal(refused.length, 2);
    return { calls: calls.filter((_, at) => !isRefused(at)), streams: this.#streams.filter(({ closed }) => !closed), refused };
  }

  /** With calls of one response, which is not whole. */
  async fillWithParts(options: CallOptions = {}): Promise<Filled<Promise<Note | RpcError>>> {
    const filled = await this.fill(() => this.client.one({}, options).catch((error: RpcError) => error));
    for (const error of await Promise.all(filled.refused)) assertNoRoom(error);
    return filled;
  }

  loseConnections(): void {
    for (const session of this.#sessions) session.destroy();
  }
}

function assertNoRoom(error: unknown): void {
  assert.ok(error instanceof RpcError);
  assert.equal(error.code, "resource_exhausted");
  assert.match(error.detail, /no room for a message of \d+ bytes.*\(maxBufferedBytes\)/);
}

describe("responses that come in part to a client", () => {
  it("are taken up to a bound together, and all the same when they have become whole, again and again", async (t) => {
    const peer = await Peer.start(t, BEGINNING);
    for (let round = 0; round < 20; round++) {
      const { calls, streams } = await peer.fillWithParts();
      for (const stream of streams) stream.end(REST);
      for (const note of await Promise.all(calls)) assert.equal((note as Note).text.length, SIZE);
    }
  });

  const ends: [how: string, end: (streams: readonly ServerHttp2Stream[], peer: Peer) => void][] = [
    ["the server resets them", (streams) => streams.forEach((stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR))],
    ["they end in the middle", (streams) => streams.forEach((stream) => stream.end())],
    ["they go on with what is no message", (streams) => streams.forEach((stream) => stream.end(Buffer.concat([REST, Buffer.alloc(9, 7)])))],
    ["the connection is lost", (_, peer) => peer.loseConnections()],
  ];
  for (const [how, end] of ends) {
    it(`count no longer when ${how}`, async (t) => {
      const peer = await Peer.start(t, BEGINNING);
      for (let round = 0; round < 5; round++) {
        const { calls, streams } = await peer.fillWithParts();
        end(streams, peer);
        for (const error of await Promise.all(calls)) assert.ok(error instanceof RpcError);
      }
    });
  }

  it("count no longer when their callers give up, or their deadlines have passed", async (t) => {
    const clock = new ManualClock();
    const peer = await Peer.start(t, BEGINNING, clock);
    for (let round = 0; round < 5; round++) {
      const abort = new AbortController();
      const given = await peer.fillWithParts({ signal: abort.signal });
      abort.abort();
      for (const error of await Promise.all(given.calls)) assert.equal((error as RpcError).code, "cancelled");
      const late = await peer.fillWithParts({ timeoutMs: 1000 });
      clock.advance(2000);
      for (const error of await Promise.all(late.calls)) assert.equal((error as RpcError).code, "deadline_exceeded");
    }
  });
});

describe("whole messages of responses that nobody has read", () => {
  for (const [how, bytes] of [
    ["as they came", LARGE],
    ["inflated", COMPRESSED],
  ] as const) {
    it(`count until they are taken, also behind the end of their streams: ${how}`, async (t) => {
      const peer = await Peer.start(t, bytes);
      for (let round = 0; round < 6; round++) {
        const { calls, streams, refused } = await peer.fill(() => peer.client.count({})[Symbol.asyncIterator]());
        for (const messages of refused) await messages.next().then(() => assert.fail("it was not refused"), assertNoRoom);
        if (round % 2 === 0) for (const stream of streams) stream.end();
        await until(() => peer.client.counters.inFlight === (round % 2 === 0 ? 0 : ROOM));
        const more = peer.client.count({})[Symbol.asyncIterator]();
        await more.next().then(() => assert.fail("it was not refused"), assertNoRoom);
        for (const messages of calls) {
          if (round < 4) assert.equal((await messages.next()).value?.text.length, SIZE);
          await messages.return?.();
        }
      }
    });
  }
});
