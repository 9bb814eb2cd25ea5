import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Counters, currentCall, ManualClock, MetadataBlock, RpcError, runInCall, ServerCall } from "@kiteline/core";
import { formatAddress } from "./address.ts";
import { wireSessions } from "./client-session.ts";
import { ConnectionSet, type ConnectionMode, type ConnectionSetOptions } from "./connection-set.ts";
import type { Dialed } from "./dial.ts";
import { CLOSING, CONTROL, line, LineClientWire, lineMethod, lines, makeAttempt, MULTIPLEXED, type Outcome } from "./line.fixture.ts";
import { Loop } from "./loop.ts";
import { PlayedSocket, turns } from "./socket.fixture.ts";

interface Dial {
  /** Lets it succeed; returns the peer's end. */
  succeed(): Promise<PlayedSocket>;
  fail(message?: string, cause?: Error): Promise<void>;
}

/** A set whose dials and peers the test plays. */
class Played {
  readonly clock = new ManualClock(10_000);
  readonly counters = new Counters();
  readonly dials: Dial[] = [];
  readonly sockets: PlayedSocket[] = [];
  readonly told: [string, string | undefined][] = [];
  readonly set: ConnectionSet;
  random = 0;
  dialedInside: unknown;

  constructor(options: Partial<ConnectionSetOptions> = {}, wire: LineClientWire = new LineClientWire()) {
    const all: ConnectionSetOptions = {
      mode: "adaptive",
      multiplexedConnections: 1,
      maxConnections: 10,
      maxInFlight: 100,
      maxWaiting: 100,
      maxDials: 2,
      idleMs: Infinity,
      maxAgeMs: Infinity,
      minBackoffMs: 100,
      maxBackoffMs: 1000,
      maxFrameBytes: 10_000,
      maxMessageBytes: 10_000,
      writeBufferBytes: 10_000,
      ...options,
    };
    this.set = new ConnectionSet(
      { kind: "tcp", host: "peer", port: 1 },
      {
        loop: new Loop(this.clock),
        open: wireSessions(wire, all),
        canMultiplex: wire.canMultiplex,
        counters: this.counters,
        random: () => this.random,
        onDial: (address, error) => this.told.push([formatAddress(address), error?.detail]),
        dial: () =>
          new Promise<Dialed>((resolve, reject) => {
            this.dialedInside = currentCall();
            this.dials.push({
              succeed: async () => {
                const socket = new PlayedSocket();
                this.sockets.push(socket);
                resolve({ socket, readsItself: false, onChunk: undefined });
                await turns(2);
                return socket;
              },
              fail: async (message = "connection refused", cause?: Error) => {
                reject(new RpcError("unavailable", message, { executed: "no", retriable: true, cause }));
                await turns(1);
              },
            });
          }),
        options: all,
      },
    );
  }

  send(request = "x", kind: "unary" | "oneway" = "unary"): Outcome {
    const outcome = makeAttempt(request, lineMethod("say", kind));
    this.set.send(outcome.attempt);
    return outcome;
  }

  async dial(index: number): Promise<PlayedSocket> {
    return (this.dials[index] as Dial).succeed();
  }
}

/** What was asked on a connection since the last look, answered with these flags. */
async function answer(socket: PlayedSocket, flags = 0): Promise<string[]> {
  await turns(2);
  const asked = lines(socket.written);
  socket.writes.length = 0;
  for (const [seq, , text] of asked) socket.push(line(seq, flags, `ok ${text}`));
  await turns(2);
  return asked.map(([, , text]) => text);
}

function code({ error }: Outcome): string | undefined {
  return error instanceof RpcError ? error.code : undefined;
}

const REFUSED = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });

