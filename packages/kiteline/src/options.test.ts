import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CallInfo, ManualClock, RpcError, type Middleware, type ServerCall } from "@kiteline/core";
import { createClient } from "./client.ts";
import { resolveClientOptions } from "./client-options.ts";
import { Echo } from "./echo.fixture.ts";
import { rawServer, until } from "./peer.fixture.ts";
import { createServer, type Server } from "./server.ts";
import { Shelf } from "./shelf.fixture.ts";
import { resolveServerOptions } from "./server-options.ts";
import type { Suite } from "./suite.ts";

const request = { action: "", msg: "" };

function echoServer(): Server {
  return createServer({ exitWaitMs: 0 }).add(Echo, { echo: (message) => message });
}

/** Middleware that notes its name when a call passes. */
function noting(passed: string[], name: string): Middleware {
  return (next) => (message, call) => {
    passed.push(name);
    return next(message, call);
  };
}

describe("suites", () => {
  it("say what the options do not, earlier ones first; their middleware is within the options' own", async () => {
    const passed: string[] = [];
    const suite = (name: string): Suite => ({
      name,
      client: { name, timeoutMs: 7000, middleware: [noting(passed, `client ${name}`)] },
      server: { hideInternalErrors: name === "first", middleware: [noting(passed, `server ${name}`)] },
    });
    let seen: ServerCall | undefined;
    const suites = [suite("first"), suite("second")];
    await using server = createServer({ exitWaitMs: 0, suites, log: () => undefined, middleware: [noting(passed, "server own")] });
    server.add(Echo, {
      echo(_message, call) {
        seen = call;
        throw new Error("secret");
      },
    });
    await using client = createClient(Echo, { target: server, suites, timeoutMs: 5000, middleware: [noting(passed, "client own")] });
    await assert.rejects(client.echo(request), (error: RpcError) => !error.message.includes("secret"));
    assert.equal(seen?.caller, "first");
    assert.ok(seen.timeLeftMs <= 5000, "the option of the client itself counts");
    assert.deepEqual(passed, ["client own", "client first", "client second", "server own", "server first", "server second"]);
  });
});

describe("the client's option", () => {
  it("name is what servers know callers by", async () => {
    for (const protocol of ["ttheader", "grpc"] as const) {
      let caller: string | undefined;
      await using server = createServer({ exitWaitMs: 0 }).add(Echo, {
        echo(message, call) {
          caller = call.caller;
          return message;
        },
      });
      await using client = createClient(Echo, { target: server, name: "till", protocol });
      await client.echo(request);
      assert.equal(caller, "till", protocol);
    }
  });

  it("loadBalancing says how one of several addresses is chosen", async () => {
    await using first = echoServer();
    await using second = echoServer();
    const target = [await first.listen(), await second.listen()];
    const loads = async (options: { loadBalancing?: "random" | "least_request" }): Promise<number[]> => {
      const before = [first.counters.started, second.counters.started];
      await using client = createClient(Echo, { target, random: () => 0, ...options });
      for (let i = 0; i < 4; i++) await client.echo(request);
      return [first.counters.started, second.counters.started].map((now, at) => now - (before[at] ?? 0));
    };
    assert.deepEqual(await loads({}), [2, 2]);
    assert.deepEqual(await loads({ loadBalancing: "random" }), [4, 0]);
  });

  it("connectTimeoutMs bounds the handshake of TLS, too", async () => {
    let connected = 0;
    const silent = await rawServer(() => connected++);
    const clock = new ManualClock();
    await using client = createClient(Echo, { target: `127.0.0.1:${silent.port}`, tls: {}, connectTimeoutMs: 250, retries: 0, clock });
    const outcome = assert.rejects(client.echo(request), {
      code: "unavailable",
      message: /no connection within 250 ms \(connectTimeoutMs\)/,
    });
    await until(() => connected === 1);
    clock.advance(249);
    assert.equal(client.counters.inFlight, 1);
    clock.advance(1);
    await outcome;
    await silent.close();
  });
});

