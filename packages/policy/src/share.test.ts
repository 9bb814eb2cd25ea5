import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { equal, share } from "./share.ts";

describe("share", () => {
  it("returns the previous value when all is equal, however deep", () => {
    const previous = { a: [{ b: 1 }, { c: ["x"] }], d: undefined };
    assert.equal(share(previous, { a: [{ b: 1 }, { c: ["x"] }] }), previous);
    assert.equal(share({ a: 1 }, { a: 1, b: undefined }).b, undefined);
  });

  it("replaces what did not change by what was there before, and leaves its arguments alone", () => {
    const previous = { same: { list: [1, 2] }, other: { list: [3] } };
    const next = { same: { list: [1, 2] }, other: { list: [4] } };
    const before = structuredClone(next);
    const shared = share(previous, next);
    assert.equal(shared.same, previous.same);
    assert.deepEqual(shared, next);
    assert.deepEqual(next, before);
    assert.notEqual(shared.same, next.same);
  });

  it("finds elements that have a name in another place again", () => {
    const previous = [
      { name: "a", value: [1] },
      { name: "b", value: [2] },
    ];
    const shared = share(previous, [
      { name: "new", value: [0] },
      { name: "b", value: [2] },
      { name: "a", value: [1] },
    ]);
    assert.equal(shared[1], previous[1]);
    assert.equal(shared[2], previous[0]);
  });

  it("tells an array from an object, and a key that went from one that stayed", () => {
    assert.deepEqual(share<unknown>([1], { 0: 1 }), { 0: 1 });
    assert.deepEqual(share<unknown>({ a: 1, b: 2 }, { a: 1 }), { a: 1 });
    assert.equal(equal({ a: 1, b: 2 }, { a: 1 }), false);
    assert.equal(equal([1, 2], [1]), false);
    assert.equal(equal(Number.NaN, Number.NaN), true);
    assert.equal(equal(null, {}), false);
  });

  it("always returns what equals the next value, and the previous one itself exactly when both are equal", () => {
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.integer({ max: 2, min: 0 }),
        fc.constant("x"),
        fc.array(tie("node"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom("a", "b", "name"), tie("node")),
      ),
    })).node;
    fc.assert(
      fc.property(value, value, (previous, next) => {
        const shared = share(previous, next);
        assert.equal(JSON.stringify(sorted(shared)), JSON.stringify(sorted(next)));
        assert.equal(Object.is(shared, previous), JSON.stringify(sorted(previous)) === JSON.stringify(sorted(next)));
        assert.equal(share(shared, structuredClone(next)), shared);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });
});

/** Keys in one order, for comparison as text. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}
