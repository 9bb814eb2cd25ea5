import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { RpcError, type Attempt } from "@kiteline/core";
import { makeAttempt } from "./line.fixture.ts";
import { WaitingLine } from "./waiting-line.ts";

describe("WaitingLine", () => {
  it("is first come, first served, without those who left, whatever happens", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constant("come" as const), fc.constant("serve" as const), fc.nat()), { maxLength: 400, size: "max" }),
        (steps) => {
          const line = new WaitingLine();
          const model: Attempt[] = [];
          for (const step of steps) {
            if (step === "come") {
              const { attempt } = makeAttempt("");
              attempt.holder = { release: () => line.left() };
              line.push(attempt);
              model.push(attempt);
            } else if (step === "serve") {
              assert.equal(line.shift(), model.shift());
            } else if (model.length > 0) {
              const [gone] = model.splice(step % model.length, 1);
              gone?.abandon(new RpcError("cancelled", ""));
            }
            assert.equal(line.size, model.length);
          }
          for (const attempt of model) assert.equal(line.shift(), attempt);
          assert.equal(line.shift(), undefined);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("keeps no more places than twice those who wait, and a few", () => {
    const line = new WaitingLine();
    for (let i = 0; i < 10_000; i++) {
      const { attempt } = makeAttempt("");
      attempt.holder = { release: () => line.left() };
      line.push(attempt);
      attempt.abandon(new RpcError("cancelled", ""));
    }
    assert.ok(line.places <= 64, `${line.places} places`);
  });
});
