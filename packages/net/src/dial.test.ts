import assert from "node:assert/strict";
import dns from "node:dns";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { ManualClock, type RpcError } from "@kiteline/core";
import { socketDialer, type DialOptions } from "./dial.ts";
import { Loop } from "./loop.ts";
import { RECEIVED } from "./received.ts";
import { turns } from "./socket.fixture.ts";

async function listen(t: TestContext, where: string | number, onSocket: (socket: Socket) => void): Promise<Server> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    onSocket(socket);
  });
  if (typeof where === "string") server.listen(where);
  else server.listen(where, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

const dialer = (options: Partial<DialOptions> = {}) => socketDialer({ connectTimeoutMs: 1000, ...options });

describe("dialling", () => {
  it("gives a connected socket that reads into the shared buffer, and tells of the peer's end", async (t) => {
    const server = await listen(t, 0, (socket) => socket.end("hello"));
    const loop = new Loop();
    const dialed = await dialer()({ kind: "tcp", host: "127.0.0.1", port: portOf(server) }, loop);
    assert.equal(dialed.readsItself, true);
    const ended = once(dialed.socket, "end");
    const chunk = await new Promise<[Buffer, number]>((resolve) => {
      dialed.onChunk = (buffer, length) => resolve([buffer, length]);
    });
    assert.equal(chunk[0], RECEIVED);
    assert.equal(chunk[0].toString("utf8", 0, chunk[1]), "hello");
    await ended;
    dialed.socket.destroy();
  });

  it("does not look at its time any more once connected", async (t) => {
    const server = await listen(t, 0, () => undefined);
    const clock = new ManualClock();
    const dialed = await dialer()({ kind: "tcp", host: "127.0.0.1", port: portOf(server) }, new Loop(clock));
    clock.advance(2000);
    assert.equal(dialed.socket.destroyed, false);
    dialed.socket.destroy();
  });

  it("reaches Unix sockets", async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "kiteline-"));
    t.after(() => rmSync(folder, { recursive: true }));
    const path = join(folder, "a.sock");
    await listen(t, path, (socket) => socket.end("hello"));
    const dialed = await dialer()({ kind: "unix", path }, new Loop());
    const text = await new Promise((resolve) => {
      dialed.onChunk = (buffer, length) => resolve(buffer.toString("utf8", 0, length));
    });
    assert.equal(text, "hello");
    dialed.socket.destroy();
  });

  it("a port where nobody listens says so, and that nothing was executed", async (t) => {
    const server = await listen(t, 0, () => undefined);
    const port = portOf(server);
    await new Promise((resolve) => server.close(resolve));
    await assert.rejects(dialer()({ kind: "tcp", host: "127.0.0.1", port }, new Loop()), (error: RpcError) => {
      assert.deepEqual([error.code, error.executed, error.retriable, error.peer], ["unavailable", "no", true, `127.0.0.1:${port}`]);
      assert.match(
        error.message,
        /cannot connect to 127.0.0.1:\d+: .*ECONNREFUSED.*nothing listens there: is the server up, and the port right\?/,
      );
      return true;
    });
  });

  it("a path where no socket is says so", async () => {
    await assert.rejects(dialer()({ kind: "unix", path: "/nowhere/a.sock" }, new Loop()), /ENOENT.*nothing listens there.*the path right/);
  });

  it("a host that is not known says so", async (t) => {
    t.mock.method(dns, "lookup", (host: string, _options: unknown, done: (error: Error) => void) => {
      done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: "ENOTFOUND" }));
    });
    await assert.rejects(
      dialer()({ kind: "tcp", host: "nobody.invalid", port: 80 }, new Loop()),
      /cannot connect to nobody.invalid:80: .*ENOTFOUND nobody.invalid \(no such host: is the target's name right/,
    );
  });

  it("a port that cannot be says so", async () => {
    await assert.rejects(dialer()({ kind: "tcp", host: "127.0.0.1", port: 70_000 }, new Loop()), { name: "RpcError", code: "unavailable" });
  });

  it("gives up after its time, and closes the socket", async (t) => {
    let reached: (socket: Socket) => void = () => undefined;
    const accepted = new Promise<Socket>((resolve) => (reached = resolve));
    const server = await listen(t, 0, reached);
    const clock = new ManualClock();
    // A peer that accepts, and says nothing to our TLS.
    const dial = dialer({ tls: { insecureSkipVerify: true } })({ kind: "tcp", host: "127.0.0.1", port: portOf(server) }, new Loop(clock));
    const outcome = assert.rejects(dial, /no connection within 1000 ms \(connectTimeoutMs\)/);
    const socket = await accepted;
    const closed = once(socket.resume(), "close");
    clock.advance(999);
    await turns(3);
    assert.equal(socket.destroyed, false);
    clock.advance(1);
    await Promise.all([outcome, closed]);
  });

  it("says that the peer closed the connection instead of speaking TLS", async (t) => {
    const server = await listen(t, 0, (socket) => socket.end());
    await assert.rejects(
      dialer({ tls: {} })({ kind: "tcp", host: "127.0.0.1", port: portOf(server) }, new Loop()),
      /cannot connect to .*: Client network socket disconnected before secure TLS connection was established/,
    );
  });
});
