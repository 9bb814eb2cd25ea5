import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { currentCall, ManualClock, RpcError, type ServerCall } from "@kiteline/core";
import { Connection } from "./connection.ts";
import { CLOSING, CONTROL, line, LineServerWire, lineMethod, lines, MULTIPLEXED, ONEWAY_FLAG } from "./line.fixture.ts";
import { Loop } from "./loop.ts";
import { ServerSession, type CallHost, type ServedMethod } from "./server-session.ts";
import { PlayedSocket, turns } from "./socket.fixture.ts";

interface Handled {
  readonly request: string;
  readonly call: ServerCall;
  answer(value: unknown): void;
  refuse(error: unknown): void;
}

interface Options {
  readonly maxInFlight?: number;
  readonly maxReadAhead?: number;
  readonly turnWork?: number;
  readonly maxMessageBytes?: number;
  readonly inherit?: boolean;
}

/** A session whose calls wait for the test to answer them. */
class Played implements CallHost {
  readonly clock = new ManualClock(1000);
  readonly socket = new PlayedSocket();
  readonly session: ServerSession;
  readonly connection: Connection;
  readonly handled: Handled[] = [];
  readonly ends: [method: string, error: string | undefined][] = [];
  readonly unsent: [method: string, code: string][] = [];
  readonly rejected: Error[] = [];
  readonly inherit: boolean;
  draining = false;
  admitted = 0;
  refusal: RpcError | undefined;

  constructor(options: Options = {}) {
    this.inherit = options.inherit ?? true;
    const limits = {
      maxFrameBytes: 1000,
      maxInFlight: options.maxInFlight ?? 100,
      maxReadAhead: options.maxReadAhead ?? 100,
      turnWork: options.turnWork ?? 1024,
    };
    let session: ServerSession | undefined;
    this.connection = new Connection(
      new Loop(this.clock),
      this.socket,
      "caller:1",
      (connection) => (session = new ServerSession(connection, new LineServerWire(), this, limits)),
      { bytesRead: 0, bytesWritten: 0 },
      { maxMessageBytes: options.maxMessageBytes ?? 1000, writeBufferBytes: 1000 },
    );
    this.session = session as unknown as ServerSession;
    this.socket.on("data", (chunk: Buffer) => this.connection.onChunk(chunk, chunk.byteLength));
  }

  find(service: string | undefined, name: string): ServedMethod | RpcError {
    if (name === "unknown") return new RpcError("unimplemented", `unknown method ${name} of ${service}`, { executed: "no" });
    return {
      method: lineMethod(name, name === "tell" ? "oneway" : "unary"),
      serve: (request, call) => {
        if (request === "throws") throw new Error("thrown at once");
        return new Promise((resolve, reject) => {
          this.handled.push({ request: String(request), call: call as ServerCall, answer: resolve, refuse: reject });
        });
      },
    };
  }

  admit(): RpcError | undefined {
    this.admitted++;
    return this.refusal;
  }

  ended(call: ServerCall, error: Error | undefined): void {
    this.ends.push([call.method.name, error instanceof RpcError ? error.code : error?.message]);
  }

  unsendable(call: ServerCall, error: RpcError): RpcError {
    this.unsent.push([call.method.name, error.code]);
    return error;
  }

  misbehaved(_connection: Connection, error: Error): void {
    this.rejected.push(error);
  }

  receive(...frames: Buffer[]): void {
    const chunk = Buffer.concat(frames);
    this.connection.onChunk(chunk, chunk.byteLength);
  }

  /** Answers the call whose request was this. */
  async answer(...requests: string[]): Promise<void> {
    for (const request of requests) {
      const found = this.handled.find((each) => each.request === request);
      assert.ok(found, `${request} is not being handled`);
      found.answer(request.toUpperCase());
      await turns(2);
    }
  }

  /** What was answered since the last look, as sequence id and text. */
  answers(): [number, string][] {
    const bytes = this.socket.written;
    this.socket.writes.length = 0;
    return lines(bytes).map(([seq, , text]) => [seq, text]);
  }
}

