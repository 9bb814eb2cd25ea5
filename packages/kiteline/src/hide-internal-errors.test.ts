import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BusinessError, RpcError, type LogEvent, type Method, type Service } from "@kiteline/core";
import { createClient } from "./client.ts";
import { Echo } from "./echo.fixture.ts";
import { hideInternalErrors } from "./hide-internal-errors.ts";
import { createServer } from "./server.ts";

const request = { action: "", msg: "" };
const secret = new Error("password of db-7 is wrong");

/** What a caller gets of this error, and what the server logs. */
async function outcome(thrown: Error, options: { hideInternalErrors?: boolean }): Promise<{ error: unknown; events: LogEvent[] }> {
  const events: LogEvent[] = [];
  await using server = createServer({ ...options, exitWaitMs: 0, log: (event) => events.push(event) });
  server.add(Echo, {
    echo() {
      throw thrown;
    },
  });
  await using client = createClient(Echo, { target: server });
  return { error: await client.echo(request).catch((error: unknown) => error), events };
}

describe("a server that hides internal errors", () => {
  it("tells callers of an unforeseen one nothing but that there was one, and its log all", async () => {
    const { error, events } = await outcome(secret, { hideInternalErrors: true });
    assert.ok(error instanceof RpcError);
    assert.equal(error.code, "internal");
    assert.equal(error.executed, "yes");
    assert.doesNotMatch(error.message, /password/);
    assert.deepEqual(
      events.map((event) => event.error),
      [secret],
    );
  });

  it("tells them nothing of what is no error either, not even that it cannot be looked at", async () => {
    const { proxy, revoke } = Proxy.revocable(new Error(), {});
    revoke();
    for (const thrown of [proxy, { password: "secret" } as unknown as Error]) {
      const { error, events } = await outcome(thrown, { hideInternalErrors: true });
      assert.match(String(error), /the handler of Echo.echo failed; the server's log says why$/);
      assert.equal(events.length, 1);
      assert.ok(events[0]?.error === thrown);
    }
  });

  it("shows callers no value that a handler answered with and that cannot be sent", async () => {
    const events: LogEvent[] = [];
    await using server = createServer({ hideInternalErrors: true, exitWaitMs: 0, log: (event) => events.push(event) });
    server.add(Echo, { echo: () => ({ action: "", msg: 4711 as unknown as string }) });
    const address = await server.listen();
    for (const target of [server, address]) {
      await using client = createClient(Echo, { target });
      await assert.rejects(client.echo(request), {
        code: "internal",
        detail: "the handler of Echo.echo failed; the server's log says why",
      });
      assert.match(String(events.pop()?.error), /got 4711/);
    }
  });

  it("lets through what handlers mean for callers", async () => {
    const foreseen = await outcome(new RpcError("not_found", "no such book"), { hideInternalErrors: true });
    assert.match(String(foreseen.error), /\[not_found\] no such book/);
    const business = await outcome(new BusinessError(7, "sold out"), { hideInternalErrors: true });
    assert.match(String(business.error), /sold out/);
    assert.deepEqual([foreseen.events, business.events], [[], []]);
  });

  it("tells callers of the handler's own calls the code, but neither text nor address", async () => {
    const events: LogEvent[] = [];
    const log = (event: LogEvent): void => void events.push(event);
    await using inner = createClient(Echo, { target: "127.0.0.1:1", log: () => undefined });
    await using server = createServer({ hideInternalErrors: true, exitWaitMs: 0, log });
    server.add(Echo, { echo: (each) => inner.echo(each) });
    const address = await server.listen();
    for (const target of [server, address]) {
      await using client = createClient(Echo, { target });
      const error: unknown = await client.echo(request).catch((reason: unknown) => reason);
      assert.ok(error instanceof RpcError);
      assert.deepEqual([error.code, error.executed, error.retriable], ["unavailable", "yes", false]);
      assert.equal(error.detail, "a call that the handler of Echo.echo made has failed; the server's log says why");
      assert.notEqual(error.peer, "127.0.0.1:1");
      const { error: logged } = events.pop() as { readonly error: RpcError };
      assert.equal(logged.peer, "127.0.0.1:1");
      assert.match(logged.message, /127\.0\.0\.1:1/);
    }
  });

  it("lets through an error that says what a handler made of its own call", async () => {
    const { error } = await outcome(new RpcError("unavailable", "no stock", { cause: new RpcError("unavailable", "10.0.0.3") }), {
      hideInternalErrors: true,
    });
    assert.match(String(error), /\[unavailable\] no stock/);
  });

  it("also hides what a stream fails with after it was handed out", async () => {
    const method = { ...(Echo.methods["echo"] as Method), kind: "server_stream" as const };
    const service: Service = () =>
      Promise.resolve(
        (async function* () {
          yield 1;
          throw secret;
        })(),
      );
    const events: LogEvent[] = [];
    const stream = (await hideInternalErrors((event) => events.push(event))(service, method)(
      request,
      undefined as never,
    )) as AsyncIterator<number>;
    assert.equal((await stream.next()).value, 1);
    await assert.rejects(stream.next(), { code: "internal", detail: "the handler of Echo.echo failed; the server's log says why" });
    assert.equal(events[0]?.error, secret);
  });
});

describe("a server that was not told to hide them", () => {
  it("tells callers the message of an unforeseen error, and never its stack", async () => {
    const { error } = await outcome(secret, {});
    assert.ok(error instanceof RpcError);
    assert.equal(error.detail, secret.message);
  });
});
