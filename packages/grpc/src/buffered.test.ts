import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { resolveHttp2Options } from "@kiteline/http2";
import { Buffered, BufferLimits } from "./buffered.ts";

const HTTP2 = resolveHttp2Options({ maxBufferedBytes: 1_000_000, initialWindowBytes: 100_000, connectionWindowBytes: 200_000 });
const refused = { code: "resource_exhausted", retriable: true, executed: "maybe" };

function connection(maxReceivedBytes = 500_000): Buffered {
  return new Buffered(new BufferLimits(HTTP2, maxReceivedBytes));
}

describe("what a connection holds beyond its windows", () => {
  it("is as much as the option says, however much of it was given back before", () => {
    const buffered = connection();
    for (let round = 0; round < 3; round++) {
      const streams = [400_000, 400_000, 200_000].map((bytes) => buffered.change(0, bytes, bytes));
      assert.throws(() => buffered.change(0, 60_000, 60_000), {
        ...refused,
        detail:
          "there is no room for a message of 60000 bytes: others of the connection that come in pieces or wait to be read hold 1000000 of " +
          "1000000 (maxBufferedBytes); let fewer come at a time, or raise the limit where they are received",
      });
      for (const bytes of streams) buffered.change(bytes, 0);
      assert.equal(buffered.bytes, 0);
    }
  });

  it("changes by what a stream holds more or less; what it held before is no reason to refuse it", () => {
    const buffered = connection();
    const first = buffered.change(0, 400_000, 500_000);
    const second = buffered.change(0, 500_000, 500_000);
    assert.equal(buffered.change(first, 500_000, 500_000), 500_000);
    assert.throws(() => buffered.change(second, 500_001, 500_001), { ...refused, detail: /hold 500000 of 1000000/ });
    assert.equal(buffered.bytes, 1_000_000);
  });

  it("is more for messages that fit a window, but bounded for them, too", () => {
    const buffered = connection();
    for (const bytes of [500_000, 500_000, 50_000, 50_000, 50_000, 50_000]) buffered.change(0, bytes, bytes);
    assert.throws(() => buffered.change(0, 1, 1), refused);
    // Less is always possible.
    buffered.change(500_000, 400_000, 500_000);
    buffered.change(0, 100, 100);
  });

  it("is at least one message", () => {
    const buffered = connection(3_000_000);
    buffered.change(0, 3_000_005, 3_000_005);
    assert.throws(() => buffered.change(0, 50_001, 50_001), refused);
  });
});