describe("a server's connection", () => {
  it("answers callers that do not multiplex in the order of their requests", async () => {
    const it = new Played();
    it.receive(line(1, 0, "say a"), line(2, 0, "say b"), line(3, 0, "say c"));
    await it.answer("b", "c");
    assert.deepEqual(it.answers(), []);
    await it.answer("a");
    assert.deepEqual(it.answers(), [
      [1, "ok A"],
      [2, "ok B"],
      [3, "ok C"],
    ]);
  });

  it("answers callers that multiplex as soon as it can, also with the same sequence id twice", async () => {
    const it = new Played();
    it.receive(line(1, MULTIPLEXED, "say a"), line(7, MULTIPLEXED, "say b"), line(7, MULTIPLEXED, "say c"));
    assert.equal(it.session.multiplexed, true);
    await it.answer("c", "b", "a");
    assert.deepEqual(it.answers(), [
      [7, "ok C"],
      [7, "ok B"],
      [1, "ok A"],
    ]);
  });

  it("reads ahead as many ordered calls as it may, and goes on when one is answered", async () => {
    const it = new Played({ maxReadAhead: 2 });
    it.receive(...["a", "b", "c", "d", "e"].map((text, index) => line(index + 1, 0, `say ${text}`)));
    assert.deepEqual([it.handled.map((each) => each.request), it.connection.paused, it.socket.isPaused()], [["a", "b"], true, true]);
    await it.answer("b"); // done, but not yet answered
    assert.equal(it.handled.length, 2);
    await it.answer("a");
    assert.deepEqual([it.handled.length, it.connection.paused, it.socket.isPaused()], [4, true, true]);
    await it.answer("c", "d", "e");
    assert.deepEqual([it.connection.paused, it.socket.isPaused(), it.answers().length], [false, false, 5]);
  });

  it("has no more multiplexed calls under way than it may", async () => {
    const it = new Played({ maxInFlight: 2, maxReadAhead: 1 });
    it.receive(...["a", "b", "c"].map((text, index) => line(index + 1, MULTIPLEXED, `say ${text}`)));
    assert.equal(it.handled.length, 2);
    await it.answer("b");
    assert.equal(it.handled.length, 3);
  });

  it("reads no further while its caller does not take the answers", async () => {
    const it = new Played();
    it.socket.held = true;
    it.receive(line(1, MULTIPLEXED, "say a"), line(2, MULTIPLEXED, "say b"));
    it.handled[0]?.answer("x".repeat(900));
    it.handled[1]?.answer("x".repeat(900));
    await turns(2);
    it.receive(line(3, MULTIPLEXED, "say c"));
    assert.deepEqual([it.handled.length, it.connection.paused], [2, true]);
    it.socket.release();
    await turns(2);
    assert.deepEqual([it.handled.length, it.connection.paused], [3, false]);
  });
});

