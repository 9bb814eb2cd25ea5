import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RpcError, type Middleware } from "@kiteline/core";
import { createClient } from "./client.ts";
import { Echo } from "./echo.fixture.ts";
import { createServer } from "./server.ts";

describe("a call that middleware has cancelled", () => {
  it("is not sent, and rejects with the reason", async () => {
    await using server = createServer({ exitWaitMs: 0 });
    let handled = 0;
    server.add(Echo, {
      echo(request) {
        handled++;
        return request;
      },
    });
    const cancel: Middleware = (next) => (request, call) => {
      call.cancel(new RpcError("cancelled", "not today"));
      return next(request, call);
    };
    await using client = createClient(Echo, { target: server, middleware: [cancel] });
    await assert.rejects(client.echo({ action: "", msg: "" }), { code: "cancelled", executed: "no", detail: "not today" });
    assert.deepEqual([handled, client.counters.inFlight, client.counters.failures.cancelled], [0, 0, 1]);
  });
});

describe("a call that its caller aborts", () => {
  it("ends with that, whatever the reason that was given", async () => {
    await using server = createServer({ exitWaitMs: 0 });
    server.add(Echo, { echo: () => new Promise(() => undefined) });
    await using client = createClient(Echo, { target: server });
    const untold = Object.defineProperty(new Error("x"), "message", {
      get: () => {
        throw new Error("not even this");
      },
    });
    for (const reason of [Object.create(null), { toString: () => Promise.reject(new Error("no text")) }, untold, Symbol("why"), null]) {
      await assert.rejects(client.echo({ action: "", msg: "" }, { signal: AbortSignal.abort(reason) }), {
        code: "cancelled",
        executed: "no",
      });
      const abort = new AbortController();
      const outcome = assert.rejects(client.echo({ action: "", msg: "" }, { signal: abort.signal }), { code: "cancelled", cause: reason });
      abort.abort(reason);
      await outcome;
    }
    assert.deepEqual([client.counters.started, client.counters.inFlight, client.counters.failures.cancelled], [10, 0, 10]);
  });
});

describe("a call whose handler fails with the error of a call of its own", () => {
  for (const protocol of ["ttheader", "ttheader-framed", "grpc"] as const) {
    it(`was executed, and is not repeated, although that one was not: ${protocol}`, async () => {
      await using gone = createServer().add(Echo, { echo: (request) => request });
      const address = await gone.listen();
      await gone.close();
      await using inner = createClient(Echo, { target: address, retries: 0 });
      let handled = 0;
      await using server = createServer({ exitWaitMs: 0 }).add(Echo, {
        echo(request) {
          handled++;
          return inner.echo(request);
        },
      });
      await using client = createClient(Echo, { target: server, protocol });
      await assert.rejects(client.echo({ action: "", msg: "" }), { code: "unavailable", executed: "yes", retriable: false });
      assert.equal(handled, 1);
    });
  }

  it("is not told as one of a method that is not there, although the other's was not", async () => {
    await using behind = createServer({ exitWaitMs: 0 });
    await using inner = createClient(Echo, { target: behind });
    await using server = createServer({ exitWaitMs: 0 }).add(Echo, { echo: (request) => inner.echo(request) });
    for (const [protocol, code, executed] of [
      ["framed", "internal", "maybe"],
      ["ttheader", "unimplemented", "yes"],
    ] as const) {
      await using client = createClient(Echo, { target: server, protocol });
      await assert.rejects(client.echo({ action: "", msg: "" }), {
        code,
        executed,
        foreignCode: "thrift 6",
        detail: /unknown service Echo/,
      });
    }
  });

  it("may be repeated where the handler says so itself", async () => {
    let handled = 0;
    await using server = createServer({ exitWaitMs: 0 }).add(Echo, {
      echo(request) {
        if (++handled < 3) throw new RpcError("unavailable", "not yet", { executed: "no" });
        return request;
      },
    });
    await using client = createClient(Echo, { target: server });
    assert.equal((await client.echo({ action: "", msg: "m" })).msg, "m");
    assert.equal(handled, 3);
  });
});
