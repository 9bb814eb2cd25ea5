import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { CallInfo, ManualClock, RpcError, type ServerCall } from "@kiteline/core";
import { staticSource } from "@kiteline/discovery";
import { staticSnapshot, type ForwardAction, type RetryPolicy, type Route, type VirtualHost } from "@kiteline/policy";
import { createClient, type Client } from "./client.ts";
import { Echo, type EchoClient, type Message } from "./echo.fixture.ts";
import { until } from "./peer.fixture.ts";
import { createServer } from "./server.ts";
import type { ClientOptions } from "./suite.ts";

const request: Message = { action: "", msg: "m" };

type Handler = (request: Message, call: ServerCall) => Promise<Message> | Message;

type Rule = Partial<Pick<ForwardAction, "timeoutMs" | "retry">> & Partial<Pick<Route, "name" | "requestHeaders" | "responseHeaders">>;

/** A client of servers with these handlers, whose calls a route governs. Which of them is as the option `random` says: 0 is the first not tried yet. */
async function governed(
  t: TestContext,
  { timeoutMs, retry, ...rule }: Rule,
  handlers: readonly Handler[],
  options: Partial<ClientOptions> = {},
): Promise<Client<EchoClient>> {
  const addresses: string[] = [];
  for (const echo of handlers) {
    const server = createServer({ exitWaitMs: 0 }).add(Echo, { echo });
    addresses.push(await server.listen());
    t.after(() => server.close());
  }
  const snapshot = staticSnapshot(addresses, { loadBalancing: { kind: "random" } });
  const [host] = snapshot.virtualHosts as [VirtualHost];
  const [route] = host.routes as [Route];
  const governing: Route = { ...route, ...rule, action: { ...(route.action as ForwardAction), timeoutMs, retry } };
  const source = staticSource({ ...snapshot, virtualHosts: [{ ...host, routes: [governing] }] });
  const client = createClient(Echo, { target: "echo:9080", source, ...options });
  t.after(() => client.close());
  return client;
}

const never: Handler = () => new Promise(() => undefined);

describe("a route", () => {
  it("bounds the call, all attempts together, unless its caller leaves it less", async (t) => {
    const clock = new ManualClock();
    const client = await governed(t, { timeoutMs: 300 }, [never], { clock });
    await client.ready();
    for (const [timeoutMs, within] of [
      [undefined, 300],
      [1000, 300],
      [200, 200],
    ] as const) {
      const failed = assert.rejects(client.echo(request, { timeoutMs }), {
        code: "deadline_exceeded",
        message: new RegExp(`within ${within} ms`),
      });
      await until(() => client.counters.inFlight === 1);
      clock.advance(within);
      await failed;
    }
  });

  it("tells the peer what is left, whatever else the turn in which the call is made has computed before", async (t) => {
    const clock = new ManualClock(1);
    const left: number[] = [];
    const client = await governed(t, { timeoutMs: 300 }, [(message, call) => (left.push(call.timeLeftMs), message)], { clock });
    await client.echo(request); // whose answer says that more calls can be under way on its connection
    const first = client.echo(request);
    clock.advance(200);
    await client.echo(request);
    await first;
    for (const ms of left) assert.ok(ms <= 300, `${ms} ms`);
  });

  it("bounds each attempt, and another one is made elsewhere", async (t) => {
    const clock = new ManualClock();
    let first = 0;
    let second = 0;
    const slow: Handler = () => {
      first++;
      return new Promise(() => undefined);
    };
    const quick: Handler = (message) => {
      second++;
      return message;
    };
    const retry: RetryPolicy = { retries: 2, perTryTimeoutMs: 100, on: ["deadline-exceeded"] };
    const client = await governed(t, { retry }, [slow, quick], { clock, random: () => 0 });
    const info = new CallInfo();
    for (let call = 1; call <= 2; call++) {
      const answer = client.echo(request, { info, idempotent: true });
      await until(() => first === call);
      clock.advance(100);
      assert.deepEqual(await answer, request);
      assert.deepEqual([first, second, info.attempts], [call, call, 2]);
    }
  });

  it("has calls that may have run tried again only if that does no harm", async (t) => {
    let handled = 0;
    const failing: Handler = () => {
      handled++;
      throw new RpcError("unavailable", "not now", { executed: "maybe" });
    };
    const client = await governed(t, { retry: { retries: 2, on: ["unavailable"] } }, [failing], { random: () => 0 });
    await assert.rejects(client.echo(request), { code: "unavailable" });
    assert.equal(handled, 1);
    await assert.rejects(client.echo(request, { idempotent: true }), { code: "unavailable" });
    assert.equal(handled, 1 + 3);
    assert.equal(client.counters.retries, 2);
  });

  it("has servers told over gRPC how often a call was tried that may have run, and not how often it was refused", async (t) => {
    const told: (string | undefined)[] = [];
    const failing: Handler = (_message, call) => {
      told.push(call.metadata.get("grpc-previous-rpc-attempts"));
      throw new RpcError("unavailable", "not now", { executed: told.length === 2 ? "no" : "maybe" });
    };
    const rule = { retry: { retries: 3, on: ["unavailable"] } } as const;
    const client = await governed(t, rule, [failing], { random: () => 0, protocol: "grpc" });
    await assert.rejects(client.echo(request, { idempotent: true }), { code: "unavailable" });
    assert.deepEqual(told, [undefined, "1", "1", "2"]);
  });

  it("forbids to try again", async (t) => {
    let handled = 0;
    const refusing: Handler = () => {
      handled++;
      throw new RpcError("unavailable", "not now", { executed: "no" });
    };
    const client = await governed(t, { retry: { retries: 0, on: [] } }, [refusing]);
    await assert.rejects(client.echo(request), { code: "unavailable" });
    assert.equal(handled, 1);
  });

  it("changes what is sent, and what comes back", async (t) => {
    let seen: unknown;
    const handler: Handler = (message, call) => {
      seen = call.metadata.entries().map(({ key, value }) => [key, value]);
      call.reply.set("server", "kiteline").set("stays", "1");
      return message;
    };
    const requestHeaders = { set: { user: "ann" }, add: { via: "rule" }, remove: ["secret"] };
    const responseHeaders = { set: { checked: "yes" }, remove: ["server"] };
    const client = await governed(t, { requestHeaders, responseHeaders, name: "main" }, [handler]);
    const info = new CallInfo();
    await client.echo(request, { info, metadata: { user: "bob", via: "caller", secret: "s" } });
    assert.deepEqual(
      new Map(seen as [string, string][]),
      new Map([
        ["via", "rule"],
        ["user", "ann"],
      ]),
    );
    assert.deepEqual(
      [info.route, info.reply.get("checked"), info.reply.get("stays"), info.reply.has("server")],
      ["main", "yes", "1", false],
    );
  });
});
