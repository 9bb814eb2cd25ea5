import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer as createTcpServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { BusinessError, RpcError, type ServerCall } from "@kiteline/core";
import { genericService, GenericException, loadIdl } from "@kiteline/thrift";
import { createServer, type Server } from "kiteline";
import { GENERIC } from "./generic.ts";
import { CERT, KEY } from "./identity.fixture.ts";
import { fakeIo, runLine, temporaryFolder, type FakeIoOptions } from "./io.fixture.ts";
import { run } from "./run.ts";

const IDL = `
enum Color { RED = 1, GREEN = 2 }
struct Req { 1: string msg; 2: i64 big; 3: optional binary raw; 4: optional Color color }
struct Resp { 1: string msg; 2: i64 big; 3: optional binary raw; 4: optional Color color }
exception NotFound { 1: string what; 2: i64 id }
service Echo {
  Resp echo(1: Req req);
  i64 sum(1: i64 a, 2: i64 b);
  void ping();
  oneway void tell(1: string text);
  Resp find(1: string what) throws (1: NotFound notFound);
  Resp pay(1: i64 amount);
  Resp fail(1: string code);
  Resp slow();
  map<string, string> headers();
}
service Other { void ping(); void pong() }
service Doors { string close(1: i32 door) }
`;

describe("call", () => {
  let server: Server;
  let target: string;
  const folder = temporaryFolder({ after });
  const told: string[] = [];

  before(async () => {
    writeFileSync(join(folder, "echo.thrift"), IDL);
    const documents = await loadIdl({ "echo.thrift": IDL });
    const handlers = {
      async echo(request: string, call: ServerCall) {
        call.reply.append("x-served-by", "test", "backward");
        return JSON.stringify((JSON.parse(request) as { req: unknown }).req);
      },
      async sum(request: string) {
        const { a, b } = JSON.parse(request) as { a: string; b: string };
        return `"${BigInt(a) + BigInt(b)}"`;
      },
      async ping() {},
      async tell(request: string) {
        told.push(request);
      },
      async find() {
        throw new GenericException("NotFound", '{"what":"it","id":"9007199254740993"}');
      },
      async pay() {
        throw new BusinessError(402, "too poor", new Map([["balance", "3"]]));
      },
      async fail(request: string) {
        throw new RpcError((JSON.parse(request) as { code: RpcError["code"] }).code, "as you wish");
      },
      slow: (_request: string, call: ServerCall) => new Promise((resolve) => call.signal.addEventListener("abort", () => resolve("{}"))),
      async headers(_request: string, call: ServerCall) {
        return JSON.stringify(
          Object.fromEntries(call.metadata.entries().map(({ key, value, scope }) => [key, `${String(value)} ${scope}`])),
        );
      },
    };
    server = createServer({ exitWaitMs: 0, trustLanes: true });
    server.add(await genericService(documents, "Echo", GENERIC), handlers);
    server.add(await genericService(documents, "Doors", GENERIC), { close: (request: string) => JSON.stringify(`closed ${request}`) });
    target = await server.listen();
  });
  after(() => server.close());

  const line = (argv: string[], options: FakeIoOptions = {}): ReturnType<typeof runLine> =>
    runLine(["call", target, ...argv, "--idl", "echo.thrift"], { cwd: folder, ...options });

  it("prints the result as JSON, with 64-bit integers as strings and nothing else on stdout or stderr", async () => {
    const { code, out, err } = await line([
      "Echo.echo",
      '{"req": {"msg": "hi", "big": 9007199254740993, "raw": "AP8=", "color": "GREEN"}}',
    ]);
    assert.equal(err, "");
    assert.equal(code, 0);
    assert.equal(out, '{\n  "msg": "hi",\n  "big": "9007199254740993",\n  "raw": "AP8=",\n  "color": 2\n}\n');
  });

  it("prints one line with --json, and null for methods that return nothing", async () => {
    assert.equal((await line(["Echo.echo", '{"req": {"msg": "hi", "big": "-1"}}', "--json"])).out, '{"msg":"hi","big":"-1"}\n');
    assert.deepEqual(await line(["Echo.ping", "--json"]), { code: 0, out: "null\n", err: "" });
    assert.equal((await line(["Echo.sum", '{"a": 1, "b": "9223372036854775806"}'])).out, '"9223372036854775807"\n');
  });

  it("calls a method named close once, with what was given", async () => {
    assert.deepEqual(await line(["Doors.close", '{"door": 3}', "--json"]), { code: 0, out: '"closed {\\"door\\":3}"\n', err: "" });
  });

  it("sends oneway calls", async () => {
    assert.deepEqual(await line(["Echo.tell", '{"text": "psst"}']), { code: 0, out: "null\n", err: "" });
    await until(() => told.length > 0);
    assert.deepEqual(told, ['{"text":"psst"}']);
  });

  it("takes the request from a file and from standard input", async () => {
    writeFileSync(join(folder, "request.json"), '{"a": 1, "b": 2}');
    assert.equal((await line(["Echo.sum", "@request.json"])).out, '"3"\n');
    assert.equal((await line(["Echo.sum", "-"], { stdin: '{"a": 3, "b": 4}' })).out, '"7"\n');
  });

  for (const protocol of ["ttheader", "ttheader-framed", "framed", "buffered", "grpc"]) {
    for (const payload of ["binary", "compact"]) {
      it(`speaks ${protocol} with ${payload}`, async () => {
        const { code, out, err } = await line(["Echo.sum", '{"a": 1, "b": 2}', "--protocol", protocol, "--payload", payload]);
        assert.deepEqual({ code, out, err }, { code: 0, out: '"3"\n', err: "" });
      });
    }
  }

  it("sends metadata of both scopes, and the lane as baggage and header", async () => {
    const { out } = await line(["Echo.headers", "--json", "--metadata", "a=1", "--persistent", "b=2", "--lane", "dev"]);
    const headers = JSON.parse(out) as Record<string, string>;
    assert.equal(headers["a"], "1 transient");
    assert.equal(headers["b"], "2 persistent");
    assert.match(headers["baggage"] ?? "", /lane=dev/);
    assert.match(headers["x-asm-prefer-tag"] ?? "", /^dev/);
  });

  it("refuses metadata where the protocol carries none, and a lane that can be none", async () => {
    const { code, err } = await line(["Echo.ping", "--metadata", "a=1", "--protocol", "framed"]);
    assert.equal(code, 2);
    assert.match(err, /the protocol framed carries no metadata and no lane\n {2}leave them out/);
    assert.match((await line(["Echo.ping", "--lane", "no lane"])).err, /a lane is named as a label is/);
  });

  it("says with --timing where the time went, and on a terminal unasked", async () => {
    const { err } = await line(["Echo.sum", '{"a": 1, "b": 2}', "--timing"]);
    const phases = ["connect", "wait", "encode", "remote", "decode", "replied after"].map((phase) => `${phase} [\\d.]+ ms, `).join("");
    assert.match(err, new RegExp(`^127\\.0\\.0\\.1:\\d+, ${phases}1 attempt\\n$`));
    assert.match((await line(["Echo.ping"], { terminal: true })).err, /, remote /);
    const timing = JSON.parse((await line(["Echo.ping", "--timing", "--json"])).err) as Record<string, unknown>;
    assert.equal(timing["type"], "timing");
    assert.equal(timing["peer"], target);
    assert.equal(timing["attempts"], 1);
    assert((timing["sentMs"] as number) <= (timing["endedMs"] as number));
    const parts = ["connectMs", "waitMs", "encodeMs", "remoteMs"].map((part) => timing[part] as number);
    const sum = parts.reduce((all, part) => all + part, 0);
    assert(Math.abs(sum - (timing["endedMs"] as number)) < 0.5, `the phases ${JSON.stringify(timing)} take ${sum} ms`);
  });

  it("says how far a call came that was never sent", async () => {
    const { err } = await runLine(["call", `127.0.0.1:${await freePort()}`, "Echo.ping", "--idl", "echo.thrift", "--timing"], {
      cwd: folder,
    });
    assert.match(err, /^127\.0\.0\.1:\d+, failed after [\d.]+ ms, \d attempts?\n/);
  });

  it("speaks TLS, with authorities, a certificate and a name of its own, and times the handshake", async () => {
    writeFileSync(join(folder, "cert.pem"), CERT);
    writeFileSync(join(folder, "key.pem"), KEY);
    await using secure = createServer({ exitWaitMs: 0, log: () => undefined, tls: { cert: CERT, key: KEY, clientCa: CERT } });
    secure.add(await genericService(await loadIdl({ "a.thrift": "service Echo { void ping() }" }), "Echo", GENERIC), {
      ping: () => undefined,
    });
    const address = await secure.listen();
    const call = (...options: string[]): ReturnType<typeof runLine> =>
      runLine(["call", address, "Echo.ping", "--idl", "echo.thrift", ...options], { cwd: folder });
    const trusted = ["--ca", "cert.pem", "--cert", "cert.pem", "--key", "key.pem"];

    const good = await call(...trusted, "--server-name", "echo.mesh", "--timing");
    assert.equal(good.code, 0, good.err);
    assert.match(good.err, /, connect [\d.]+ ms, TLS [\d.]+ ms, wait /);
    assert.equal((await call("--insecure", ...trusted)).code, 0);
    assert.match((await call(...trusted)).err, /IP: 127\.0\.0\.1 is not in the cert's list/);
    assert.match((await call("--tls")).err, /cannot connect to 127\.0\.0\.1/);
    assert.match((await call()).err, /option tls|answered nothing/);
    assert.deepEqual([(await call("--cert", "cert.pem")).code, (await call("--ca", "none.pem")).code], [2, 3]);
  });

  it("shows the reply's metadata with -v", async () => {
    assert.match((await line(["Echo.echo", '{"req": {}}', "-v"])).err, /^x-served-by: test \(backward\)$/m);
    const { err } = await line(["Echo.echo", '{"req": {}}', "-v", "--json"]);
    assert.deepEqual(JSON.parse(err), { type: "metadata", entries: [{ name: "x-served-by", value: "test", scope: "backward" }] });
  });

  it("ends with 5 and shows the fields when the answer is a declared exception", async () => {
    const { code, out, err } = await line(["Echo.find", '{"what": "x"}']);
    assert.deepEqual([code, out], [5, ""]);
    assert.match(
      err,
      /^kiteline call: Echo\.find answered with the exception NotFound\n\{\n {2}"what": "it",\n {2}"id": "9007199254740993"\n\}/,
    );
    assert.deepEqual(JSON.parse((await line(["Echo.find", '{"what": "x"}', "--json"])).err), {
      type: "error",
      code: "exception",
      message: "Echo.find answered with the exception NotFound",
      exception: "NotFound",
      value: { what: "it", id: "9007199254740993" },
      method: "Echo.find",
    });
  });

  it("ends with 5 and shows status, message and extra when the answer is a business status", async () => {
    const { code, err } = await line(["Echo.pay", '{"amount": 1}']);
    assert.equal(code, 5);
    assert.match(err, /answered with business status 402: too poor\n {2}balance: 3\n/);
    const error = JSON.parse((await line(["Echo.pay", '{"amount": 1}', "--json"])).err) as Record<string, unknown>;
    assert.deepEqual([error["code"], error["status"], error["extra"]], ["business", 402, { balance: "3" }]);
  });

  it("ends with 1 and says whether the call was executed and may be tried again when it failed", async () => {
    const { code, out, err } = await line(["Echo.fail", '{"code": "permission_denied"}', "--json"]);
    assert.deepEqual([code, out], [1, ""]);
    const error = JSON.parse(err) as Record<string, unknown>;
    assert.equal(error["code"], "permission_denied");
    assert.match(String(error["message"]), /as you wish/);
    assert.equal(error["method"], "Echo.fail");
    assert.equal(error["peer"], target);
    assert(["maybe", "yes"].includes(String(error["executed"])));
    assert.equal(typeof error["retriable"], "boolean");
    assert.match(
      (await line(["Echo.fail", '{"code": "permission_denied"}'])).err,
      /^kiteline call: permission_denied: .*as you wish\n {2}the call (may have been|was) executed; /,
    );
  });

  it("gives up after --timeout, and says how to wait longer", async () => {
    const startMs = performance.now();
    const { code, err } = await line(["Echo.slow", "--timeout", "20"]);
    assert.equal(code, 1);
    // Client and server end it at the same time: either may be the one to say so.
    assert.match(err, /^kiteline call: deadline_exceeded: .*\n(.*\n)* {2}--timeout MS waits longer\n$/);
    assert(performance.now() - startMs < 5000, "the default would be ten seconds");
  });

  it("cancels the call on Ctrl-C", async () => {
    const io = fakeIo({ cwd: folder });
    const running = run(["call", target, "Echo.slow", "--idl", "echo.thrift"], io);
    await until(() => server.inFlight > 0);
    io.interrupt();
    assert.equal(await running, 1);
    assert.match(io.err, /^kiteline call: cancelled: /);
  });

  it("says that nobody listens, and ends at once", async () => {
    const port = await freePort();
    const { code, err } = await runLine(["call", `127.0.0.1:${port}`, "Echo.ping", "--idl", "echo.thrift", "--json"], { cwd: folder });
    assert.equal(code, 1);
    const error = JSON.parse(err) as Record<string, unknown>;
    assert.deepEqual([error["code"], error["executed"], error["retriable"]], ["unavailable", "no", true]);
  });

  it("asks about the protocol when what came is no answer in it", async (t) => {
    const http = createTcpServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    t.after(() => http.close());
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const { port } = http.address() as AddressInfo;
    for (const protocol of ["ttheader", "framed"]) {
      const argv = ["call", `127.0.0.1:${port}`, "Echo.ping", "--idl", "echo.thrift", "--protocol", protocol];
      const { code, err } = await runLine(argv, { cwd: folder });
      assert.equal(code, 1);
      assert.match(err, /does the server speak this --protocol\?\n$/, protocol);
    }
  });

  it("says which services the server has when it lacks this one", async () => {
    const { code, err } = await line(["Other.pong", "--json"]);
    assert.equal(code, 1);
    assert.equal((JSON.parse(err) as { code: string }).code, "unimplemented");
  });

  it("shows what the method takes when the JSON is missing, no object, or does not fit", async () => {
    const example = /Echo\.echo takes \{"req":\{"msg":"","big":"0"\}\}/;
    const missing = await line(["Echo.echo"]);
    assert.equal(missing.code, 2);
    assert.match(missing.err, example);
    for (const [json, message] of [
      ['["hi"]', /expected an object of the arguments by name, got \["hi"\]/],
      ['{"req": {"mgs": "hi"}}', /the JSON does not fit the IDL: .*: req\.mgs: Req has no such field; it has msg, big, raw, color/],
      ['{"req": {"big": "many"}}', /the JSON does not fit the IDL: .*: req\.big: expected an i64/],
      ["{}", /the JSON does not fit the IDL: .*: req: required/],
    ] as const) {
      const { code, err } = await line(["Echo.echo", json]);
      assert.equal(code, 3, json);
      assert.match(err, message);
      assert.match(err, example);
    }
  });

  it("suggests the method that was meant", async () => {
    assert.match(
      (await line(["Echo.ehco", "{}"])).err,
      /there is no method Echo\.ehco in the IDL\n {2}did you mean Echo\.echo\?\n {2}there are Echo\.echo, /,
    );
    assert.match((await line(["ping"])).err, /did you mean Echo\.ping or Other\.ping\?/);
  });

  it("shows the line of wrong IDL, and says so of a missing one", async () => {
    writeFileSync(join(folder, "wrong.thrift"), "struct A {\n  1: strng a\n}\n");
    const { code, err } = await runLine(["call", target, "A.b", "--idl", "wrong.thrift"], { cwd: folder });
    assert.equal(code, 3);
    assert.match(err, /^kiteline call: the IDL is wrong\nwrong\.thrift:2:6: .*\n {2}2 \| {3}1: strng a\n {4}\| {6}\^~~~~\n/);
    const json = await runLine(["call", target, "A.b", "--idl", "none.thrift", "--json"], { cwd: folder });
    const error = JSON.parse(json.err) as { code: string; problems: { path: string }[] };
    assert.equal(error.code, "invalid_idl");
    assert.equal(error.problems[0]?.path, "none.thrift");
  });

  it("refuses a target that is no address", async () => {
    const { code, err } = await runLine(["call", "localhost", "Echo.ping", "--idl", "echo.thrift"], { cwd: folder });
    assert.equal(code, 2);
    assert.match(err, /an address needs a port/);
  });
});

/** Polls for what another process or turn of the event loop brings about. */
async function until(condition: () => boolean): Promise<void> {
  const endMs = performance.now() + 10_000;
  while (!condition()) {
    assert(performance.now() < endMs, "never happened");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

async function freePort(): Promise<number> {
  const probe = createTcpServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
