import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createClient } from "./client.ts";
import { Echo } from "./echo.fixture.ts";
import { echoBody, echoCall, field, framed, i32, RawPeer, rawServer, text } from "./peer.fixture.ts";
import { createServer } from "./server.ts";

/** A message of the old form: its name first, without a version, then its kind. */
function old(kind: number, seq: number, body: Buffer): Buffer {
  return Buffer.concat([text("echo"), Buffer.from([kind]), i32(seq), body]);
}

const OLD_CALL = old(1, 7, echoBody(1, field(11, 2, text("old"))));
const OLD_REPLY = old(2, 1, echoBody(0, field(11, 1, text("")), field(11, 2, text("old"))));

describe("Thrift messages of the old form", () => {
  it("are taken by servers that are told to, beside those that have a version", async (t) => {
    await using strict = createServer({ exitWaitMs: 0, log: () => undefined }).add(Echo, { echo: (request) => request });
    await using server = createServer({ exitWaitMs: 0, oldThrift: true }).add(Echo, { echo: (request) => request });
    for (const wrap of [framed, (message: Buffer) => message]) {
      await strict.listen();
      const refused = await RawPeer.connect(strict.port);
      t.after(() => refused.destroy());
      refused.send(wrap(OLD_CALL));
      assert.equal((await refused.end()).includes("old"), false);
      await server.listen();
      for (const message of [OLD_CALL, echoCall(8, "new")]) {
        const peer = await RawPeer.connect(server.port);
        t.after(() => peer.destroy());
        peer.send(wrap(message));
        const word = message === OLD_CALL ? "old" : "new";
        assert.ok((await peer.until((received) => received.includes(word))).includes(word));
      }
    }
  });

  it("are understood by clients that are told to", async (t) => {
    for (const protocol of ["framed", "buffered"] as const) {
      const server = await rawServer((peer) => {
        void peer
          .until((received) => received.includes("ask"))
          .then(() => peer.send(protocol === "framed" ? framed(OLD_REPLY) : OLD_REPLY));
      });
      t.after(() => server.close());
      const target = `127.0.0.1:${server.port}`;
      await using strict = createClient(Echo, { target, protocol });
      await assert.rejects(strict.echo({ action: "", msg: "ask" }), /begins with 0x8001, got 0x00000004.*need the option oldThrift/);
      await using client = createClient(Echo, { target, protocol, oldThrift: true });
      assert.equal((await client.echo({ action: "", msg: "ask" })).msg, "old");
    }
  });
});
