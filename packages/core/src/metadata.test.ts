import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Metadata } from "./metadata.ts";
import { MetadataBlock } from "./metadata-block.ts";

const bytes = Uint8Array.of(1, 2, 255);

describe("Metadata", () => {
  it("compares keys in lower case and remembers them as they came", () => {
    const metadata = new Metadata().set("X-User", "7");
    assert.equal(metadata.get("x-USER"), "7");
    assert.equal(metadata.has("x-user"), true);
    assert.deepEqual(metadata.entries(), [{ key: "x-user", name: "X-User", value: "7", scope: "transient" }]);
  });

  it("keeps several values of a key in their order, and set replaces those of its scope only", () => {
    const metadata = new Metadata().append("a", "1").append("A", "2").append("a", "3", "persistent");
    assert.deepEqual(metadata.getAll("a"), ["1", "2", "3"]);
    assert.equal(metadata.get("a", "persistent"), "3");
    metadata.set("a", "4");
    assert.deepEqual(metadata.getAll("a"), ["3", "4"]);
    metadata.delete("a", "persistent");
    assert.deepEqual(metadata.getAll("a"), ["4"]);
    metadata.append("a", "5", "backward");
    metadata.delete("A");
    assert.equal(metadata.size, 0);
  });

  it("takes bytes under keys that end in -bin, and strings under others only", () => {
    const metadata = new Metadata().set("trace-Bin", bytes);
    assert.deepEqual(metadata.getBytes("trace-bin"), bytes);
    assert.equal(metadata.get("trace-bin"), undefined);
    assert.throws(() => metadata.set("trace-bin", "text"), /"trace-bin".*got a string/);
    assert.throws(() => metadata.append("trace", bytes), /"trace".*got bytes/);
    assert.throws(() => metadata.set("trace", 5 as never), /"trace".*got 5/);
    assert.throws(() => Metadata.from({ trace: 5 } as never), /"trace".*got 5/);
    assert.throws(() => metadata.set("", "x"), /must not be empty/);
  });

  it("is made of an object's entries, arrays as several values", () => {
    const metadata = Metadata.from({ a: "1", b: ["2", "3"], "c-bin": bytes });
    assert.deepEqual([metadata.get("a"), metadata.getAll("b"), metadata.getBytes("c-bin")], ["1", ["2", "3"], bytes]);
    assert.ok([...metadata].every((entry) => entry.scope === "transient"));
    assert.equal(Metadata.from(metadata), metadata);
  });

  it("shares nothing with its clones, nor with the entries it was made of", () => {
    const metadata = new Metadata().set("a", "1");
    const clone = metadata.clone().append("b", "2");
    assert.deepEqual([metadata.size, clone.size], [1, 2]);
    const made = Metadata.ofEntries(metadata.entries()).append("c", "3");
    assert.deepEqual([metadata.size, made.size], [1, 2]);
  });

  it("has bytes of its own, whatever happens to those that it was given, or to those of another call that came with the same", () => {
    const given = Buffer.from(bytes);
    const metadata = new Metadata().set("a-bin", given);
    given.fill(0);
    assert.deepEqual(metadata.getBytes("a-bin"), Buffer.from(bytes));
    const [one, other] = [Metadata.ofEntries(metadata.entries()), metadata.clone()];
    one.getBytes("a-bin")?.fill(0);
    assert.deepEqual([metadata.getBytes("a-bin"), other.getBytes("a-bin")], [Buffer.from(bytes), Buffer.from(bytes)]);
  });
});

describe("MetadataBlock", () => {
  const came = new Metadata().set("hop", "1").set("user", "7", "persistent").set("Baggage", "lane=branch").entries();

  it("carries on what is persistent, and baggage, and makes that once", () => {
    const block = new MetadataBlock(came);
    assert.deepEqual(
      block.inherited?.entries().map(({ name, scope }) => [name, scope]),
      [
        ["user", "persistent"],
        ["Baggage", "transient"],
      ],
    );
    assert.equal(block.inherited, block.inherited);
  });

  it("carries on nothing when nothing is to be", () => {
    const block = new MetadataBlock(new Metadata().set("hop", "1").entries());
    assert.equal(block.inherited, undefined);
    assert.equal(block.inherited, undefined);
  });
});