describe("an option that would not be obeyed", () => {
  it("is refused where a client has it and its protocol has not", async () => {
    const target = "127.0.0.1:1";
    for (const [options, said] of [
      [{ compression: "gzip" }, "compression is an option of gRPC, but this client speaks ttheader (option protocol)"],
      [{ http2: {}, protocol: "framed" }, "http2 is an option of gRPC, but this client speaks framed (option protocol)"],
    ] as const)
      assert.throws(() => createClient(Echo, { target, ...options }), { name: "TypeError", message: said });
    for (const options of [{ payload: "compact" }, { oldThrift: true }] as const) {
      const [name] = Object.keys(options);
      assert.throws(() => createClient(Shelf, { target, ...options }), {
        name: "TypeError",
        message: `${name} is an option of Thrift, but the messages of this client's service are Protobuf`,
      });
    }
    const both: Suite = { name: "all", client: { compression: "gzip", http2: {}, payload: "compact" } };
    for (const client of [createClient(Echo, { target, suites: [both] }), createClient(Shelf, { target, suites: [both] })])
      await client.close();
  });

  it("is refused where a suite has it", () => {
    const suites = (suite: object) => () => createClient(Echo, { target: "127.0.0.1:1", suites: [suite as Suite] });
    assert.throws(suites({ name: 5 }), /TypeError: the name of a suite must be a string, got 5/);
    assert.throws(suites({}), /TypeError: the name of a suite must be a string, got undefined/);
    assert.throws(suites({ name: "a", clients: {} }), /TypeError: the suite "a" has no option "clients": did you mean client\?/);
    assert.throws(suites({ name: "a", server: true }), /TypeError: "server" of the suite "a" must be an object, got true/);
  });

  it("is refused where a call has it in another form", async () => {
    await using server = echoServer();
    await using client = createClient(Echo, { target: server });
    for (const [options, said] of [
      [{ idempotent: "no" }, 'idempotent must be a boolean, got "no"'],
      [{ waitForReady: 0 }, "waitForReady must be a boolean, got 0"],
      [{ metadata: 5 }, "metadata must be Metadata, or an object of values by their keys, got 5"],
      [{ metadata: [["a", "b"]] }, "metadata must be Metadata, or an object of values by their keys, got an array of 1"],
    ] as const)
      await assert.rejects(client.echo(request, options as object), { code: "invalid_argument", message: `[invalid_argument] ${said}` });
    await client.echo(request, { metadata: undefined, idempotent: undefined, waitForReady: undefined });
  });
});

describe("what a caller learns of its call", () => {
  it("is what came with the last attempt's reply, not what an earlier one brought", async () => {
    let handled = 0;
    await using server = createServer({ exitWaitMs: 0 }).add(Echo, {
      echo(message, call) {
        call.reply.set(handled === 0 ? "first" : "second", "1");
        if (++handled === 1) throw new RpcError("unavailable", "not yet", { executed: "no" });
        return message;
      },
    });
    await using client = createClient(Echo, { target: server });
    const info = new CallInfo();
    await client.echo(request, { info });
    assert.deepEqual(
      info.reply.entries().map(({ key }) => key),
      ["second"],
    );
    assert.equal(info.attempts, 2);
  });
});

describe("numbers in options", () => {
  it("come to be what they are called, for clients and for servers", () => {
    const counts = (names: readonly string[]): Record<string, number> => Object.fromEntries(names.map((name, at) => [name, 1001 + at]));
    const ofClients = counts([
      "maxMessageBytes",
      "writeBufferBytes",
      "maxUnreadBytes",
      "maxBufferedBytes",
      "maxConnections",
      "multiplexedConnections",
      "maxInFlight",
      "maxWaiting",
      "maxDials",
      "idleMs",
      "maxAgeMs",
      "exitWaitMs",
      "timeoutMs",
    ]);
    const client = resolveClientOptions({ target: "127.0.0.1:1", ...ofClients });
    assert.deepEqual(pick(client, ofClients), ofClients);
    const { exitWaitMs: _, timeoutMs: __, maxUnreadBytes: ___, maxBufferedBytes: ____, ...ofConnections } = ofClients;
    assert.deepEqual(pick(client.connections, ofConnections), ofConnections);
    const ofServers = counts([
      "maxConcurrency",
      "maxConnections",
      "maxInFlight",
      "maxReadAhead",
      "maxMessageBytes",
      "writeBufferBytes",
      "maxUnreadBytes",
      "maxBufferedBytes",
      "idleMs",
      "frameTimeoutMs",
      "exitWaitMs",
    ]);
    assert.deepEqual(pick(resolveServerOptions(ofServers), ofServers), ofServers);
  });
});

/** Those properties of a value that the other one has, too. */
function pick(value: object, names: object): Record<string, unknown> {
  const found = new Map<string, unknown>(Object.entries(value));
  return Object.fromEntries(Object.keys(names).map((name) => [name, found.get(name)]));
}
