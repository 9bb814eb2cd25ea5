import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { connect, createServer as createTcpServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { genericService, loadIdl } from "@kiteline/thrift";
import { createClient } from "kiteline";
import { GENERIC } from "./generic.ts";
import { fakeIo, runLine, temporaryFolder, type FakeIo } from "./io.fixture.ts";
import { run } from "./run.ts";

const IDL = `
enum Kind { SMALL = 2, LARGE = 3 }
struct Item { 1: string name; 2: required i32 size }
struct Order { 1: string id; 2: i32 count; 3: list<Item> items; 4: optional string note }
struct Receipt {
  1: string id; 2: i64 count; 3: list<Item> items; 4: optional string note; 5: string currency = "EUR"; 6: Kind kind;
  7: Item first; 8: bool rush; 9: optional string absent; 10: string requestId
}
union Outcome { 1: string ok; 2: i32 code }
exception Refused { 1: string why; 2: i32 code = 7 }
service Shop {
  Receipt order(1: Order order, 2: bool rush) throws (1: Refused refused);
  Outcome outcome();
  void ping();
  oneway void tell(1: string text);
}
`;

interface Mock {
  readonly target: string;
  readonly folder: string;
  readonly io: FakeIo;
  /** Calls a method; `err` is one JSON object for a failure. */
  readonly call: (method: string, json: string, ...more: string[]) => Promise<{ code: number; out: string; err: string }>;
  readonly stop: () => Promise<number>;
}

async function startMock(t: TestContext, answers?: unknown, ...argv: string[]): Promise<Mock> {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "shop.thrift"), IDL);
  if (answers !== undefined) writeFileSync(join(folder, "answers.json"), JSON.stringify(answers));
  const io = fakeIo({ cwd: folder });
  const reply = answers === undefined ? [] : ["--reply", "answers.json"];
  const running = run(["mock", "--idl", "shop.thrift", "--port", "0", ...reply, ...argv], io);
  const stop = (): Promise<number> => {
    io.interrupt();
    return running;
  };
  t.after(stop);
  const [, target = ""] = await io.until(/(127\.0\.0\.1:\d+)/);
  const call = (method: string, json: string, ...more: string[]): ReturnType<Mock["call"]> =>
    runLine(["call", target, method, json, "--idl", "shop.thrift", "--json", ...more], { cwd: folder });
  return { target, folder, io, call, stop };
}

