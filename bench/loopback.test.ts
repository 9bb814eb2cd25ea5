import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseLoopback } from "./loopback.ts";

describe("parseLoopback", () => {
  it("takes loopback addresses", () => {
    assert.deepEqual(parseLoopback("127.0.0.1:80"), { host: "127.0.0.1", port: 80 });
    assert.deepEqual(parseLoopback("127.1.2.3:65535"), { host: "127.1.2.3", port: 65_535 });
    assert.deepEqual(parseLoopback("[::1]:9"), { host: "::1", port: 9 });
    assert.deepEqual(parseLoopback("localhost:9"), { host: "localhost", port: 9 });
  });

  for (const target of [
    "10.0.0.1:80",
    "0.0.0.0:80",
    "example.com:80",
    "127.0.0.1",
    "127.example.com:80",
    ":80",
    "127.0.0.1:0",
    "127.0.0.1:x",
    "::1",
    "",
  ]) {
    it(`refuses "${target}"`, () => {
      assert.throws(() => parseLoopback(target), RangeError);
    });
  }
});
