import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { resolveHttp2Options } from "./options.ts";

describe("options of HTTP/2", () => {
  it("all have defaults, and the limits' are on", () => {
    const { keepaliveMs, maxAgeMs, maxAgeGraceMs, ...limits } = resolveHttp2Options();
    assert.deepEqual([keepaliveMs, maxAgeMs, maxAgeGraceMs], [Infinity, Infinity, Infinity]);
    for (const [name, value] of Object.entries(limits)) assert.ok(typeof value !== "number" || Number.isFinite(value), name);
  });

  it("that are undefined are the defaults", () => {
    assert.equal(resolveHttp2Options({ maxFrameBytes: undefined as unknown as number }).maxFrameBytes, 512 * 1024);
  });

  it("are held against what the protocol allows", () => {
    for (const [name, value] of [
      ["maxFrameBytes", 16_383],
      ["maxFrameBytes", 0x100_0000],
      ["initialWindowBytes", 0],
      ["initialWindowBytes", 0x8000_0000],
      ["connectionWindowBytes", 65_534],
      ["headerTableBytes", -1],
      ["keepaliveMs", -1],
      ["maxConcurrentStreams", Number.NaN],
    ] as const) {
      assert.throws(
        () => resolveHttp2Options({ [name]: value }),
        (error: Error) => error instanceof RangeError && error.message.startsWith(`${name} must be between`),
      );
    }
    assert.equal(resolveHttp2Options({ maxFrameBytes: 16_384, maxConcurrentStreams: 0 }).maxConcurrentStreams, 0);
  });
});
