import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BusinessError, CODES, RpcError } from "./errors.ts";

describe("RpcError", () => {
  it("shows its code in the message and keeps the text without it", () => {
    const error = new RpcError("unavailable", "nobody there", { peer: "a:1", foreignCode: "http 503" });
    assert.equal(error.message, "[unavailable] nobody there");
    assert.deepEqual([error.name, error.detail, error.peer, error.foreignCode], ["RpcError", "nobody there", "a:1", "http 503"]);
    assert.ok(error instanceof Error);
  });

  it("may have been executed unless it is said, and may be retried only when unavailable and not executed", () => {
    assert.equal(new RpcError("internal", "").executed, "maybe");
    const retriable = (code: "unavailable" | "internal", executed: "no" | "maybe" | "yes"): boolean =>
      new RpcError(code, "", { executed }).retriable;
    assert.deepEqual(
      [retriable("unavailable", "no"), retriable("unavailable", "maybe"), retriable("internal", "no")],
      [true, false, false],
    );
    assert.equal(new RpcError("resource_exhausted", "", { retriable: true }).retriable, true);
  });

  it("is made of anything caught, which stays as its cause", () => {
    const already = new RpcError("aborted", "x");
    assert.equal(RpcError.from(already, "internal"), already);
    const thrown = new TypeError("wrong");
    const made = RpcError.from(thrown, "invalid_argument", { executed: "no" });
    assert.deepEqual([made.code, made.detail, made.cause, made.executed], ["invalid_argument", "wrong", thrown, "no"]);
    assert.deepEqual([RpcError.from("text").code, RpcError.from("text").detail, RpcError.from("text").cause], ["internal", "text", "text"]);
    assert.equal(RpcError.from({ code: 7, message: "no such thing" }).detail, "no such thing");
    assert.equal(RpcError.from({ code: 7 }).detail, "an object was thrown that is no Error; it has code");
    assert.equal(RpcError.from(Object.create(null)).detail, "an object was thrown that is no Error; it has nothing");
    assert.equal(RpcError.from(Symbol("odd")).detail, "Symbol(odd)");
  });

  it("is a cancellation when an abort was caught", () => {
    const abort = new AbortController();
    abort.abort();
    assert.equal(RpcError.from(abort.signal.reason).code, "cancelled");
  });

  it("has no cause at all where none was given", () => {
    assert.equal("cause" in new RpcError("internal", ""), false);
  });

  it("costs no stack where that would tell nothing", () => {
    const limit = Error.stackTraceLimit;
    const error = RpcError.withoutStack("cancelled", "the caller is gone", { executed: "yes" });
    assert.equal(error.stack, "RpcError: [cancelled] the caller is gone");
    assert.deepEqual([error.code, error.detail, error.executed], ["cancelled", "the caller is gone", "yes"]);
    assert.equal(Error.stackTraceLimit, limit);
  });

  it("has sixteen codes in gRPC's order", () => {
    assert.equal(CODES.length, 16);
    assert.deepEqual([CODES[0], CODES[11], CODES[15]], ["cancelled", "unimplemented", "unauthenticated"]);
  });
});

describe("BusinessError", () => {
  it("has an int32 other than zero as its status", () => {
    for (const status of [0, 1.5, NaN, 2 ** 31, -(2 ** 31) - 1])
      assert.throws(() => new BusinessError(status, ""), RangeError, `${status}`);
    for (const status of [1, -1, 2 ** 31 - 1, -(2 ** 31)]) assert.equal(new BusinessError(status, "").status, status);
  });

  it("says its status in the message and keeps the text and the extra apart", () => {
    const error = new BusinessError(7, "sold out", new Map([["sku", "a"]]));
    assert.deepEqual([error.message, error.detail, error.extra.get("sku")], ["business status 7: sold out", "sold out", "a"]);
  });
});
