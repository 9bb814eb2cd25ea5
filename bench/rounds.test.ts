import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inRounds, median, ratioOf, spreadOf } from "./rounds.ts";

describe("rounds", () => {
  it("lets everybody measure once per round, each round begun by another", async () => {
    const order: string[] = [];
    const contender = (name: string) => [name, async () => order.push(name)] as const;
    const samples = await inRounds(new Map([contender("a"), contender("b"), contender("c")]), 3);
    assert.equal(order.join(""), "abcbcacab");
    assert.deepEqual(samples.get("b"), [2, 4, 9]);
  });

  it("takes the middle, or the mean of the two middles", () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([4, 1, 2, 100]), 3);
    assert.throws(() => median([]), RangeError);
  });

  it("compares within a round, so that a slow machine cancels", () => {
    // The machine halves its speed from round to round; we are always twice as fast.
    assert.deepEqual(
      ratioOf([200, 100, 50], [100, 50, 25], (each) => each),
      { least: 2, middle: 2, most: 2 },
    );
  });

  it("says how far apart the rounds were", () => {
    assert.equal(
      spreadOf([90, 100, 120], (each) => each),
      30,
    );
  });
});
