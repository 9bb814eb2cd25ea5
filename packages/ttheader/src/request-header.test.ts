import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Metadata } from "@kiteline/core";
import fc from "fast-check";
import { written } from "./frame.fixture.ts";
import { makeTemplate } from "./header-writer.ts";
import { RequestHeader } from "./request-header.ts";

const TEMPLATE = makeTemplate(0, [["isn", "Echo"]], [[9, "echo"]]);

const bytesOf = (header: RequestHeader, metadata: Metadata | undefined, timeoutMs: number, seq = 1): string =>
  written((out) => header.write(out, 1, seq, metadata, timeoutMs)).toString("hex");

describe("the header of a request", () => {
  it("is what it would be if no other had been written before", () => {
    const shared = [undefined, new Metadata(), new Metadata().set("user", "7"), new Metadata().set("user", "8", "persistent")];
    const call = fc.record({
      which: fc.nat(shared.length - 1),
      timeoutMs: fc.constantFrom(Infinity, 1, 20, 21, 600_000),
      seq: fc.integer(),
      times: fc.integer({ min: 1, max: 4 }),
      changed: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 20 }), (calls) => {
        const header = new RequestHeader(TEMPLATE);
        for (const { which, timeoutMs, seq, times, changed } of calls) {
          const metadata = shared[which];
          if (changed) metadata?.set("number", String(seq));
          for (let time = 0; time < times; time++) {
            const fresh = bytesOf(new RequestHeader(TEMPLATE), metadata?.clone(), timeoutMs, seq + time);
            assert.equal(bytesOf(header, metadata, timeoutMs, seq + time), fresh);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
