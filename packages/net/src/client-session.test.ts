import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ManualClock, RpcError } from "@kiteline/core";
import { ClientSession, type ClientSessionOptions } from "./client-session.ts";
import { Connection } from "./connection.ts";
import { CLOSING, CONTROL, line, LineClientWire, lineMethod, lines, makeAttempt, MULTIPLEXED, type Outcome } from "./line.fixture.ts";
import { Loop } from "./loop.ts";
import { PlayedSocket, turns } from "./socket.fixture.ts";

const gaveUp = new RpcError("cancelled", "the caller gave up");

class Played {
  readonly events: string[] = [];
  readonly socket = new PlayedSocket();
  readonly connection: Connection;
  readonly session: ClientSession;
  error: Error | undefined;

  constructor(options: Partial<ClientSessionOptions> & { maxMessageBytes?: number } = {}) {
    let session: ClientSession | undefined;
    const owner = {
      onFree: () => this.events.push("free"),
      onUnusable: () => this.events.push("unusable"),
      onLeaving: () => this.events.push("leaving"),
      onClosed: (_session: ClientSession, error: Error | undefined) => {
        this.events.push("closed");
        this.error = error;
      },
    };
    const full = { multiplexed: false, adaptive: false, maxInFlight: 100, maxFrameBytes: 10_000, ...options };
    this.connection = new Connection(
      new Loop(new ManualClock(1)),
      this.socket,
      "peer:1",
      (connection) => (session = new ClientSession(connection, new LineClientWire(), owner, full)),
      { bytesRead: 0, bytesWritten: 0 },
      { maxMessageBytes: options.maxMessageBytes ?? 10_000, writeBufferBytes: 1000 },
    );
    this.session = session as unknown as ClientSession;
    this.socket.on("data", (chunk: Buffer) => this.connection.onChunk(chunk, chunk.byteLength));
  }

  send(request: string, method = lineMethod("say")): Outcome {
    const outcome = makeAttempt(request, method);
    this.session.send(outcome.attempt);
    return outcome;
  }

  receive(...frames: Buffer[]): void {
    const chunk = Buffer.concat(frames);
    this.connection.onChunk(chunk, chunk.byteLength);
  }

  /** Sequence ids and texts of what was sent since the last look. */
  async sent(): Promise<[number, string][]> {
    await turns(2);
    const bytes = this.socket.written;
    this.socket.writes.length = 0;
    return lines(bytes).map(([seq, , text]) => [seq, text]);
  }
}

function failure(outcome: Outcome): [code: string, executed: string, retriable: boolean] | undefined {
  const { error } = outcome;
  return error instanceof RpcError ? [error.code, error.executed, error.retriable] : undefined;
}

describe("a client's connection", () => {
  it("carries one call at a time and is free again when the answer has come", async () => {
    const it = new Played();
    const { session, events } = it;
    const first = it.send("a");
    assert.equal(session.free, false);
    assert.deepEqual(await it.sent(), [[1, "say a"]]);
    it.receive(line(1, 0, "ok A"));
    assert.deepEqual([first.value, first.told, session.free, session.multiplexed, events], ["A", 1, true, false, ["free"]]);
    const second = it.send("b");
    it.receive(line(2, 0, "error not_found none such"));
    assert.ok(second.error instanceof RpcError && second.error.code === "not_found");
    assert.equal(session.calls, 2);
  });

  it("turns multiplexed when a reply says so and it may, and not otherwise", () => {
    for (const adaptive of [true, false]) {
      const it = new Played({ adaptive });
      it.send("a");
      assert.equal(it.session.proven, false);
      it.receive(line(1, MULTIPLEXED, "ok"));
      assert.deepEqual([it.session.multiplexed, it.session.proven], [adaptive, true]);
    }
  });

  it("tells that it takes answers in any order only if it would use that", async () => {
    for (const options of [{}, { adaptive: true }, { multiplexed: true }]) {
      const it = new Played(options);
      it.send("a");
      await turns(2);
      assert.equal(lines(it.socket.written)[0]?.[1], Object.keys(options).length === 0 ? 0 : MULTIPLEXED);
    }
  });

  it("takes answers in any order when multiplexed, up to its limit of calls", () => {
    const it = new Played({ multiplexed: true, maxInFlight: 3 });
    const calls = ["a", "b", "c"].map((text) => it.send(text));
    assert.equal(it.session.free, false);
    it.receive(line(3, 0, "ok C"), line(1, 0, "ok A"));
    assert.deepEqual([calls.map((each) => each.value), it.session.free, it.session.inFlight], [["A", undefined, "C"], true, 1]);
  });

  it("sends what many call again in parts, and what is new in that turn as one", async () => {
    const it = new Played({ multiplexed: true });
    const replies = (first: number): Buffer[] => Array.from({ length: 8 }, (_, at) => line(first + at, 0, "ok"));
    const send = (count: number): void => {
      for (let sent = 0; sent < count; sent++) it.send("a");
    };
    send(8);
    await turns(2);
    assert.equal(it.socket.writes.length, 1);
    it.receive(...replies(1));
    send(8);
    await turns(2);
    assert.equal(it.socket.writes.length, 5);
    it.receive(line(9, 0, "ok"));
    send(9);
    await turns(2);
    assert.equal(it.socket.writes.length, 6);
    it.receive(line(10, 0, "ok"));
    for (let sent = 0; sent < 8; sent++) it.send("a", lineMethod("say", "oneway"));
    await turns(2);
    assert.equal(it.socket.writes.length, 7);
  });

  it("is not free while more is written than the peer takes", async () => {
    const it = new Played({ multiplexed: true });
    it.socket.held = true;
    it.send("x".repeat(2000));
    await turns(2);
    assert.equal(it.session.free, false);
    it.events.length = 0;
    it.socket.release();
    await turns(2);
    assert.deepEqual([it.session.free, it.events], [true, ["free"]]);
  });
});

