/** Clients that browsers can be, from connect-es: Connect and gRPC-Web, binary and JSON, over HTTP/1.1 and HTTP/2. */
import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { create, createFileRegistry, fromBinary, type DescService, type Message } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import * as web from "@connectrpc/connect-web";
import { BusinessError, ManualClock, RpcError, type ServerCall } from "@kiteline/core";
import { errorDetail } from "@kiteline/grpc";
import { BadRequestCodec } from "@kiteline/grpc/google/rpc/error_details";
import type { ProtoFile } from "@kiteline/protobuf/gen";
import { until } from "./peer.fixture.ts";
import { createServer, type Server } from "./server.ts";
import { Shelf, type BookInit, type ShelfHandler } from "./shelf.fixture.ts";
import type { ServerOptions } from "./suite.ts";

/** The service as connect-es knows it, from the descriptors that our generated code carries. */
function theirService(file: ProtoFile, name: string): DescService {
  const files = new Map<string, ProtoFile>();
  const add = (each: ProtoFile): void => {
    each.imports.forEach(add);
    files.set(each.name, each);
  };
  add(file);
  const set = create(FileDescriptorSetSchema, {
    file: [...files.values()].map((each) => fromBinary(FileDescriptorProtoSchema, Buffer.from(each.descriptor(), "base64"))),
  });
  const service = createFileRegistry(set).getService(name);
  assert.ok(service !== undefined);
  return service;
}

const TheirShelf = theirService(Shelf.file, "shelf.Shelf");

type Book = Message & { title: string; pages: number; stamp: bigint };

/** Their client, whose types know nothing of a service that came at run time. */
interface TheirClient {
  look(book: BookInit, options?: object): Promise<Book>;
  put(book: BookInit, options?: object): Promise<Book>;
  putAll(books: AsyncIterable<BookInit>, options?: object): Promise<Book>;
  list(book: BookInit, options?: object): AsyncIterable<Book>;
  talk(books: AsyncIterable<BookInit>, options?: object): AsyncIterable<Book>;
}

function theirs(transport: Transport): TheirClient {
  return createClient(TheirShelf, transport) as unknown as TheirClient;
}

async function* some(...books: BookInit[]): AsyncGenerator<BookInit> {
  for (const book of books) {
    await new Promise((turn) => setImmediate(turn));
    yield book;
  }
}