describe("connections to an endpoint that is there no more", () => {
  /** The peer has seen the end of our side. */
  async function leave(socket: PlayedSocket): Promise<void> {
    socket.push(null);
    await turns(4);
  }

  it("are opened for who waits already or comes all the same, and not kept", async () => {
    const it = new Played({ mode: "pooled", maxConnections: 1 });
    const calls = ["a", "b", "c"].map((text) => it.send(text));
    let gone = 0;
    void it.set.retire().then(() => gone++);
    const first = await it.dial(0);
    for (const text of ["a", "b", "c"]) assert.deepEqual(await answer(first), [`say ${text}`]);
    assert.deepEqual(
      calls.map(({ value }) => value),
      ["say a", "say b", "say c"],
    );
    assert.deepEqual([gone, first.ended], [0, true]);
    await leave(first);
    assert.deepEqual([gone, it.set.size], [1, 0]);
    const late = it.send("late");
    void it.set.retire().then(() => gone++);
    const second = await it.dial(1);
    await answer(second);
    assert.deepEqual([late.value, second.ended], ["say late", true]);
    await leave(second);
    assert.deepEqual([gone, it.set.size], [2, 0]);
  });

  it("are closed at once where they carry nothing, and else with the last answer", async () => {
    const it = new Played({ mode: "pooled" });
    it.send("a");
    it.send("b");
    const [idle, busy] = [await it.dial(0), await it.dial(1)];
    await answer(idle);
    void it.set.retire();
    await turns(2);
    assert.deepEqual([idle.ended, busy.ended], [true, false]);
    await answer(busy);
    assert.deepEqual([busy.ended, it.dials.length], [true, 2]);
  });

  it("are not waited for when nobody can be reached", async () => {
    const it = new Played();
    const refused = it.send("a");
    let gone = false;
    void it.set.retire().then(() => (gone = true));
    await it.dials[0]?.fail();
    await turns(2);
    assert.deepEqual([code(refused), gone], ["unavailable", true]);
  });
});

describe("connections that lie idle while their server leaves", () => {
  /** Three connections of which two are idle, the second for longer. */
  async function idle(): Promise<{ it: Played; busy: PlayedSocket; cold: PlayedSocket; hot: PlayedSocket }> {
    const it = new Played({ mode: "pooled", maxDials: 4 });
    for (const text of ["a", "b", "c"]) it.send(text);
    const [busy, cold, hot] = [await it.dial(0), await it.dial(1), await it.dial(2)];
    await answer(cold);
    it.clock.advance(20);
    await answer(hot);
    it.clock.advance(30);
    return { it, busy, cold, hot };
  }

  it("are used for a moment, and then no more", async () => {
    const { it, busy, cold, hot } = await idle();
    await answer(busy, CLOSING);
    it.send("d");
    it.send("e");
    await turns(2);
    assert.deepEqual([lines(hot.written).length, cold.written.length, cold.writableEnded, it.dials.length], [1, 0, true, 4]);
    // Who comes back is used as any other.
    const again = await it.dial(3);
    assert.deepEqual(await answer(again), ["say e"]);
    it.clock.advance(1000);
    it.send("f");
    assert.deepEqual(await answer(again), ["say f"]);
  });

  it("are used no more when nobody listens there, either", async () => {
    const { it, cold, hot } = await idle();
    for (const text of ["d", "e", "f"]) it.send(text);
    await it.dials[3]?.fail("refused", REFUSED);
    assert.deepEqual([await answer(cold), await answer(cold), await answer(hot)], [["say e"], ["say f"], ["say d"]]);
    it.clock.advance(1000);
    it.send("late");
    assert.deepEqual([await answer(cold), await answer(hot), it.dials.length], [[], [], 5]);
  });

  it("are used for as long as it only says that of a connection whose request it could not read", async () => {
    const { it, busy, cold, hot } = await idle();
    busy.push(line(1, CLOSING, "late-error internal unreadable"));
    await turns(2);
    for (const text of ["d", "e"]) it.send(text);
    assert.deepEqual([await answer(hot), await answer(cold)], [["say d"], ["say e"]]);
  });

  it("are used when a dial fails for another reason", async () => {
    const { it, cold, hot } = await idle();
    for (const text of ["d", "e", "f"]) it.send(text);
    await it.dials[3]?.fail("no connection", new Error("within 1000 ms"));
    assert.deepEqual([await answer(cold), await answer(cold), await answer(hot)], [["say e"], ["say f"], ["say d"]]);
    it.clock.advance(1000);
    it.send("late");
    assert.deepEqual(await answer(hot), ["say late"]);
  });
});

