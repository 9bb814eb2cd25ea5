import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RpcError } from "./errors.ts";
import { consoleLog, type LogEvent } from "./log.ts";

describe("the log to the console", () => {
  it("tells the stack of what nobody foresaw, and the message of what has a code", (context) => {
    const written = context.mock.method(console, "error", () => undefined);
    const told = (event: LogEvent): unknown => {
      consoleLog(event);
      return written.mock.calls.at(-1)?.arguments[0];
    };
    assert.match(
      String(told({ level: "error", message: "it threw", error: new TypeError("no") })),
      /^kiteline error: it threw: TypeError: no\n +at /,
    );
    assert.equal(
      told({ level: "warn", message: "closed", peer: "a:1", error: new RpcError("internal", "rubbish") }),
      "kiteline warn: closed (a:1): [internal] rubbish",
    );
    assert.equal(told({ level: "error", message: "it threw", error: "a string" }), "kiteline error: it threw: a string");
    assert.match(String(told({ level: "error", message: "it threw", error: Object.create(null) })), /it has nothing$/);
  });

  it("keeps to itself what is below a warning", (context) => {
    const written = context.mock.method(console, "error", () => undefined);
    consoleLog({ level: "info", message: "well" });
    consoleLog({ level: "debug", message: "well" });
    assert.equal(written.mock.callCount(), 0);
  });
});
