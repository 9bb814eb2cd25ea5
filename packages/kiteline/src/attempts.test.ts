import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RpcError, type Middleware } from "@kiteline/core";
import { createClient } from "./client.ts";
import { Echo } from "./echo.fixture.ts";
import { createServer } from "./server.ts";

describe("a call that middleware has cancelled", () => {
  it("is not sent, and rejects with the reason", async () => {
    await using server = createServer({ exitWaitMs: 0 });
    let handled = 0;
    server.add(Echo, {
      echo(request) {
        handled++;
        return request;
      },
    });
    const cancel: Middleware = (next) => (request, call) => {
      call.cancel(new RpcError("cancelled", "not today"));
      return next(request, call);
    };
    await using client = createClient(Echo, { target: server, middleware: [cancel] });
    await assert.rejects(client.echo({ action: "", msg: "" }), { code: "cancelled", executed: "no", detail: "not today" });
    assert.deepEqual([handled, client.counters.inFlight, client.counters.failures.cancelled], [0, 0, 1]);
  });
});