const HANDLER: ShelfHandler = {
  look: (book) => book,
  put: (book) => ({ ...book, pages: book.pages + 1 }),
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

async function serve(t: TestContext, handler: Partial<ShelfHandler> = {}, options: ServerOptions = {}): Promise<Server> {
  const server = createServer({ exitWaitMs: 0, log: () => undefined, ...options }).add(Shelf, { ...HANDLER, ...handler });
  await server.listen();
  t.after(() => server.close());
  return server;
}

interface Way {
  readonly name: string;
  readonly make: (baseUrl: string) => Transport;
  /** Whether requests can stream. */
  readonly streams: boolean;
  /** Whether both sides can at once. */
  readonly duplex: boolean;
}

const WAYS: Way[] = [
  ...(["1.1", "2"] as const).flatMap((httpVersion) =>
    [true, false].flatMap((useBinaryFormat) => {
      const format = useBinaryFormat ? "binary" : "JSON";
      const duplex = httpVersion === "2";
      return [
        {
          name: `Connect, ${format}, HTTP/${httpVersion}`,
          make: (baseUrl: string) => createConnectTransport({ baseUrl, httpVersion, useBinaryFormat }),
          streams: true,
          duplex,
        },
        {
          name: `gRPC-Web, ${format}, HTTP/${httpVersion}`,
          make: (baseUrl: string) => createGrpcWebTransport({ baseUrl, httpVersion, useBinaryFormat }),
          streams: true,
          duplex,
        },
      ];
    }),
  ),
  { name: "gRPC, JSON", make: (baseUrl) => createGrpcTransport({ baseUrl, useBinaryFormat: false }), streams: true, duplex: true },
  { name: "Connect by fetch", make: (baseUrl) => web.createConnectTransport({ baseUrl }), streams: false, duplex: false },
  { name: "gRPC-Web by fetch", make: (baseUrl) => web.createGrpcWebTransport({ baseUrl }), streams: false, duplex: false },
];

for (const { name, make, streams, duplex } of WAYS) {
  describe(`connect-es: ${name}`, () => {
    const connect = (server: Server): TheirClient => theirs(make(`http://127.0.0.1:${server.port}`));

    it("calls", async (t) => {
      const client = connect(await serve(t));
      const { title, pages, stamp } = await client.put({ title: "Emma ä", pages: 474, stamp: 2n ** 60n });
      assert.deepEqual({ title, pages, stamp }, { title: "Emma ä", pages: 475, stamp: 2n ** 60n });
      assert.equal((await client.put({})).pages, 1);
    });

    it("reads streams", async (t) => {
      const client = connect(await serve(t));
      const pages: number[] = [];
      for await (const book of client.list({ title: "x", pages: 100 })) pages.push(book.pages);
      assert.deepEqual(pages, [...Array(100).keys()]);
      for await (const _ of client.list({})) assert.fail("an empty stream");
    });

    it("writes streams", { skip: !streams && "browsers cannot" }, async (t) => {
      const client = connect(await serve(t));
      assert.equal((await client.putAll(some({ pages: 1 }, { pages: 2 }))).pages, 3);
      assert.equal((await client.putAll(some())).pages, 0);
    });

    it("streams both ways", { skip: !duplex && "it cannot" }, async (t) => {
      const client = connect(await serve(t));
      const titles: string[] = [];
      for await (const book of client.talk(some({ title: "a" }, { title: "b" }))) titles.push(book.title);
      assert.deepEqual(titles, ["a", "b"]);
    });

    it("carries metadata both ways, and after the messages", async (t) => {
      const talk = (call: ServerCall): void => {
        call.reply.set("answer", `${call.metadata.get("question")}!`);
        call.reply.set("raw-bin", call.metadata.getBytes("bytes-bin") ?? new Uint8Array());
        call.trailers.set("at-end", "bye");
      };
      const server = await serve(t, {
        look(book, call) {
          talk(call);
          return book;
        },
        async *list(_book, call) {
          talk(call);
          yield {};
        },
      });
      const client = connect(server);
      let header = new Headers();
      let trailer = new Headers();
      const options = {
        headers: { question: "why", "bytes-bin": "Af8" },
        onHeader: (came: Headers) => (header = came),
        onTrailer: (came: Headers) => (trailer = came),
      };
      await client.look({}, options);
      assert.deepEqual([header.get("answer"), header.get("raw-bin"), trailer.get("at-end")], ["why!", "Af8", "bye"]);
      header = trailer = new Headers();
      for await (const _ of client.list({}, options));
      assert.deepEqual([header.get("answer"), header.get("raw-bin"), trailer.get("at-end")], ["why!", "Af8", "bye"]);
    });

    it("learns of errors, with their details and metadata, also in mid-stream", async (t) => {
      const details = [errorDetail(BadRequestCodec, { fieldViolations: [{ field: "title" }] })];
      const server = await serve(t, {
        put(_book, call) {
          call.trailers.set("hint", "look");
          throw new RpcError("failed_precondition", "the shelf is full: 100 %", { details });
        },
        async *list() {
          yield { title: "first" };
          throw new RpcError("cancelled", "no more");
        },
      });
      const client = connect(server);
      const error = await client.put({}).catch((reason: unknown) => reason);
      assert.ok(error instanceof ConnectError);
      assert.equal(error.code, Code.FailedPrecondition);
      assert.equal(error.rawMessage, "the shelf is full: 100 %");
      assert.deepEqual(
        error.details.map((each) => ("type" in each ? each.type : undefined)),
        ["google.rpc.BadRequest"],
      );
      assert.equal(error.metadata.get("hint"), "look");
      const titles: string[] = [];
      await assert.rejects(
        async () => {
          for await (const { title } of client.list({})) titles.push(title);
        },
        (failure) => failure instanceof ConnectError && failure.code === Code.Canceled && failure.rawMessage === "no more",
      );
      assert.deepEqual(titles, ["first"]);
    });

    it("learns of business errors and of what nobody foresaw", async (t) => {
      const server = await serve(t, {
        put({ title }) {
          throw title === "" ? new Error("oops") : new BusinessError(42, title);
        },
      });
      const client = connect(server);
      await assert.rejects(
        client.put({}),
        (error) => error instanceof ConnectError && error.code === Code.Internal && error.rawMessage === "oops",
      );
      await assert.rejects(
        client.put({ title: "sold" }),
        (error) => error instanceof ConnectError && error.metadata.get("biz-status") === "42" && error.rawMessage === "sold",
      );
    });

    it("gives deadlines on", async (t) => {
      const clock = new ManualClock(1);
      let leftMs = 0;
      let cancelled = false;
      const handler: Partial<ShelfHandler> = {
        look(_book, call) {
          leftMs = call.timeLeftMs;
          call.signal.addEventListener("abort", () => (cancelled = true));
          return new Promise(() => undefined);
        },
      };
      const asked = connect(await serve(t, handler, { clock })).look({}, { timeoutMs: 5000 });
      asked.catch(() => undefined);
      await until(() => leftMs > 0);
      assert.ok(leftMs > 0 && leftMs <= 5000, String(leftMs));
      clock.advance(5000);
      await assert.rejects(asked, (error) => error instanceof ConnectError && error.code === Code.DeadlineExceeded);
      assert.equal(cancelled, true);
    });

    it("gives up, and the handler learns of it", async (t) => {
      let seen = 0;
      let left = false;
      const server = await serve(t, {
        async *list(_book, call) {
          call.signal.addEventListener("abort", () => (left = true));
          for (;;) yield { pages: seen++ };
        },
      });
      const giveUp = new AbortController();
      await assert.rejects(async () => {
        for await (const _ of connect(server).list({}, { signal: giveUp.signal })) giveUp.abort();
      });
      await until(() => left && server.inFlight === 0);
    });
  });
}
