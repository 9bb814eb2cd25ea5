import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compileField, compileString, isCatchAll } from "./match.ts";

describe("compileString", () => {
  it("compares the whole, the beginning, or the whole with a pattern", () => {
    assert.equal(compileString({ kind: "exact", value: "a" })("a"), true);
    assert.equal(compileString({ kind: "exact", value: "a" })("A"), false);
    assert.equal(compileString({ kind: "prefix", value: "ab" })("abc"), true);
    assert.equal(compileString({ kind: "prefix", value: "ab" })("xab"), false);
    assert.equal(compileString({ kind: "regex", value: "a+" })("aa"), true);
    assert.equal(compileString({ kind: "regex", value: "a+" })("aab"), false);
  });

  it("ignores case when told to, in each way of comparing", () => {
    assert.equal(compileString({ kind: "exact", value: "Ab", ignoreCase: true })("aB"), true);
    assert.equal(compileString({ kind: "prefix", value: "Ab", ignoreCase: true })("aBc"), true);
    assert.equal(compileString({ kind: "regex", value: "A[b-c]", ignoreCase: true })("aC"), true);
  });
});

describe("compileField", () => {
  it("never holds for a missing value unless inverted, which takes it for an empty one", () => {
    const exact = { name: "x", match: { kind: "exact", value: "a" } } as const;
    assert.equal(compileField(exact)(undefined), false);
    assert.equal(compileField({ ...exact, invert: true })(undefined), true);
    assert.equal(compileField({ ...exact, invert: true })("a"), false);
    const empty = { name: "x", match: { kind: "exact", value: "" } } as const;
    assert.equal(compileField(empty)(undefined), false);
    assert.equal(compileField({ ...empty, invert: true })(undefined), false);
  });

  it("asks for presence and for absence", () => {
    const present = { name: "x", match: { kind: "present" } } as const;
    assert.deepEqual([compileField(present)(""), compileField(present)(undefined)], [true, false]);
    const absent = compileField({ ...present, invert: true });
    assert.deepEqual([absent(""), absent(undefined)], [false, true]);
  });
});

describe("isCatchAll", () => {
  it("knows the ways to write any path, and nothing else", () => {
    for (const path of [undefined, { kind: "prefix", value: "/" }, { kind: "prefix", value: "" }, { kind: "regex", value: ".*" }] as const)
      assert.equal(isCatchAll({ path }), true);
    assert.equal(isCatchAll({ path: { kind: "prefix", value: "/a" } }), false);
    assert.equal(isCatchAll({ headers: [{ name: "x", match: { kind: "present" } }] }), false);
    assert.equal(isCatchAll({ method: { kind: "exact", value: "POST" } }), false);
  });
});