describe("mock", () => {
  it("echoes what request and reply have in common by name and type, and fills the rest from the IDL", async (t) => {
    const { call } = await startMock(t);
    const order = { id: "o1", count: 3, items: [{ name: "nut", size: 1 }], note: "soon" };
    const { out } = await call("Shop.order", JSON.stringify({ order, rush: true }));
    assert.deepEqual(JSON.parse(out), {
      id: "o1",
      count: "0", // an i64, but an i32 in the request
      items: [{ name: "nut", size: 1 }],
      note: "soon",
      currency: "EUR",
      kind: 2, // zero is no member
      first: { name: "", size: 0 },
      rush: true, // an argument
      requestId: "",
    });
  });

  it("answers unions with their first member, void with null, and oneway with nothing", async (t) => {
    const { call, io } = await startMock(t);
    assert.equal((await call("Shop.outcome", "{}")).out, '{"ok":""}\n');
    assert.equal((await call("Shop.ping", "{}")).out, "null\n");
    assert.equal((await call("Shop.tell", '{"text": "psst"}')).out, "null\n");
    await io.until(/^Shop\.tell \{"text":"psst"\} -> null/m);
  });

  for (const protocol of ["ttheader", "ttheader-framed", "framed", "buffered"]) {
    it(`is called over ${protocol}`, async (t) => {
      const { call } = await startMock(t);
      assert.equal((await call("Shop.outcome", "{}", "--protocol", protocol, "--payload", "compact")).out, '{"ok":""}\n');
    });
  }

  it("answers as it is told, in turn, and by example where it is not told", async (t) => {
    const { call } = await startMock(t, {
      "Shop.order": [
        { reply: { id: "told", kind: "LARGE" } },
        { exception: { refused: { why: "closed" } } },
        { business: { status: 402, message: "poor", extra: { a: "b" } } },
        { error: { code: "resource_exhausted", message: "later" } },
        { delayMs: 1 },
      ],
      "Shop.outcome": { reply: { code: 5 } },
    });
    const order = (): ReturnType<typeof call> => call("Shop.order", '{"order": {"note": "n"}, "rush": false}');
    const told = JSON.parse((await order()).out) as Record<string, unknown>;
    assert.deepEqual([told["id"], told["kind"], told["currency"], told["note"]], ["told", 3, "EUR", "n"]);
    const refused = await order();
    assert.equal(refused.code, 5);
    assert.deepEqual((JSON.parse(refused.err) as { value: unknown }).value, { why: "closed", code: 7 });
    assert.equal((JSON.parse((await order()).err) as { status: number }).status, 402);
    assert.equal((JSON.parse((await order()).err) as { code: string }).code, "resource_exhausted");
    assert.equal((JSON.parse((await order()).out) as { id: string }).id, "");
    assert.equal((JSON.parse((await order()).out) as { id: string }).id, "told");
    assert.equal((await call("Shop.outcome", "{}")).out, '{"code":5}\n');
  });

  it("waits before it answers, as long as the caller does", async (t) => {
    const { call, io } = await startMock(t, { "Shop.ping": { delayMs: 2_000_000 } });
    const { code, err } = await call("Shop.ping", "{}", "--timeout", "20");
    assert.equal(code, 1);
    assert.equal((JSON.parse(err) as { code: string }).code, "deadline_exceeded");
    await io.until(/^Shop\.ping /m);
  });

  it("prints a line per call, or a JSON object", async (t) => {
    const text = await startMock(t);
    assert.match(text.io.out, /^listening on 127\.0\.0\.1:\d+\nserving Shop\.order, Shop\.outcome, Shop\.ping, Shop\.tell\n$/);
    await text.call("Shop.tell", '{"text": "a"}');
    await text.io.until(/^Shop\.tell \{"text":"a"\} -> null [\d.]+ ms 127\.0\.0\.1:\d+$/m);
    const json = await startMock(t, { "Shop.ping": { error: { code: "internal" } } }, "--json");
    await json.call("Shop.ping", "{}");
    const events = json.io.out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(events[0], {
      type: "listening",
      address: json.target,
      methods: ["Shop.order", "Shop.outcome", "Shop.ping", "Shop.tell"],
    });
    const { type, method, request, error } = events[1] ?? {};
    assert.deepEqual(
      { type, method, request, error },
      { type: "call", method: "Shop.ping", request: {}, error: { code: "internal", message: "mocked failure" } },
    );
  });

  it("tells of a peer that sends rubbish, and goes on", async (t) => {
    const { io, target, call } = await startMock(t);
    const [host, port] = target.split(":");
    const socket = connect(Number(port), host, () => socket.end("SSH-2.0-OpenSSH_9.6\r\n"));
    t.after(() => socket.destroy());
    socket.on("error", () => undefined).resume();
    await io.until(/^closed a connection .+ \(127\.0\.0\.1:\d+\)$/m);
    assert.equal((await call("Shop.ping", "{}")).code, 0);
  });

  it("ends on Ctrl-C with 0, after the calls it is handling, and gives the port back", async (t) => {
    const { io, stop, target } = await startMock(t, { "Shop.ping": { delayMs: 20 } });
    const shop = await genericService(await loadIdl({ "shop.thrift": IDL }), "Shop", GENERIC);
    await using client = createClient(shop, { target, connection: "multiplexed" });
    const pinging = client["ping"]?.("{}");
    // Sent after the ping on the same connection: when this is answered, the ping is being handled.
    await client["outcome"]?.("{}");
    assert.equal(await stop(), 0);
    assert.equal(await pinging, undefined);
    assert.match(io.out, /stopped after 2 calls\n$/);
    await using again = createTcpServer();
    await new Promise<void>((resolve, reject) => again.once("error", reject).listen(Number(target.split(":")[1]), "127.0.0.1", resolve));
  });

  it("says of a taken port that it is taken", async (t) => {
    const holder = createTcpServer();
    await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
    t.after(() => holder.close());
    const folder = temporaryFolder(t);
    writeFileSync(join(folder, "shop.thrift"), IDL);
    const { port } = holder.address() as AddressInfo;
    const { code, err } = await runLine(["mock", "--idl", "shop.thrift", "--port", String(port)], { cwd: folder });
    assert.equal(code, 3);
    assert.match(err, new RegExp(`${port}.*\\n(.*\\n)* {2}--port 0 takes a free port\\n$`));
  });

  it("refuses IDL without a service, answers for no method, and a port that is none", async (t) => {
    const folder = temporaryFolder(t);
    writeFileSync(join(folder, "none.thrift"), "struct A {}");
    writeFileSync(join(folder, "shop.thrift"), IDL);
    writeFileSync(join(folder, "answers.json"), '{"Shop.odrer": {}}');
    const none = await runLine(["mock", "--idl", "none.thrift"], { cwd: folder });
    assert.deepEqual([none.code, none.err], [3, "kiteline mock: none.thrift: expected a service with a method, found none\n"]);
    const wrong = await runLine(["mock", "--idl", "shop.thrift", "--reply", "answers.json"], { cwd: folder });
    assert.equal(wrong.code, 3);
    assert.match(wrong.err, /answers\.json: there is no method "Shop\.odrer" to mock\n {2}did you mean Shop\.order\?/);
    for (const [answer, message] of [
      [{ "Shop.order": [{}, { reply: { count: "many" } }] }, /answers\.json: "Shop\.order": .*count: expected an i64/],
      [{ "Shop.order": { exception: { refused: { way: 1 } } } }, /answers\.json: "Shop\.order": .*way: Refused has no such field/],
      [{ "Shop.outcome": { reply: { ok: "", code: 1 } } }, /answers\.json: "Shop\.outcome": .*expected exactly one member/],
    ] as const) {
      writeFileSync(join(folder, "answers.json"), JSON.stringify(answer));
      const { code, err } = await runLine(["mock", "--idl", "shop.thrift", "--reply", "answers.json"], { cwd: folder });
      assert.equal(code, 3);
      assert.match(err, message);
    }
    writeFileSync(join(folder, "twin.thrift"), "service Shop { void ping() }");
    const twins = await runLine(["mock", "--idl", "shop.thrift", "--idl", "twin.thrift"], { cwd: folder });
    assert.deepEqual([twins.code, twins.err], [3, "kiteline mock: two services are called Shop: in shop.thrift and in twin.thrift\n"]);
    assert.equal((await runLine(["mock", "--idl", "shop.thrift", "--port", "65536"], { cwd: folder })).code, 2);
  });
});
