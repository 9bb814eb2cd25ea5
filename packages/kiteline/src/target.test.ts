import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { CallInfo, ManualClock, RpcError, systemClock, type Clock } from "@kiteline/core";
import { staticSource } from "@kiteline/discovery";
import { staticSnapshot, type Cluster, type Route, type Snapshot, type Source, type VirtualHost } from "@kiteline/policy";
import { createClient } from "./client.ts";
import { Echo } from "./echo.fixture.ts";
import { until } from "./peer.fixture.ts";
import { createServer, type Server } from "./server.ts";

const request = { action: "", msg: "" };
const echoServer = () => createServer().add(Echo, { echo: (message) => message });

/** So many servers that listen, and close with the test. */
async function echoServers(t: TestContext, count: number): Promise<Server[]> {
  const servers = Array.from({ length: count }, echoServer);
  t.after(() => Promise.all(servers.map((server) => server.close())));
  for (const server of servers) await server.listen();
  return servers;
}

/** A source that delivers when told to. */
function lateSource(): Source & { deliver(snapshot: Snapshot): void; refreshed: number } {
  let current: Snapshot | undefined;
  const listeners: ((snapshot: Snapshot) => void)[] = [];
  const waiting: ((snapshot: Snapshot) => void)[] = [];
  return {
    get current() {
      return current;
    },
    subscribe(listener) {
      if (current !== undefined) listener(current);
      listeners.push(listener);
      return { close: () => undefined };
    },
    ready: () => (current === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(current)),
    refresh() {
      this.refreshed++;
    },
    refreshed: 0,
    close: () => undefined,
    deliver(snapshot) {
      current = snapshot;
      for (const listener of listeners) listener(snapshot);
      for (const resolve of waiting) resolve(snapshot);
    },
  };
}

/** With a pattern that is none. */
function toNoPath(route: Route): Route {
  return { ...route, match: { path: { kind: "regex", value: "(" } } };
}

/** The system's clock, and the timers that somebody waits for: a process lives as long as there are any. */
function noted(): { clock: Clock; timers: ReadonlySet<object> } {
  const timers = new Set<object>();
  const clock: Clock = {
    now: () => systemClock.now(),
    after(delayMs, task, awaited) {
      const timer = systemClock.after(delayMs, task);
      if (awaited !== true) return timer;
      timers.add(timer);
      return {
        cancel() {
          timers.delete(timer);
          timer.cancel();
        },
      };
    },
  };
  return { clock, timers };
}