describe("connections that carry one call at a time", () => {
  it("are opened when a call finds none free, and used again, the last used first", async () => {
    const it = new Played({ mode: "pooled" });
    const [a, b] = [it.send("a"), it.send("b")];
    assert.equal(it.dials.length, 2);
    const first = await it.dial(0);
    const second = await it.dial(1);
    assert.deepEqual([await answer(first), await answer(second)], [["say a"], ["say b"]]);
    assert.deepEqual([a.value, b.value], ["say a", "say b"]);
    it.send("c");
    assert.deepEqual([await answer(second), await answer(first), it.dials.length], [["say c"], [], 2]);
    assert.deepEqual([it.counters.connectionsOpened, it.set.size], [2, 2]);
  });

  it("never turn multiplexed when they shall not", async () => {
    const it = new Played({ mode: "pooled" });
    it.send();
    await answer(await it.dial(0), MULTIPLEXED);
    it.send();
    it.send();
    assert.equal(it.dials.length, 2);
  });

  it("are opened a few at a time, until everybody who waits has one", async () => {
    const it = new Played({ mode: "pooled" });
    for (let i = 0; i < 5; i++) it.send(String(i));
    assert.equal(it.dials.length, 2);
    for (let i = 0; i < 5; i++) {
      await it.dial(i);
      assert.equal(it.dials.length, Math.min(5, i + 3));
    }
    assert.equal(it.set.size, 5);
  });

  it("are no more than they may be: the others wait for one to be free, in order", async () => {
    const it = new Played({ mode: "pooled", maxConnections: 1 });
    const calls = ["a", "b", "c"].map((text) => it.send(text));
    const socket = await it.dial(0);
    for (const text of ["a", "b", "c"]) assert.deepEqual(await answer(socket), [`say ${text}`]);
    assert.deepEqual([calls.map((each) => each.value), it.dials.length], [["say a", "say b", "say c"], 1]);
  });

  it("are replaced when they break while others wait", async () => {
    const it = new Played({ mode: "pooled", maxConnections: 1 });
    const [a, b] = [it.send("a"), it.send("b")];
    const socket = await it.dial(0);
    socket.destroy();
    await turns(2);
    assert.deepEqual([code(a), b.told, it.dials.length], ["unavailable", 0, 2]);
    assert.deepEqual(await answer(await it.dial(1)), ["say b"]);
    assert.equal(it.counters.connectionsClosed, 1);
  });
});

describe("connections that adapt", () => {
  it("turn multiplexed with the first reply that says so, and those who wait go out on it", async () => {
    const it = new Played();
    const calls = Array.from({ length: 20 }, (_, i) => it.send(String(i)));
    const first = await it.dial(0);
    assert.deepEqual([await answer(first, MULTIPLEXED), calls[0]?.value], [["say 0"], "say 0"]);
    assert.equal((await answer(first, MULTIPLEXED)).length, 19);
    assert.ok(calls.every((each) => each.told === 1));
    assert.equal(it.dials.length, 2);
  });

  it("once multiplexed are not added to while they are full", async () => {
    const it = new Played({ maxInFlight: 2, maxDials: 1 });
    for (let i = 0; i < 8; i++) it.send(String(i));
    const first = await it.dial(0);
    await answer(first, MULTIPLEXED);
    assert.equal((await answer(first, MULTIPLEXED)).length, 2);
    assert.equal(it.dials.length, 1);
  });

  it("begin anew when the multiplexed one is gone", async () => {
    const it = new Played();
    it.send("a");
    const first = await it.dial(0);
    await answer(first, MULTIPLEXED);
    first.destroy();
    await turns(2);
    for (let i = 0; i < 8; i++) it.send(String(i));
    await answer(await it.dial(1)); // by now another server listens there
    await it.dial(2);
    assert.equal(it.dials.length, 5);
  });

  it("are few until the server has shown what it does, for a moment at most", async () => {
    const it = new Played();
    for (let i = 0; i < 8; i++) it.send(String(i));
    await it.dial(0);
    await it.dial(1);
    assert.equal(it.dials.length, 2, "no answer yet: to open more may be of no use");
    it.clock.advance(49);
    assert.equal(it.dials.length, 2);
    it.clock.advance(1);
    assert.equal(it.dials.length, 4, "a server that is slow to answer may still be one that takes one call at a time");
  });

  it("are as many as needed when the server has shown that it takes one call at a time", async () => {
    const it = new Played();
    for (let i = 0; i < 8; i++) it.send(String(i));
    const first = await it.dial(0);
    await it.dial(1);
    await answer(first);
    assert.equal(it.dials.length, 4);
  });

  it("are as many as needed from the start when their protocol cannot multiplex", async () => {
    const it = new Played({}, new LineClientWire(false));
    for (let i = 0; i < 8; i++) it.send(String(i));
    await it.dial(0);
    await it.dial(1);
    assert.equal(it.dials.length, 4);
  });
});

