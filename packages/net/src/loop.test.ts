import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { currentCall, ManualClock, MetadataBlock, runInCall, ServerCall } from "@kiteline/core";
import { lineMethod } from "./line.fixture.ts";
import { Loop } from "./loop.ts";
import { turns } from "./socket.fixture.ts";

class Served extends ServerCall {
  readonly peer = "";
  readonly caller = "";
  readonly timeLeftMs = Infinity;
}

describe("a loop's clock", () => {
  it("stands still within a turn and moves with the next", async () => {
    const clock = new ManualClock(100);
    const loop = new Loop(clock);
    assert.equal(loop.now(), 100);
    clock.advance(5);
    await Promise.resolve();
    assert.equal(loop.now(), 100);
    await turns(1);
    assert.equal(loop.now(), 105);
  });

  it("moves with a turn in which only something was flushed, too", async () => {
    const clock = new ManualClock(100);
    const loop = new Loop(clock);
    loop.schedule({ flush: () => undefined });
    loop.now();
    clock.advance(5);
    await turns(1);
    assert.equal(loop.now(), 105);
  });
});

describe("what is to be flushed", () => {
  it("is flushed once, when the turn ends, in the order it was asked for", async () => {
    const loop = new Loop(new ManualClock(1));
    const flushed: string[] = [];
    for (const name of ["a", "b"]) loop.schedule({ flush: () => flushed.push(name) });
    await Promise.resolve();
    assert.deepEqual(flushed, []);
    await turns(1);
    assert.deepEqual(flushed, ["a", "b"]);
    await turns(3);
    assert.deepEqual(flushed, ["a", "b"]);
  });

  it("is flushed in the next turn when it is asked for while flushing", async () => {
    const loop = new Loop(new ManualClock(1));
    let count = 0;
    const again = {
      flush: () => {
        if (++count < 4) loop.schedule(again);
      },
    };
    loop.schedule(again);
    await turns(2);
    assert.ok(count >= 1 && count < 4);
    await turns(6);
    assert.equal(count, 4);
  });

  it("is flushed outside of the call that asked for it", async () => {
    const loop = new Loop(new ManualClock(1));
    let seen: unknown = "not flushed";
    const target = { flush: () => (seen = currentCall()) };
    runInCall(new Served(lineMethod("outer"), new MetadataBlock([])), () => loop.schedule(target), undefined);
    await turns(1);
    assert.equal(seen, undefined);
  });
});

describe("a loop", () => {
  it("is shared while more than one connection is busy, and for a while after", async () => {
    const loop = new Loop(new ManualClock(1));
    const [one, other] = [{ flush: () => undefined }, { flush: () => undefined }];
    const next = async (...busy: { flush(): void }[]): Promise<void> => {
      for (const each of busy) {
        loop.isBusy(each);
        loop.schedule(each);
      }
      await turns(1);
    };
    await next(one);
    assert.equal(loop.shared, false);
    await next(one, other);
    assert.equal(loop.shared, true);
    for (let turn = 0; turn < 70; turn++) await next(other);
    assert.equal(loop.shared, false);
  });
});