describe("sequence ids", () => {
  it("are never 0 and never one that waits for an answer, however many wait and however long", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant("send"), fc.nat()), { maxLength: 300, size: "max" }), (steps) => {
        const it = new Played({ multiplexed: true, maxInFlight: 10_000 });
        const waiting = new Map<number, Outcome>();
        for (const step of steps) {
          if (typeof step === "string") {
            const outcome = it.send(step);
            const { seq } = outcome.attempt;
            assert.ok(seq !== 0 && !waiting.has(seq));
            waiting.set(seq, outcome);
          } else if (waiting.size > 0) {
            const [seq, outcome] = [...waiting][step % waiting.size] as [number, Outcome];
            waiting.delete(seq);
            it.receive(line(seq, 0, `ok ${seq}`));
            assert.equal(outcome.value, String(seq));
          }
        }
        assert.equal(it.session.inFlight, waiting.size);
        for (const [seq, outcome] of waiting) {
          it.receive(line(seq, 0, `ok ${seq}`));
          assert.equal(outcome.value, String(seq));
        }
        assert.equal(it.session.inFlight, 0);
      }),
      { numRuns: 50 },
    );
  });

  it("go on below zero after the largest, and from below zero pass over it", () => {
    for (const [seq, expected] of [
      [2 ** 31 - 3, [2 ** 31 - 2, 2 ** 31 - 1, -(2 ** 31), -(2 ** 31) + 1]],
      [-3, [-2, -1, 1, 2]],
    ] as const) {
      const it = new Played({ multiplexed: true, seq });
      const outcomes = expected.map((each) => it.send(String(each)));
      assert.deepEqual(
        outcomes.map((each) => each.attempt.seq),
        expected,
      );
      for (const each of outcomes) it.receive(line(each.attempt.seq, 0, `ok ${each.attempt.seq}`));
      assert.deepEqual(
        outcomes.map((each) => Number(each.value)),
        expected,
      );
    }
  });

  it("tell sent from unsent calls across the largest, too", async () => {
    const it = new Played({ multiplexed: true, seq: 2 ** 31 - 2 });
    const sent = it.send("2147483647");
    await turns(2);
    const unsent = it.send("-2147483648");
    it.connection.destroy();
    assert.deepEqual([failure(sent)?.[1], failure(unsent)?.[1]], ["maybe", "no"]);
  });
});

describe("a call that is given up", () => {
  it("ends a connection that carries one call at a time, since its answer would be taken for another's", async () => {
    const it = new Played();
    const call = it.send("a");
    call.attempt.abandon(gaveUp);
    await turns();
    assert.deepEqual([it.events, call.told, it.connection.closed], [["unusable", "closed"], 0, true]);
  });

  it("leaves a multiplexed connection as it was: its answer is for nobody", () => {
    const it = new Played({ multiplexed: true, maxInFlight: 2 });
    const [a, b] = [it.send("a"), it.send("b")];
    assert.equal(it.session.free, false);
    a.attempt.abandon(gaveUp);
    assert.deepEqual([it.session.free, it.events], [true, ["free"]]);
    it.receive(line(1, 0, "ok late"), line(2, 0, "ok B"));
    assert.deepEqual([a.told, b.value, it.connection.closed, it.session.inFlight], [0, "B", false, 0]);
  });

  it("keeps its sequence id until its answer has come", () => {
    const it = new Played({ multiplexed: true });
    it.send("a").attempt.abandon(gaveUp); // 1 of 16 places
    const round = (): number[] =>
      Array.from({ length: 15 }, (_, i) => {
        const { seq } = it.send(String(i)).attempt;
        it.receive(line(seq, 0, "ok"));
        return seq;
      });
    assert.equal(round().at(-1), 16);
    assert.equal(round()[0], 18, "17 has the same place");
    it.receive(line(1, 0, "ok late"));
    assert.equal(round()[0], 33, "33 has it again");
  });

  it("does not stop a connection from ending that takes no more calls", () => {
    const it = new Played({ multiplexed: true });
    const [a, b] = [it.send("a"), it.send("b")];
    it.session.drain();
    a.attempt.abandon(gaveUp);
    assert.equal(it.connection.ended, false);
    it.receive(line(2, 0, "ok"));
    assert.deepEqual([b.told, it.connection.ended], [1, true]);

    const last = new Played({ multiplexed: true });
    const only = last.send("a");
    last.session.drain();
    only.attempt.abandon(gaveUp);
    assert.equal(last.connection.ended, true);
  });

  it("and thousands more that are never answered show that the peer is stuck", () => {
    const it = new Played({ multiplexed: true });
    for (let i = 0; i < 4096; i++) it.send("a").attempt.abandon(gaveUp);
    const other = it.send("other");
    assert.equal(it.connection.closed, false);
    it.send("a").attempt.abandon(gaveUp);
    assert.equal(it.connection.closed, true);
    assert.match(String(other.error), /has not answered 4096 calls that were given up/);
  });
});

