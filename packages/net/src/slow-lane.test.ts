import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ManualClock } from "@kiteline/core";
import { Loop } from "./loop.ts";
import type { Part, SlowLane } from "./slow-lane.ts";

/** `busy`: whether two connections are. */
function open(busy: boolean): { lane: SlowLane; clock: ManualClock; went: string[]; part: (name: string) => Part } {
  const clock = new ManualClock();
  const loop = new Loop(clock);
  if (busy) for (let each = 0; each < 2; each++) loop.isBusy({ flush: () => undefined });
  const went: string[] = [];
  return { lane: loop.slowLane, clock, went, part: (name) => ({ goOn: () => went.push(name) }) };
}

describe("the slow lane", () => {
  it("lets one part begin at a time, in order, two milliseconds after the last", () => {
    const { lane, clock, went, part } = open(true);
    for (const name of ["a", "b", "c"]) lane.wait(part(name));
    assert.deepEqual(went, ["a"]);
    clock.advance(1);
    assert.deepEqual(went, ["a"]);
    clock.advance(1);
    assert.deepEqual([went, lane.size], [["a", "b"], 1]);
    clock.advance(10);
    assert.deepEqual([went, lane.size], [["a", "b", "c"], 0]);
    lane.wait(part("d"));
    assert.deepEqual(went, ["a", "b", "c", "d"]);
  });

  it("has who asks again wait behind the others", () => {
    const { lane, clock, went, part } = open(true);
    const greedy: Part = {
      goOn: () => {
        went.push("greedy");
        lane.wait(greedy);
      },
    };
    lane.wait(greedy);
    lane.wait(part("a"));
    lane.wait(part("b"));
    clock.advance(8);
    assert.deepEqual(went, ["greedy", "greedy", "a", "b", "greedy"]);
  });

  it("forgets who leaves, and loses no time with it", () => {
    const { lane, clock, went, part } = open(true);
    const gone = part("gone");
    for (const each of [part("a"), gone, part("b")]) lane.wait(each);
    lane.leave(gone);
    clock.advance(2);
    assert.deepEqual(went, ["a", "b"]);
  });

  it("makes nobody wait while no other connection is busy", () => {
    const { lane, went, part } = open(false);
    for (const name of ["a", "b", "c"]) lane.wait(part(name));
    assert.deepEqual(went, ["a", "b", "c"]);
  });
});
