import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, Socket, type AddressInfo, type Server } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { adoptAccepted, type AcceptedSocket } from "./accepted-socket.ts";

const buffer = Buffer.alloc(1000);

/** A caller's socket and what was made of the accepted one. */
async function connected(t: TestContext): Promise<{ caller: Socket; adopted: AcceptedSocket; server: Server }> {
  const accepted = Promise.withResolvers<AcceptedSocket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const adopted = adoptAccepted(socket, buffer);
    if (adopted === undefined) accepted.reject(new Error("not adopted"));
    else accepted.resolve(adopted);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const caller = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const adopted = await accepted.promise;
  t.after(() => {
    caller.destroy();
    adopted.socket.destroy();
    server.close();
  });
  return { caller, adopted, server };
}

describe("an accepted socket that is adopted", () => {
  it("reads into the buffer it was given", async (t) => {
    const { caller, adopted } = await connected(t);
    const came = Promise.withResolvers<string>();
    adopted.onChunk = (chunk, length) => {
      assert.equal(chunk.buffer, buffer.buffer);
      came.resolve(chunk.toString("utf8", 0, length));
    };
    caller.write("hello");
    assert.equal(await came.promise, "hello");
  });

  it("answers a caller that has closed its side, as the server's option says", async (t) => {
    const { caller, adopted } = await connected(t);
    caller.end();
    await once(adopted.socket, "end");
    adopted.socket.end("bye");
    const [answer] = (await once(caller, "data")) as [Buffer];
    assert.equal(answer.toString(), "bye");
  });

  it("reads nothing while it is paused", async (t) => {
    const { caller, adopted } = await connected(t);
    const came: string[] = [];
    adopted.onChunk = (chunk, length) => {
      came.push(chunk.toString("utf8", 0, length));
      adopted.socket.pause();
    };
    caller.write("one");
    while (came.length < 1) await new Promise((resolve) => setImmediate(resolve));
    await new Promise<void>((resolve) => caller.write("two", () => resolve()));
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(came, ["one"]);
    adopted.socket.resume();
    while (came.length < 2) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(came, ["one", "two"]);
  });

  it("knows the caller's address, and is nothing that the server waits for", async (t) => {
    const { caller, adopted, server } = await connected(t);
    assert.equal(adopted.socket.remotePort, caller.localPort);
    await new Promise((resolve) => server.close(resolve));
    assert.equal(adopted.socket.destroyed, false);
  });
});

describe("an accepted socket that cannot be made anew", () => {
  it("stays as it is", () => {
    const socket = new Socket();
    assert.equal(adoptAccepted(socket, buffer), undefined);
    assert.equal(socket.destroyed, false);
  });
});
