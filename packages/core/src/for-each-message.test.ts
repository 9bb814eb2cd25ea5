import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { forEachMessage, type ReadOptions } from "./for-each-message.ts";

describe("forEachMessage", () => {
  it("has a stream that can do so read itself by calls", async () => {
    const heard: number[] = [];
    const stream = {
      async forEach(listener: (message: number) => unknown, { borrow }: ReadOptions = {}): Promise<void> {
        for (const message of borrow === true ? [1, 2] : []) listener(message);
      },
      [Symbol.asyncIterator]: () => assert.fail("it was iterated"),
    };
    await forEachMessage(stream, (message) => heard.push(message), { borrow: true });
    assert.deepEqual(heard, [1, 2]);
  });

  it("reads any other by a loop, waits for the listener's promises, and leaves it when one fails", async () => {
    const told: string[] = [];
    async function* stream(): AsyncGenerator<number> {
      try {
        for (let number = 1; ; number++) yield number;
      } finally {
        told.push("left");
      }
    }
    const done = forEachMessage(stream(), async (message) => {
      told.push(`begins ${message}`);
      await Promise.resolve();
      told.push(`ends ${message}`);
      if (message === 2) throw new Error("enough");
    });
    await assert.rejects(done, /enough/);
    assert.deepEqual(told, ["begins 1", "ends 1", "begins 2", "ends 2", "left"]);
  });
});
