import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { asError, BusinessError, CODES, rejection, RpcError, textOf } from "./errors.ts";

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

  it("is made even of what cannot be looked at", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const throwing = (name: string): Error =>
      Object.defineProperty(new Error("x"), name, {
        get: () => {
          throw new Error("not even this");
        },
      });
    for (const thrown of [proxy, throwing("message")]) {
      const made = RpcError.from(thrown);
      assert.deepEqual([made.code, made.detail], ["internal", "an object was thrown that throws when it is looked at"]);
      assert.equal(textOf(thrown), made.detail);
    }
    assert.equal(RpcError.from(throwing("name")).detail, "x");
    assert.equal(asError(proxy) instanceof RpcError, true);
    const error = throwing("message");
    assert.equal(asError(error), error);
    assert.equal(textOf(Object.assign(new Error("x"), { message: 5 })), "5");
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

  it("prints and serialises what is set, and nothing else", () => {
    const bare = new RpcError("internal", "why");
    bare.ofCall = true;
    assert.deepEqual(Object.entries(bare), [
      ["code", "internal"],
      ["executed", "maybe"],
      ["retriable", false],
    ]);
    assert.equal(
      JSON.stringify(bare),
      '{"name":"RpcError","message":"[internal] why","code":"internal","executed":"maybe","retriable":false}',
    );
    assert.match(
      inspect(bare),
      /^RpcError: \[internal\] why\n(?: +at .*\n)+ +at .* \{\n  code: 'internal',\n  executed: 'maybe',\n  retriable: false\n\}$/,
    );
    const full = new RpcError("not_found", "gone", {
      executed: "yes",
      peer: "a:1",
      method: "Shop.find",
      foreignCode: "grpc 5",
      details: [{ typeUrl: "type.googleapis.com/a.B", value: Uint8Array.of(1, 2) }],
      time: { waitingMs: 1, remoteMs: 2 },
      cause: new TypeError("why"),
    });
    assert.deepEqual(JSON.parse(JSON.stringify({ full })), {
      full: {
        name: "RpcError",
        message: "[not_found] gone",
        code: "not_found",
        executed: "yes",
        retriable: false,
        peer: "a:1",
        method: "Shop.find",
        foreignCode: "grpc 5",
        details: [{ typeUrl: "type.googleapis.com/a.B", value: "AQI=" }],
        time: { waitingMs: 1, remoteMs: 2 },
        cause: "TypeError: why",
      },
    });
    assert.equal(new RpcError("aborted").message, "[aborted]");
  });

  it("refuses a code that is none, and says which was meant", () => {
    const refusal = (code: unknown): string => {
      try {
        new RpcError(code as "internal", "");
      } catch (error) {
        assert.ok(error instanceof TypeError);
        return error.message;
      }
      return "none";
    };
    for (const [got, meant] of [
      ["NOT_FOUND", "not_found"],
      ["NotFound", "not_found"],
      ["canceled", "cancelled"],
      [5, "not_found"],
    ] as const) {
      assert.equal(refusal(got), `the first argument of RpcError is a code, got ${JSON.stringify(got)}: did you mean "${meant}"?`);
    }
    for (const got of ["there is no such product", undefined, 0, 17, {}, Symbol("odd")]) {
      assert.match(refusal(got), /is a code, got .+: there are cancelled, unknown, /);
    }
  });

  it("shows whoever waits for the call that it ended", async () => {
    const told = async (error: Error): Promise<unknown> => {
      const { promise, resolve } = Promise.withResolvers<never>();
      setImmediate(() => resolve(rejection(error)));
      async function waits(): Promise<never> {
        return await promise;
      }
      return await waits().catch((reason: unknown) => reason);
    };
    const error = RpcError.withoutStack("internal", "why");
    assert.equal(await told(error), error);
    assert.match(String(error.stack), /^RpcError: \[internal\] why\n +at async waits /);
    const frozen = Object.freeze(new Error("frozen"));
    assert.equal(await told(frozen), frozen);
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
    assert.equal(JSON.stringify(error), '{"name":"BusinessError","message":"business status 7: sold out","status":7,"extra":{"sku":"a"}}');
    assert.deepEqual([error.message, error.detail, error.extra.get("sku")], ["business status 7: sold out", "sold out", "a"]);
  });
});