describe("a call that comes", () => {
  it("is the current call of its handler, unless that is switched off", async () => {
    for (const inherit of [true, false]) {
      const it = new Played({ inherit });
      let seen: unknown;
      it.find = () => ({ method: lineMethod("say"), serve: (_request, call) => Promise.resolve((seen = currentCall() === call)) });
      it.receive(line(1, 0, "say a"));
      await turns(1);
      assert.equal(seen, inherit);
    }
  });

  it("gets its metadata on the reply", async () => {
    const it = new Played();
    it.receive(line(1, 0, "say a"));
    it.handled[0]?.call.reply.set("took", "5", "backward");
    await it.answer("a");
    assert.deepEqual(it.answers(), [[1, "ok A took=5"]]);
  });

  it("for a method nobody knows is answered so, and the connection goes on", async () => {
    const it = new Played();
    it.receive(line(1, 0, "unknown x"), line(2, 0, "say b"));
    await it.answer("b");
    assert.deepEqual(it.answers(), [
      [1, "error unimplemented unknown method unknown of Lines"],
      [2, "ok B"],
    ]);
    assert.deepEqual([it.admitted, it.ends], [1, [["say", undefined]]]);
  });

  it("that is refused is answered so without being read, and is counted out", async () => {
    const it = new Played();
    it.refusal = new RpcError("resource_exhausted", "too many", { executed: "no" });
    it.receive(line(1, 0, "say unreadable"));
    await turns(2);
    assert.deepEqual(it.answers(), [[1, "error resource_exhausted too many"]]);
    assert.deepEqual([it.handled.length, it.admitted, it.ends], [0, 1, [["say", "resource_exhausted"]]]);
  });

  it("whose request cannot be read is answered so, and the connection goes on", async () => {
    const it = new Played();
    it.receive(line(1, 0, "say unreadable"), line(2, 0, "say b"));
    await it.answer("b");
    assert.deepEqual(it.answers(), [
      [1, "error invalid_argument the request of Lines.say cannot be read: a field is missing"],
      [2, "ok B"],
    ]);
    assert.deepEqual(it.ends, [
      ["say", "invalid_argument"],
      ["say", undefined],
    ]);
  });

  it("whose handler throws, at once or later, is answered so", async () => {
    const it = new Played();
    it.receive(line(1, 0, "say throws"), line(2, 0, "say b"), line(3, 0, "say c"));
    it.handled[0]?.refuse(new RpcError("not_found", "no b"));
    it.handled[1]?.refuse("not even an error");
    await turns(2);
    assert.deepEqual(it.answers(), [
      [1, "error internal thrown at once"],
      [2, "error not_found no b"],
      [3, "error internal not even an error"],
    ]);
  });

  it("wants no answer when it or its method says so", async () => {
    const it = new Played();
    it.receive(line(1, 0, "tell a"), line(2, ONEWAY_FLAG, "say b"), line(3, ONEWAY_FLAG, "unknown"), line(4, 0, "say d"));
    it.receive(line(5, ONEWAY_FLAG | MULTIPLEXED, "say e"));
    await it.answer("d", "a", "b", "e");
    assert.deepEqual(it.answers(), [[4, "ok D"]]);
    assert.equal(it.session.inFlight, 0);
  });
});

describe("a reply that cannot be written", () => {
  it("becomes an error that says why", async () => {
    const it = new Played();
    it.receive(line(1, 0, "say a"), line(2, 0, "say b"));
    it.handled[0]?.answer(5);
    it.handled[1]?.answer("fine");
    await turns(2);
    assert.deepEqual(it.answers(), [
      [1, "error internal the reply of Lines.say cannot be written: expected a string, got number"],
      [2, "ok fine"],
    ]);
    assert.deepEqual(it.unsent, [["say", "internal"]]);
  });

  it("for its size becomes an error that says so", async () => {
    const it = new Played({ maxMessageBytes: 200 });
    it.receive(line(1, 0, "say a"));
    it.handled[0]?.answer("x".repeat(300));
    await turns(2);
    const [[, text] = [0, ""]] = it.answers();
    assert.match(text, /^error resource_exhausted the reply of Lines.say cannot be written: .*larger than 200 bytes/);
  });

  it("for its metadata becomes an error without it", async () => {
    const it = new Played();
    it.receive(line(1, 0, "say a"));
    it.handled[0]?.call.reply.set("unwritable", "", "backward");
    it.handled[0]?.refuse(new Error("first"));
    await turns(2);
    assert.deepEqual(it.answers(), [[1, "error internal the reply of Lines.say cannot be written: metadata too large"]]);
  });

  it("not even as an error ends the connection, not the process", async () => {
    const it = new Played({ maxMessageBytes: 20 });
    it.receive(line(1, 0, "say a"));
    it.handled[0]?.answer("x".repeat(300));
    await turns(2);
    assert.deepEqual([it.connection.closed, it.answers()], [true, []]);

    const next = new Played({ maxMessageBytes: 20 });
    next.receive(line(1, 0, "unknown"), line(2, 0, "say b"));
    assert.deepEqual([next.connection.closed, next.handled.length], [true, 0]);
  });
});