describe("connections that are multiplexed", () => {
  it("carry all calls from the first on, on one connection", async () => {
    const it = new Played({ mode: "multiplexed" });
    for (let i = 0; i < 20; i++) it.send(String(i));
    assert.equal(it.dials.length, 1);
    assert.equal((await answer(await it.dial(0))).length, 20);
  });

  it("are as many as asked for, and take calls by turns", async () => {
    const it = new Played({ mode: "multiplexed", multiplexedConnections: 2 });
    it.send("a");
    const first = await it.dial(0);
    it.send("b");
    const second = await it.dial(1);
    for (let i = 0; i < 10; i++) it.send(String(i));
    const counts = async (): Promise<number[]> => [(await answer(first)).length, (await answer(second)).length];
    assert.deepEqual([await counts(), it.dials.length], [[7, 5], 2]);
    // Also when one has answered more often than the other.
    for (let i = 0; i < 10; i++) it.send(String(i));
    assert.deepEqual(await counts(), [5, 5]);
  });

  it("that carry all they may let the others wait", async () => {
    const it = new Played({ mode: "multiplexed", maxInFlight: 2 });
    const calls = ["a", "b", "c"].map((text) => it.send(text));
    const socket = await it.dial(0);
    assert.deepEqual(await answer(socket), ["say a", "say b"]);
    assert.deepEqual(await answer(socket), ["say c"]);
    assert.ok(calls.every((each) => each.told === 1));
  });

  it("that are full and say they go are replaced at once", async () => {
    const it = new Played({ mode: "multiplexed", maxInFlight: 1 });
    it.send("a");
    const first = await it.dial(0);
    it.send("b");
    first.push(line(0, CONTROL | CLOSING, ""));
    await turns(2);
    assert.equal(it.dials.length, 2);
  });

  it("that say they go are replaced, and keep their calls", async () => {
    const it = new Played({ mode: "multiplexed" });
    const a = it.send("a");
    const first = await it.dial(0);
    await turns(2);
    first.push(line(0, CONTROL | CLOSING, ""));
    await turns(2);
    it.send("b");
    assert.equal(it.dials.length, 2);
    assert.deepEqual(await answer(await it.dial(1)), ["say b"]);
    assert.deepEqual([await answer(first), a.value, first.ended], [["say a"], "say a", true]);
  });
});

describe("short connections", () => {
  it("carry one call each", async () => {
    const it = new Played({ mode: "short" });
    it.send("a");
    const first = await it.dial(0);
    await answer(first, MULTIPLEXED);
    assert.equal(first.ended, true);
    it.send("b");
    assert.equal(it.dials.length, 2);
  });

  it("that are not needed any more when they stand serve the next call", async () => {
    const it = new Played({ mode: "short" });
    it.send("a").attempt.abandon(new RpcError("cancelled", ""));
    const socket = await it.dial(0);
    it.send("b");
    assert.deepEqual([await answer(socket), it.dials.length], [["say b"], 1]);
  });
});