describe("an answer", () => {
  for (const [what, seq] of [
    ["to a call that was never made", 77],
    ["to a call that was answered", 1],
    ["to a call that shares the place of one that waits", 18],
    ["with sequence id 0", 0],
  ] as const) {
    it(`${what} ends the connection and fails the calls that wait`, async () => {
      const it = new Played({ multiplexed: true });
      it.send("answered");
      it.receive(line(1, 0, "ok"));
      const waiting = it.send("b");
      await turns(2);
      it.receive(line(seq, 0, "ok for whom?"));
      assert.equal(it.connection.closed, true);
      assert.deepEqual(failure(waiting), ["internal", "maybe", false]);
      assert.match(String(waiting.error), new RegExp(`answered call ${seq}, which was not made.*, before the answer came`));
    });
  }

  it("of the wrong sequence id ends a connection that carries one call, too, unless it is an error message", () => {
    const it = new Played();
    const call = it.send("a");
    it.receive(line(0, 0, "late-error unimplemented no such method"));
    assert.ok(call.error instanceof RpcError && call.error.code === "unimplemented");
    assert.equal(it.connection.closed, false);
    const next = it.send("b");
    it.receive(line(9, 0, "ok"));
    assert.deepEqual([failure(next)?.[0], it.connection.closed], ["internal", true]);
  });

  it("in an error message for nobody, while nothing is asked, ends the connection", () => {
    const it = new Played();
    it.send("a");
    it.receive(line(1, 0, "ok"));
    it.receive(line(0, 0, "late-error internal what?"));
    assert.equal(it.connection.closed, true);
  });

  it("whose value cannot be read fails its call, which was executed, and no other", () => {
    const it = new Played({ multiplexed: true });
    const [a, b] = [it.send("a"), it.send("b")];
    it.receive(line(1, 0, "unreadable"), line(2, 0, "ok B"));
    assert.deepEqual([failure(a), b.value], [["internal", "yes", false], "B"]);
    assert.match(String(a.error), /the reply cannot be read: a field is missing/);
  });

  it("whose head cannot be read ends the connection", async () => {
    const it = new Played({ multiplexed: true });
    const call = it.send("a");
    await turns(2);
    it.receive(line(1, 0, "rubbish"), line(1, 0, "ok A"));
    assert.deepEqual([failure(call), call.told, it.connection.closed], [["internal", "maybe", false], 1, true]);
  });

  it("that is larger than it may be ends the connection before it has come", async () => {
    const it = new Played({ maxFrameBytes: 100 });
    const call = it.send("a");
    await turns(2);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(97);
    it.receive(head);
    assert.deepEqual([failure(call), it.connection.closed], [["resource_exhausted", "maybe", false], true]);
    assert.match(String(call.error), /a frame of 101 bytes, more than maxFrameBytes \(100\)/);
  });

  it("cut anywhere is put together", () => {
    const frame = line(1, 0, "ok whole");
    for (let cut = 1; cut < frame.byteLength; cut++) {
      const it = new Played();
      const call = it.send("a");
      it.receive(frame.subarray(0, cut));
      assert.deepEqual([call.told, it.session.wantedBytes], [0, cut < 4 ? 0 : frame.byteLength]);
      it.receive(frame.subarray(cut));
      assert.equal(call.value, "whole");
    }
  });
});

