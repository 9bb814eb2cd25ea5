import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Metadata, type MetadataEntry, type MetadataScope } from "@kiteline/core";
import { addMetadata, pushReplyMetadata, pushRequestMetadata } from "./metadata-fields.ts";

/** The rows of the table in the documents. */
const rows = readFileSync(join(import.meta.dirname, "../../../docs/metadata.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| gRPC "))
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map(([, ours = "", wire = "", readAs = ""]) => ({ ours, wire, readAs }));

function entryOf(cell: string): MetadataEntry | undefined {
  const found = /(transient|persistent|backward) `([^`]+)` = (?:`([^`]*)`|bytes ([0-9a-f]+))/.exec(cell);
  if (found === null) {
    assert.match(cell, /nothing$/);
    return undefined;
  }
  const [, scope, name = "", text, bytes] = found;
  const value = bytes === undefined ? (text ?? "") : Buffer.from(bytes, "hex");
  return { key: name.toLowerCase(), name, value, scope: scope as MetadataScope };
}

/** `key: v` as name and value, one character per byte. */
function fieldOf(cell: string): string[] {
  const found = /^`([^:]+): ([^`]*)`$/.exec(cell);
  if (found === null) assert.equal(cell, "nothing");
  return found === null ? [] : [found[1] ?? "", Buffer.from(found[2] ?? "").toString("latin1")];
}

describe("the table of gRPC in docs/metadata.md", () => {
  it("has its rows", () => assert.equal(rows.length, 16));

  for (const { ours, wire, readAs } of rows) {
    const entry = entryOf(ours);
    if (entry !== undefined) {
      it(`says how it is sent: ${ours}`, () => {
        const fields: string[] = [];
        if (ours.startsWith("gRPC reply")) pushReplyMetadata(fields, [entry]);
        else pushRequestMetadata(fields, [entry]);
        assert.deepEqual(fields, fieldOf(wire));
      });
    }
    const [name, value] = fieldOf(wire);
    if (name === undefined || value === undefined) continue;
    it(`says how it is read: ${wire}`, () => {
      const expected = entryOf(readAs);
      assert.deepEqual(addMetadata(undefined, name, value), expected === undefined ? undefined : [expected]);
    });
  }
});

describe("metadata as fields", () => {
  const push = (metadata: Metadata): string[] => {
    const fields: string[] = [];
    pushRequestMetadata(fields, metadata.entries());
    return fields;
  };

  it("keeps the values of a key apart, and takes binary ones apart that were joined on the way", () => {
    assert.deepEqual(push(new Metadata().append("k", "1").append("k", "2")), ["k", "1", "k", "2"]);
    const values = addMetadata(undefined, "k-bin", "AQ==, Ag,AwQ")?.map(({ value }) => [...Buffer.from(value)]);
    assert.deepEqual(values, [[1], [2], [3, 4]]);
  });

  it("refuses what cannot travel, and says why", () => {
    for (const key of ["content-type", "grpc-status", "te", "host", "a b", "größe", ":path"]) {
      assert.throws(() => push(new Metadata().set(key, "1")), /cannot travel over gRPC/, key);
    }
    assert.throws(() => push(new Metadata().set("k", "a\nb")), /control characters/);
  });

  it("reads bytes that are no UTF-8 as they came", () => {
    assert.equal(addMetadata(undefined, "k", "\xff")?.[0]?.value, "\xff");
  });
});
