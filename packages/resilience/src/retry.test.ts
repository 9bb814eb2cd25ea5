import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Attempt, ClientCall, MethodBinding, RpcError, type CallOptions, type Code, type Executed, type Method } from "@kiteline/core";
import type { RetryCondition, RetryPolicy } from "@kiteline/policy";
import { retryDelayMs } from "./retry.ts";

const method: Method = {
  service: "S",
  name: "m",
  fullName: "S.m",
  kind: "unary",
  idempotency: "unknown",
  arity: 1,
  messages: { format: "none" },
};

function attempt(number: number, options: CallOptions = {}, idempotency: Method["idempotency"] = "unknown"): Attempt {
  return new Attempt(new ClientCall(new MethodBinding({ ...method, idempotency }, "", ""), options, undefined, undefined, 0), number);
}

function failure(code: Code, executed: Executed): RpcError {
  return new RpcError(code, "", { executed });
}

const half = (): number => 0.5;

describe("retryDelayMs without a policy", () => {
  it("tries again at once what was not executed, as often as the default says", () => {
    const error = failure("unavailable", "no");
    assert.equal(retryDelayMs(attempt(1), error, undefined, 2, half), 0);
    assert.equal(retryDelayMs(attempt(2), error, undefined, 2, half), 0);
    assert.equal(retryDelayMs(attempt(3), error, undefined, 2, half), undefined);
  });

  it("leaves alone what may have run, whatever the method says", () => {
    assert.equal(retryDelayMs(attempt(1), failure("unavailable", "maybe"), undefined, 2, half), undefined);
    assert.equal(retryDelayMs(attempt(1, {}, "idempotent"), failure("unavailable", "maybe"), undefined, 2, half), undefined);
  });

  it("leaves alone what another attempt cannot mend", () => {
    assert.equal(retryDelayMs(attempt(1), failure("unimplemented", "no"), undefined, 2, half), undefined);
  });
});

describe("retryDelayMs with a policy", () => {
  const on = (...conditions: RetryCondition[]): RetryPolicy => ({ retries: 3, on: conditions });

  it("asks the method or the caller before it repeats what may have run", () => {
    const error = failure("unavailable", "maybe");
    assert.equal(retryDelayMs(attempt(1), error, on("unavailable"), 0, half), undefined);
    assert.notEqual(retryDelayMs(attempt(1, {}, "idempotent"), error, on("unavailable"), 0, half), undefined);
    assert.notEqual(retryDelayMs(attempt(1, { idempotent: true }), error, on("unavailable"), 0, half), undefined);
    assert.equal(retryDelayMs(attempt(1, { idempotent: false }, "idempotent"), error, on("unavailable"), 0, half), undefined);
  });

  it("pauses for a random part of a doubling step, at most its maximum", () => {
    const policy: RetryPolicy = { retries: 9, on: ["unavailable"], backoff: { baseMs: 10, maxMs: 100 } };
    const delays = [1, 2, 3, 4, 5].map((number) => retryDelayMs(attempt(number), failure("unavailable", "no"), policy, 0, half));
    assert.deepEqual(delays, [5, 15, 35, 50, 50]);
  });

  const rows: [RetryCondition, Code, Executed, boolean][] = [
    ["connect-failure", "unavailable", "no", true],
    ["connect-failure", "unavailable", "maybe", false],
    ["reset", "unavailable", "maybe", true],
    ["reset", "unavailable", "yes", false],
    ["reset-before-request", "unavailable", "maybe", false],
    ["5xx", "internal", "yes", true],
    ["5xx", "not_found", "yes", false],
    ["gateway-error", "internal", "yes", false],
    ["gateway-error", "deadline_exceeded", "yes", true],
    ["retriable-4xx", "aborted", "yes", true],
    ["resource-exhausted", "resource_exhausted", "no", true],
    ["cancelled", "cancelled", "maybe", true],
    ["internal", "internal", "yes", true],
    ["deadline-exceeded", "deadline_exceeded", "maybe", true],
    ["retriable-headers", "unavailable", "no", false],
  ];
  for (const [condition, code, executed, expected] of rows) {
    it(`${condition} ${expected ? "means" : "does not mean"} ${code}, executed ${executed}`, () => {
      const delay = retryDelayMs(attempt(1, { idempotent: true }), failure(code, executed), on(condition), 0, half);
      assert.equal(delay !== undefined, expected);
    });
  }

  it("means by retriable-status-codes those that the policy lists", () => {
    const policy: RetryPolicy = { retries: 1, on: ["retriable-status-codes"], statusCodes: [404] };
    assert.notEqual(retryDelayMs(attempt(1), failure("not_found", "no"), policy, 0, half), undefined);
    assert.equal(retryDelayMs(attempt(1), failure("unavailable", "no"), policy, 0, half), undefined);
  });
});
