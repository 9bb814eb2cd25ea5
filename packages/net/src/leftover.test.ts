import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Leftover } from "./leftover.ts";

describe("what is left of a connection's chunks", () => {
  it("stays where it is while it is taken in parts, and is moved once for every time it has grown", () => {
    const leftover = new Leftover();
    const whole = Buffer.from(Array.from({ length: 4096 }, (_, at) => at & 0xff));
    leftover.add(whole, 0, 4096, 0, 1);
    const { bytes } = leftover;
    for (let at = 0; at < 3072; at += 256) leftover.drop(256, 2);
    assert.deepEqual([leftover.start, leftover.length, leftover.bytes === bytes], [3072, 1024, true]);
    leftover.add(whole, 0, 2048, 0, 3);
    assert.deepEqual([leftover.start, leftover.length, leftover.bytes === bytes], [0, 3072, true]);
    assert.deepEqual(bytes.subarray(0, 3072), Buffer.concat([whole.subarray(3072), whole.subarray(0, 2048)]));
    leftover.drop(3072, 4);
    assert.deepEqual([leftover.start, leftover.length, leftover.bytes.byteLength], [0, 0, 0]);
  });
});
