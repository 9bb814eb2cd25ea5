import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RpcError, type MessageQueue, type ServerCall } from "@kiteline/core";
import { frame, ints } from "../frame.fixture.ts";
import { message } from "../raw-format.fixture.ts";
import { DATA, HEADER, PlayedClient, PlayedServer, RESET, streamFrame, told, TRAILER, type Handler } from "./played.fixture.ts";

const bytes = (text: string): Buffer => Buffer.from(text);
const header = (id: number, name = "chat", texts: Record<string, string> = {}): Buffer =>
  streamFrame(HEADER, id, { name, texts: { isn: "Streams", ...texts } });
const data = (id: number, text: string): Buffer => streamFrame(DATA, id, { payload: bytes(text) });
const trailer = (id: number): Buffer => streamFrame(TRAILER, id);
const reset = (id: number, path?: string): Buffer =>
  streamFrame(RESET, id, { ...(path === undefined ? {} : { texts: { ttscp: path } }), payload: message(3, "chat", id, bytes("enough")) });

const echo: Handler = (requests) => requests;
/** Never reads and never answers. */
const idle: Handler = () => new Promise(() => undefined);

describe("a server of streams", () => {
  it("has its connections recognised by the flag, and leaves those of calls alone", () => {
    const bits = [0, 1, 2, 3];
    for (const flags of bits) {
      const first = frame({ flags });
      const played = new PlayedServer(echo);
      assert.equal(played.protocol.recognise(first, 0, 7), undefined);
      assert.equal(played.protocol.recognise(first, 0, 8), (flags & 2) !== 0);
    }
  });

  it("answers many streams of a connection, each with its own messages", async () => {
    const played = new PlayedServer(echo);
    played.give(header(1), header(-7), data(1, "a"), data(-7, "x"), data(1, "b"), trailer(-7));
    assert.deepEqual(told(await played.frames()), ["1 header", "1 data a", "-7 header", "-7 data x", "1 data b", "-7 trailer"]);
    played.give(trailer(1));
    assert.deepEqual(told(await played.frames()), ["1 trailer"]);
    assert.equal(played.session.inFlight, 0);
    assert.deepEqual(played.ended, [undefined, undefined]);
  });

  it("pays no attention to frames of streams that have ended or never were", async () => {
    const played = new PlayedServer(() => [bytes("all")]);
    played.give(header(1), data(2, "nobody"), trailer(3), reset(4), streamFrame("1", 1));
    assert.deepEqual(told(await played.frames()), ["1 header", "1 data all", "1 trailer"]);
    played.give(data(1, "late"), reset(1), trailer(1), header(5));
    assert.deepEqual(told(await played.frames()), ["5 header", "5 data all", "5 trailer"]);
    assert.deepEqual(played.misbehaviour, []);
  });

  it("gives a deadline to a stream whose caller says how much time is left, which Kitex's do not", async () => {
    const played = new PlayedServer(idle);
    played.give(frame({ flags: 2, seq: 1, protocolId: 0x10, sections: [ints({ 9: "chat", 27: HEADER, 12: "250", 3: "web" })] }));
    assert.equal(played.calls[0]?.timeLeftMs, 250);
    assert.equal(played.calls[0]?.caller, "web");
    played.clock.advance(300);
    assert.deepEqual(told(await played.frames()), ["1 header", "1 trailer (kiteline-status)"]);
    assert.equal((played.ended[0] as RpcError).code, "deadline_exceeded");
  });

  it("refuses without a header what it does not run: methods it has not, messages of another format, too many streams", async () => {
    const played = new PlayedServer(echo, { maxInFlight: 2 });
    played.give(header(1, "nothing"));
    const [refusal] = await played.frames();
    assert.equal(refusal?.type, TRAILER);
    assert.equal(refusal?.strings["kiteline-status"], "12 no");
    assert.match(refusal?.payload.toString() ?? "", /unknown method nothing/);
    played.give(header(1, "once"));
    assert.match((await played.frames())[0]?.payload.toString() ?? "", /Streams\.once does not stream/);
    played.give(frame({ flags: 2, seq: 2, protocolId: 0x11, sections: [ints({ 9: "chat", 27: HEADER })] }));
    assert.equal((await played.frames())[0]?.strings["kiteline-status"], "12 no");
    played.give(header(3), header(4), header(5));
    assert.deepEqual(
      (await played.frames()).map(({ seq, strings }) => [seq, strings["kiteline-status"]]),
      [[5, "8 no"]],
    );
    assert.equal(played.session.inFlight, 2);
  });

  it("fails the call of a message that cannot be read, and the others go on", async () => {
    const played = new PlayedServer(echo);
    played.give(header(1), header(2), data(1, "unreadable"), data(2, "fine"));
    const said = await played.frames();
    assert.deepEqual(told(said), ["1 header", "1 trailer (kiteline-status)", "2 header", "2 data fine"]);
    assert.equal(said[1]?.strings["kiteline-status"], "3 maybe");
  });

  it("takes one message where the method does not stream them, no fewer and no more", async () => {
    for (const [texts, expected] of [
      [["a"], "1 data a"],
      [[], /has no message/],
      [["a", "b"], /more than one message/],
    ] as const) {
      const played = new PlayedServer((request) => [request]);
      played.give(header(1, "expand"), ...texts.map((text) => data(1, text)), trailer(1));
      const said = await played.frames();
      if (typeof expected === "string") assert.ok(told(said).includes(expected));
      else assert.match(said.at(-1)?.payload.toString() ?? "", expected);
    }
  });

  it("tells a handler who gave up, over all hops, and answers no more", async () => {
    const played = new PlayedServer(idle);
    played.give(header(1), reset(1, "web,shop"), trailer(1));
    const [call] = played.calls as [ServerCall];
    assert.equal(call.cancelled?.code, "cancelled");
    assert.match(call.cancelled?.message ?? "", /\(web,shop\) gave up: enough/);
    assert.deepEqual(await played.frames(), []);
    assert.equal(played.session.inFlight, 0);
  });

  it("passes on who gave up to those that its handler called, with its own name", async () => {
    const client = new PlayedClient();
    let made: ReturnType<PlayedClient["send"]> | undefined;
    const played = new PlayedServer((_requests, call) => {
      made = client.send("chat", "bidi_stream", [], {}, call, "shop");
      call.adopt(made.call);
      return new Promise(() => undefined);
    });
    played.give(header(1), reset(1, "web"));
    assert.equal(made?.call.cancelled?.code, "cancelled");
    const said = await client.frames();
    assert.deepEqual(told(said), ["1 header (isn,kiteline-window)", "1 trailer", "1 reset (ttscp)"]);
    assert.equal(said[2]?.strings["ttscp"], "web,shop");
  });

  it("ends the connection for what it cannot understand, and cancels what runs", async () => {
    for (const [rubbish, problem] of [
      [streamFrame("9", 1), /kind "9"/],
      [frame({ seq: 1, protocolId: 0x10 }), /belongs to no stream/],
      [header(0), /id 0/],
      [Buffer.from("00000010ffff000200000001000400000000", "hex"), /magic/],
      [Buffer.concat([Buffer.from("7fffffff", "hex"), header(1).subarray(4)]), /maxFrameBytes/],
    ] as const) {
      const played = new PlayedServer(idle);
      played.give(header(7), rubbish);
      assert.equal(played.misbehaviour.length, 1);
      assert.match(played.misbehaviour[0]?.message ?? "", problem);
      assert.equal(played.calls[0]?.cancelled?.code, "cancelled");
      assert.equal(played.connection.ended, true);
    }
  });

  it("fails a stream that is opened twice", async () => {
    const played = new PlayedServer(idle);
    played.give(header(1), header(1));
    assert.match((await played.frames()).at(-1)?.payload.toString() ?? "", /opened twice/);
  });

  it("holds no more than the bound for handlers that do not read, whichever of its streams they serve, and goes on when they do", async () => {
    const queues: MessageQueue[] = [];
    const played = new PlayedServer(
      (requests) => {
        queues.push(requests as MessageQueue);
        return new Promise(() => undefined);
      },
      { maxUnreadBytes: 10_000 },
    );
    const text = "x".repeat(100);
    played.give(...Array.from({ length: 20 }, (_, id) => header(id + 1)));
    let given = 0;
    for (; given < 10_000 && !played.connection.paused; given++) played.give(data((given % 20) + 1, text));
    assert.ok(given < 100, `${given} messages were taken`);
    // What is read already waits outside, in the socket: nothing more is asked for.
    const before = given;
    for (let more = 0; more < 10; more++) played.give(data(1, text));
    assert.equal(played.connection.paused, true);
    let read = 0;
    for (let turn = 0; turn < 3; turn++) {
      for (const queue of queues) {
        while (!queue.empty) {
          await queue.next();
          read++;
        }
      }
    }
    assert.equal(read, before + 10);
    assert.equal(played.connection.paused, false);
  });

  it("sends no more than a client takes that says so, and tells it what it takes itself", async () => {
    const text = "x".repeat(1000);
    let queue: MessageQueue | undefined;
    const played = new PlayedServer(
      (requests) => {
        queue = requests as MessageQueue;
        return (async function* () {
          for (let sent = 0; sent < 6; sent++) yield bytes(text);
          await new Promise(() => undefined);
        })();
      },
      { maxUnreadBytes: 10_000 },
    );
    played.give(header(1, "chat", { "kiteline-window": "3000" }));
    const said = await played.frames();
    assert.deepEqual(told(said), ["1 1 (kiteline-credit)", "1 header", ...Array.from({ length: 3 }, () => `1 data ${text}`)]);
    assert.equal(said[0]?.strings["kiteline-credit"], "262144");
    assert.equal(played.calls[0]?.metadata.size, 0);
    played.give(streamFrame("1", 1, { texts: { "kiteline-credit": "1000" } }));
    assert.equal((await played.frames()).length, 1);
    // What lies in the window of its stream stops nobody else.
    played.give(...Array.from({ length: 200 }, () => data(1, text)));
    assert.equal(played.connection.paused, false);
    for (let read = 0; read < 130; read++) await queue?.next();
    assert.deepEqual(told(await played.frames()), ["1 1 (kiteline-credit)"]);
    // Whoever sends more than it may counts like one without windows; and what is not read may be credit.
    played.give(...Array.from({ length: 220 }, () => data(1, text)));
    assert.equal(played.connection.paused, true);
    assert.deepEqual(told(await played.frames()), new Array<string>(2).fill(`1 data ${text}`));
    for (let read = 0; read < 290; read++) await queue?.next();
    assert.equal(played.connection.paused, false);
  });

  it("holds no more than 64 windows in those of all streams together, and goes on when they are read", async () => {
    const queues: MessageQueue[] = [];
    const played = new PlayedServer(
      (requests) => {
        queues.push(requests as MessageQueue);
        return new Promise(() => undefined);
      },
      { maxUnreadBytes: 10_000 },
    );
    const most = data(1, "x".repeat(250_000));
    let streams = 0;
    for (; streams < 400 && !played.connection.paused; streams++) {
      most.writeInt32BE(streams + 1, 8);
      played.give(header(streams + 1, "chat", { "kiteline-window": "3000" }), most);
    }
    assert.ok(streams > 60 && streams < 75, `${streams} messages were taken`);
    let read = 0;
    for (const queue of queues) {
      while (!queue.empty) {
        await queue.next();
        read++;
      }
    }
    assert.ok(read >= streams - 1);
    assert.equal(played.connection.paused, false);
  });

  it("refuses an only message when those that wait for the end of their streams would be too many together", async () => {
    const played = new PlayedServer(() => [bytes("done")], { maxBufferedBytes: 1_100_000 });
    const large = "x".repeat(500_000);
    const give = async (...ids: number[]): Promise<string[]> => {
      for (const id of ids) played.give(header(id, "expand"), data(id, large));
      const frames = await played.frames();
      for (const { payload } of frames) assert.match(payload.toString(), /no room for a message of \d+ bytes.*\(maxBufferedBytes\)/);
      return frames.map(({ seq, strings }) => `${seq} ${strings["kiteline-status"]}`);
    };
    for (let round = 0; round < 3; round++) {
      assert.deepEqual(await give(1, 2, 3, 4), ["3 8 no", "4 8 no"]);
      assert.equal(played.calls.length, 2 * round);
      played.give(trailer(1));
      assert.deepEqual(told(await played.frames()), ["1 header", "1 data done", "1 trailer"]);
      assert.deepEqual(await give(5, 6), ["6 8 no"]);
      played.give(reset(2), trailer(5));
      assert.deepEqual(told(await played.frames()), ["5 header", "5 data done", "5 trailer"]);
      assert.equal(played.session.inFlight, 0);
    }
    assert.equal(played.connection.paused, false);
  });

  it("lets all streams send in turns when the caller reads slowly", async () => {
    async function* endless(name: string): AsyncGenerator<Buffer> {
      for (;;) yield bytes(name.repeat(1000));
    }
    const played = new PlayedServer((request) => endless(String(request)), {}, 20_000);
    played.socket.held = true;
    for (const [id, name] of [
      [1, "a"],
      [2, "b"],
      [3, "c"],
    ] as const) {
      played.give(header(id, "expand"), data(id, name), trailer(id));
    }
    const counts = new Map<number, number>();
    for (let turn = 0; turn < 12; turn++) {
      for (const { seq, type } of await played.frames()) if (type === DATA) counts.set(seq, (counts.get(seq) ?? 0) + 1);
      assert.equal(played.connection.blocked, true);
      played.socket.release();
      played.socket.held = true;
    }
    const [a = 0, b = 0, c = 0] = [1, 2, 3].map((id) => counts.get(id) ?? 0);
    assert.ok(Math.min(a, b, c) * 3 > Math.max(a, b, c), `${a}, ${b} and ${c} messages were sent`);
  });

  it("tells that it goes: by a frame for nobody in particular, and with every stream that ends", async () => {
    const played = new PlayedServer(echo);
    played.give(header(1), data(1, "a"));
    await played.frames();
    played.host.draining = true;
    played.session.drain();
    played.give(trailer(1));
    const said = await played.frames();
    assert.deepEqual(told(said), ["0 trailer (crrst)", "1 trailer (crrst)"]);
    assert.equal(played.connection.ended, false);
  });

  it("cancels what can never be complete when its caller closes its side, and answers the rest", async () => {
    const { promise, resolve } = Promise.withResolvers<Buffer[]>();
    const played = new PlayedServer(() => promise);
    played.give(header(1), header(2), trailer(2));
    played.session.onEnd();
    assert.deepEqual(
      played.calls.map(({ cancelled }) => cancelled?.code),
      ["cancelled", undefined],
    );
    resolve([bytes("done")]);
    const said = told(await played.frames());
    assert.deepEqual(said.slice(-3), ["2 header", "2 data done", "2 trailer"]);
    assert.equal(played.connection.ended, true);
  });

  it("says so where metadata of the answer cannot travel", async () => {
    const played = new PlayedServer((requests, call) => {
      call.reply.set("k", "x".repeat(70_000));
      return requests;
    });
    played.give(header(1), data(1, "a"));
    const said = await played.frames();
    assert.deepEqual(told(said), ["1 header", "1 trailer (kiteline-status)"]);
    assert.match(said[1]?.payload.toString() ?? "", /70000 bytes/);
  });

  it("reads no more while its answers are not taken", async () => {
    const played = new PlayedServer(echo, { turnWork: Infinity }, 1000);
    played.socket.held = true;
    played.give(...Array.from({ length: 100 }, (_, id) => header(id + 1, "nothing")));
    const first = (await played.frames()).length;
    for (let id = 200; id < 400; id++) played.give(header(id, "nothing"));
    assert.equal(played.connection.paused, true);
    assert.deepEqual(await played.frames(), []);
    assert.ok(first <= 100);
    played.socket.release();
    assert.ok((await played.frames()).length > 0);
    assert.ok(played.misbehaviour.length === 0 && !(played.ended[0] instanceof RpcError));
  });

  it("gets a part of a turn of the event loop, small for streams of methods that there are not", async () => {
    const played = new PlayedServer(echo);
    played.loop.endTurn();
    played.give(...Array.from({ length: 200 }, (_, id) => header(id + 1, "nothing")));
    let answered = (await played.frames()).length;
    assert.equal(answered, 9);
    assert.deepEqual(await played.frames(), [], "who only did so waits for the next turn");
    for (let turn = 2; answered < 200 && turn < 100; turn++) {
      played.clock.advance(20);
      answered += (await played.frames()).length;
      assert.ok(answered <= 9 * turn);
    }
    assert.deepEqual([answered, played.connection.restBytes], [200, 0]);
  });

  it("or for streams that are ended as soon as they are opened, which nobody waits for", () => {
    const played = new PlayedServer(idle);
    played.loop.endTurn();
    played.give(...Array.from({ length: 64 }, (_, id) => [header(id + 1), reset(id + 1)]).flat());
    assert.equal(played.calls.length, 16);
    for (let turn = 0; turn < 13; turn++) played.loop.endTurn();
    assert.equal(played.calls.length, 16, "nor have they the next turn");
    for (let turn = 1; turn < 4; turn++) {
      played.clock.advance(20);
      played.loop.endTurn();
    }
    assert.deepEqual([played.calls.length, played.session.inFlight], [64, 0]);
  });

  it("or as much as others have for streams that are given up after a while", () => {
    const played = new PlayedServer(idle, { maxInFlight: 1000 });
    played.loop.endTurn();
    played.give(...Array.from({ length: 200 }, (_, id) => header(id + 1)));
    played.clock.advance(10);
    played.loop.endTurn();
    played.give(...Array.from({ length: 200 }, (_, id) => reset(id + 1)));
    assert.deepEqual([played.calls.length, played.session.inFlight], [200, 0]);
  });

  it("or for frames of no stream", () => {
    const played = new PlayedServer(echo);
    played.loop.endTurn();
    played.give(...Array.from({ length: 100 }, () => data(1, "nobody")), header(1));
    assert.equal(played.calls.length, 0);
    played.loop.endTurn();
    played.loop.endTurn();
    assert.equal(played.calls.length, 1);
  });
});
