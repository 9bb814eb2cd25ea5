import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Pace } from "./pace.ts";

describe("what leaves together", () => {
  it("is a quarter of the calls under way, two at the least, within bounds", () => {
    const pace = new Pace();
    const most = pace.messages;
    const rows: [underWay: number, messages: number][] = [
      [0, 2],
      [1, 2],
      [8, 2],
      [9, 3],
      [16, 4],
      [100, 25],
      [1000, most],
    ];
    for (const [underWay, messages] of rows) {
      pace.onAnswers(underWay);
      assert.equal(pace.messages, messages, `${underWay} calls`);
    }
  });

  it("is as much as may be while nobody has answered", () => {
    const pace = new Pace();
    for (let underWay = 0; underWay < 10; underWay++) pace.onCall(underWay);
    assert.equal(pace.messages, new Pace().messages);
  });

  it("is as much as may be from the call on that is one more than there were", () => {
    const pace = new Pace();
    pace.onAnswers(4);
    for (const underWay of [1, 2, 3]) pace.onCall(underWay);
    assert.equal(pace.messages, 2);
    pace.onCall(4);
    assert.equal(pace.messages, new Pace().messages);
    pace.onAnswers(4);
    assert.equal(pace.messages, 2);
  });
});
