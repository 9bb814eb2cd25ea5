import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nearest } from "./nearest.ts";

describe("nearest", () => {
  const known = ["gen", "new", "call", "mock", "completion"];

  it("finds the word behind a slip: a swap, a letter too many, one too few, a wrong one", () => {
    assert.equal(nearest("clal", known), "call");
    assert.equal(nearest("calll", known), "call");
    assert.equal(nearest("cal", known), "call");
    assert.equal(nearest("nock", known), "mock");
    assert.equal(nearest("compeltoin", known), "completion");
  });

  it("finds a word in another case whatever its length", () => {
    assert.equal(nearest("GEN", known), "gen");
  });

  it("finds nothing for what is no slip", () => {
    assert.equal(nearest("deploy", known), undefined);
    assert.equal(nearest("gXX", known), undefined);
    assert.equal(nearest("", known), undefined);
  });

  it("does not look long at what is far longer than all of them, as a peer may send it", () => {
    assert.equal(nearest("x".repeat(50_000_000), known), undefined);
    assert.equal(nearest("x", ["y".repeat(50_000_000)]), undefined);
  });

  it("prefers the nearer of two", () => {
    assert.equal(nearest("payload", ["payloads", "payload"]), "payload");
  });
});
