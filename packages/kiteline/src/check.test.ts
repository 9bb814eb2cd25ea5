import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createClient } from "./client.ts";
import { Echo } from "./echo.fixture.ts";
import { createServer } from "./server.ts";

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
    assert.throws(() => client({ target, middleware: () => 1 }), /TypeError: middleware must be a list of functions, got \(\) => 1/);
    assert.throws(() => client({ target, middleware: ["x"] }), /TypeError: middleware must be a list of functions, got others in it/);
    assert.throws(() => client({ target, suites: {} }), /TypeError: suites must be a list of objects/);
    assert.throws(() => client({ target, suites: [{ name: "s", client: { middleware: 5 } }] }), /TypeError: middleware must be a list/);
    assert.throws(() => client({ target, source: "mesh" }), /TypeError: source must be what fileSource/);
    assert.throws(() => client({ target, timeoutMs: 0 }), /RangeError: timeoutMs must be a number between 1 and/);
    assert.throws(() => client({ target, protocol: "http" }), /TypeError: protocol must be one of ttheader, /);
    assert.throws(() => createClient({} as typeof Echo, { target }), /TypeError: expected the description of a service/);
  });

  it("are told for a server in the same way", () => {
    assert.throws(() => createServer(5 as never), /TypeError: createServer takes options as an object, got 5/);
    assert.throws(() => createServer({ middleware: 5 as never }), /TypeError: middleware must be a list of functions/);
    assert.throws(() => createServer({ maxConcurrency: 0 }), /RangeError: maxConcurrency must be a number between 1 and/);
    assert.throws(() => createServer().add(undefined as never, {}), /TypeError: expected the description of a service/);
    assert.throws(
      () => createServer().add(Echo, undefined as never),
      /TypeError: Echo is implemented by an object of its methods, got undefined/,
    );
    assert.throws(() => createServer().add(Echo, {} as never), /TypeError: the implementation of Echo lacks echo/);
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
