/** Kitex against itself, through the same programs that Kiteline is tested with: what fails here is the harness. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { COMBINATIONS, KitexClient } from "./kitex-client.ts";
import { KitexServer } from "./kitex-server.ts";

for (const [protocol, connection] of COMBINATIONS) {
  describe(`Kitex to Kitex, ${protocol}, ${connection}`, () => {
    it("agrees with itself", async () => {
      await using server = await KitexServer.start({ multiplexed: connection === "mux" });
      await using client = new KitexClient(server.address, { protocol, connection });
      const hasHeader = protocol.startsWith("ttheader");

      const req = { action: "a", msg: "m" };
      assert.deepEqual((await client.call({ service: "Echo", method: "echo", args: { req } })).result, { success: req });
      await client.call({ service: "Interop", method: "note", args: { key: "k", text: "hello" } });
      const noted = await client.call({ service: "Interop", method: "noted", args: { key: "k" } });
      assert.deepEqual(noted.result, { success: ["hello"] });
      const denied = await client.call({ service: "Interop", method: "fail", args: { what: "denied" } });
      assert.deepEqual(denied.result, { denied: { reason: "no", roles: ["admin", "owner"] } });
      const failed = await client.call({ service: "Interop", method: "fail", args: { what: "error" } });
      assert.equal(failed.error?.type, 6);
      const unknown = await client.call({ service: "Interop", method: "removed" });
      assert.equal(unknown.error?.type, hasHeader ? 1 : 20);
      const late = await client.call({ service: "Interop", method: "sleep", args: { ms: 5000 }, timeoutMs: 50 });
      // The server knows the deadline too, and its answer races with the client's own timer.
      assert.match(late.error?.text ?? "", /timeout|deadline/);
      if (!hasHeader) return;
      const business = await client.call({
        service: "Interop",
        method: "business",
        args: { status: 7, message: "m", extra: [["a", "b"]] },
      });
      assert.deepEqual(business.business, { status: 7, message: "m", extra: { a: "b" } });
    });
  });
}

describe("Kitex to Kitex, load", () => {
  it("counts every call", async () => {
    await using server = await KitexServer.start();
    await using client = new KitexClient(server.address, { protocol: "framed", connection: "pooled" });
    const req = { action: "a", msg: "m" };
    const load = await client.load(
      { service: "Echo", method: "echo", args: { req } },
      { calls: 1000, concurrency: 10, expect: { success: req } },
    );
    assert.deepEqual(load, { ok: 1000, errors: {} });
  });
});