describe("a call with a deadline", () => {
  it("that its handler does not keep is answered when it has passed, and what comes later is dropped", async () => {
    const it = new Played();
    it.receive(line(1, 0, "say within=50"));
    const handled = it.handled[0] as Handled;
    const { call } = handled;
    assert.equal(call.deadlineMs, 1050);
    let aborted = false;
    call.signal.addEventListener("abort", () => (aborted = true));
    it.clock.advance(49);
    await turns(2);
    assert.deepEqual(it.answers(), []);
    it.clock.advance(6);
    await turns(2);
    assert.deepEqual(it.answers(), [[1, "error deadline_exceeded Lines.say did not finish before the caller's deadline"]]);
    assert.equal(aborted, true);
    handled.answer("late");
    await turns(2);
    assert.deepEqual([it.answers(), it.ends], [[], [["say", "deadline_exceeded"]]]);
  });

  it("that was kept leaves nothing on the wheel", async () => {
    const it = new Played();
    it.receive(line(1, 0, "say within=50"));
    assert.equal(it.connection.loop.wheel.size, 1);
    await it.answer("within=50");
    assert.deepEqual([it.connection.loop.wheel.size, it.handled[0]?.call.ended], [0, true]);
    it.clock.advance(100);
    assert.deepEqual(it.ends, [["say", undefined]]);
  });

  it("that has passed says so to who admits", () => {
    const it = new Played();
    let deadline = 0;
    it.admit = () => {
      deadline = 1;
      return new RpcError("deadline_exceeded", "late");
    };
    it.receive(line(1, 0, "say within=0"));
    assert.deepEqual([deadline, it.connection.loop.wheel.size, it.ends.length], [1, 0, 1]);
  });
});

describe("a caller that", () => {
  it("sends what cannot be understood still gets the answers before it, and loses its connection", async () => {
    const it = new Played();
    it.receive(line(1, 0, "say a"), line(2, 0, "say b"));
    await it.answer("a");
    const signal = it.handled[1]?.call.signal;
    it.receive(line(3, 0, "rubbish"), line(4, 0, "say d"));
    await turns(2);
    assert.deepEqual(it.answers(), [[1, "ok A"]]);
    assert.deepEqual([it.rejected.map(String), it.connection.ended, signal?.aborted], [["DecodeError: rubbish came"], true, true]);
    it.receive(line(5, 0, "say e"));
    it.handled[1]?.answer("late");
    await turns(2);
    assert.deepEqual([it.handled.length, it.answers(), it.session.inFlight], [2, [], 0]);
    assert.deepEqual(it.ends, [
      ["say", undefined],
      ["say", "cancelled"],
    ]);
  });

  it("is refused in the same turn is told before its connection ends", async () => {
    const it = new Played();
    it.receive(line(1, 0, "unknown x"), line(2, 0, "rubbish"));
    await turns(2);
    assert.deepEqual([it.answers().length, it.connection.ended], [1, true]);
    assert.equal(it.socket.ended, false, "who is at fault is not told at once");
    it.clock.advance(250);
    await turns(2);
    assert.equal(it.socket.ended, true);
  });

  it("announces more than a frame may have loses its connection before it has sent it", async () => {
    const it = new Played();
    const head = Buffer.alloc(4);
    head.writeUInt32BE(0xffff_ffff);
    it.receive(head);
    await turns(2);
    assert.equal(it.connection.ended, true);
    assert.match(String(it.rejected[0]), /resource_exhausted.*4294967299 bytes, more than maxFrameBytes \(1000\)/);
  });

  it("closes its side gets its answers, and then the end", async () => {
    const it = new Played();
    it.receive(line(1, 0, "say a"));
    it.socket.push(null);
    await turns(2);
    assert.equal(it.socket.ended, false);
    await it.answer("a");
    assert.deepEqual([it.answers(), it.socket.ended, it.connection.closed], [[[1, "ok A"]], true, true]);
  });

  it("closes its side while nothing is under way gets the end at once", async () => {
    const it = new Played();
    it.socket.push(null);
    await turns(2);
    assert.equal(it.socket.ended, true);
  });

  it("closes its side after more requests than are read ahead gets all its answers", async () => {
    const it = new Played({ maxReadAhead: 1 });
    it.socket.push(Buffer.concat([line(1, 0, "say a"), line(2, 0, "say b")]));
    it.socket.push(null);
    await turns(2);
    await it.answer("a");
    await it.answer("b");
    assert.deepEqual([it.answers().length, it.socket.ended], [2, true]);
  });

  it("goes away has its calls cancelled", async () => {
    const it = new Played();
    it.receive(line(1, 0, "say a"), line(2, MULTIPLEXED, "say b within"));
    const signals = it.handled.map((each) => each.call.signal);
    it.socket.destroy(new Error("read ECONNRESET"));
    await turns(2);
    assert.deepEqual(
      signals.map((signal) => (signal.reason as RpcError).code),
      ["cancelled", "cancelled"],
    );
    assert.deepEqual(it.ends, [
      ["say", "cancelled"],
      ["say", "cancelled"],
    ]);
    it.handled[0]?.answer("late");
    await turns(2);
    assert.equal(it.session.inFlight, 0);
  });
});