describe("a call without an answer", () => {
  for (const mode of ["pooled", "adaptive"] as const satisfies ConnectionMode[]) {
    it(`uses up a connection that carries one call at a time (${mode})`, async () => {
      const it = new Played({ mode });
      it.send("a", "oneway");
      const first = await it.dial(0);
      await turns(2);
      assert.deepEqual([lines(first.written).length, first.ended], [1, true]);
      it.send("b");
      assert.equal(it.dials.length, 2);
    });
  }
});

describe("those who wait for a connection", () => {
  it("are no more than they may be", () => {
    const it = new Played({ maxWaiting: 2, mode: "multiplexed" });
    const calls = [it.send(), it.send(), it.send()];
    assert.deepEqual(calls.map(code), [undefined, undefined, "resource_exhausted"]);
    assert.match(String(calls[2]?.error), /2 calls already wait for one of 0 connections to peer:1 \(maxWaiting, maxConnections\)/);
  });

  it("may give up, and then make room and are not sent", async () => {
    const it = new Played({ maxWaiting: 2, mode: "multiplexed" });
    const [a, b] = [it.send("a"), it.send("b")];
    a.attempt.abandon(new RpcError("cancelled", ""));
    const c = it.send("c");
    assert.deepEqual(await answer(await it.dial(0)), ["say b", "say c"]);
    assert.deepEqual([a.told, b.told, c.told], [0, 1, 1]);
  });

  it("are failed when the dial fails, each with an error of its own", async () => {
    const it = new Played({ mode: "multiplexed" });
    const [a, b] = [it.send("a"), it.send("b")];
    await it.dials[0]?.fail("nobody there");
    assert.deepEqual([code(a), code(b), a.error === b.error], ["unavailable", "unavailable", false]);
    assert.deepEqual(it.told, [["peer:1", "nobody there"]]);
    assert.equal(it.counters.connectFailures, 1);
  });
});

describe("a request that cannot be written", () => {
  it("leaves its connection to the next", async () => {
    const it = new Played({ mode: "pooled" });
    it.send("a");
    const socket = await it.dial(0);
    await answer(socket);
    assert.equal(code(it.send("unwritable")), "invalid_argument");
    it.send("b");
    assert.deepEqual([await answer(socket), it.dials.length], [["say b"], 1]);
  });

  it("does no harm to those who waited behind it, however many there are", async () => {
    for (const mode of ["pooled", "multiplexed", "short"] as const) {
      const it = new Played({ mode, maxConnections: 1, maxWaiting: 20_000, maxInFlight: 1 });
      const wrong = Array.from({ length: 10_000 }, () => it.send("unwritable"));
      const last = it.send("last");
      const socket = await it.dial(0);
      assert.ok(wrong.every((each) => code(each) === "invalid_argument"));
      assert.deepEqual([await answer(socket), last.value], [["say last"], "say last"]);
    }
  });
});

