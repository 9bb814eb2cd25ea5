import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RecentIds } from "./recent-ids.ts";

describe("the ids of streams that were reset", () => {
  it("are known, and no others", () => {
    const ids = new RecentIds();
    assert.equal(ids.has(0), false);
    assert.equal(ids.has(7), false);
    for (const id of [7, 1, 99, 7]) ids.add(id);
    const known = Array.from({ length: 60 }, (_, at) => 2 * at + 1).filter((id) => ids.has(id));
    assert.deepEqual(known, [1, 7, 99]);
  });

  it("are known for ten thousand streams in a row, in whatever order they were reset", () => {
    const ids = new RecentIds();
    const all = Array.from({ length: 10_000 }, (_, at) => 2 * at + 1);
    for (const id of all.filter((each) => each % 3 === 0)) ids.add(id);
    for (const id of all.filter((each) => each % 3 !== 0).toReversed()) ids.add(id);
    assert.ok(all.every((id) => ids.has(id)));
    assert.equal(ids.has(20_001), false);
  });

  it("are forgotten when the streams are long past, so that memory stays bounded", () => {
    const ids = new RecentIds();
    for (let id = 1; id < 2_000_000; id += 2) ids.add(id);
    assert.deepEqual([ids.has(1), ids.has(1_000_001), ids.has(1_999_999)], [false, false, true]);
  });
});