describe("a server that goes", () => {
  it("says so on the replies of callers that take them in order, and owes it to them until then", async () => {
    const it = new Played();
    it.receive(line(1, 0, "say a"));
    await it.answer("a");
    assert.deepEqual(lines(it.socket.written)[0]?.[1], 0);
    assert.equal(it.session.owed, true);
    it.draining = true;
    it.session.drain();
    it.receive(line(2, 0, "say b"));
    it.answers();
    await it.answer("b");
    assert.equal(lines(it.socket.written)[0]?.[1], CLOSING);
    assert.equal(it.session.owed, false);
  });

  it("tells callers that multiplex by a frame of its own, and does not rely on their heeding it", async () => {
    const it = new Played();
    it.receive(line(1, MULTIPLEXED, "say a"));
    it.draining = true;
    it.session.drain();
    await turns(2);
    assert.deepEqual(lines(it.socket.written), [[0, CONTROL | CLOSING, "going"]]);
    assert.deepEqual([it.session.owed, it.session.untold], [false, true]);
  });
});

describe("of a turn of the event loop a caller gets a part,", () => {
  const many = (text: string, flags = MULTIPLEXED): Buffer[] => Array.from({ length: 200 }, (_, at) => line(at + 1, flags, text));

  /** How many were looked at in the first turn, and after how many turns of two milliseconds all were. */
  async function served(it: Played, frames: Buffer[], looked: () => number): Promise<[first: number, turns: number]> {
    await turns(2);
    it.receive(...frames);
    const first = looked();
    let taken = 1;
    for (; looked() < frames.length && taken < 1000; taken++) {
      it.clock.advance(20);
      await turns(2);
    }
    return [first, taken];
  }

  for (const [what, text] of [
    ["asks for what is not there", "unknown x"],
    ["sends what cannot be read", "say unreadable"],
  ] as const) {
    it(`which is small when it ${what}`, async () => {
      const it = new Played({ maxInFlight: 1000 });
      const [first, taken] = await served(it, many(text), () => lines(it.socket.written).length);
      assert.equal(first, 0, "answers leave at the end of the turn");
      assert.ok(taken >= 200 / 9, `all in ${taken} turns`);
      assert.equal(it.connection.restBytes, 0);
    });
  }

  it("and waits for the next one when it only did so", async () => {
    const it = new Played();
    await turns(2);
    it.receive(...many("unknown x"));
    await turns(20);
    assert.equal(it.answers().length, 9);
    it.clock.advance(20);
    await turns(4);
    assert.equal(it.answers().length, 9);
  });

  it("which counts calls only while others are busy", async () => {
    const alone = new Played({ maxInFlight: 1000 });
    assert.equal((await served(alone, many("say a"), () => alone.handled.length))[0], 200);
    const shared = new Played({ maxInFlight: 1000 });
    shared.connection.loop.isBusy({ flush: () => undefined });
    assert.equal((await served(shared, many("say a"), () => shared.handled.length))[0], 128);
    const told = new Played({ maxInFlight: 1000, turnWork: 80 });
    told.connection.loop.isBusy({ flush: () => undefined });
    assert.equal((await served(told, many("say a"), () => told.handled.length))[0], 10);
  });

  it("in which calls that fail at once count for more", async () => {
    const it = new Played({ maxInFlight: 1000 });
    it.connection.loop.isBusy({ flush: () => undefined });
    const [first] = await served(it, many("tell throws", ONEWAY_FLAG), () => it.ends.length);
    assert.equal(first, 16);
  });
});