describe("after a dial has failed", () => {
  it("calls fail at once, with the reason and when the next try is, until the pause is over", async () => {
    const it = new Played();
    it.send();
    await it.dials[0]?.fail("nobody there");
    const during = it.send();
    assert.deepEqual([code(during), it.dials.length], ["unavailable", 1]);
    assert.match(String(during.error), /nobody there; the next try is in 50 ms/);
    assert.ok(during.error instanceof RpcError && during.error.executed === "no" && during.error.retriable);
    it.clock.advance(50);
    const after = it.send();
    assert.deepEqual([after.told, it.dials.length], [0, 2]);
  });

  it("the pause doubles up to its limit, half of it by chance, and begins anew after a success", async () => {
    const it = new Played();
    const pauses: number[] = [];
    const fail = async (): Promise<void> => {
      it.send();
      await it.dials.at(-1)?.fail();
      let waited = 0;
      while (code(it.send()) !== undefined) {
        it.clock.advance(25);
        waited += 25;
      }
      pauses.push(waited);
    };
    it.random = 1;
    await fail();
    for (let i = 0; i < 4; i++) await fail2();
    assert.deepEqual(pauses, [100, 200, 400, 800, 1000]);
    it.random = 0;
    await fail2();
    assert.equal(pauses.at(-1), 500);
    const socket = await it.dial(it.dials.length - 1);
    socket.destroy();
    await turns(2);
    await fail();
    assert.equal(pauses.at(-1), 50);

    /** The call that ended the last pause is dialling already. */
    async function fail2(): Promise<void> {
      await it.dials.at(-1)?.fail();
      let waited = 0;
      while (code(it.send()) !== undefined) {
        it.clock.advance(25);
        waited += 25;
      }
      pauses.push(waited);
    }
  });

  it("only one more is tried, not as many as wait", async () => {
    const it = new Played({ mode: "pooled", maxDials: 4 });
    it.send();
    await it.dials[0]?.fail();
    it.clock.advance(100);
    for (let i = 0; i < 4; i++) it.send();
    assert.equal(it.dials.length, 2);
    await it.dial(1);
    assert.equal(it.dials.length, 5);
  });

  it("those who wait while others are served get another when the pause is over", async () => {
    const it = new Played({ mode: "pooled" });
    it.send("a");
    const first = await it.dial(0);
    const waiting = it.send("b");
    await it.dials[1]?.fail();
    assert.deepEqual([waiting.told, it.dials.length], [0, 2]);
    it.clock.advance(50);
    assert.equal(it.dials.length, 3);
    await answer(await it.dial(2));
    assert.deepEqual([waiting.value, (await answer(first)).length], ["say b", 1]);
  });

  it("a call that comes while others are served waits, too", async () => {
    const it = new Played({ mode: "pooled" });
    it.send("a");
    const first = await it.dial(0);
    it.send("b").attempt.abandon(new RpcError("cancelled", ""));
    await it.dials[1]?.fail();
    const waiting = it.send("c");
    await answer(first);
    assert.deepEqual([await answer(first), waiting.value], [["say c"], "say c"]);
  });

  it("those who wait fail as soon as nobody is served any more", async () => {
    const it = new Played({ mode: "pooled" });
    it.send("a");
    const first = await it.dial(0);
    const waiting = it.send("b");
    await it.dials[1]?.fail("nobody there");
    first.destroy();
    await turns(2);
    assert.match(String(waiting.error), /nobody there/);
  });

  it("those who wait have a chance with another that is under way, whose success ends the pause", async () => {
    const it = new Played({ mode: "pooled", maxDials: 2 });
    const calls = ["a", "b", "c"].map((text) => it.send(text));
    await it.dials[0]?.fail();
    assert.ok(calls.every((each) => each.told === 0));
    const socket = await it.dial(1);
    assert.deepEqual([await answer(socket), it.dials.length], [["say a"], 4]);
  });
});

describe("connections that nobody uses, or too long", () => {
  it("are closed when they were idle for long enough, not before", async () => {
    const it = new Played({ idleMs: 1000 });
    it.send();
    const socket = await it.dial(0);
    await answer(socket);
    it.clock.advance(900);
    await turns(1);
    assert.equal(socket.ended, false);
    it.clock.advance(400);
    await turns(2);
    assert.equal(socket.ended, true);
  });

  it("are kept while a call is under way, however silent", async () => {
    const it = new Played({ idleMs: 1000 });
    it.send();
    const socket = await it.dial(0);
    await turns(1);
    it.clock.advance(5000);
    await turns(2);
    assert.equal(socket.ended, false);
    assert.equal((await answer(socket)).length, 1);
    it.send();
    assert.equal(it.dials.length, 1);
  });

  it("are replaced at their age, with their calls answered", async () => {
    const it = new Played({ mode: "multiplexed", maxAgeMs: 10_000 });
    it.random = 0.5;
    const a = it.send("a");
    const first = await it.dial(0);
    await turns(1);
    it.clock.advance(7500);
    const b = it.send("b");
    it.clock.advance(2500);
    it.send("c");
    assert.equal(it.dials.length, 2);
    assert.deepEqual([await answer(first), a.told, b.told, first.ended], [["say a", "say b"], 1, 1, true]);
  });

  it("are not all replaced at the same moment", async () => {
    const it = new Played({ mode: "multiplexed", maxAgeMs: 10_000 });
    it.random = 1; // a tenth later
    it.send("a");
    await it.dial(0);
    it.clock.advance(10_000);
    it.send("b");
    assert.equal(it.dials.length, 1);
    it.clock.advance(2500);
    it.send("c");
    assert.equal(it.dials.length, 2);
  });

  it("are looked after as long as there are any", async () => {
    const it = new Played({ idleMs: 1000 });
    it.send();
    await answer(await it.dial(0));
    it.clock.advance(5000);
    await turns(2);
    it.sockets[0]?.push(null);
    await turns(2);
    assert.equal(it.set.size, 0);
    it.clock.advance(5000);
    it.send();
    const next = await it.dial(1);
    await answer(next);
    it.clock.advance(2000);
    await turns(1);
    assert.equal(next.ended, true);
  });
});

