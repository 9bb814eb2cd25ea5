import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { BusinessError, RpcError, type ServerCall } from "@kiteline/core";
import { addReflection, errorDetail } from "@kiteline/grpc";
import { BadRequestCodec } from "@kiteline/grpc/google/rpc/error_details";
import { createRegistry } from "@kiteline/protobuf";
import { createServer, type Server } from "kiteline";
import { callFailure } from "./call/call-failure.ts";
import { CERT, KEY } from "./identity.fixture.ts";
import { fakeIo, runLine, temporaryFolder, type FakeIoOptions } from "./io.fixture.ts";
import { loadIdlFiles } from "./idl.ts";
import { run } from "./run.ts";
import { servicesOf } from "./services/services.ts";
import { SHOP } from "./shop.fixture.ts";

describe("call of Protobuf", () => {
  let server: Server;
  let target: string;
  const folder = temporaryFolder({ after });
  /** Whether a handler has learnt that its caller left. */
  let left = false;

  before(async () => {
    writeFileSync(join(folder, "shop.proto"), SHOP);
    // The server knows a type more than what its services import.
    writeFileSync(join(folder, "other.proto"), 'syntax = "proto3"; package other; message Thing { int32 size = 1; }');
    const { services } = servicesOf(await loadIdlFiles(["shop.proto", "other.proto"], [], fakeIo({ cwd: folder })));
    const idOf = (order: string): string => (JSON.parse(order) as { id: string }).id;
    const handlers = {
      async buy(order: string, call: ServerCall) {
        call.reply.append("x-served-by", "test", "backward");
        const id = idOf(order);
        if (id === "poor") throw new BusinessError(402, "too poor");
        if (id === "wrong") {
          const known = errorDetail(BadRequestCodec, { fieldViolations: [{ field: "id", description: "is wrong" }] });
          const unknown = { typeUrl: "type.googleapis.com/other.Thing", value: new Uint8Array([1, 2]) };
          throw new RpcError("invalid_argument", "no such order", { details: [known, unknown] });
        }
        const extra = id === "other" ? { "@type": "x/other.Thing", size: 1 } : ((JSON.parse(order) as { extra?: object }).extra ?? {});
        return JSON.stringify({ id, userName: call.metadata.get("x-user") ?? "", extra });
      },
      async *watch(order: string, call: ServerCall) {
        yield JSON.stringify({ id: "1" });
        yield JSON.stringify({ id: "2" });
        if (idOf(order) === "fails") throw new RpcError("aborted", "half way");
        if (idOf(order) !== "forever") return;
        await new Promise((resolve) => call.signal.addEventListener("abort", resolve));
        left = true;
      },
      async collect(orders: AsyncIterable<string>) {
        let id = "";
        for await (const each of orders) id += idOf(each);
        return JSON.stringify({ id });
      },
      async *chat(orders: AsyncIterable<string>) {
        for await (const each of orders) {
          if (idOf(each) === "bye") return;
          yield JSON.stringify({ id: idOf(each) });
        }
      },
      ping: () => "{}",
      name: (name: string) => name,
    };
    server = createServer({ exitWaitMs: 0, log: () => undefined });
    server.add(await services[0]!.describe(), handlers);
    addReflection(server);
    target = await server.listen();
  });
  after(() => server.close());

  const line = (argv: string[], options: FakeIoOptions = {}): ReturnType<typeof runLine> =>
    runLine(["call", target, ...argv], { cwd: folder, ...options });
  const jsonLines = (text: string): Record<string, unknown>[] =>
    text
      .trim()
      .split("\n")
      .map((each) => JSON.parse(each) as Record<string, unknown>);

  for (const [how, idl] of [
    ["by its IDL", ["--idl", "shop.proto"]],
    ["by reflection", []],
  ] as const) {
    it(`calls every kind of method ${how}, and prints replies that stream one a line`, async () => {
      const { code, out, err } = await line(["Shop.Buy", '{"id": "a"}', ...idl]);
      assert.deepEqual([code, err], [0, ""]);
      assert.match(out, /^\{\n {2}"id": "a",\n {2}"count": 0,\n/);
      const ids = async (...argv: string[]): Promise<unknown[]> => jsonLines((await line([...argv, ...idl])).out).map(({ id }) => id);
      assert.deepEqual(await ids("Shop.Watch", "{}"), ["1", "2"]);
      assert.deepEqual(await ids("acme.v1.Shop/Collect", '{"id": "a"}', '{"id": "b"}', "--json"), ["ab"]);
      assert.deepEqual(await ids("acme.v1.Shop.Chat", '{"id": "a"}', '{"id": "b"}'), ["a", "b"]);
      assert.deepEqual(await line(["Shop.Ping", ...idl]), { code: 0, out: "{}\n", err: "" });
      assert.deepEqual(await line(["Shop.Name", '"Ada"', ...idl]), { code: 0, out: '"Ada"\n', err: "" });
    });
  }

  for (const protocol of ["ttheader", "ttheader-framed", "framed", "grpc"]) {
    it(`speaks ${protocol}`, async () => {
      const { code, out, err } = await line(["Shop.Buy", '{"id": "a"}', "--idl", "shop.proto", "--json", "--protocol", protocol]);
      assert.equal(code, 0, err);
      assert.equal(jsonLines(out)[0]?.["id"], "a");
    });
  }

  it("refuses a protocol that carries no Protobuf, or no streams", async () => {
    const buffered = await line(["Shop.Buy", "{}", "--idl", "shop.proto", "--protocol", "buffered"]);
    assert.equal(buffered.code, 2);
    assert.match(buffered.err, /protobuf, which protocol buffered does not carry/);
    const framed = await line(["Shop.Watch", "{}", "--idl", "shop.proto", "--protocol", "framed"]);
    assert.equal(framed.code, 1);
    assert.match(framed.err, /streams, which framed does not carry/);
  });

  it("shows an Any as its message, and one that nobody describes as bytes", async () => {
    const item = { "@type": "type.googleapis.com/acme.v1.Item", name: "nut", weight: "1" };
    const extra = async (order: object): Promise<unknown> =>
      jsonLines((await line(["Shop.Buy", JSON.stringify(order), "--json"])).out)[0]?.["extra"];
    assert.deepEqual(await extra({ extra: item }), item);
    assert.deepEqual(await extra({ id: "other" }), { "@type": "x/other.Thing", value: "CAE=" });
  });

  it("takes a stream's requests from files and from standard input, whole or as they come", async () => {
    writeFileSync(join(folder, "orders.ndjson"), '{"id": "1"}\n{\n  "id": "2"\n}\n');
    const ids = async (argv: string[], options?: FakeIoOptions): Promise<unknown[]> =>
      jsonLines((await line(["Shop.Chat", ...argv], options)).out).map(({ id }) => id);
    assert.deepEqual(await ids(["@orders.ndjson", '{"id": "3"}', "-"], { stdin: '{"id": "4"} {"id": "5"}' }), ["1", "2", "3", "4", "5"]);

    async function* inTurn(): AsyncGenerator<string> {
      yield '{"id": "one"}\n{"id":';
      // The reply to the first is printed before there is a second.
      await io.until(/"id":"one"/);
      yield '"two"}';
    }
    const io = fakeIo({ cwd: folder, stdin: inTurn() });
    assert.equal(await run(["call", target, "Shop.Chat", "-"], io), 0);
    assert.deepEqual(
      jsonLines(io.out).map(({ id }) => id),
      ["one", "two"],
    );
  });

  it("ends when the server ends the stream, although there is more to send", async () => {
    async function* forever(): AsyncGenerator<string> {
      yield '{"id": "bye"}\n';
      await new Promise(() => undefined);
    }
    assert.deepEqual(await line(["Shop.Chat", "-"], { stdin: forever() }), { code: 0, out: "", err: "" });
  });

  it("says which value of a stream is wrong", async () => {
    const { code, err } = await line(["Shop.Chat", "-", "--idl", "shop.proto"], { stdin: '{"id": "a"}\n{"id": b}\n' });
    assert.equal(code, 3);
    assert.match(err, /^kiteline call: value 2 of standard input is not JSON: Unexpected token 'b'\n/);
    const wrong = await line(["Shop.Chat", '{"id": "a"}', '{"di": "b"}', "--idl", "shop.proto"]);
    assert.equal(wrong.code, 3);
    assert.match(
      wrong.err,
      /the JSON does not fit the IDL: .*acme\.v1\.Order has no field "di"; did you mean id\?\n {2}acme\.v1\.Shop\.Chat takes \{"id":""/,
    );
  });

  it("shows the typed details of a status, and bytes of those it does not know", async () => {
    const { code, err } = await line(["Shop.Buy", '{"id": "wrong"}']);
    assert.equal(code, 1);
    assert.match(
      err,
      /^kiteline call: invalid_argument: no such order\n {2}google\.rpc\.BadRequest \{"fieldViolations":\[\{"field":"id","description":"is wrong"\}\]\}\n {2}other\.Thing \{"value":"AQI="\}\n/,
    );
    const [error] = jsonLines((await line(["Shop.Buy", '{"id": "wrong"}', "--json"])).err);
    assert.deepEqual(error?.["details"], [
      { "@type": "google.rpc.BadRequest", fieldViolations: [{ field: "id", description: "is wrong" }] },
      { "@type": "other.Thing", value: "AQI=" },
    ]);
    assert.equal(error?.["foreignCode"], "grpc 3");
  });

  it("prints what came of a stream before it failed, and ends with 1", async () => {
    const { code, out, err } = await line(["Shop.Watch", '{"id": "fails"}']);
    assert.equal(code, 1);
    assert.equal(jsonLines(out).length, 2);
    assert.match(err, /^kiteline call: aborted: half way\n/);
  });

  it("ends with 5 for a business status over gRPC", async () => {
    const { code, err } = await line(["Shop.Buy", '{"id": "poor"}']);
    assert.equal(code, 5);
    assert.match(err, /answered with business status 402: too poor/);
  });

  it("lets a stream go on without limit, ends it by --timeout and on Ctrl-C", async () => {
    const { code, out, err } = await line(["Shop.Watch", '{"id": "forever"}', "--timeout", "300"]);
    assert.equal(code, 1);
    assert(jsonLines(out).length <= 2); // as many as came within that time, on a busy machine none
    assert.match(err, /deadline_exceeded: /);
    left = false;
    const io = fakeIo({ cwd: folder });
    const running = run(["call", target, "Shop.Watch", '{"id": "forever"}'], io);
    await io.until(/"id":"2"/);
    io.interrupt();
    assert.equal(await running, 1);
    assert.match(io.err, /cancelled: /);
    const endMs = performance.now() + 10_000;
    while (!left && performance.now() < endMs) await new Promise((resolve) => setTimeout(resolve, 2));
    assert(left, "the server is told");
  });

  it("speaks TLS, to reflection, too", async () => {
    writeFileSync(join(folder, "cert.pem"), CERT);
    await using secure = createServer({ exitWaitMs: 0, log: () => undefined, tls: { cert: CERT, key: KEY } });
    addReflection(secure);
    const address = await secure.listen();
    const call = (...argv: string[]): ReturnType<typeof runLine> => runLine(["call", address, ...argv], { cwd: folder });
    const good = await call("--ca", "cert.pem", "--server-name", "echo.mesh");
    assert.equal(good.code, 0, good.err);
    assert.match(good.out, /^grpc\.reflection\.v1\.ServerReflection\n/);
    const plain = await call();
    assert.deepEqual([plain.code, plain.out], [1, ""]);
    assert.match(plain.err, /without --idl FILE the server is asked/);
  });

  it("sends metadata, shows that of the reply, and times the phases, of streams, too", async () => {
    const { out, err } = await line(["Shop.Buy", "{}", "--metadata", "x-user=Ada", "-v", "--timing", "--json"]);
    assert.equal(jsonLines(out)[0]?.["userName"], "Ada");
    const [timing, metadata] = jsonLines(err);
    assert.equal(timing?.["type"], "timing");
    assert.deepEqual(metadata, { type: "metadata", entries: [{ name: "x-served-by", value: "test", scope: "backward" }] });
    const stream = await line(["Shop.Chat", '{"id": "a"}', "--timing"]);
    assert.match(stream.err, /, encode [\d.]+ ms, remote [\d.]+ ms, decode [\d.]+ ms, replied after [\d.]+ ms, 1 attempt\n$/);
  });

  it("lists services with their methods, and of one service what each takes", async () => {
    const all = await line([]);
    assert.equal(all.code, 0);
    assert.match(all.out, /^acme\.v1\.Shop\n {2}rpc Buy\(acme\.v1\.Order\) returns \(acme\.v1\.Receipt\)\n/);
    assert.match(all.out, /^ {2}rpc Chat\(stream acme\.v1\.Order\) returns \(stream acme\.v1\.Receipt\)$/m);
    assert.match(all.out, /^grpc\.reflection\.v1\.ServerReflection$/m);
    const one = await line(["Shop"]);
    assert.match(one.out, /^acme\.v1\.Shop\n {2}rpc Buy.*\n {4}\{"id":"","count":"0",/);
    assert.deepEqual((await line(["acme.v1.Shop", "--idl", "shop.proto"])).out, one.out);
    const [json] = jsonLines((await line(["Shop", "--json"])).out);
    assert.equal(json?.["service"], "acme.v1.Shop");
    const methods = json?.["methods"] as Record<string, unknown>[];
    assert.deepEqual(
      methods.map(({ name, kind }) => [name, kind]),
      [
        ["Buy", "unary"],
        ["Watch", "server_stream"],
        ["Collect", "client_stream"],
        ["Chat", "bidi_stream"],
        ["Ping", "unary"],
        ["Name", "unary"],
      ],
    );
    assert.deepEqual(methods[4]?.["example"], {});
  });

  it("shows what a message or an enum is made of", async () => {
    const { code, out } = await line(["Order"]);
    assert.equal(code, 0);
    assert.equal(
      out,
      `message acme.v1.Order {
  string id = 1;
  int64 count = 2;
  repeated acme.v1.Item items = 3;
  optional string note = 4;
  acme.v1.Size size = 5;
  google.protobuf.Timestamp at = 6;
  oneof pay {
    string card = 7;
    acme.v1.Item swap = 8;
  }
  acme.v1.Order parent = 9;
  google.protobuf.Any extra = 10;
  google.protobuf.StringValue nick = 11;
  bytes raw = 12;
  map<string, int64> tags = 13;
  string user_name = 14;
}
`,
    );
    assert.equal((await line(["acme.v1.Order", "--idl", "shop.proto"])).out, out);
    assert.equal((await line(["acme.v1.Size"])).out, "enum acme.v1.Size {\n  SIZE_UNSPECIFIED = 0;\n  SIZE_LARGE = 1;\n}\n");
    const old =
      'syntax = "proto2"; package p; message A { required int32 a = 1; optional string b = 2 [default = "x"]; message In {} } message B { message In {} } service S { rpc Get(A) returns (A); }';
    writeFileSync(join(folder, "old.proto"), old);
    assert.equal((await line(["In", "--idl", "old.proto"])).code, 2, "there are two");
    assert.match(
      (await line(["A", "--idl", "old.proto"])).out,
      /\{\n {2}required int32 a = 1;\n {2}optional string b = 2 \[default = x\];\n\}/,
    );
    writeFileSync(
      join(folder, "kinds.thrift"),
      "enum Kind { A = 1 }\nunion U { 1: string a }\nstruct S { 1: required Kind kind; 2: optional list<U> us; 3: i64 n }\nservice Echo { void ping(1: S s) }",
    );
    const thrift = async (name: string): Promise<string> => (await line([name, "--idl", "kinds.thrift"])).out;
    assert.equal(await thrift("S"), "struct S {\n  1: required Kind kind\n  2: optional list<U> us\n  3: i64 n\n}\n");
    assert.equal(await thrift("kinds.U"), "union U {\n  1: string a\n}\n");
    assert.equal(await thrift("Kind"), "enum Kind {\n  A = 1\n}\n");
  });

  it("lists what Thrift has, too", async () => {
    writeFileSync(
      join(folder, "echo.thrift"),
      "struct Req { 1: string msg }\nexception No {}\nservice Echo { oneway void tell(1: Req req) i64 sum(1: i32 a, 2: i32 b) throws (1: No no) }",
    );
    const { out } = await line(["Echo", "--idl", "echo.thrift", "--idl", "shop.proto"]);
    assert.equal(
      out,
      'Echo\n  oneway void tell(1: Req req)\n    {"req":{"msg":""}}\n  i64 sum(1: i32 a, 2: i32 b) throws (1: No no)\n    {"a":0,"b":0}\n',
    );
  });

  it("sends an empty message where none is given, and says so when the call fails", async () => {
    const { code, out } = await line(["Shop.Buy"]);
    assert.deepEqual([code, (JSON.parse(out) as { id: string }).id], [0, ""]);
    const failed = { method: "Shop.Buy", example: 'Shop.Buy takes {"id":""}', registry: createRegistry() };
    const hints = (guessed: boolean): readonly string[] => callFailure(new RpcError("not_found", "none"), { ...failed, guessed }).hints;
    assert.deepEqual(hints(true), ['no JSON was given, so {} was sent; Shop.Buy takes {"id":""}']);
    assert.deepEqual(hints(false), []);
    // Which is no object, so that nothing stands for it.
    assert.match((await line(["Shop.Name"])).err, /expected JSON, the message google\.protobuf\.StringValue, got none\n.* takes ""/);
  });

  it("asks for what is missing, refuses what is too much, and suggests what was meant", async () => {
    assert.match((await line(["Shop.Chat"])).err, /expected JSON, a value for each message, or - for standard input, got none/);
    const two = await line(["Shop.Buy", "{}", "{}"]);
    assert.deepEqual([two.code, /takes one request, got 2 values of JSON/.test(two.err)], [2, true]);
    const unknown = await line(["Shop.By", "{}"]);
    assert.equal(unknown.code, 2);
    assert.match(
      unknown.err,
      /there is no method Shop\.By on the server \(reflection tells of Protobuf: for Thrift give --idl\)\n {2}did you mean Shop\.Buy\?/,
    );
  });
});
