/** Thrift in gRPC, both ways with Kitex: every kind of field, several arguments, declared exceptions, what is not there. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createClient, RpcError } from "kiteline";
import { Denied, Interop, Missing, NotFound } from "./gen/interop.ts";
import { toForm } from "./form.ts";
import { KINDS } from "./kinds.ts";
import { KitexClient } from "./kitex-client.ts";
import { KitexServer } from "./kitex-server.ts";
import { startKiteline } from "./kiteline-server.ts";

/** What gRPC's servers say; Kitex's say their own numbers of an unknown method and an unknown service. */
const UNIMPLEMENTED = 12;

describe("Kitex's client, Thrift over gRPC", () => {
  /** Runs a test with a server and a client of its own. */
  const withBoth = (test: (client: KitexClient) => Promise<void>) => async () => {
    await using kiteline = await startKiteline(["Echo", "Interop"]);
    await using client = new KitexClient(kiteline.address, { protocol: "grpc", connection: "pooled" });
    await test(client);
  };

  it(
    "reads back every kind of field as it sent it",
    withBoth(async (client) => {
      for (const [name, kinds] of Object.entries(KINDS)) {
        const value = toForm(kinds);
        const { result } = await client.call({ service: "Interop", method: "kinds", args: { value: value as object } });
        assert.deepEqual(result, { success: value }, name);
      }
    }),
  );

  it(
    "calls methods of no and several arguments, and gets declared exceptions",
    withBoth(async (client) => {
      assert.deepEqual((await client.call({ service: "Interop", method: "nothing" })).result, {});
      const args = { a: "x", b: -1, c: true, d: ["p"], e: { id: 9 } };
      assert.deepEqual((await client.call({ service: "Interop", method: "join", args })).result, { success: 'x -1 true ["p"] 9' });
      const { result } = await client.call({ service: "Interop", method: "fail", args: { what: "denied" } });
      assert.deepEqual(result, { denied: { reason: "no", roles: ["admin", "owner"] } });
    }),
  );

  it(
    "learns that a method or a service is not there",
    withBoth(async (client) => {
      assert.equal((await client.call({ service: "Interop", method: "removed" })).error?.status, UNIMPLEMENTED);
      assert.equal((await client.call({ service: "Missing", method: "anything" })).error?.status, UNIMPLEMENTED);
    }),
  );
});

describe("Kitex's server, Thrift over gRPC", () => {
  it("gives back every kind of field as it was sent", async () => {
    await using server = await KitexServer.start();
    await using client = createClient(Interop, { target: server.address, protocol: "grpc" });
    for (const [name, kinds] of Object.entries(KINDS)) assert.deepEqual(toForm(await client.kinds(kinds)), toForm(kinds), name);
  });

  it("serves methods of no and several arguments, and throws declared exceptions", async () => {
    await using server = await KitexServer.start();
    await using client = createClient(Interop, { target: server.address, protocol: "grpc" });
    assert.equal(await client.nothing(), undefined);
    assert.equal(await client.join("x", -1, true, ["p"], { id: 9 }), 'x -1 true ["p"] 9');
    await assert.rejects(client.fail("notFound"), (error) => error instanceof NotFound && error.key === "k" && error.code === 404);
    await assert.rejects(client.fail("denied"), Denied);
    assert.equal(await client.fail("fine"), "fine");
  });

  it("does not know a method or a service, in numbers of its own", async () => {
    await using server = await KitexServer.start();
    await using client = createClient(Interop, { target: server.address, protocol: "grpc" });
    await assert.rejects(client.removed(), RpcError);
    await using missing = createClient(Missing, { target: server.address, protocol: "grpc" });
    await assert.rejects(missing.anything(), RpcError);
    assert.equal(await client.fail("fine"), "fine");
  });
});
