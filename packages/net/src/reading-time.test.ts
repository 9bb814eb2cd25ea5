import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { systemClock } from "@kiteline/core";
import { DecodeError } from "./payload.ts";
import { ReadingTime } from "./reading-time.ts";

describe("the time that reading a message takes", () => {
  it("is bounded by how far one has come, anew for each message", (t) => {
    let nowMs = 1000;
    t.mock.method(systemClock, "now", () => nowMs);
    const time = new ReadingTime();
    time.look(100);
    nowMs += 500;
    time.look(100);
    nowMs += 1000;
    time.look(100 + 5_000_000);
    assert.throws(() => time.look(100 + 4_900_000), { name: DecodeError.name, message: /^reading 4900000 bytes .* took 1500 ms/ });
    time.reset();
    time.look(5_000_200);
    nowMs += 500;
    time.look(5_000_200);
  });
});
