import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Metadata, RpcError } from "@kiteline/core";
import { frame } from "../frame.fixture.ts";
import { message } from "../raw-format.fixture.ts";
import { DATA, HEADER, PlayedClient, RESET, streamFrame, told, TRAILER, type PlayedCall } from "./played.fixture.ts";

const bytes = (text: string): Buffer => Buffer.from(text);
const header = (id: number, texts: Record<string, string> = {}): Buffer => streamFrame(HEADER, id, { texts });
const data = (id: number, text: string): Buffer => streamFrame(DATA, id, { payload: bytes(text) });
const trailer = (id: number, texts: Record<string, string> = {}, payload?: Buffer): Buffer =>
  streamFrame(TRAILER, id, { texts, ...(payload === undefined ? {} : { payload }) });
const exception = (text: string): Buffer => message(3, "chat", 1, bytes(text));
const failure = ({ error }: PlayedCall): RpcError => {
  assert.ok(error instanceof RpcError, String(error));
  return error;
};

/** Asks for nothing more once its messages are gone. */
async function* never(): AsyncGenerator<Buffer> {
  yield await new Promise<Buffer>(() => undefined);
}

async function* slowly(text: string): AsyncGenerator<Buffer> {
  // Once the server has given its first credit.
  for (let turn = 0; turn < 3; turn++) await Promise.resolve();
  for (let sent = 0; sent < 10; sent++) yield bytes(text);
  await new Promise(() => undefined);
}