describe("a set that is closed", () => {
  it("lets the calls under way end, and no others begin", async () => {
    const it = new Played({ mode: "pooled", maxConnections: 1 });
    const [a, b] = [it.send("a"), it.send("b")];
    const socket = await it.dial(0);
    let closed = false;
    void it.set.close().then(() => (closed = true));
    assert.deepEqual([a.told, code(b), code(it.send("c"))], [0, "cancelled", "cancelled"]);
    assert.deepEqual([await answer(socket), a.value, socket.ended, closed], [["say a"], "say a", true, false]);
    socket.push(null);
    await turns(2);
    assert.equal(closed, true);
    assert.equal(it.dials.length, 1);
  });

  it("is closed at once when there is nothing, and only then when a dial is under way", async () => {
    await new Played().set.close();
    const it = new Played();
    it.send();
    let closed = false;
    void it.set.close().then(() => (closed = true));
    await turns(1);
    assert.equal(closed, false);
    const socket = await it.dial(0);
    assert.equal(socket.ended, true);
    socket.push(null);
    await turns(2);
    assert.equal(closed, true);

    const failing = new Played();
    failing.send();
    const done = failing.set.close();
    await failing.dials[0]?.fail();
    await done;
  });

  it("opens nothing to be ready", async () => {
    const it = new Played();
    await it.set.close();
    await assert.rejects(it.set.warm(), /the client was closed/);
    assert.equal(it.dials.length, 0);
  });

  it("or destroyed fails everything for the same reason", async () => {
    const it = new Played({ mode: "pooled", maxConnections: 1 });
    const [a, b] = [it.send("a"), it.send("b")];
    await it.dial(0);
    await turns(2);
    it.set.destroy(new RpcError("unavailable", "the endpoint is gone"));
    assert.deepEqual([code(a), code(b), it.set.size], ["unavailable", "unavailable", 0]);
    assert.match(String(a.error), /the endpoint is gone/);
  });
});

describe("a connection", () => {
  it("is made ready before the first call, or the reason is told", async () => {
    const it = new Played();
    const ready = it.set.warm();
    await it.dial(0);
    await ready;
    await it.set.warm();
    assert.equal(it.dials.length, 1);
    it.send();
    assert.equal(it.dials.length, 1);

    const failing = new Played();
    const never = assert.rejects(failing.set.warm(), /nobody there/);
    await failing.dials[0]?.fail("nobody there");
    await never;
  });

  it("that broke before it was used is not used", async () => {
    const it = new Played();
    it.send();
    const dialled = it.dials[0]?.succeed();
    it.sockets[0]?.destroy();
    await dialled;
    assert.deepEqual([it.set.size, it.dials.length], [0, 2]);
  });

  it("does not belong to the call that happened to need it", () => {
    class Served extends ServerCall {
      readonly timeLeftMs: number = Infinity;
      readonly peer = "";
      readonly caller = "";
    }
    const it = new Played();
    runInCall(new Served(lineMethod("outer"), new MetadataBlock([])), () => it.send(), undefined);
    assert.deepEqual([it.dials.length, it.dialedInside], [1, undefined]);
  });
});
