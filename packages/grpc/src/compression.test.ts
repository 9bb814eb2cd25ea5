import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { accepts, findCompression, type CompressionName } from "./compression.ts";

const BYTES = Buffer.from("abc".repeat(1000));

for (const name of ["gzip", "deflate", "zstd"] as const satisfies readonly CompressionName[]) {
  describe(name, () => {
    const compression = findCompression(name);

    it("makes less of what repeats, and all of it again", () => {
      const compressed = compression?.compress(BYTES) ?? Buffer.alloc(0);
      assert.ok(compressed.byteLength > 0 && compressed.byteLength < 200);
      assert.deepEqual(compression?.inflate(compressed, BYTES.byteLength), BYTES);
    });

    it("makes no more than it may", () => {
      const bomb = compression?.compress(Buffer.alloc(20_000_000)) ?? Buffer.alloc(0);
      assert.throws(() => compression?.inflate(bomb, 1_000_000), {
        code: "resource_exhausted",
        detail: `a message of ${bomb.byteLength} bytes inflates to more than 1000000 (maxReceivedBytes, maxMessageBytes)`,
      });
    });

    it("says what is broken, wherever it was cut or changed", () => {
      const compressed = Buffer.from(compression?.compress(BYTES) ?? []);
      for (let length = 0; length < compressed.byteLength; length++) {
        assert.throws(() => compression?.inflate(compressed.subarray(0, length), 10_000), { code: "internal" }, String(length));
      }
      assert.throws(() => compression?.inflate(Buffer.from("no such thing"), 10_000), { code: "internal" });
    });
  });
}

describe("findCompression", () => {
  it("knows no other", () => {
    for (const name of [undefined, "identity", "snappy", "GZIP", ""]) assert.equal(findCompression(name), undefined);
  });
});

describe("accepts", () => {
  const gzip = findCompression("gzip");

  it("is a name in a list, with or without a weight, unless that is 0", () => {
    assert.ok(gzip !== undefined);
    for (const list of ["gzip", "deflate, gzip", "br,gzip;q=0.5", "gzip; q=1.0"]) assert.equal(accepts(list, gzip), true, list);
    for (const list of [undefined, "", "deflate", "gzipped", "gzip;q=0", "br, gzip; q=0.0"])
      assert.equal(accepts(list, gzip), false, String(list));
  });
});
