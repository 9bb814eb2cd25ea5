import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decodeTimeout, encodeTimeout } from "./timeout.ts";

describe("grpc-timeout", () => {
  it("is written in the finest unit that eight digits hold, rounded up", () => {
    const rows: [number, string][] = [
      [1, "1m"],
      [0.2, "1m"],
      [-5, "1m"],
      [1500.1, "1501m"],
      [99_999_999, "99999999m"],
      [100_000_000, "100000S"],
      [1e14, "27777778H"],
      [1e20, "99999999H"],
    ];
    for (const [milliseconds, text] of rows) assert.equal(encodeTimeout(milliseconds), text);
  });

  it("never gives the peer less than we have", () => {
    for (let milliseconds = 0.5; milliseconds < 1e12; milliseconds *= 1.7) {
      assert.ok((decodeTimeout(encodeTimeout(milliseconds)) ?? 0) >= milliseconds);
    }
  });

  it("is read in all units", () => {
    const rows: [string, number][] = [
      ["1H", 3_600_000],
      ["2M", 120_000],
      ["3S", 3000],
      ["4m", 4],
      ["5000u", 5],
      ["6000000n", 6],
      ["0m", 0],
      ["00000001S", 1000],
    ];
    for (const [text, milliseconds] of rows) assert.ok(Math.abs((decodeTimeout(text) ?? NaN) - milliseconds) < 1e-9, text);
  });

  for (const text of ["", "1", "m", "1x", "-1m", "1.5S", "123456789m", " 1m", "1 m", "1ms", "0x1m"]) {
    it(`is none: "${text}"`, () => assert.equal(decodeTimeout(text), undefined));
  }
});
