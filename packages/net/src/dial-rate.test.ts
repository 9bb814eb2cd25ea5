import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DialRate } from "./dial-rate.ts";

describe("how many connect", () => {
  it("is few with one now and then, and right after one or two", () => {
    const dials = new DialRate();
    assert.equal(dials.isLow(0), true);
    for (let now = 1000; now < 2000; now += 50) {
      dials.add(now);
      assert.equal(dials.isLow(now), true);
    }
    dials.add(5000);
    dials.add(5000);
    assert.equal(dials.isLow(5000), true);
  });

  it("is many with a hundred a second, and few soon after the last", () => {
    const dials = new DialRate();
    for (let now = 0; now < 500; now += 10) dials.add(now);
    assert.equal(dials.isLow(490), false);
    assert.equal(dials.isLow(550), true);
  });

  it("is forgotten within a quarter of a second even after a thousand at once", () => {
    const dials = new DialRate();
    for (let i = 0; i < 1000; i++) dials.add(100);
    assert.equal(dials.isLow(300), false);
    assert.equal(dials.isLow(350), true);
  });
});
