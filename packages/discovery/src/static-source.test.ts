import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { numbered, testSource } from "./source.contract.ts";
import { staticSource } from "./static-source.ts";

describe("staticSource", () => {
  testSource(async () => {
    const source = staticSource(numbered(1));
    let port = 1;
    return { source, change: async () => source.set(numbered(++port)) };
  });

  it("keeps the parts of a new snapshot that did not change, and tells nothing when that is all", () => {
    const source = staticSource(numbered(1));
    let told = 0;
    source.subscribe(() => told++);
    source.set(numbered(1));
    assert.equal(told, 1);
    const before = source.current;
    source.set({ ...numbered(1), version: "other" });
    assert.equal(told, 2);
    assert.equal(source.current?.clusters, before?.clusters);
  });

  it("tells a listener of the newest snapshot only, when one comes while others are being told", () => {
    const source = staticSource(numbered(1));
    const versions: string[] = [];
    source.subscribe(({ version }) => {
      if (version === "2") source.set(numbered(3));
    });
    source.subscribe(({ version }) => versions.push(version));
    source.set(numbered(2));
    assert.deepEqual(versions, ["1", "3"]);
  });
});
