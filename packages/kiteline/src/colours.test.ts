import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LogEvent } from "@kiteline/core";
import { withLane } from "@kiteline/lanes";
import { createClient } from "./client.ts";
import { Echo } from "./echo.fixture.ts";
import { createServer } from "./server.ts";

const request = { action: "", msg: "" };
const metadata = withLane(undefined, "green");

describe("a client whose protocol carries no metadata", () => {
  it("says once that the lane of its calls ends here", async () => {
    for (const protocol of ["framed", "buffered"] as const) {
      const events: LogEvent[] = [];
      await using server = createServer({ exitWaitMs: 0 });
      server.add(Echo, { echo: (message) => message });
      await using client = createClient(Echo, { target: server, protocol, log: (event) => events.push(event) });
      await client.echo(request);
      assert.equal(events.length, 0);
      await client.echo(request, { metadata });
      await client.echo(request, { metadata });
      assert.equal(events.length, 1);
      assert.equal(events[0]?.level, "warn");
      assert.match(events[0].message, new RegExp(`"green" for one.*${protocol} carries no metadata`));
    }
  });
});

describe("a client whose protocol carries metadata", () => {
  it("says nothing of lanes", async () => {
    const events: LogEvent[] = [];
    await using server = createServer({ exitWaitMs: 0, trustLanes: true, log: (event) => events.push(event) });
    server.add(Echo, { echo: (message) => message });
    await using client = createClient(Echo, { target: server, log: (event) => events.push(event) });
    await client.echo(request, { metadata });
    assert.equal(events.length, 0);
  });
});

describe("a server that does not trust its callers' lanes", () => {
  it("says once that it took one away, and from whom", async () => {
    const events: LogEvent[] = [];
    await using server = createServer({ exitWaitMs: 0, log: (event) => events.push(event) });
    server.add(Echo, { echo: (message) => message });
    await using client = createClient(Echo, { target: server });
    await client.echo(request);
    assert.equal(events.length, 0);
    await client.echo(request, { metadata });
    await client.echo(request, { metadata: withLane(undefined, "blue") });
    assert.equal(events.length, 1);
    assert.match(events[0]?.message ?? "", /took the lane "green" from a call of Echo\.echo.*trustLanes: true/);
    assert.equal(events[0]?.peer, "in-process");
  });
});
