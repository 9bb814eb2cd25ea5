import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import type { Duplex } from "node:stream";
import { inProcessDialer } from "./in-process.ts";
import type { Listener } from "./listener.ts";
import { Loop } from "./loop.ts";
import { turns } from "./socket.fixture.ts";

async function pair(): Promise<{ client: Duplex; server: Duplex }> {
  let server: Duplex | undefined;
  const listener = { accept: (socket: Duplex) => (server = socket) } as unknown as Listener;
  const { socket } = await inProcessDialer(() => listener)({ kind: "tcp", host: "x", port: 1 }, new Loop());
  return { client: socket, server: server as unknown as Duplex };
}

describe("a connection inside the process", () => {
  it("carries bytes both ways", async () => {
    const { client, server } = await pair();
    client.write("ping");
    assert.equal(String((await once(server, "data"))[0]), "ping");
    server.write("pong");
    assert.equal(String((await once(client, "data"))[0]), "pong");
  });

  it("copies: what was written may be written over as soon as the write is done", async () => {
    const { client, server } = await pair();
    const bytes = Buffer.from("first");
    // Nobody reads yet, as when the server holds back.
    await new Promise((resolve) => client.write(bytes, resolve));
    bytes.fill(0x78);
    assert.equal(String((await once(server, "data"))[0]), "first");
  });

  it("lets nobody read in the middle of what the writer does", async () => {
    const { client, server } = await pair();
    const read: string[] = [];
    server.on("data", (chunk: Buffer) => read.push(String(chunk)));
    await turns();
    client.write("a");
    client.write("b");
    assert.deepEqual(read, []);
    await turns();
    assert.deepEqual(read, ["a", "b"]);
  });

  it("holds writes back while the other side does not read", async () => {
    const { client, server } = await pair();
    let done = 0;
    for (let i = 0; i < 10; i++) client.write(Buffer.alloc(100_000), () => done++);
    await turns();
    assert.ok(done < 3, `${done} writes were taken`);
    let read = 0;
    server.on("data", (chunk: Buffer) => (read += chunk.byteLength));
    await turns(30);
    assert.deepEqual([done, read], [10, 1_000_000]);
  });

  it("can be closed for one direction", async () => {
    const { client, server } = await pair();
    client.resume();
    server.resume();
    server.end("last");
    await once(client, "end");
    await turns();
    assert.equal(client.destroyed, true, "clients close their side too");

    const other = await pair();
    other.server.resume();
    other.client.end("all");
    await once(other.server, "end");
    assert.equal(other.server.destroyed, false, "servers may still answer");
    const answered = once(other.client, "data");
    other.server.end("answer");
    assert.equal(String((await answered)[0]), "answer");
  });

  it("that is cut off is reset for the other side, also for a write under way", async () => {
    for (const cut of ["client", "server"] as const) {
      const both = await pair();
      const other = both[cut === "client" ? "server" : "client"];
      other.resume();
      const failed = once(other, "error");
      both[cut].destroy();
      assert.equal(((await failed)[0] as NodeJS.ErrnoException).code, "ECONNRESET");
    }
    const { client, server } = await pair();
    server.on("error", () => undefined);
    client.on("error", () => undefined);
    const outcome = new Promise<unknown>((resolve) => client.write(Buffer.alloc(1_000_000), resolve));
    server.destroy();
    await outcome;
    await turns();
    assert.equal(client.destroyed, true);
  });

  it("cannot be had from a server that is closed", async () => {
    const dial = inProcessDialer(() => undefined);
    await assert.rejects(dial({ kind: "tcp", host: "x", port: 1 }, new Loop()), /the server in this process is closed/);
  });
});
