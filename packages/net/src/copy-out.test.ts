import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { copyOut, noBytes } from "./copy-out.ts";

describe("bytes that are copied out", () => {
  it("are plain arrays of their own, whatever their length", () => {
    const octets = Uint8Array.from({ length: 300 }, (_, i) => i);
    for (const length of [0, 1, 63, 64, 65, 255]) {
      const copy = copyOut(octets, 7, 7 + length);
      assert.equal(copy.constructor, Uint8Array);
      assert.deepEqual(copy, octets.slice(7, 7 + length));
      copy.fill(0xff);
      assert.deepEqual([octets[7], octets[6 + length]], [7, (6 + length) % 256]);
    }
  });

  it("are still there when somebody has tried to transfer those that are none", () => {
    const buffer = noBytes().buffer as ArrayBuffer;
    assert.throws(() => structuredClone(0, { transfer: [buffer] }), { name: "DataCloneError" });
    assert.throws(() => buffer.transfer(), TypeError);
    assert.equal(noBytes().length, 0);
  });
});