describe("a client of streams", () => {
  it("opens a stream with the service, both names, metadata and, last, the time that is left", async () => {
    const played = new PlayedClient();
    const metadata = new Metadata().set("Hop", "h").set("Far", "f", "persistent");
    const { call } = played.send("expand", "server_stream", bytes("a"), { metadata });
    const [opened, ...rest] = await played.frames();
    assert.deepEqual(opened?.strings, { isn: "Streams", "kiteline-window": "262144", RPC_TRANSIT_Hop: "h", RPC_PERSIST_Far: "f" });
    assert.deepEqual(opened.ints, { 27: HEADER, 9: "expand", 6: "target:1", 3: "cli" });
    assert.deepEqual([opened.flags, opened.protocolId], [2, 0x10]);
    assert.deepEqual(told(rest), ["1 data a", "1 trailer"]);
    assert.equal(call.ended, false);
  });

  it("tells the services of packages by their bare name, which is all that Kitex knows", async () => {
    const played = new PlayedClient();
    const { attempt } = played.send("chat", "bidi_stream", []);
    Object.assign(attempt.call.method, { service: "acme.v1.Streams" });
    const other = new PlayedClient();
    other.session.send(attempt);
    assert.equal((await other.frames())[0]?.strings["isn"], "Streams");
  });

  it("never uses an id twice, nor 0", () => {
    const played = new PlayedClient();
    const ids = [1, 2, 3].map(() => played.send("chat", "bidi_stream", never()).attempt.seq);
    assert.deepEqual(ids, [1, 2, 3]);
  });

  it("takes answers of one message, no fewer and no more", async () => {
    for (const [answer, outcome] of [
      [[header(1), data(1, "sum"), trailer(1)], "sum"],
      [[data(1, "sum"), trailer(1)], "sum"],
      [[header(1), trailer(1)], /without a response/],
      [[header(1), data(1, "a"), data(1, "b"), trailer(1)], /more than one message/],
      [[header(1), data(1, "unreadable")], /cannot be read/],
      [[header(1), header(1)], /twice/],
    ] as const) {
      const played = new PlayedClient();
      const call = played.send("collect", "client_stream", [bytes("a")]);
      played.give(...answer);
      if (typeof outcome === "string") assert.equal(String(call.value), outcome);
      else assert.match(failure(call).message, outcome);
      assert.equal(played.session.inFlight, 0);
    }
  });

  it("takes a refusal without a header for one that another server may do better", () => {
    const played = new PlayedClient();
    const call = played.send("chat", "bidi_stream", never());
    played.give(trailer(1, { "kiteline-status": "8 no" }, exception("full")));
    const error = failure(call);
    assert.deepEqual([error.code, error.executed, error.retriable, error.detail], ["resource_exhausted", "no", true, "full"]);
    assert.equal(call.queue, undefined);
  });

  it("takes the exact code that stands beside an exception, of servers of its own kind", () => {
    for (const [texts, code] of [
      [{}, "internal"],
      [{ "kiteline-status": "5 yes" }, "not_found"],
    ] as const) {
      const played = new PlayedClient();
      const call = played.send("chat", "bidi_stream", never());
      played.give(header(1), trailer(1, texts, exception("bad")));
      assert.equal(failure(call).code, code);
      assert.ok(call.queue !== undefined);
    }
  });

  it("ends when the server resets the stream, and says who did", () => {
    const played = new PlayedClient();
    const call = played.send("chat", "bidi_stream", never());
    played.give(header(1), streamFrame(RESET, 1, { texts: { ttscp: "proxy" }, payload: exception("gone") }));
    assert.match(failure(call).message, /the peer ended the stream \(proxy\): gone/);
    const bare = played.send("chat", "bidi_stream", never());
    played.give(streamFrame(RESET, 2));
    assert.match(failure(bare).message, /did not say why/);
  });

  it("says its last when the server has said its own, for servers that wait for it", async () => {
    const played = new PlayedClient();
    played.send("chat", "bidi_stream", never());
    played.give(header(1), trailer(1));
    assert.deepEqual(told(await played.frames()), ["1 header (isn,kiteline-window)", "1 trailer"]);
  });

  it("resets what its caller gives up, by its own name, and pays no attention to what still comes", async () => {
    const played = new PlayedClient();
    const call = played.send("chat", "bidi_stream", never());
    played.give(header(1));
    call.call.cancel(new RpcError("cancelled", "enough"));
    const [, gone, last] = await played.frames();
    assert.deepEqual([gone?.type, gone?.strings, last?.type], [RESET, { ttscp: "cli" }, TRAILER]);
    assert.match(gone?.payload.toString() ?? "", /enough/);
    played.give(data(1, "late"), trailer(1), header(1), streamFrame("1", 1));
    assert.equal(played.connection.ended, false);
    assert.equal(played.session.inFlight, 0);
  });

  it("fails a request that cannot be written, and the connection goes on", async () => {
    const played = new PlayedClient();
    assert.deepEqual([failure(played.send("expand", "server_stream", "text")).code], ["invalid_argument"]);
    const large = failure(played.send("expand", "server_stream", Buffer.alloc(2 << 20)));
    assert.deepEqual([large.code, large.executed], ["resource_exhausted", "no"]);
    const metadata = new Metadata().set("k", "x".repeat(70_000));
    assert.equal(failure(played.send("chat", "bidi_stream", [], { metadata })).executed, "no");
    played.send("expand", "server_stream", bytes("a"));
    const said = await played.frames();
    assert.deepEqual(told(said.filter(({ seq }) => seq === 4)), ["4 header (isn,kiteline-window)", "4 data a", "4 trailer"]);
    assert.ok(said.every(({ seq, type }) => seq !== 1 || type !== DATA));
  });

  it("holds no more than the bound for callers that do not read", async () => {
    const played = new PlayedClient({ maxUnreadBytes: 10_000 });
    const call = played.send("chat", "bidi_stream", never());
    played.give(header(1));
    let given = 0;
    for (; given < 10_000 && !played.connection.paused; given++) played.give(data(1, "x".repeat(100)));
    assert.ok(given < 100, `${given} messages were taken`);
    for (let read = 0; read < given; read++) await call.queue?.next();
    assert.equal(played.connection.paused, false);
  });

  it("sends no more than a server takes that says so, and tells it what it has read itself", async () => {
    const played = new PlayedClient({ maxUnreadBytes: 10_000 });
    const text = "x".repeat(1000);
    const call = played.send(
      "chat",
      "bidi_stream",
      Array.from({ length: 100 }, () => bytes(text)),
    );
    // Until the server has said a word there is no limit.
    assert.equal((await played.frames()).filter(({ type }) => type === DATA).length, 100);
    const other = played.send("chat", "bidi_stream", slowly(text));
    played.give(streamFrame("1", 2, { texts: { "kiteline-credit": "3000" } }));
    assert.equal((await played.frames()).filter(({ type }) => type === DATA).length, 3);
    played.give(streamFrame("1", 2, { texts: { "kiteline-credit": "1000" } }));
    assert.equal((await played.frames()).filter(({ type }) => type === DATA).length, 1);
    for (const nonsense of ["-1", "x", "1e99", ""]) played.give(streamFrame("1", 2, { texts: { "kiteline-credit": nonsense } }));
    assert.deepEqual(await played.frames(), []);
    // What lies in the window of its stream stops nobody else.
    played.give(header(2), ...Array.from({ length: 200 }, () => data(2, text)));
    assert.equal(played.connection.paused, false);
    for (let read = 0; read < 200; read++) await other.queue?.next();
    const credits = (await played.frames()).map(({ seq, type, strings }) => [seq, type, Number(strings["kiteline-credit"])]);
    assert.deepEqual(
      credits.map(([seq, type]) => [seq, type]),
      [[2, "1"]],
    );
    assert.ok((credits[0]?.[2] as number) >= 131_072);
    // The first server has said nothing: its messages count for the connection.
    played.give(header(1), ...Array.from({ length: 20 }, () => data(1, text)));
    assert.equal(played.connection.paused, true);
    // What is not read may be credit.
    assert.equal((await played.frames()).filter(({ type }) => type === DATA).length, 6);
    for (let read = 0; read < 20; read++) await call.queue?.next();
    assert.equal(played.connection.paused, false);
    // The server is known now: its further streams begin with a limit.
    played.send(
      "chat",
      "bidi_stream",
      Array.from({ length: 1000 }, () => bytes(text)),
    );
    assert.ok((await played.frames()).filter(({ type }) => type === DATA).length < 300);
  });

  it("reads on when the caller that did not read has gone", () => {
    const played = new PlayedClient({ maxUnreadBytes: 1000 });
    const call = played.send("chat", "bidi_stream", never());
    played.give(header(1), data(1, "x".repeat(2000)), data(1, "y"));
    assert.equal(played.connection.paused, true);
    void call.queue?.return();
    assert.equal(played.connection.paused, false);
    assert.equal(played.session.inFlight, 0);
  });

  it("takes an only answer that has not ended as long as there is room for it", () => {
    const played = new PlayedClient({ maxBufferedBytes: 1_100_000 });
    for (let round = 0; round < 3; round++) {
      const calls = Array.from({ length: 4 }, () => played.send("collect", "client_stream", never()));
      const ids = calls.map(({ attempt }) => attempt.seq);
      for (const id of ids) played.give(header(id), data(id, "x".repeat(500_000)));
      const [first, second, ...refused] = calls;
      for (const { error } of refused) {
        assert.ok(error instanceof RpcError);
        assert.equal(error.code, "resource_exhausted");
        assert.match(error.detail, /no room for a message of \d+ bytes.*\(maxBufferedBytes\)/);
      }
      assert.deepEqual([first?.error, second?.error], [undefined, undefined]);
      played.give(trailer(ids[0] as number));
      assert.ok(Buffer.isBuffer(first?.value) && first.value.byteLength === 500_000);
      second?.call.cancel(new RpcError("cancelled", "enough"));
      assert.equal(played.session.inFlight, 0);
    }
  });

  it("opens no more streams when the server says that it goes, and ends when the last has ended", () => {
    const played = new PlayedClient();
    const call = played.send("chat", "bidi_stream", never());
    played.give(streamFrame(TRAILER, 0, { name: "", texts: { crrst: "1" } }));
    assert.equal(played.session.free, false);
    assert.deepEqual(played.events, ["unusable"]);
    assert.equal(played.connection.ended, false);
    played.give(header(1), trailer(1));
    assert.equal(call.error, undefined);
    assert.equal(played.connection.ended, true);
  });

  it("carries one stream at a time when it is told so, and the next when that has ended", () => {
    const played = new PlayedClient({ multiplexed: false });
    played.send("chat", "bidi_stream", never());
    assert.equal(played.session.free, false);
    played.give(header(1), trailer(1));
    assert.equal(played.session.free, true);
    assert.deepEqual(played.events, ["free"]);
  });

  it("fails its streams when the connection ends, those that were never heard of as not run", async () => {
    const played = new PlayedClient();
    const sent = played.send("chat", "bidi_stream", never());
    await played.frames();
    const unsent = played.send("chat", "bidi_stream", never());
    played.connection.destroy(new Error("reset"));
    assert.deepEqual([failure(sent).code, failure(sent).executed], ["unavailable", "maybe"]);
    assert.deepEqual([failure(unsent).code, failure(unsent).executed], ["unavailable", "no"]);
    assert.ok(played.events.includes("closed"));
  });

  it("ends the connection for what it cannot understand", () => {
    for (const rubbish of [streamFrame("7", 1), frame({ seq: 1 }), Buffer.from("00000010ffff000200000001000400000000", "hex")]) {
      const played = new PlayedClient();
      const call = played.send("chat", "bidi_stream", never());
      played.give(rubbish);
      assert.equal(failure(call).code, "internal");
      assert.equal(played.connection.closed, true);
    }
  });
});
