/** Requests as curl and others send them, over HTTP/1.1, byte by byte, and over HTTP/2: calls, pages, and what is neither. */
import assert from "node:assert/strict";
import { connect as connectHttp2, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http2";
import { Agent, request as requestHttp1 } from "node:http";
import { describe, it, type TestContext } from "node:test";
import { deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { ManualClock, type LogEvent, type ServerCall } from "@kiteline/core";
import { encode } from "@kiteline/protobuf";
import { RawPeer, until } from "./peer.fixture.ts";
import { createServer, type Server } from "./server.ts";
import { BookCodec, Shelf, type ShelfHandler } from "./shelf.fixture.ts";
import type { ServerOptions } from "./suite.ts";

const HANDLER: ShelfHandler = {
  look: (book) => book,
  put: (book) => book,
  async putAll(books) {
    let pages = 0;
    for await (const book of books) pages += book.pages;
    return { pages };
  },
  async *list({ title, pages }) {
    for (let at = 0; at < pages; at++) yield { title, pages: at };
  },
  talk: (books) => books,
};

interface Served {
  readonly server: Server;
  readonly port: number;
  readonly log: LogEvent[];
}

async function serve(t: TestContext, handler: Partial<ShelfHandler> = {}, options: ServerOptions = {}): Promise<Served> {
  const log: LogEvent[] = [];
  const server = createServer({ exitWaitMs: 0, maxMessageBytes: 100_000, log: (event) => log.push(event), ...options });
  server.add(Shelf, { ...HANDLER, ...handler });
  await server.listen();
  t.after(() => server.close());
  return { server, port: server.port, log };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
}

interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Keeps connections of HTTP/1.1. */
  readonly agent?: Agent;
}

type Ask = (port: number, asked: Asked) => Promise<Answer>;

function answerOf(status: number, headers: IncomingHttpHeaders, chunks: readonly Buffer[]): Answer {
  const body = Buffer.concat(chunks);
  return { status, headers, body, text: body.toString() };
}

const overHttp1: Ask = (port, { method = "POST", path, headers = {}, body, agent = false }) =>
  new Promise((resolve, reject) => {
    const request = requestHttp1({ host: "127.0.0.1", port, method, path, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => resolve(answerOf(response.statusCode ?? 0, response.headers, chunks)));
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });

const overHttp2: Ask = (port, { method = "POST", path, headers = {}, body }) =>
  new Promise((resolve, reject) => {
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    session.on("error", reject);
    const fields: OutgoingHttpHeaders = { ...headers, ":method": method, ":path": path };
    const stream = session.request(fields, { endStream: body === undefined });
    let came: IncomingHttpHeaders & { ":status"?: number | undefined } = {};
    const chunks: Buffer[] = [];
    stream.on("response", (response) => (came = response));
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("error", reject);
    stream.on("close", () => {
      session.destroy();
      resolve(answerOf(came[":status"] ?? 0, came, chunks));
    });
    if (body !== undefined) stream.end(body);
  });

const JSON_TYPE = { "content-type": "application/json" };
const PUT = "/shelf.Shelf/Put";

function frame(message: string | Uint8Array, flag = 0): Buffer {
  const bytes = Buffer.from(message);
  const prefix = Buffer.alloc(5);
  prefix[0] = flag;
  prefix.writeUInt32BE(bytes.byteLength, 1);
  return Buffer.concat([prefix, bytes]);
}

function errorIn({ text }: Answer): { code?: string; message?: string } {
  return JSON.parse(text) as { code?: string; message?: string };
}

for (const [version, ask] of [
  ["HTTP/1.1", overHttp1],
  ["HTTP/2", overHttp2],
] as const) {
  describe(`over ${version}`, () => {
    it("a call is JSON in and JSON out", async (t) => {
      const { port } = await serve(t);
      const { status, headers, text } = await ask(port, { path: PUT, headers: JSON_TYPE, body: '{"title":"Emma","stamp":"7"}' });
      assert.deepEqual([status, headers["content-type"], text], [200, "application/json", '{"title":"Emma","stamp":"7"}']);
    });

    it("a call without effects fits into a URL", async (t) => {
      const { port } = await serve(t);
      const look = (query: string): Promise<Answer> => ask(port, { method: "GET", path: `/shelf.Shelf/Look?${query}` });
      const plain = await look(`connect=v1&encoding=json&message=${encodeURIComponent('{"title":"Emma"}')}`);
      assert.deepEqual([plain.status, plain.text], [200, '{"title":"Emma"}']);
      const bytes = Buffer.from(encode(BookCodec, { title: "Emma" }));
      const binary = await look(`encoding=proto&base64=1&message=${bytes.toString("base64url")}`);
      assert.deepEqual([binary.status, binary.body], [200, bytes]);
      const zipped = await look(`encoding=proto&base64=1&compression=gzip&message=${gzipSync(bytes).toString("base64url")}`);
      assert.deepEqual([zipped.status, zipped.body], [200, bytes]);
      assert.equal((await look("connect=v2&encoding=json&message=%7B%7D")).status, 400);
      const hint = await ask(port, { method: "GET", path: "/shelf.Shelf/Look" });
      assert.deepEqual([hint.status, hint.headers["allow"]], [405, "GET, POST"]);
      assert.match(hint.text, /\?encoding=json&message=\{\}/);
    });

    it("a call that may have effects does not", async (t) => {
      const { port } = await serve(t);
      const { status, headers, text } = await ask(port, { method: "GET", path: `${PUT}?encoding=json&message=%7B%7D` });
      assert.deepEqual([status, headers["allow"]], [405, "POST"]);
      assert.match(text, /idempotency_level/);
    });

    it("messages are compressed as the caller can read them", async (t) => {
      const { port } = await serve(t, {
        put(book, call) {
          call.compression = "gzip";
          return book;
        },
      });
      const body = JSON.stringify({ title: "x".repeat(1000) });
      for (const [encoding, bytes] of [
        ["gzip", gzipSync(body)],
        ["deflate", deflateSync(body)],
        ["zstd", zstdCompressSync(body)],
      ] as const) {
        const answer = await ask(port, { path: PUT, headers: { ...JSON_TYPE, "content-encoding": encoding }, body: bytes });
        assert.deepEqual([answer.status, answer.headers["content-encoding"], answer.text], [200, undefined, body]);
      }
      const accepting = await ask(port, { path: PUT, headers: { ...JSON_TYPE, "accept-encoding": "br, gzip;q=0.5" }, body });
      assert.deepEqual([accepting.headers["content-encoding"], accepting.headers["vary"]], ["gzip", "accept-encoding"]);
      assert.ok(accepting.body.byteLength < 100);
    });

    for (const [what, asked, status, said] of [
      ["JSON that is cut", { body: '{"title":' }, 400, /cannot be read/],
      ["JSON of the wrong type, with the path", { body: '{"pages":"many"}' }, 400, /pages: expected an int32/],
      ["no JSON at all", { body: "" }, 400, /cannot be read/],
      ["text that is not UTF-8", { body: Buffer.from([0x22, 0xff, 0x22]) }, 400, /UTF-8/],
      ["a message over the limit", { body: JSON.stringify({ title: "x".repeat(100_001) }) }, 429, /maxMessageBytes/],
      ["a bomb", { headers: { "content-encoding": "gzip" }, body: gzipSync(Buffer.alloc(10_000_000, " ")) }, 429, /inflates/],
      ["gzip that is none", { headers: { "content-encoding": "gzip" }, body: "abc" }, 500, /gzip/],
      ["a compression that nobody knows", { headers: { "content-encoding": "br" }, body: "{}" }, 501, /br/],
      ["a deadline that is none", { headers: { "connect-timeout-ms": "soon" }, body: "{}" }, 400, /connect-timeout-ms/],
      ["another version of the protocol", { headers: { "connect-protocol-version": "2" }, body: "{}" }, 400, /expected 1/],
      ["a method that there is not", { path: "/shelf.Shelf/Burn", body: "{}" }, 404, /unknown method Burn/],
      ["a service that there is not", { path: "/shelf.Nothing/Put", body: "{}" }, 404, /unknown service/],
    ] as const satisfies readonly (readonly [string, Partial<Asked>, number, RegExp])[]) {
      it(`${what} is refused in JSON`, async (t) => {
        const { port } = await serve(t);
        const answer = await ask(port, { path: PUT, ...asked, headers: { ...JSON_TYPE, ...("headers" in asked ? asked.headers : {}) } });
        assert.equal(answer.status, status, answer.text);
        assert.match(errorIn(answer).message ?? "", said);
        assert.equal((await ask(port, { path: PUT, headers: JSON_TYPE, body: "{}" })).status, 200);
      });
    }

    it("a content type that does not fit the method is told what does", async (t) => {
      const { port } = await serve(t);
      for (const [path, type, takes] of [
        [PUT, "text/xml", /application\/grpc, .*application\/json/],
        [PUT, "application/connect+json", /application\/json/],
        ["/shelf.Shelf/List", "application/json", /application\/connect\+json/],
      ] as const) {
        const { status, headers, text } = await ask(port, { path, headers: { "content-type": type }, body: "{}" });
        assert.equal(status, 415);
        assert.match(text, takes);
        assert.match(String(headers["accept-post"]), takes);
      }
      const streamed = await ask(port, { path: "/shelf.Shelf/List", headers: JSON_TYPE, body: "{}" });
      assert.match(streamed.text, /five bytes before each message: use a client of Connect, or kiteline call\n$/);
      // As curl says it without --json.
      const form = await ask(port, { path: PUT, headers: { "content-type": "application/x-www-form-urlencoded" }, body: "{}" });
      assert.match(form.text, /, got application\/x-www-form-urlencoded\n$/);
    });

    it("a stream of Connect ends with JSON that says how it went", async (t) => {
      const { port } = await serve(t);
      const headers = { "content-type": "application/connect+json" };
      const good = await ask(port, { path: "/shelf.Shelf/List", headers, body: frame('{"title":"a","pages":2}') });
      assert.deepEqual(good.body, Buffer.concat([frame('{"title":"a"}'), frame('{"title":"a","pages":1}'), frame("{}", 2)]));
      const bad = await ask(port, { path: "/shelf.Shelf/List", headers, body: frame('{"pages":"x"}') });
      assert.equal(bad.status, 200);
      assert.match(bad.text, /"code":"invalid_argument","message":"[^}]*pages: expected/);
      const cut = await ask(port, { path: "/shelf.Shelf/List", headers, body: frame("{}").subarray(0, 6) });
      assert.match(cut.text, /within a message/);
    });

    it("gRPC-Web's text is base64 both ways, padded anywhere", async (t) => {
      const { port } = await serve(t);
      const headers = { "content-type": "application/grpc-web-text" };
      const request = frame(encode(BookCodec, { title: "Emma", pages: 2 }));
      const pieces = [request.subarray(0, 1), request.subarray(1, 6), request.subarray(6)];
      const answer = await ask(port, { path: PUT, headers, body: pieces.map((piece) => piece.toString("base64")).join("") });
      assert.equal(answer.headers["content-type"], "application/grpc-web-text+proto");
      const text = answer.text.split(/(?<==)(?=[^=])/).map((part) => Buffer.from(part, "base64"));
      assert.deepEqual(Buffer.concat(text), Buffer.concat([request, frame("grpc-status: 0\r\n", 0x80)]));
      // What is wrong at its end only is found as fast.
      for (const body of ["ä?", "=AAA", "AAA=====", `${"A".repeat(8000)}!`, `${"AA==".repeat(2000)}====`]) {
        const bad = await ask(port, { path: PUT, headers, body });
        assert.match(String(bad.headers["grpc-message"]), /base64/);
      }
      const cut = await ask(port, { path: PUT, headers, body: request.toString("base64").slice(0, -1) });
      assert.match(String(cut.headers["grpc-message"]), /base64/);
    });

    it("a page may call from where the server says, and read what it is told", async (t) => {
      const { port } = await serve(
        t,
        {
          put(book, call) {
            call.reply.set("shelf-mark", "b7");
            return book;
          },
        },
        { cors: { origins: ["https://shop.example"], credentials: true } },
      );
      const asks = { "access-control-request-method": "POST", "access-control-request-headers": "content-type,connect-protocol-version" };
      const preflight = (origin: string): Promise<Answer> => ask(port, { method: "OPTIONS", path: PUT, headers: { origin, ...asks } });
      const good = await preflight("https://shop.example");
      assert.equal(good.status, 204);
      assert.equal(good.headers["access-control-allow-origin"], "https://shop.example");
      assert.equal(good.headers["access-control-allow-headers"], asks["access-control-request-headers"]);
      assert.equal(good.headers["access-control-allow-credentials"], "true");
      assert.equal((await preflight("https://other.example")).headers["access-control-allow-origin"], undefined);
      const called = await ask(port, { path: PUT, headers: { ...JSON_TYPE, origin: "https://shop.example" }, body: "{}" });
      assert.equal(called.headers["access-control-allow-origin"], "https://shop.example");
      assert.match(String(called.headers["access-control-expose-headers"]), /\bshelf-mark\b/);
      const other = await ask(port, { path: PUT, headers: { ...JSON_TYPE, origin: "https://other.example" }, body: "{}" });
      assert.equal(other.headers["access-control-allow-origin"], undefined);
    });

    it("without the option cors no page may call", async (t) => {
      const { port } = await serve(t);
      const headers = { origin: "https://shop.example", "access-control-request-method": "POST" };
      const answer = await ask(port, { method: "OPTIONS", path: PUT, headers });
      assert.deepEqual([answer.status, answer.headers["access-control-allow-origin"]], [405, undefined]);
      assert.match(answer.text, /where the server's option cors says so/);
    });

    it("a lane is believed only where the server trusts its callers", async (t) => {
      for (const trustLanes of [true, false]) {
        let lane: string | undefined;
        const look = (_book: unknown, call: ServerCall): object => {
          lane = call.metadata.get("baggage");
          return {};
        };
        const { port } = await serve(t, { put: look }, { trustLanes });
        await ask(port, { path: PUT, headers: { ...JSON_TYPE, baggage: "lane=green" }, body: "{}" });
        assert.equal(lane, trustLanes ? "lane=green" : undefined);
      }
    });

    it("what is no call is told so, or goes to the handler of such requests", async (t) => {
      const { server, port, log } = await serve(t);
      const lost = await ask(port, { method: "GET", path: "/health" });
      assert.equal(lost.status, 404);
      assert.match(lost.text, /nothing at \/health/);
      server.addHttp(async (request) => {
        const { pathname, searchParams } = new URL(request.url);
        if (pathname === "/broken") throw new Error("broken");
        const body = [request.method, pathname, searchParams.get("a"), request.headers.get("x-b"), await request.text()].join(" ");
        return new Response(body, {
          status: 201,
          headers: [
            ["set-cookie", "a=1"],
            ["set-cookie", "b=2"],
          ],
        });
      });
      const page = await ask(port, { path: "/any/page?a=1", headers: { ...JSON_TYPE, "x-b": "2" }, body: "{}" });
      assert.deepEqual([page.status, page.text], [201, "POST /any/page 1 2 {}"]);
      assert.deepEqual(page.headers["set-cookie"], ["a=1", "b=2"]);
      assert.equal((await ask(port, { method: "HEAD", path: "/any" })).text, "");
      const broken = await ask(port, { method: "GET", path: "/broken" });
      assert.equal(broken.status, 500);
      assert.ok(log.some(({ level, message }) => level === "error" && message.includes("GET /broken")));
      assert.equal((await ask(port, { path: PUT, headers: JSON_TYPE, body: "{}" })).text, "{}");
      assert.throws(() => server.addHttp(() => new Response()), /already/);
    });

    it("a page's bodies stream, as fast as they are read", async (t) => {
      const { server, port } = await serve(t);
      server.addHttp((request) => new Response(request.body));
      const body = Buffer.alloc(5_000_000, "0123456789");
      const answer = await ask(port, { path: "/echo", body });
      assert.ok(answer.body.equals(body));
    });
  });
}

/** A request of HTTP/1.1 as it stands on the wire. */
function raw(...lines: string[]): Buffer {
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}

const HEAD = [`POST ${PUT} HTTP/1.1`, "host: a", "content-type: application/json"] as const;

describe("a caller over HTTP/1.1 that sends", () => {
  for (const [what, bytes] of [
    ["two lengths of its body", raw(...HEAD, "content-length: 2", "content-length: 3")],
    ["a length beside chunks", raw(...HEAD, "content-length: 2", "transfer-encoding: chunked")],
    ["chunks under another name", raw(...HEAD, "transfer-encoding: xchunked")],
    ["a field's name with a space", raw(...HEAD, "content-length : 2")],
    ["a line that is folded", raw(...HEAD, "x: a", " b: c")],
    ["no host", raw(HEAD[0])],
    ["a version that there is not", raw(`POST ${PUT} HTTP/7.7`)],
    ["a body in chunks that are none", Buffer.concat([raw(...HEAD, "transfer-encoding: chunked"), Buffer.from("xyz\r\n")])],
  ] as const) {
    it(`${what} is refused, and its connection ended`, async (t) => {
      let called = false;
      const { port } = await serve(t, {
        put(book) {
          called = true;
          return book;
        },
      });
      const peer = await RawPeer.connect(port);
      peer.send(bytes, Buffer.from("GET /smuggled HTTP/1.1\r\nhost: a\r\n\r\n"));
      const said = (await peer.end()).toString();
      assert.match(said, /^(HTTP\/1\.1 400 |$)/);
      assert.doesNotMatch(said, /smuggled/);
      assert.equal(called, false);
      peer.destroy();
    });
  }

  it("a head that is too large is told so", async (t) => {
    const { port } = await serve(t, {}, { http2: { maxHeaderListBytes: 4000 } });
    const peer = await RawPeer.connect(port);
    peer.send(raw(...HEAD, `x: ${"y".repeat(5000)}`));
    assert.match((await peer.end()).toString(), /^HTTP\/1\.1 431 /);
    peer.destroy();
  });

  it("a head too slowly is told so and loses its connection, also behind another request", async (t) => {
    const clock = new ManualClock(1000);
    const { port } = await serve(t, {}, { clock, frameTimeoutMs: 10_000 });
    for (const before of [0, 1]) {
      const peer = await RawPeer.connect(port);
      if (before > 0) {
        peer.send(raw(...HEAD, "content-length: 2"), Buffer.from("{}"));
        await peer.until((came) => came.toString().endsWith("\r\n\r\n{}"));
      }
      const answered = peer.received.byteLength;
      peer.send(Buffer.from("POST /shelf"));
      for (let turn = 0; turn < 50 && !peer.closed; turn++) {
        clock.advance(1000);
        peer.send(Buffer.from("x"));
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
      assert.match((await peer.end()).subarray(answered).toString(), /^HTTP\/1\.1 408 /);
      peer.destroy();
    }
  });

  it("nothing for long loses its connection", async (t) => {
    const clock = new ManualClock(1000);
    const { port } = await serve(t, {}, { clock, idleMs: 60_000, frameTimeoutMs: 10_000 });
    const peer = await RawPeer.connect(port);
    peer.send(raw(...HEAD, "content-length: 2"), Buffer.from("{}"));
    await peer.until((came) => came.toString().endsWith("{}"));
    for (let turn = 0; turn < 30 && !peer.closed; turn++) {
      clock.advance(10_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await peer.end();
    peer.destroy();
  });

  it("half a request and goes has its call cancelled", async (t) => {
    let reason: unknown;
    const { server, port } = await serve(t, {
      async putAll(books) {
        try {
          for await (const _ of books);
        } catch (error) {
          reason = error;
        }
        return {};
      },
    });
    const peer = await RawPeer.connect(port);
    peer.send(raw("POST /shelf.Shelf/PutAll HTTP/1.1", "host: a", "content-type: application/connect+json", "content-length: 100"));
    peer.send(frame("{}"));
    await until(() => server.inFlight === 1);
    peer.destroy();
    await until(() => server.inFlight === 0 && reason !== undefined);
    assert.match(String(reason), /cancelled.*caller is gone/);
  });

  it("more than is read is read no further", async (t) => {
    let taken = 0;
    const { promise: go, resolve: release } = Promise.withResolvers<undefined>();
    const { server, port } = await serve(
      t,
      {
        async putAll(books) {
          await go;
          for await (const _ of books) taken++;
          return {};
        },
      },
      { maxUnreadBytes: 100_000 },
    );
    const peer = await RawPeer.connect(port);
    const one = frame(JSON.stringify({ title: "x".repeat(50_000) }));
    const count = 400;
    peer.send(
      raw(
        "POST /shelf.Shelf/PutAll HTTP/1.1",
        "host: a",
        "content-type: application/connect+json",
        `content-length: ${count * one.byteLength}`,
      ),
    );
    for (let at = 0; at < count; at++) peer.socket.write(one);
    let read = -1;
    while (read !== server.counters.bytesRead) {
      read = server.counters.bytesRead;
      for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(read < 2_000_000, `${read} bytes read that nobody takes`);
    release(undefined);
    await peer.until((came) => came.includes("HTTP/1.1 200"));
    await until(() => taken === count);
    peer.destroy();
  });

  it("a request and does not read the answer has its stream wait", async (t) => {
    let sent = 0;
    const { server, port } = await serve(t, {
      async *list() {
        for (;;) {
          sent++;
          yield { title: "x".repeat(10_000) };
        }
      },
    });
    const peer = await RawPeer.connect(port);
    peer.socket.pause();
    peer.send(
      raw("POST /shelf.Shelf/List HTTP/1.1", "host: a", "content-type: application/connect+json", "content-length: 7"),
      frame("{}"),
    );
    await until(() => sent > 0);
    let before = -1;
    while (before !== sent) {
      before = sent;
      for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(sent < 3000, `${sent} messages of 10 kB sent to somebody who does not read`);
    peer.destroy();
    await until(() => server.inFlight === 0);
  });

  it("requests in a row has all bytes counted, of the answers too", async (t) => {
    const { server, port } = await serve(t);
    const peer = await RawPeer.connect(port);
    const request = raw(...HEAD, "content-length: 2");
    let came: Buffer = Buffer.alloc(0);
    for (let count = 1; count <= 3; count++) {
      peer.send(request, Buffer.from("{}"));
      came = await peer.until((all) => all.toString().split("\r\n\r\n{}").length === count + 1);
    }
    await until(() => server.counters.bytesWritten >= came.byteLength);
    assert.deepEqual([server.counters.bytesRead, server.counters.bytesWritten], [3 * (request.byteLength + 2), came.byteLength]);
    peer.destroy();
  });

  it("requests in a row gets its answers in a row", async (t) => {
    const { port } = await serve(t);
    const peer = await RawPeer.connect(port);
    for (const title of ["a", "b", "c"]) {
      const body = Buffer.from(JSON.stringify({ title }));
      peer.send(raw(...HEAD, `content-length: ${body.byteLength}`), body);
    }
    const said = (await peer.until((came) => came.toString().endsWith('{"title":"c"}'))).toString();
    assert.deepEqual(
      [...said.matchAll(/\{"title":"(.)"\}/g)].map(([, title]) => title),
      ["a", "b", "c"],
    );
    peer.destroy();
  });

  it("bytes one by one is understood", async (t) => {
    const { port } = await serve(t);
    const peer = await RawPeer.connect(port);
    for (const byte of Buffer.concat([raw(...HEAD, "content-length: 2"), Buffer.from("{}")])) {
      peer.send(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.match((await peer.until((came) => came.toString().endsWith("{}"))).toString(), /^HTTP\/1\.1 200 /);
    peer.destroy();
  });

  it("a call of a method that streams both ways is told that it cannot be", async (t) => {
    const { port } = await serve(t);
    const headers = { "content-type": "application/connect+json" };
    const { status, text } = await overHttp1(port, { path: "/shelf.Shelf/Talk", headers, body: frame("{}") });
    assert.equal(status, 505);
    assert.match(text, /HTTP\/2/);
  });
});

describe("a server that closes", () => {
  it("lets calls over HTTP/1.1 end, and tells their callers that they are the last", async (t) => {
    const { promise, resolve } = Promise.withResolvers<object>();
    const clock = new ManualClock(1);
    const { server, port } = await serve(t, { put: () => promise }, { exitWaitMs: 5000, clock });
    const answer = overHttp1(port, { path: PUT, headers: { ...JSON_TYPE, connection: "keep-alive" }, body: "{}" });
    await until(() => server.inFlight === 1);
    const closed = server.close();
    // The port is closed before anybody is told.
    for (let turn = 0; turn < 10; turn++) {
      await new Promise((done) => setImmediate(done));
      clock.advance(5);
    }
    resolve({ title: "done" });
    const { status, headers, text } = await answer;
    assert.deepEqual([status, headers["connection"], text], [200, "close", '{"title":"done"}']);
    await closed;
  });

  it("answers whoever calls on over a connection of HTTP/1.1, until it has said that an answer is the last", async (t) => {
    const clock = new ManualClock(1);
    const { server, port } = await serve(t, {}, { exitWaitMs: 5000, clock });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    t.after(() => agent.destroy());
    const ask = (): Promise<Answer> => overHttp1(port, { path: PUT, headers: JSON_TYPE, body: "{}", agent });
    await ask();
    let closed = false;
    const closing = server.close().then(() => (closed = true));
    let last: Answer | undefined;
    const callOn = async (): Promise<void> => {
      do last = await ask();
      while (last.headers["connection"] !== "close");
    };
    const called = callOn();
    for (let turn = 0; turn < 1000 && !closed; turn++) {
      await new Promise((done) => setImmediate(done));
      clock.advance(5);
    }
    await called;
    assert.deepEqual([last?.status, server.counters.connectionsOpened], [200, 1]);
    await closing;
  });
});