describe("a client's target", () => {
  it("may be a name, of which all addresses are called", async () => {
    await using server = echoServer();
    await server.listen();
    await using client = createClient(Echo, { target: `localhost:${server.port}` });
    const info = new CallInfo();
    await client.echo(request, { info });
    assert.match(info.peer ?? "", /^(127\.0\.0\.1|\[::1\]):\d+$/);
  });

  it("may be several addresses, called by turns", async (t) => {
    const servers = await echoServers(t, 2);
    const target = servers.map(({ port }) => `127.0.0.1:${port}`);
    await using client = createClient(Echo, { target });
    for (let i = 0; i < 4; i++) await client.echo(request);
    assert.deepEqual(
      servers.map(({ counters }) => counters.succeeded),
      [2, 2],
    );
  });

  it("goes on at another address when one refuses connections", async () => {
    await using server = echoServer();
    await server.listen();
    const gone = echoServer();
    const closed = await gone.listen();
    await gone.close();
    await using client = createClient(Echo, { target: [closed, `127.0.0.1:${server.port}`] });
    for (let i = 0; i < 4; i++) await client.echo(request);
    assert.equal(client.counters.failed, 0);
    assert.equal(server.counters.succeeded, 4);
  });

  it("is looked at again when a connection fails: a name may have moved", async () => {
    await using gone = echoServer();
    const address = await gone.listen();
    await gone.close();
    const source = lateSource();
    source.deliver(staticSnapshot(address));
    await using client = createClient(Echo, { target: address, source, retries: 0 });
    await assert.rejects(client.echo(request), { code: "unavailable" });
    assert.equal(source.refreshed, 1);
  });

  it("is heard of from the beginning: a source may be closed before the first call", async () => {
    await using server = echoServer();
    const source = staticSource(staticSnapshot(await server.listen()));
    await using client = createClient(Echo, { target: "echo:1", source });
    source.close();
    assert.deepEqual(await client.echo(request), request);
  });

  it("is not listened to for a client that there comes to be none of", () => {
    const source = staticSource(staticSnapshot("127.0.0.1:1"));
    let listening = 0;
    const counted: Source = {
      current: source.current,
      ready: () => source.ready(),
      refresh: () => undefined,
      close: () => undefined,
      subscribe(listener) {
        const subscription = source.subscribe(listener);
        listening++;
        return {
          close() {
            listening--;
            subscription.close();
          },
        };
      },
    };
    const broken = (): never => {
      throw new Error("no middleware");
    };
    assert.throws(() => createClient(Echo, { target: "echo:1", source: counted, middleware: [broken] }), /no middleware/);
    assert.equal(listening, 0);
  });

  it("is called by nobody once the client is closed, also when it is closed at once", async () => {
    await using server = echoServer();
    const client = createClient(Echo, { target: await server.listen() });
    const call = client.echo(request);
    await client.close();
    const closed = { code: "cancelled", message: /the client was closed/, executed: "no" };
    await assert.rejects(call, closed);
    await assert.rejects(client.echo(request), closed);
    await assert.rejects(client.ready(), closed);
    assert.deepEqual([client.state, client.counters.inFlight, server.counters.started], ["closed", 0, 0]);
  });

  it("is not looked up for a client that is closed at once", async () => {
    let timers = 0;
    const clock: Clock = {
      now: () => systemClock.now(),
      after(delayMs, task, awaited) {
        timers++;
        return systemClock.after(delayMs, task, awaited);
      },
    };
    const client = createClient(Echo, { target: "localhost:1", clock });
    await client.close();
    await assert.rejects(client.ready(), /the client was closed/);
    assert.equal(timers, 0);
  });

  it("is reached by calls that would wait for it, as by others, when one of its addresses refuses connections", async () => {
    await using server = echoServer();
    const gone = echoServer();
    const closed = await gone.listen();
    await gone.close();
    const open = await server.listen();
    for (const retries of [0, 2]) {
      for (let i = 0; i < 4; i++) {
        await using client = createClient(Echo, { target: [closed, open], retries });
        assert.deepEqual(await client.echo(request, { waitForReady: true, timeoutMs: 10_000 }), request);
      }
    }
  });

  it("is reached by calls that wait for it, also where it has moved meanwhile", async () => {
    await using server = echoServer();
    const gone = echoServer();
    const closed = await gone.listen();
    await gone.close();
    const open = await server.listen();
    const source = staticSource(staticSnapshot(closed));
    await using client = createClient(Echo, { target: "echo:1", source });
    const call = client.echo(request, { waitForReady: true, timeoutMs: 10_000 });
    await until(() => client.counters.connectFailures > 0);
    source.set(staticSnapshot(open));
    assert.deepEqual(await call, request);
  });

  it("is waited for when its source has delivered nothing yet", async () => {
    await using server = echoServer();
    const address = await server.listen();
    const source = lateSource();
    await using client = createClient(Echo, { target: "echo:1", source });
    const call = client.echo(request, { timeoutMs: 5000 });
    source.deliver(staticSnapshot(address));
    assert.deepEqual(await call, request);
  });

  it("keeps no timer, and so no process, once it is known", async () => {
    const { clock, timers } = noted();
    await using server = echoServer();
    const source = lateSource();
    await using client = createClient(Echo, { target: "echo:1", source, clock });
    const call = client.echo(request);
    assert.equal(timers.size, 1);
    source.deliver(staticSnapshot(await server.listen()));
    await call;
    assert.equal(timers.size, 0);
  });

  it("is not waited for without end", async () => {
    const clock = new ManualClock();
    await using client = createClient(Echo, { target: "echo:1", source: lateSource(), clock });
    const call = client.echo(request);
    const outcome = assert.rejects(
      call,
      (error: RpcError) => error.code === "unavailable" && /delivered nothing within 5000 ms/.test(error.message),
    );
    clock.advance(5000);
    await outcome;
  });

  it("is waited for by nobody once the client is closed, also by calls that would wait for long", async () => {
    const { clock, timers } = noted();
    for (const ready of [false, true]) {
      const client = createClient(Echo, { target: "echo:1", source: lateSource(), clock });
      // Then what routes is there, and only a snapshot is missing.
      if (ready) await assert.rejects(client.ready(0), { code: "unavailable" });
      const calls = [client.echo(request), client.echo(request, { waitForReady: true })];
      const outcomes = Promise.allSettled(calls);
      await client.close();
      assert.equal(client.counters.inFlight, 0);
      calls.push(client.echo(request));
      const closed = { code: "cancelled", message: /the client was closed/, executed: "no" };
      for (const call of calls) await assert.rejects(call, closed);
      await outcomes;
      assert.equal(timers.size, 0);
    }
  });

  it("is unknown for good where its source has ended before", async () => {
    const { clock, timers } = noted();
    const source: Source = { ...lateSource(), ready: () => Promise.reject(new RpcError("unavailable", "gone", { executed: "no" })) };
    await using client = createClient(Echo, { target: "echo:1", source, clock });
    for (const waitForReady of [false, true]) {
      await assert.rejects(client.echo(request, { waitForReady }), {
        code: "failed_precondition",
        message: /nothing is known of echo:1: its source has ended \(.*gone\)/,
        executed: "no",
      });
    }
    assert.equal(timers.size, 0);
  });

  it("is called once its snapshot is right, after one that was wrong from the beginning", async () => {
    await using server = echoServer();
    const right = staticSnapshot(await server.listen());
    const source = lateSource();
    source.deliver({ ...right, virtualHosts: right.virtualHosts.map((host) => ({ ...host, routes: host.routes.map(toNoPath) })) });
    await using client = createClient(Echo, { target: "echo:1", source });
    const wrong = { code: "invalid_argument", message: /"\(" is never closed/, executed: "no" };
    for (let i = 0; i < 2; i++) await assert.rejects(client.echo(request), wrong);
    await assert.rejects(client.ready(0), wrong);
    source.deliver(right);
    await client.ready();
    assert.deepEqual(await client.echo(request), request);
  });

  for (const connection of ["adaptive", "pooled", "multiplexed", "short"] as const) {
    it(`changes without a failed call also while calls wait for a connection: ${connection}`, async (t) => {
      const servers = await echoServers(t, 2);
      const [first, second] = servers.map(({ port }) => staticSnapshot(`127.0.0.1:${port}`)) as [Snapshot, Snapshot];
      const source = staticSource(first);
      await using client = createClient(Echo, { target: "echo:1", source, connection, maxConnections: 1, inherit: false });
      await client.ready();
      const before = Array.from({ length: 20 }, () => client.echo(request));
      source.set(second);
      const after = Array.from({ length: 20 }, () => client.echo(request));
      await Promise.all([...before, ...after]);
      assert.deepEqual(
        servers.map(({ counters }) => counters.succeeded),
        [20, 20],
      );
    });
  }

  it("has its calls cut by close() also where it has changed meanwhile", async (t) => {
    let handled = 0;
    const server = createServer({ exitWaitMs: 0 }).add(Echo, {
      echo: () => {
        handled++;
        return new Promise(() => undefined);
      },
    });
    t.after(() => server.close());
    const source = staticSource(staticSnapshot(await server.listen()));
    const client = createClient(Echo, { target: "echo:1", source, exitWaitMs: 0 });
    const cut = assert.rejects(client.echo(request), /the client has closed after waiting 0 ms for its calls/);
    await until(() => handled === 1);
    source.set({ ...staticSnapshot("127.0.0.1:1"), version: "2" });
    await client.close();
    await cut;
  });

  it("may come to be while calls wait for it", async () => {
    await using server = echoServer();
    const nobody = staticSnapshot("127.0.0.1:1");
    const clusters = Object.fromEntries(Object.entries(nobody.clusters).map(([name, cluster]) => [name, { ...cluster, endpoints: [] }]));
    const source = staticSource({ ...nobody, clusters });
    const clock = new ManualClock();
    await using client = createClient(Echo, { target: "echo:1", source, clock });
    await assert.rejects(client.echo(request), { code: "unavailable" });
    const call = client.echo(request, { waitForReady: true });
    source.set(staticSnapshot(await server.listen()));
    let done = false;
    void call.finally(() => (done = true));
    await until(() => {
      clock.advance(50);
      return done;
    });
    assert.deepEqual(await call, request);
  });

  it("is waited for no longer than the client is open", async () => {
    const clock = new ManualClock();
    const source = staticSource({ ...staticSnapshot("127.0.0.1:1"), virtualHosts: [] });
    const client = createClient(Echo, { target: "echo:1", source, clock });
    await assert.rejects(client.echo(request), /knows no host/);
    const call = assert.rejects(client.echo(request, { waitForReady: true }), { code: "cancelled", message: /the client was closed/ });
    clock.advance(150);
    await client.close();
    clock.advance(150);
    await call;
    assert.equal(client.counters.inFlight, 0);
  });

  it("may come to be known while calls wait for it, whose route then changes them once", async () => {
    const seen: string[] = [];
    await using server = createServer().add(Echo, {
      echo: (message, call) => {
        seen.push(call.metadata.getAll("via").join());
        return message;
      },
    });
    const snapshot = staticSnapshot(await server.listen());
    const [host] = snapshot.virtualHosts as [VirtualHost];
    const named = { ...host, domains: ["echo"], requestHeaders: { add: { via: "rule" } } };
    const empty = Object.fromEntries(Object.entries(snapshot.clusters).map(([name, cluster]) => [name, { ...cluster, endpoints: [] }]));
    const source = staticSource({ ...snapshot, virtualHosts: [] });
    const clock = new ManualClock();
    await using client = createClient(Echo, { target: "echo:1", source, clock });
    await assert.rejects(client.echo(request), /the mesh knows no host "echo"/);
    const late = assert.rejects(client.echo(request, { waitForReady: true, timeoutMs: 100 }), {
      code: "deadline_exceeded",
      message: /; before: the mesh knows no host "echo"/,
    });
    const call = client.echo(request, { waitForReady: true, timeoutMs: 60_000 });
    let done = false;
    void call.finally(() => (done = true));
    clock.advance(150);
    await late;
    source.set({ ...snapshot, virtualHosts: [named], clusters: empty });
    clock.advance(150);
    source.set({ ...snapshot, virtualHosts: [named] });
    await until(() => {
      clock.advance(50);
      return done;
    });
    assert.deepEqual(await call, request);
    assert.deepEqual(seen, ["rule"]);
  });

  it("is that of the route which calls that wait asked for, whatever that route makes of them", async () => {
    const seen: unknown[] = [];
    const serving = (name: string) =>
      createServer().add(Echo, {
        echo: (message, { metadata }) => {
          seen.push([name, metadata.get("user"), metadata.getAll("via")]);
          return message;
        },
      });
    await using wanted = serving("wanted");
    await using other = serving("other");
    await wanted.listen();
    await other.listen();
    const [cluster] = Object.values(staticSnapshot("127.0.0.1:1").clusters) as [Cluster];
    const toCluster = (name: string, match: Route["match"]): Route => ({
      name,
      match,
      action: { kind: "forward", destinations: [{ cluster: name, weight: 1 }] },
      requestHeaders: { remove: ["user"], add: { via: name } },
    });
    const routes = [toCluster("wanted", { headers: [{ name: "user", match: { kind: "exact", value: "jason" } }] }), toCluster("other", {})];
    const clusterAt = (name: string, ports: number[]): [string, Cluster] => [
      name,
      { ...cluster, name, endpoints: ports.map((port) => ({ address: "127.0.0.1", port, labels: {} })) },
    ];
    const snapshot = (ports: number[]): Snapshot => ({
      version: `${ports.length}`,
      virtualHosts: [{ name: "all", domains: ["*"], routes }],
      clusters: Object.fromEntries([clusterAt("wanted", ports), clusterAt("other", [other.port])]),
      lanes: [],
    });
    const source = staticSource(snapshot([]));
    const clock = new ManualClock();
    await using client = createClient(Echo, { target: "echo:1", source, clock });
    await client.ready();
    let done = false;
    const call = client.echo(request, { waitForReady: true, metadata: { user: "jason" } }).finally(() => (done = true));
    clock.advance(350);
    source.set(snapshot([wanted.port]));
    await until(() => {
      clock.advance(50);
      return done;
    });
    await call;
    assert.deepEqual(seen, [["wanted", undefined, ["wanted"]]]);
  });

  it("changes with the snapshot, without a failed call", async (t) => {
    const servers = await echoServers(t, 2);
    const [first, second] = servers.map(({ port }) => staticSnapshot(`127.0.0.1:${port}`)) as [Snapshot, Snapshot];
    const source = staticSource(first);
    await using client = createClient(Echo, { target: "echo:1", source });
    await client.echo(request);
    source.set(second);
    await client.echo(request);
    assert.deepEqual(
      servers.map(({ counters }) => counters.succeeded),
      [1, 1],
    );
  });

  it("may be a server of this process, which answers large calls that are made together", async () => {
    await using server = echoServer();
    await using client = createClient(Echo, { target: server, connection: "multiplexed", timeoutMs: 20_000 });
    const lengths = Array.from({ length: 60 }, (_, i) => 30_000 + 1000 * i);
    const answers = await Promise.all(lengths.map((length) => client.echo({ action: "", msg: "x".repeat(length) })));
    assert.deepEqual(
      answers.map(({ msg }) => msg.length),
      lengths,
    );
  });
});
