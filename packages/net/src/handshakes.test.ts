import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ManualClock } from "@kiteline/core";
import { Handshakes } from "./handshakes.ts";
import { Loop } from "./loop.ts";
import { PlayedSocket, turns } from "./socket.fixture.ts";

interface Played {
  readonly clock: ManualClock;
  /** What callers had said when their handshakes began, in that order. */
  readonly begun: string[];
  /** Somebody connects and says this. */
  readonly say: (text: string) => PlayedSocket;
}

/** `busy`: whether calls are made on another connection. */
function play(perSecond: number, busy: boolean): Played {
  const clock = new ManualClock(1000);
  const loop = new Loop(clock);
  const handshakes = new Handshakes(loop, perSecond);
  const begun: string[] = [];
  const say = (text: string): PlayedSocket => {
    const socket = new PlayedSocket();
    if (busy) loop.isBusy({});
    handshakes.wait(socket, Buffer.from(text), () => {
      assert.equal(socket.isPaused(), true);
      let said = "";
      for (let part: unknown = socket.read(); part !== null; part = socket.read()) said += String(part);
      begun.push(said);
    });
    return socket;
  };
  return { clock, begun, say };
}

describe("TLS handshakes", () => {
  it("begin one after the other while others are busy, in the order in which callers spoke", () => {
    const { clock, begun, say } = play(500, true);
    for (const name of ["a", "b", "c", "d"]) say(name);
    assert.deepEqual(begun, ["a"]);
    clock.advance(1);
    assert.deepEqual(begun, ["a"]);
    clock.advance(1);
    assert.deepEqual(begun, ["a", "b"]);
    say("e");
    clock.advance(4);
    assert.deepEqual(begun, ["a", "b", "c", "d"]);
    clock.advance(2);
    assert.deepEqual(begun, ["a", "b", "c", "d", "e"]);
    clock.advance(2);
    say("f");
    assert.equal(begun.at(-1), "f", "nobody has waited since");
  });

  it("begin as many at a time as make up for what a timer cannot tell apart", () => {
    const { clock, begun, say } = play(3000, true);
    for (const name of ["a", "b", "c", "d", "e"]) say(name);
    assert.deepEqual(begun, ["a"]);
    clock.advance(1);
    assert.deepEqual(begun, ["a", "b", "c", "d"]);
  });

  it("begin at once while nobody else is busy, and where the option says so", () => {
    for (const { begun, say } of [play(1, false), play(Infinity, true)]) {
      for (const name of ["a", "b", "c"]) say(name);
      assert.deepEqual(begun, ["a", "b", "c"]);
    }
  });

  it("of callers that leave meanwhile do not begin, and take nobody's turn", async () => {
    const { clock, begun, say } = play(1000, true);
    const [, second] = ["a", "b", "c"].map(say);
    second?.destroy();
    await turns();
    clock.advance(1);
    assert.deepEqual(begun, ["a", "c"]);
  });

  it("have all that was said before they began", async () => {
    const { clock, begun, say } = play(1000, true);
    say("a");
    const socket = say("hel");
    socket.push("lo");
    await turns();
    clock.advance(1);
    assert.deepEqual(begun, ["a", "hello"]);
  });

  it("keep little of who goes on speaking before its turn", async () => {
    const { clock, begun, say } = play(1000, true);
    say("a");
    const socket = say("b");
    for (let at = 0; at < 64; at++) {
      socket.push(Buffer.alloc(1024));
      await turns(1);
    }
    assert.equal(socket.isPaused(), true);
    assert.ok(socket.readableLength >= 40 * 1024);
    clock.advance(1);
    assert.equal(begun[1]?.length, 1 + 64 * 1024);
  });
});
