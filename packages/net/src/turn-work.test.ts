import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ManualClock } from "@kiteline/core";
import { Loop } from "./loop.ts";
import { TurnWork } from "./turn-work.ts";

/** With a part of 100 a turn, past its first one. */
function begun(): { loop: Loop; work: TurnWork; next: () => void; clock: ManualClock } {
  const clock = new ManualClock(1000);
  const loop = new Loop(clock);
  const work = new TurnWork(loop, 100);
  const next = (): void => {
    loop.turn++;
    work.begin();
  };
  next();
  return { loop, work, next, clock };
}

describe("what one connection may have of a turn", () => {
  it("is used up by what is taken, and there again in the next turn only", () => {
    const { work, next } = begun();
    work.take(99);
    assert.equal(work.spent, false);
    work.take(1);
    work.begin();
    assert.equal(work.spent, true);
    next();
    assert.equal(work.spent, false);
  });

  it("is a quarter in the turn in which it was opened", () => {
    const work = new TurnWork(new Loop(new ManualClock()), 100);
    work.take(24);
    assert.equal(work.spent, false);
    work.take(1);
    assert.equal(work.spent, true);
  });

  it("is not used up by calls unless others are busy, too", () => {
    const { loop, work } = begun();
    work.serve(1000);
    assert.equal(work.spent, false);
    for (let each = 0; each < 2; each++) loop.isBusy({ flush: () => undefined });
    work.serve(1000);
    assert.equal(work.spent, true);
  });

  it("makes the peer wait when half of it was for nothing", () => {
    const { work, next } = begun();
    work.take(60);
    work.waste(40);
    assert.deepEqual([work.spent, work.restMs], [true, 0]);
    next();
    work.take(10);
    work.waste(40, 10);
    assert.deepEqual([work.spent, work.restMs], [false, 20]);
    next();
    assert.equal(work.restMs, 0);
  });

  it("makes the peer wait no longer than a moment when more of it was for calls", () => {
    const { work, next, clock } = begun();
    work.serve(100);
    work.waste(30, 10);
    clock.advance(1);
    work.waste(30, 10);
    assert.deepEqual([work.spent, work.restMs], [false, 2]);
    next();
    work.serve(100);
    work.waste(1);
    clock.advance(1);
    work.waste(1);
    assert.deepEqual([work.spent, work.restMs], [false, 0]);
  });

  it("is used up, and the peer waits, when little that was for nothing takes long", () => {
    const { work, next, clock } = begun();
    work.take(1);
    clock.advance(1);
    work.waste(1);
    clock.advance(0.04);
    work.waste(1);
    assert.deepEqual([work.spent, work.restMs], [false, 0]);
    clock.advance(0.02);
    work.waste(1);
    assert.deepEqual([work.spent, work.restMs], [true, 20]);
    next();
    work.waste(1);
    assert.deepEqual([work.spent, work.restMs], [false, 0]);
  });
});
