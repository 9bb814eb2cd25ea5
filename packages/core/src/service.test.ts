import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Counters } from "./counters.ts";
import { RpcError } from "./errors.ts";
import { consoleLog } from "./log.ts";
import type { Method } from "./method.ts";
import { stack, type Middleware } from "./service.ts";

const method = { fullName: "Echo.echo" } as Method;

describe("a stack", () => {
  it("lets the first layer see the request first and the response last", async () => {
    const seen: string[] = [];
    const layer =
      (name: string): Middleware =>
      (next, served) => {
        assert.equal(served, method);
        return async (request, call) => {
          seen.push(`${name} in`);
          const response = await next(request, call);
          seen.push(`${name} out`);
          return response;
        };
      };
    const service = stack([layer("outer"), layer("inner")], (request) => Promise.resolve(request), method);
    assert.equal(await service("x", undefined as never), "x");
    assert.deepEqual(seen, ["outer in", "inner in", "inner out", "outer out"]);
  });

  it("of no layers is the service itself", () => {
    const service = (): Promise<unknown> => Promise.resolve();
    assert.equal(stack([], service, method), service);
  });
});

describe("counters", () => {
  it("know what is under way", () => {
    const counters = new Counters();
    counters.started = 10;
    counters.succeeded = 4;
    counters.refused = 2;
    counters.failed = 1;
    assert.equal(counters.inFlight, 3);
    assert.equal(Object.keys(counters.failures).length, 16);
  });
});

describe("the log, unless another is given", () => {
  it("tells warnings and errors on the console, with whom and why, and nothing less", (t) => {
    const told = t.mock.method(console, "error", () => undefined);
    consoleLog({ level: "debug", message: "quiet" });
    consoleLog({ level: "info", message: "quiet" });
    consoleLog({ level: "warn", message: "closed", peer: "a:1", error: new RpcError("internal", "why") });
    consoleLog({ level: "error", message: "bad", error: "text" });
    const unforeseen = new TypeError("x is not a function");
    consoleLog({ level: "error", message: "worse", error: unforeseen });
    assert.deepEqual(
      told.mock.calls.map((call) => call.arguments[0]),
      ["kiteline warn: closed (a:1): [internal] why", "kiteline error: bad: text", `kiteline error: worse: ${unforeseen.stack}`],
    );
  });
});
