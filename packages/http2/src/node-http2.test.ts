import assert from "node:assert/strict";
import { once } from "node:events";
import * as http2 from "node:http2";
import type { AddressInfo } from "node:net";
import { describe, it, type TestContext } from "node:test";
import fc from "fast-check";
import { ErrorCode } from "./error-codes.ts";
import { PreparedFields, type ExtraFields } from "./fields.ts";
import { AwaitedExchange, dial, serve, type Served } from "./peers.fixture.ts";
import { REQUEST, RESPONSE, TRAILERS, type Exchange } from "./played.fixture.ts";
import type { Http2Stream } from "./stream.ts";

/** Names and values that both ends carry as they are: Node joins some fields, and has its own idea of others. */
const name = fc.stringMatching(/^x-[a-z0-9_.!#$%&'*+^`|~-]{1,30}$/);
const value = fc.stringMatching(/^[\x21-\x7e]([\x20-\x7e]{0,80}[\x21-\x7e])?$/);
const fields = fc.uniqueArray(fc.tuple(name, value), { maxLength: 12, selector: ([each]) => each });

interface Answer {
  readonly headers: http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader;
  readonly trailers: http2.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One request of Node's client. */
async function ask(session: http2.ClientHttp2Session, headers: http2.OutgoingHttpHeaders, body?: Buffer): Promise<Answer> {
  const stream = session.request({ ":path": "/", ...headers }, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  const chunks: Buffer[] = [];
  let trailers: http2.IncomingHttpHeaders = {};
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  stream.on("trailers", (each: http2.IncomingHttpHeaders) => (trailers = each));
  const answered = once(stream, "response");
  const ended = once(stream, "end");
  const [response] = (await answered) as [Answer["headers"]];
  await ended;
  return { headers: response, trailers, body: Buffer.concat(chunks) };
}

/** Echoes the request: its own fields as response fields, its data, and how much it was in trailers. */
function echo(exchange: Exchange, stream: Http2Stream): void {
  const { names = [], values = [] } = exchange.fields ?? {};
  const extra = names.flatMap((each, at) => (each.startsWith("x-") ? [each, values[at] as string] : []));
  stream.sendHeaders(RESPONSE, extra, false);
  stream.sendData(exchange.data, false);
  stream.sendTrailers(TRAILERS, ["received", String(exchange.received)]);
}

async function served(t: TestContext, ...args: Parameters<typeof serve>): Promise<Served> {
  const server = await serve(...args);
  t.after(() => server.close());
  return server;
}

async function connected(t: TestContext, port: number, options: http2.SecureClientSessionOptions = {}): Promise<http2.ClientHttp2Session> {
  const session = http2.connect(`http://127.0.0.1:${port}`, options);
  t.after(() => session.destroy());
  await once(session, "connect");
  return session;
}

describe("our server and Node's client", () => {
  it("understand each other's fields, whatever they are and however they are encoded", async (t) => {
    const server = await served(t, echo);
    const session = await connected(t, server.port);
    await fc.assert(
      fc.asyncProperty(fields, async (list) => {
        const { headers } = await ask(session, Object.fromEntries(list));
        const extra = Object.entries(headers).filter(([each]) => each.startsWith("x-"));
        assert.deepEqual(Object.fromEntries(extra), Object.fromEntries(list));
      }),
      { numRuns: 150 },
    );
  });

  it("exchange bodies of any size, both ways at once", async (t) => {
    const server = await served(t, echo);
    const session = await connected(t, server.port);
    const sizes = [0, 1, 16_383, 16_384, 16_385, 65_535, 65_536, 1_000_000, 5_000_000];
    await Promise.all(
      sizes.map(async (size) => {
        const body = Buffer.alloc(size, size & 0xff);
        const { body: echoed, trailers } = await ask(session, { ":method": "POST" }, body);
        assert.ok(echoed.equals(body), `${size} bytes`);
        assert.deepEqual([trailers["received"], trailers["test-status"]], [String(size), "0"]);
      }),
    );
  });

  it("agree on windows and tables that change", async (t) => {
    const server = await served(t, echo);
    const session = await connected(t, server.port, { settings: { initialWindowSize: 1, maxFrameSize: 20_000, headerTableSize: 0 } });
    const pending = ask(session, { ":method": "POST", "x-a": "b" }, Buffer.alloc(50_000, 7));
    session.settings({ initialWindowSize: 70_000, headerTableSize: 4096 });
    const { body, headers } = await pending;
    assert.deepEqual([body.byteLength, headers["x-a"]], [50_000, "b"]);
    session.settings({ headerTableSize: 100, initialWindowSize: 10 });
    assert.equal((await ask(session, { "x-c": "d" })).headers["x-c"], "d");
  });

  it("part in peace: what is under way is answered", async (t) => {
    const held: [Exchange, Http2Stream][] = [];
    const server = await served(t, (...each) => held.push(each));
    const session = await connected(t, server.port);
    const goAways: number[] = [];
    session.on("goaway", (code: number, last: number) => goAways.push(code, last));
    const answer = ask(session, {});
    while (held.length === 0) await new Promise((resolve) => setImmediate(resolve));
    server.connections[0]?.drain();
    while (goAways.length < 4) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(goAways, [0, 0x7fff_ffff, 0, 1]);
    for (const each of held) echo(...each);
    assert.equal((await answer).headers[":status"], 200);
    await once(session, "close");
  });
});

describe("our client and Node's server", () => {
  async function nodeServer(
    t: TestContext,
    onStream: (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => void,
    options: http2.ServerOptions = {},
  ): Promise<number> {
    const server = http2.createServer(options);
    const sessions = new Set<http2.ServerHttp2Session>();
    server.on("session", (session) => sessions.add(session));
    server.on("stream", (stream: http2.ServerHttp2Stream, headers) => {
      stream.on("error", () => undefined);
      onStream(stream, headers);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => {
      for (const session of sessions) session.destroy();
      server.close();
    });
    return (server.address() as AddressInfo).port;
  }

  function echoStream(stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders): void {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      const extra = Object.fromEntries(Object.entries(headers).filter(([each]) => each.startsWith("x-")));
      stream.additionalHeaders({ ":status": 103 });
      stream.respond({ ":status": 200, ...extra }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ received: String(Buffer.concat(chunks).byteLength) }));
      stream.end(Buffer.concat(chunks));
    });
  }

  async function asked(h2: Awaited<ReturnType<typeof dial>>, extra: ExtraFields, body?: Buffer): Promise<Exchange> {
    const exchange = new AwaitedExchange();
    const stream = h2.open(exchange, REQUEST, extra, body === undefined);
    exchange.stream = stream;
    if (body !== undefined) stream.sendData(body, true);
    return await exchange.done;
  }

  it("understand each other's fields, whatever they are and however they are encoded", async (t) => {
    const h2 = await dial(await nodeServer(t, echoStream));
    t.after(() => h2.drain());
    await fc.assert(
      fc.asyncProperty(fields, async (list) => {
        const { fields: answer, informational } = await asked(h2, list.flat());
        const extra = (answer?.names ?? []).map((each, at) => [each, answer?.values[at]]).filter(([each]) => each?.startsWith("x-"));
        assert.deepEqual(Object.fromEntries(extra), Object.fromEntries(list));
        assert.deepEqual(
          informational.map((each) => each.status),
          [103],
        );
      }),
      { numRuns: 150 },
    );
  });

  it("exchange bodies of any size, both ways at once", async (t) => {
    const h2 = await dial(await nodeServer(t, echoStream, { settings: { initialWindowSize: 100_000 } }));
    t.after(() => h2.drain());
    const sizes = [0, 1, 16_384, 65_535, 65_536, 1_000_000, 5_000_000];
    await Promise.all(
      sizes.map(async (size) => {
        const exchange = await asked(h2, [], Buffer.alloc(size, size & 0xff));
        assert.equal(exchange.failure, undefined);
        assert.ok(exchange.data.equals(Buffer.alloc(size, size & 0xff)), `${size} bytes`);
        assert.equal(exchange.trailers?.get("received"), String(size));
      }),
    );
    assert.deepEqual([h2.inFlight, h2.heldBytes, h2.queuedBytes], [0, 0, 0]);
  });

  it("keep to the streams the server takes, and go on as they end", async (t) => {
    let open = 0;
    let most = 0;
    const port = await nodeServer(
      t,
      (stream, headers) => {
        most = Math.max(most, ++open);
        stream.on("close", () => open--);
        echoStream(stream, headers);
      },
      { settings: { maxConcurrentStreams: 3 } },
    );
    let ready: () => void = () => undefined;
    const settled = new Promise<void>((resolve) => (ready = resolve));
    const h2 = await dial(port, {}, { onReady: () => ready() });
    t.after(() => h2.drain());
    await settled;
    const all = await Promise.all(Array.from({ length: 30 }, (_, at) => asked(h2, ["x-number", String(at)], Buffer.alloc(10))));
    assert.deepEqual(
      all.map((each) => each.fields?.get("x-number")),
      Array.from({ length: 30 }, (_, at) => String(at)),
    );
    assert.equal(most, 3);
  });

  it("tell each other of resets", async (t) => {
    const h2 = await dial(await nodeServer(t, (stream) => stream.close(http2.constants.NGHTTP2_REFUSED_STREAM)));
    t.after(() => h2.drain());
    const { failure } = await asked(h2, []);
    assert.deepEqual([failure?.origin, failure?.code, failure?.executed], ["reset", ErrorCode.REFUSED_STREAM, "no"]);
  });

  it("agree on the wire what a prepared block is, request after request", async (t) => {
    const seen: string[] = [];
    const h2 = await dial(
      await nodeServer(t, (stream, headers) => {
        seen.push(`${headers[":path"]} ${String(headers["x-lane"])} ${String(headers["cookie"])}`);
        stream.respond({ ":status": 204 }, { endStream: true });
      }),
    );
    t.after(() => h2.drain());
    const prepared = ["/a", "/b"].map(
      (path) =>
        new PreparedFields([
          [":method", "GET"],
          [":scheme", "http"],
          [":path", path],
          [":authority", "here"],
          ["x-lane", "blue"],
          ["cookie", "secret"],
        ]),
    );
    for (let round = 0; round < 4; round++) {
      for (const each of prepared) {
        const exchange = new AwaitedExchange();
        h2.open(exchange, each, undefined, true);
        assert.equal((await exchange.done).fields?.status, 204);
      }
    }
    assert.deepEqual(seen, [
      "/a blue secret",
      "/b blue secret",
      "/a blue secret",
      "/b blue secret",
      "/a blue secret",
      "/b blue secret",
      "/a blue secret",
      "/b blue secret",
    ]);
  });
});
