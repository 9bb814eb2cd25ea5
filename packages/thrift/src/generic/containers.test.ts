import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DecodeError } from "@kiteline/net";
import type { ThriftReader } from "../protocol.ts";
import { STRUCT } from "../wire-types.ts";
import { mapCodec } from "./containers.ts";
import type { ValueCodec } from "./value-codec.ts";

describe("a map whose keys are no text", () => {
  it("has no room made for entries before they are there", () => {
    const absent: ValueCodec = {
      wireType: STRUCT,
      writeField: () => undefined,
      write: () => undefined,
      read: () => {
        throw new DecodeError("no entry is there");
      },
      zero: undefined,
    };
    // More than any array can have.
    const reader = { map: () => 2 ** 32 } as unknown as ThriftReader;
    for (const pairs of [true, false]) {
      assert.throws(() => mapCodec(absent, absent, pairs).read(reader), new DecodeError("no entry is there"));
    }
  });
});
