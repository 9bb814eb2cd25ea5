import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createClient } from "./client.ts";
import { Echo } from "./echo.fixture.ts";
import { createServer } from "./server.ts";
import { Streams } from "./streams.fixture.ts";

const target = "127.0.0.1:1";
const client = (options: unknown): unknown => createClient(Echo, options as { target: string });

describe("options that are wrong", () => {
  it("are told for a client with what was expected and what came", () => {
    assert.throws(() => client(undefined), /TypeError: createClient takes options after the service, at least \{ target.*got undefined/);
    assert.throws(() => client({}), /TypeError: target must be "host:port".*got undefined/);
    assert.throws(() => client({ target: null }), /TypeError: target must be .*got null/);
    assert.throws(() => client({ target: 9080 }), /TypeError: target must be .*got 9080/);
    assert.throws(() => client({ target: [] }), /TypeError: target must be .*got \[\]/);
    assert.throws(() => client({ target: ["a:1", 5] }), /TypeError: target must be .*got \[a:1, 5\]/);
    assert.throws(() => client({ target, middleware: () => 1 }), /TypeError: middleware must be a list of functions, got a function/);
    assert.throws(() => client({ target, middleware: ["x"] }), /TypeError: middleware\[0\] must be a function, got "x"/);
    assert.throws(() => client({ target, suites: {} }), /TypeError: suites must be a list of objects/);
    assert.throws(() => client({ target, suites: [{ name: "s", client: { middleware: 5 } }] }), /TypeError: middleware must be a list/);
    assert.throws(() => client({ target, source: "mesh" }), /TypeError: source must be what fileSource/);
    assert.throws(() => client({ target, timeoutMs: 0 }), /RangeError: timeoutMs must be a number between 1 and/);
    assert.throws(() => client({ target, protocol: "http" }), /TypeError: protocol must be one of ttheader, /);
    assert.throws(() => client({ target, compression: "br" }), /TypeError: compression must be one of gzip, deflate, zstd, got "br"/);
    assert.throws(() => createClient({} as typeof Echo, { target }), /TypeError: expected the description of a service/);
  });

  it("are told of a call by its rejection, not by throwing", async () => {
    await using one = createClient(Echo, { target });
    const call = (options: object): Promise<unknown> => one.echo({ action: "", msg: "" }, options);
    const wrong = { code: "invalid_argument", executed: "no" };
    await assert.rejects(call({ timeoutMs: "5" }), { ...wrong, detail: 'timeoutMs must be a number of milliseconds, got "5"' });
    await assert.rejects(call({ metadata: { a: 5 } }), { ...wrong, detail: /metadata "a": .*got 5/ });
    await assert.rejects(call({ signal: {} }), { ...wrong, detail: "signal must be an AbortSignal, got an object" });
    await assert.rejects(call({ signal: null }), { ...wrong, detail: "signal must be an AbortSignal, got null" });
    await assert.rejects(call({ info: {} }), { ...wrong, detail: "info must be a CallInfo, got an object" });
    await assert.rejects(call({ parent: {} }), { ...wrong, detail: "parent must be the call of a handler, or null, got an object" });
    await assert.rejects(call(5 as never), { ...wrong, detail: /^the last argument of a stub is options, such as .*, got 5$/ });
    await assert.rejects(call(null as never), { ...wrong, detail: /^the last argument of a stub is options, such as .*, got null$/ });
    await assert.rejects(call({ timeout: 5 }), {
      ...wrong,
      detail: /^calls have no option "timeout": did you mean timeoutMs\?|^calls have no option/,
    });
    await assert.rejects(call({ timeoutms: 5 }), { ...wrong, detail: 'calls have no option "timeoutms": did you mean timeoutMs?' });
    assert.equal(one.counters.inFlight, 0);
  });

  it("are told when they are of another type", () => {
    assert.throws(() => client({ target, log: 5 }), /TypeError: log must be a function, got 5/);
    assert.throws(() => client({ target, tls: null }), /TypeError: tls must be an object, got null/);
    assert.throws(() => client({ target, inherit: "no" }), /TypeError: inherit must be a boolean, got "no"/);
    assert.throws(() => createServer({ trustLanes: "yes" } as object), /TypeError: trustLanes must be a boolean, got "yes"/);
    assert.throws(() => createServer({ tls: true } as object), /TypeError: tls must be an object, got true/);
  });

  it("are told for a server in the same way", () => {
    assert.throws(() => createServer(5 as never), /TypeError: createServer takes options as an object, got 5/);
    assert.throws(() => createServer({ middleware: 5 as never }), /TypeError: middleware must be a list of functions/);
    assert.throws(() => createServer({ maxConcurrency: 0 }), /RangeError: maxConcurrency must be a whole number between 1 and/);
    assert.throws(() => createServer().add(undefined as never, {}), /TypeError: expected the description of a service/);
    assert.throws(
      () => createServer().add(Echo, undefined as never),
      /TypeError: Echo is implemented by an object of its methods, got undefined/,
    );
    assert.throws(() => createServer().add(Echo, {} as never), /TypeError: the implementation of Echo lacks echo$/);
    const misspelt = { Echo: () => undefined };
    assert.throws(
      () => createServer().add(Echo, misspelt as never),
      /TypeError: the implementation of Echo lacks echo; is Echo meant to be echo\?$/,
    );
    for (const stopOn of ["SIGTERM", ["SIGX"], [15], ["toString"]]) {
      assert.throws(
        () => createServer({ stopOn } as object),
        /TypeError: stopOn must be a list of signals, such as \["SIGINT", "SIGTERM"\], got/,
      );
    }
    assert.throws(() => createServer({ stopOn: ["SIGTERM", "SIGKILL"] }), /TypeError: stopOn cannot have SIGKILL, .*; SIGTERM is how/);
    assert.throws(
      () => createServer({ tls: {} } as object),
      /TypeError: the option tls of servers needs cert and key, .*; cert is missing/,
    );
    assert.throws(() => createServer({ tls: { cert: "c" } } as object), /TypeError: the option tls of servers needs .*; key is missing/);
  });

  it("are told for what is counted, timed or listened on", async () => {
    assert.throws(() => client({ target, retries: 1.5 }), /RangeError: retries must be a whole number between 0 and 10, got 1\.5/);
    assert.throws(
      () => client({ target, maxConnections: "4" }),
      /RangeError: maxConnections must be a whole number between 1 and \d+, got "4"/,
    );
    assert.throws(() => createServer({ maxInFlight: 2.5 }), /RangeError: maxInFlight must be a whole number between 1 and/);
    assert.throws(() => client({ target, clock: {} }), /TypeError: clock must be a Clock, with now\(\) and after\(\), got an object/);
    assert.throws(() => createServer({ clock: 5 } as object), /TypeError: clock must be a Clock, with now\(\) and after\(\), got 5/);
    const listen = (options: object): Promise<string> => createServer().listen(options);
    for (const port of [70_000, -1, 1.5, Number.NaN, "9081"])
      await assert.rejects(listen({ port }), /RangeError: port must be a whole number between 0 and 65535/);
    await assert.rejects(listen({ host: 5 }), /TypeError: host must be a string, got 5/);
    await assert.rejects(listen({ path: 5 }), /TypeError: path must be a string, got 5/);
    await assert.rejects(listen({ path: "" }), /TypeError: expected a path/);
    await assert.rejects(listen({ path: "/tmp/a", port: 1 }), /TypeError: a Unix socket \(path\) has no port: leave one of them out/);
  });

  it("are told for middleware that makes no service, before there is a call", () => {
    function noService(): never {
      return undefined as never;
    }
    const message =
      /TypeError: the middleware noService made no service of Echo\.echo: it must return a function of the request and the call/;
    assert.throws(() => client({ target, middleware: [noService] }), message);
    assert.throws(() => createServer({ middleware: [noService] }).add(Echo, { echo: (request) => request }), message);
  });
});

describe("options that do not exist", () => {
  it("are told for a client, in suites and in tls too, with the one that may have been meant", () => {
    const wrong = (message: string): object => ({ name: "TypeError", message });
    assert.throws(() => client({ target, timeoutMS: 5 }), wrong('createClient has no option "timeoutMS": did you mean timeoutMs?'));
    assert.throws(() => client({ target, deadline: 5 }), /createClient has no option "deadline": there are target, name, timeoutMs, /);
    assert.throws(
      () => client({ target, suites: [{ name: "mine", client: { retrys: 1 } as object }] }),
      wrong('clients, which the suite "mine" sets up, have no option "retrys": did you mean retries?'),
    );
    assert.throws(
      () => client({ target, tls: { rejectUnauthorized: false } }),
      /the option tls of clients has no option "rejectUnauthorized": there are ca, /,
    );
  });

  it("are told for a server, its ports and its services", async () => {
    const wrong = (message: string): object => ({ name: "TypeError", message });
    assert.throws(
      () => createServer({ maxConcurency: 5 } as object),
      wrong('createServer has no option "maxConcurency": did you mean maxConcurrency?'),
    );
    assert.throws(
      () => createServer({ suites: [{ name: "mine", server: { target } as object }] }),
      /servers, which the suite "mine" sets up, have no option "target": there are middleware, /,
    );
    assert.throws(() => createServer({ tls: { cert: "", key: "", ca: "" } as never }), /the option tls of servers has no option "ca"/);
    for (const [tls, said] of [
      [{ ca: 5 }, /TypeError: tls\.ca must be a PEM text or its bytes, got 5/],
      [{ ca: ["", {}] }, /TypeError: tls\.ca must be a PEM text or its bytes, got /],
      [{ cert: [""] }, /TypeError: tls\.cert must be a PEM text or its bytes, got /],
      [{ serverName: true }, /TypeError: tls\.serverName must be a string, got true/],
      [{ insecureSkipVerify: "no" }, /TypeError: tls\.insecureSkipVerify must be a boolean, got "no"/],
    ] as const)
      assert.throws(() => createClient(Echo, { target: "127.0.0.1:1", tls: tls as never }), said);
    const given = { cert: "", key: "" };
    assert.throws(
      () => createServer({ tls: { ...given, clientCa: 5 } as never }),
      /TypeError: tls\.clientCa must be a PEM text or its bytes/,
    );
    assert.throws(() => createServer({ tls: { ...given, permissive: 1 } as never }), /TypeError: tls\.permissive must be a boolean, got 1/);
    await assert.rejects(createServer().listen(9081 as never), wrong("listen takes options, such as { port: 9081 }, got 9081"));
    await assert.rejects(createServer().listen({ prot: 1 } as object), wrong('listen() has no option "prot": did you mean port?'));
    assert.throws(
      () => createServer().add(Echo, { echo: (message) => message }, { falback: true } as object),
      wrong('add() has no option "falback": did you mean fallback?'),
    );
  });
});

describe("options of HTTP", () => {
  it("are looked at when a client or server is made", () => {
    const server = (options: object) => () => createServer(options);
    assert.throws(
      () => client({ target, http2: { keepAliveMs: 5 } }),
      /^TypeError: the option http2 has no option "keepAliveMs": did you mean keepaliveMs\?$/,
    );
    assert.throws(
      () => client({ target, http2: { keepaliveMs: "5s" } }),
      /^RangeError: http2\.keepaliveMs must be a number between 0 and Infinity, got "5s"$/,
    );
    assert.throws(server({ http2: { pingsWithoutStreams: 1 } }), /^TypeError: http2\.pingsWithoutStreams must be a boolean, got 1$/);
    assert.throws(server({ maxReceivedBytes: 0.5 }), /^RangeError: maxReceivedBytes must be a whole number/);
    assert.throws(server({ http2: 5 }), /^TypeError: http2 must be an object, got 5$/);
    assert.throws(server({ cors: { origin: "*" } }), /^TypeError: the option cors has no option "origin": did you mean origins\?$/);
  });

  it("are held against the protocol before anybody listens, or by the first call", async () => {
    const wrong: [options: object, message: RegExp][] = [
      [{ http2: { maxFrameBytes: 5 } }, /^RangeError: maxFrameBytes must be between 16384 and 16777215, got 5$/],
      [{ cors: { origins: ["*"] } }, /^TypeError: cors\.origins is "\*" alone, or a list of origins without it$/],
      [{ cors: { origins: ["https://a.b", "https://a.b/"] } }, /has "https:\/\/a\.b\/", which is not .*: did you mean "https:\/\/a\.b"\?$/],
      [{ cors: { origins: ["http://A.b:80/x"] } }, /did you mean "http:\/\/a\.b"\?$/],
      [{ cors: { origins: ["shop.example"] } }, /which is not what a browser sends: such as "https:\/\/shop\.example"$/],
      [{ cors: { origins: "https://shop.example" } }, /^TypeError: cors\.origins must be "\*", a list of origins/],
    ];
    for (const [options, message] of wrong) await assert.rejects(createServer({ ...options, log: () => undefined }).listen(), message);
    await using stubs = createClient(Streams, { target, http2: { maxFrameBytes: 5 }, log: () => undefined });
    await assert.rejects(stubs.one({}), { code: "invalid_argument", executed: "no", detail: /^maxFrameBytes must be/ });
  });
});

describe("a call that nobody could be connected for", () => {
  it("fails with an error that names the peer, although it was tried more than once", async () => {
    const server = createServer().add(Echo, { echo: (message) => message });
    const address = await server.listen();
    await server.close();
    await using refused = createClient(Echo, { target: address });
    await assert.rejects(refused.echo({ action: "", msg: "" }), {
      code: "unavailable",
      executed: "no",
      peer: address,
      method: "Echo.echo",
    });
  });
});
