/** Kiteline's client to Kitex's server. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  BusinessError,
  CallInfo,
  type Client,
  controlOf,
  createClient,
  Metadata,
  RpcError,
  type ClientOptions,
  type ProtocolName,
  type ServiceDescription,
} from "kiteline";
import { Echo } from "./gen/echo.ts";
import { Denied, Interop, Missing, NotFound, Other } from "./gen/interop.ts";
import { toForm } from "./form.ts";
import { KINDS } from "./kinds.ts";
import { KitexServer } from "./kitex-server.ts";

const LARGE_BYTES = 16_000_000;

interface Settings {
  readonly protocol: ProtocolName;
  readonly connection: NonNullable<ClientOptions["connection"]>;
}

const COMBINATIONS: readonly Settings[] = [
  ...(["buffered", "framed", "ttheader", "ttheader-framed"] as const).flatMap((protocol) =>
    (["adaptive", "pooled", "short"] as const).map((connection) => ({ protocol, connection })),
  ),
  { protocol: "ttheader", connection: "multiplexed" },
  { protocol: "ttheader-framed", connection: "multiplexed" },
];

for (const settings of COMBINATIONS) {
  describe(`Kitex's server, ${settings.protocol}, ${settings.connection}`, () => {
    const hasHeader = settings.protocol.startsWith("ttheader");

    /** Runs a test with a server and clients of its own. */
    const withServer =
      (test: (connect: <Stubs extends object>(service: ServiceDescription<Stubs>) => Client<Stubs>) => Promise<void>) => async () => {
        await using server = await KitexServer.start({ multiplexed: settings.connection === "multiplexed" });
        await using clients = new AsyncDisposableStack();
        await test((service) => {
          const client = createClient(service, { target: server.address, name: "kiteline.client", ...settings });
          clients.defer(() => controlOf(client).close());
          return client;
        });
      };

    it(
      "gives back every kind of field as it was sent",
      withServer(async (connect) => {
        const client = connect(Interop);
        for (const [name, kinds] of Object.entries(KINDS)) assert.deepEqual(toForm(await client.kinds(kinds)), toForm(kinds), name);
      }),
    );

    it(
      "serves methods of no, one and several arguments, with and without a result",
      withServer(async (connect) => {
        const client = connect(Interop);
        assert.deepEqual(await connect(Echo).echo({ action: "a", msg: "m" }), { action: "a", msg: "m" });
        assert.equal(await client.nothing(), undefined);
        assert.equal(await client.join("x", -1, true, ["p"], { id: 9 }), 'x -1 true ["p"] 9');
        assert.equal(await client.store("s", new Uint8Array([1, 2]), 5n), undefined);
        assert.deepEqual(await client.noted("s"), ["0102 until 5"]);
      }),
    );

    it(
      "takes oneway calls and later ones",
      withServer(async (connect) => {
        const client = connect(Interop);
        assert.equal(await client.note("k", "hello"), undefined);
        assert.deepEqual(await client.noted("k"), ["hello"]);
      }),
    );

    it(
      "throws declared exceptions",
      withServer(async (connect) => {
        const client = connect(Interop);
        await assert.rejects(client.fail("notFound"), (error) => error instanceof NotFound && error.key === "k" && error.code === 404);
        await assert.rejects(client.fail("denied"), (error) => {
          assert.ok(error instanceof Denied);
          assert.deepEqual(error.roles, ["admin", "owner"]);
          return true;
        });
        await assert.rejects(client.failQuietly("notFound"), NotFound);
        assert.equal(await client.failQuietly("fine"), undefined);
        assert.equal(await client.fail("fine"), "fine");
      }),
    );

    it(
      "says when its handler fails or panics, and goes on",
      withServer(async (connect) => {
        const client = connect(Interop);
        for (const what of ["error", "panic"]) {
          await assert.rejects(client.fail(what), (error) => {
            assert.ok(error instanceof RpcError);
            assert.equal(error.code, "internal");
            assert.equal(error.foreignCode, "thrift 6");
            assert.match(error.message, what === "error" ? /the handler failed/ : /the handler panicked/);
            return true;
          });
        }
        assert.equal(await client.fail("fine"), "fine");
      }),
    );

    it(
      "does not know a method or a service, and goes on",
      withServer(async (connect) => {
        const client = connect(Interop);
        const unimplemented = (error: unknown): boolean => {
          assert.ok(error instanceof RpcError);
          assert.equal(error.code, "unimplemented");
          assert.equal(error.executed, "no");
          return true;
        };
        await assert.rejects(client.removed(), unimplemented);
        await assert.rejects(connect(Missing).anything(), unimplemented);
        // Kitex closes the connection on which it was asked for what it does not have, a moment after its answer: a call
        // that is sent on it in that moment is lost.
        assert.equal(await connect(Interop).fail("fine"), "fine");
      }),
    );

    it(
      "takes and gives bodies of 16 MB",
      withServer(async (connect) => {
        const client = connect(Interop);
        const content = Buffer.alloc(LARGE_BYTES, "kiteline");
        assert.ok(content.equals(await client.body(content, 0)));
        assert.equal((await client.body(new Uint8Array(), LARGE_BYTES)).length, LARGE_BYTES);
      }),
    );

    it(
      "is given up at the deadline without harm to later calls",
      withServer(async (connect) => {
        const client = connect(Interop);
        await assert.rejects(client.sleep(3000, { timeoutMs: 50 }), (error) => {
          assert.ok(error instanceof RpcError);
          // Kitex's server gives up at the same moment, and its answer may be first.
          if (error.foreignCode === undefined) assert.equal(error.code, "deadline_exceeded");
          else assert.match(error.message, /deadline exceeded/);
          return true;
        });
        assert.equal(await client.fail("fine"), "fine");
      }),
    );

    it(
      "answers many callers at once, each with its own",
      withServer(async (connect) => {
        const client = connect(Echo);
        const answers = await Promise.all(Array.from({ length: 200 }, (_, at) => client.echo({ action: String(at), msg: "" })));
        answers.forEach((answer, at) => assert.deepEqual(answer, { action: String(at), msg: "" }));
      }),
    );

    if (!hasHeader) return;

    it(
      "throws business errors",
      withServer(async (connect) => {
        const client = connect(Interop);
        await assert.rejects(client.business(1001, "not enough", new Map([["left", "3"]])), (error) => {
          assert.ok(error instanceof BusinessError);
          assert.equal(error.status, 1001);
          assert.equal(error.detail, "not enough");
          assert.deepEqual([...error.extra], [["left", "3"]]);
          return true;
        });
        await assert.rejects(
          client.business(-5, 'é "漢"', new Map()),
          (error) => error instanceof BusinessError && error.status === -5 && error.detail === 'é "漢"',
        );
        assert.equal(await client.business(0, "fine", new Map()), "fine");
      }),
    );

    it(
      "sees metadata and sends some back",
      withServer(async (connect) => {
        const metadata = new Metadata().set("User", "7", "persistent").set("Hop", "漢", "transient");
        const info = new CallInfo();
        const seen = await connect(Interop).reflect(new Map([["Back", "é"]]), { metadata, info });
        assert.deepEqual(seen.persistent, new Map([["User", "7"]]));
        assert.deepEqual(seen.transient, new Map([["Hop", "漢"]]));
        assert.equal(seen.caller, "kiteline.client");
        assert.equal(seen.method, "reflect");
        assert.equal(seen.service, "Interop");
        assert.equal(info.reply.get("Back", "backward"), "é");
      }),
    );

    it(
      "learns the deadline",
      withServer(async (connect) => {
        const client = connect(Interop);
        const { leftMs } = await client.reflect(new Map(), { timeoutMs: 2000 });
        assert.ok(leftMs !== undefined && leftMs > 1000n && leftMs <= 2000n, `${leftMs} ms are left`);
        assert.equal((await client.reflect(new Map())).leftMs, undefined);
      }),
    );

    it(
      "tells two services with a method of the same name apart",
      withServer(async (connect) => {
        assert.equal((await connect(Other).echo({ action: "a", msg: "m" })).action, "other:a");
        assert.equal((await connect(Echo).echo({ action: "a", msg: "m" })).action, "a");
      }),
    );
  });
}
