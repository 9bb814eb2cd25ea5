import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseDurationMs } from "./duration.ts";

describe("parseDurationMs", () => {
  it("reads what Go and Protobuf's JSON write", () => {
    for (const [text, ms] of [
      ["1s", 1000],
      ["1.5s", 1500],
      ["250ms", 250],
      ["1h30m", 5_400_000],
      ["0s", 0],
      ["0", 0],
      ["10us", 0.01],
      ["1m0.5s", 60_500],
    ] as const)
      assert.equal(parseDurationMs(text), ms, text);
  });

  it("refuses everything else", () => {
    for (const text of ["", "5", "-1s", "1 s", "s", "1d", "1s ", "1.s2", ".5s"]) assert.equal(parseDurationMs(text), undefined, text);
  });
});
