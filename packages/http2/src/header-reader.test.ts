import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HeaderReader } from "./header-reader.ts";
import { block, GET } from "./raw-frames.fixture.ts";

describe("a header block that comes again", () => {
  it("means what it says where it stands, and not what it meant elsewhere", () => {
    const reader = new HeaderReader(16_384);
    const bytes = block([["x", "y"]]);
    for (let time = 0; time < 3; time++) {
      const fields = reader.read(bytes, 0, bytes.byteLength, "trailers");
      assert.deepEqual([reader.fault, fields.get("x")], [undefined, "y"]);
    }
    for (let time = 0; time < 3; time++) {
      reader.read(bytes, 0, bytes.byteLength, "request");
      assert.match(String(reader.fault), /:method is missing/);
    }
  });

  it("still tells its content-length", () => {
    const reader = new HeaderReader(16_384);
    const bytes = block([...GET, ["content-length", "7"]]);
    for (let time = 0; time < 4; time++) {
      reader.read(bytes, 0, bytes.byteLength, "request");
      assert.equal(reader.contentLength, 7);
    }
    const other = block(GET);
    reader.read(other, 0, other.byteLength, "request");
    assert.equal(reader.contentLength, -1);
  });

  it("is taken for the same only when all of it is", () => {
    const reader = new HeaderReader(16_384);
    for (let time = 0; time < 3; time++) {
      for (const value of ["a", "b", "ab", "ba", ""]) {
        const bytes = Buffer.concat([Buffer.from("--"), block([...GET, ["x", value]])]);
        assert.equal(reader.read(bytes, 2, bytes.byteLength, "request").get("x"), value);
      }
    }
  });

  it("keeps what its reader noted on it", () => {
    const reader = new HeaderReader(16_384);
    const bytes = block(GET);
    reader.read(bytes, 0, bytes.byteLength, "request");
    reader.read(bytes, 0, bytes.byteLength, "request").memo = "seen";
    assert.equal(reader.read(bytes, 0, bytes.byteLength, "request").memo, "seen");
  });
});
