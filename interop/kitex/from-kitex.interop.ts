/** Kitex's client to Kiteline's server. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toForm } from "./form.ts";
import { KINDS } from "./kinds.ts";
import { COMBINATIONS, KitexClient } from "./kitex-client.ts";
import { startKiteline } from "./kiteline-server.ts";

/** What fits in Kiteline's default limit of 16 MiB with its head. */
const LARGE_BYTES = 16_000_000;
const APPLICATION_ERROR = 6;
const UNKNOWN_METHOD = 1;
const UNKNOWN_SERVICE = 20;

for (const [protocol, connection] of COMBINATIONS) {
  describe(`Kitex's client, ${protocol}, ${connection}`, () => {
    const hasHeader = protocol.startsWith("ttheader");

    /** Runs a test with a server and a client of its own. */
    const withBoth = (test: (client: KitexClient) => Promise<void>) => async () => {
      await using kiteline = await startKiteline(hasHeader ? ["Echo", "Interop", "Other"] : ["Echo", "Interop"]);
      await using client = new KitexClient(kiteline.address, { protocol, connection });
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
      "calls methods of no, one and several arguments, with and without a result",
      withBoth(async (client) => {
        const req = { action: "a", msg: "m" };
        assert.deepEqual(await client.call({ service: "Echo", method: "echo", args: { req } }), { id: 1, result: { success: req } });
        assert.deepEqual(await client.call({ service: "Interop", method: "nothing" }), { id: 2, result: {} });
        const args = { a: "x", b: -1, c: true, d: ["p"], e: { id: 9 } };
        assert.deepEqual(await client.call({ service: "Interop", method: "join", args }), {
          id: 3,
          result: { success: 'x -1 true ["p"] 9' },
        });
        const store = { key: "s", value: "AQI=", expiry: "5" };
        assert.deepEqual(await client.call({ service: "Interop", method: "store", args: store }), { id: 4, result: {} });
        const noted = await client.call({ service: "Interop", method: "noted", args: { key: "s" } });
        assert.deepEqual(noted.result, { success: ["0102 until 5"] });
      }),
    );

    it(
      "sends oneway calls and goes on calling",
      withBoth(async (client) => {
        assert.deepEqual(await client.call({ service: "Interop", method: "note", args: { key: "k", text: "hello" } }), {
          id: 1,
          result: {},
        });
        const noted = await client.call({ service: "Interop", method: "noted", args: { key: "k" } });
        assert.deepEqual(noted.result, { success: ["hello"] });
      }),
    );

    it(
      "gets declared exceptions",
      withBoth(async (client) => {
        const fail = async (method: string, what: string) => (await client.call({ service: "Interop", method, args: { what } })).result;
        assert.deepEqual(await fail("fail", "notFound"), { notFound: { key: "k", code: 404 } });
        assert.deepEqual(await fail("fail", "denied"), { denied: { reason: "no", roles: ["admin", "owner"] } });
        assert.deepEqual(await fail("failQuietly", "notFound"), { notFound: { key: "k", code: 404 } });
        assert.deepEqual(await fail("failQuietly", "fine"), {});
        assert.deepEqual(await fail("fail", "fine"), { success: "fine" });
      }),
    );

    it(
      "gets an application exception when a handler throws, and can go on",
      withBoth(async (client) => {
        for (const what of ["error", "panic"]) {
          const { error } = await client.call({ service: "Interop", method: "fail", args: { what } });
          assert.equal(error?.type, APPLICATION_ERROR);
          assert.match(error?.text ?? "", /remote/);
        }
        assert.deepEqual((await client.call({ service: "Interop", method: "nothing" })).result, {});
      }),
    );

    it(
      "learns that a method or a service is not there, and can go on",
      withBoth(async (client) => {
        const removed = await client.call({ service: "Interop", method: "removed" });
        assert.equal(removed.error?.type, UNKNOWN_METHOD);
        const missing = await client.call({ service: "Missing", method: "anything" });
        // Without a header nobody says which service is meant.
        assert.ok([UNKNOWN_METHOD, UNKNOWN_SERVICE].includes(missing.error?.type ?? -1));
        assert.deepEqual((await client.call({ service: "Interop", method: "nothing" })).result, {});
      }),
    );

    it(
      "sends and receives bodies of 16 MB",
      withBoth(async (client) => {
        const content = Buffer.alloc(LARGE_BYTES, "kiteline").toString("base64");
        const sent = await client.call({ service: "Interop", method: "body", args: { content, bytes: 0 } });
        assert.ok(sent.result?.["success"] === content);
        const asked = await client.call({ service: "Interop", method: "body", args: { content: "", bytes: LARGE_BYTES } });
        assert.equal(Buffer.from(asked.result?.["success"] as string, "base64").length, LARGE_BYTES);
      }),
    );

    it(
      "gives up at its timeout without harm to later calls",
      withBoth(async (client) => {
        const { error } = await client.call({ service: "Interop", method: "sleep", args: { ms: 3000 }, timeoutMs: 50 });
        assert.match(error?.text ?? "", /timeout|deadline/);
        assert.deepEqual((await client.call({ service: "Interop", method: "nothing" })).result, {});
      }),
    );

    it(
      "calls from many callers at once and each gets its own answer",
      withBoth(async (client) => {
        const answers = await Promise.all(
          Array.from({ length: 200 }, (_, at) =>
            client.call({ service: "Echo", method: "echo", args: { req: { action: String(at), msg: "" } } }),
          ),
        );
        answers.forEach((answer, at) => assert.deepEqual(answer.result, { success: { action: String(at), msg: "" } }));
      }),
    );

    if (!hasHeader) return;

    it(
      "gets business errors",
      withBoth(async (client) => {
        const business = async (args: object) => (await client.call({ service: "Interop", method: "business", args })).business;
        assert.deepEqual(await business({ status: 1001, message: "not enough", extra: [["left", "3"]] }), {
          status: 1001,
          message: "not enough",
          extra: { left: "3" },
        });
        assert.deepEqual(await business({ status: -5, message: 'é "漢"', extra: [] }), { status: -5, message: 'é "漢"' });
        assert.equal(await business({ status: 0, message: "fine", extra: [] }), undefined);
      }),
    );

    it(
      "sends metadata and gets some back",
      withBoth(async (client) => {
        const { result, backward } = await client.call({
          service: "Interop",
          method: "reflect",
          args: { backward: [["Back", "é"]] },
          persistent: { User: "7" },
          transient: { Hop: "漢" },
        });
        const seen = result?.["success"] as Record<string, unknown>;
        assert.deepEqual(seen["persistent"], [["User", "7"]]);
        assert.deepEqual(seen["transient"], [["Hop", "漢"]]);
        assert.equal(seen["caller"], "kitex.client");
        assert.deepEqual(backward, { Back: "é" });
      }),
    );

    it(
      "tells its deadline",
      withBoth(async (client) => {
        const seen = async (timeoutMs: number) => {
          const { result } = await client.call({ service: "Interop", method: "reflect", args: { backward: [] }, timeoutMs });
          const success = result?.["success"] as { leftMs?: string } | undefined;
          return success?.leftMs;
        };
        const left = Number(await seen(2000));
        assert.ok(left > 1000 && left <= 2000, `${left} ms are left`);
        assert.equal(await seen(0), undefined);
      }),
    );

    it(
      "means the service it names where two have a method of the same name",
      withBoth(async (client) => {
        const req = { action: "a", msg: "m" };
        assert.deepEqual((await client.call({ service: "Other", method: "echo", args: { req } })).result, {
          success: { action: "other:a", msg: "m" },
        });
        assert.deepEqual((await client.call({ service: "Echo", method: "echo", args: { req } })).result, { success: req });
      }),
    );
  });
}

describe("Kitex's client without meta handlers, as it is by default", () => {
  it("is understood by the method's name alone", async () => {
    await using kiteline = await startKiteline(["Echo", "Interop", "Other"]);
    await using client = new KitexClient(kiteline.address, { protocol: "ttheader", connection: "pooled", plain: true });
    assert.deepEqual((await client.call({ service: "Other", method: "name" })).result, { success: "Other" });
    assert.deepEqual((await client.call({ service: "Interop", method: "join", args: { a: "x", e: { id: 1 } } })).result, {
      success: "x 0 false [] 1",
    });
  });

  it("is told why when two services have the method", async () => {
    await using kiteline = await startKiteline(["Echo", "Interop", "Other"]);
    await using client = new KitexClient(kiteline.address, { protocol: "framed", connection: "pooled" });
    const { error } = await client.call({ service: "Echo", method: "echo", args: { req: {} } });
    assert.equal(error?.type, UNKNOWN_METHOD);
    assert.match(error?.text ?? "", /several services have the method echo/);
  });
});