describe("a connection that is gone", () => {
  it("fails the calls that were sent as perhaps executed, and those that were not as not", async () => {
    const it = new Played({ multiplexed: true });
    const sent = it.send("sent");
    await turns(2);
    const unsent = it.send("unsent");
    it.connection.destroy(new Error("read ECONNRESET"));
    assert.deepEqual(
      [failure(sent), failure(unsent)],
      [
        ["unavailable", "maybe", true],
        ["unavailable", "no", true],
      ],
    );
    assert.match(String(sent.error), /read ECONNRESET, before the answer came/);
    assert.match(String(unsent.error), /read ECONNRESET, before the request was sent/);
    assert.deepEqual([(sent.error as RpcError).peer, it.events], ["peer:1", ["unusable", "closed"]]);
  });

  it("because the peer closed it fails its calls at once", async () => {
    const it = new Played({ multiplexed: true });
    const call = it.send("a");
    await turns(2);
    it.socket.push(null);
    await turns(2);
    assert.deepEqual(failure(call), ["unavailable", "maybe", true]);
    assert.match(String(call.error), /the peer closed the connection/);
  });

  it("has told its owner before the calls fail, so that they can go elsewhere at once", () => {
    const it = new Played();
    const outcome = makeAttempt("a");
    let before: string[] = [];
    outcome.attempt.onEnd = () => {
      before = it.events.slice();
    };
    it.session.send(outcome.attempt);
    it.connection.destroy();
    assert.deepEqual(before, ["unusable", "closed"]);
  });

  it("does not fail a call that is given up because another fails", () => {
    const it = new Played({ multiplexed: true });
    const [a, b] = [it.send("a"), it.send("b")];
    a.attempt.onEnd = () => b.attempt.abandon(gaveUp);
    it.connection.destroy();
    assert.deepEqual([a.told, b.told, it.session.inFlight], [1, 0, 0]);
  });

  it("does not fail a call that was given up", () => {
    const it = new Played({ multiplexed: true });
    const call = it.send("a");
    call.attempt.abandon(gaveUp);
    it.connection.destroy();
    call.attempt.abandon(gaveUp);
    assert.equal(call.told, 0);
  });
});

describe("a connection that is to end", () => {
  it("takes no more calls and ends with the last answer", async () => {
    const it = new Played({ multiplexed: true });
    const call = it.send("a");
    it.session.drain();
    it.session.drain();
    assert.deepEqual([it.session.free, it.connection.ended, it.events], [false, false, ["unusable"]]);
    it.receive(line(1, 0, "ok A"));
    assert.deepEqual([call.value, it.connection.ended], ["A", true]);
  });

  it("because a reply says the server goes still gets that reply", () => {
    const it = new Played({ multiplexed: true });
    const [a, b] = [it.send("a"), it.send("b")];
    it.receive(line(1, CLOSING, "ok A"));
    assert.deepEqual([a.value, it.session.free, it.connection.ended], ["A", false, false]);
    it.receive(line(2, CLOSING, "ok B"));
    assert.deepEqual([b.value, it.connection.ended], ["B", true]);
  });

  it("looks at nothing that comes after its last answer", () => {
    const it = new Played();
    const call = it.send("a");
    it.receive(line(1, CLOSING, "ok A"), line(9, 0, "ok for whom?"));
    assert.deepEqual([call.value, it.connection.ended, it.connection.closed], ["A", true, false]);
  });

  it("because of a control frame ends when it has nothing to wait for", () => {
    const it = new Played({ multiplexed: true });
    it.receive(line(0, CONTROL | CLOSING, ""));
    assert.deepEqual([it.events, it.connection.ended], [["leaving", "unusable"], true]);
  });
});

describe("a request", () => {
  it("that cannot be written fails its call, leaves nothing behind, and the connection goes on", async () => {
    const it = new Played();
    const wrong = it.send("unwritable");
    assert.deepEqual([failure(wrong), it.session.free], [["invalid_argument", "no", false], true]);
    it.send("fine");
    assert.deepEqual(await it.sent(), [[2, "say fine"]]);
  });

  it("that is too large fails its call as such", () => {
    const it = new Played({ maxMessageBytes: 100 });
    const outcome = it.send("x".repeat(100));
    assert.deepEqual(failure(outcome), ["resource_exhausted", "no", false]);
    assert.match(String(outcome.error), /larger than 100 bytes.*maxMessageBytes/);
  });

  it("without an answer has succeeded when it is on its way, and uses a connection up that carries one call at a time", async () => {
    const pooled = new Played();
    const told = pooled.send("a", lineMethod("tell", "oneway"));
    assert.deepEqual([told.told, told.error, pooled.events, pooled.connection.ended], [1, undefined, ["unusable"], true]);
    assert.deepEqual(await pooled.sent(), [[1, "tell a"]]);

    const multiplexed = new Played({ multiplexed: true });
    assert.equal(multiplexed.send("a", lineMethod("tell", "oneway")).told, 1);
    assert.deepEqual([multiplexed.session.inFlight, multiplexed.session.free, multiplexed.connection.ended], [0, true, false]);
  });
});
