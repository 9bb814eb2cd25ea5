import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { Health, HealthCheckResponse_ServingStatus as Status } from "@kiteline/grpc/grpc/health/v1/health";
import { createClient } from "kiteline";
import { fakeIo, runLine, temporaryFolder, type FakeIo } from "./io.fixture.ts";
import { run } from "./run.ts";
import { SHOP } from "./shop.fixture.ts";

const TALK = `
struct Line { 1: string text }
service Talk {
  Line say(1: Line line)
  Line hear(1: Line line) (streaming.mode = "server")
  Line tell(1: Line line) (streaming.mode = "client")
  Line chat(1: Line line) (streaming.mode = "bidirectional")
}
`;

interface Mock {
  readonly target: string;
  readonly io: FakeIo;
  readonly call: (...argv: string[]) => Promise<{ code: number; out: unknown[]; err: string }>;
}

async function startMock(t: TestContext, answers: unknown = {}, ...argv: string[]): Promise<Mock> {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "shop.proto"), SHOP);
  writeFileSync(join(folder, "talk.thrift"), TALK);
  writeFileSync(join(folder, "answers.json"), JSON.stringify(answers));
  const io = fakeIo({ cwd: folder });
  const running = run(["mock", "--idl", "shop.proto", "--idl", "talk.thrift", "--port", "0", "--reply", "answers.json", ...argv], io);
  t.after(() => {
    io.interrupt();
    return running;
  });
  const [, target = ""] = await io.until(/(127\.0\.0\.1:\d+)/);
  const call = async (...given: string[]): ReturnType<Mock["call"]> => {
    const { code, out, err } = await runLine(["call", target, ...given, "--json"], { cwd: folder });
    const lines = out.trim().split("\n");
    return { code, out: lines.filter((each) => each !== "").map((each) => JSON.parse(each) as unknown), err };
  };
  return { target, io, call };
}

describe("mock of Protobuf", () => {
  it("answers by example, and tells by reflection what it serves", async (t) => {
    const { call } = await startMock(t);
    const { out, err } = await call("Shop.Buy", '{"id": "a", "count": "3", "items": [{"name": "nut"}], "size": 1, "user_name": "me"}');
    assert.equal(err, "");
    assert.deepEqual(out, [
      {
        id: "a",
        count: 0,
        items: [{ name: "nut", weight: "0" }],
        size: "SIZE_LARGE",
        first: { name: "", weight: "0" },
        userName: "me",
        currency: "",
        extra: {},
      },
    ]);
    assert.deepEqual((await call("Shop.Name", '"Ada"')).out, ["Ada"]);
    assert.deepEqual((await call("Shop.Ping")).out, [{}]);
  });

  it("gives a reply to each request of a stream, and one to the last of many, of both languages and on one port", async (t) => {
    const { call } = await startMock(t);
    const ids = async (...argv: string[]): Promise<unknown[]> => (await call(...argv)).out.map((each) => (each as { id: string }).id);
    assert.deepEqual(await ids("Shop.Watch", '{"id": "a"}'), ["a"]);
    assert.deepEqual(await ids("Shop.Collect", '{"id": "a"}', '{"id": "b"}'), ["b"]);
    assert.deepEqual(await ids("Shop.Chat", '{"id": "a"}', '{"id": "b"}'), ["a", "b"]);
    for (const protocol of ["ttheader", "grpc"]) {
      const thrift = async (...argv: string[]): Promise<unknown[]> =>
        (await call(...argv, "--idl", "talk.thrift", "--protocol", protocol)).out.map((each) => (each as { text: string }).text);
      assert.deepEqual(await thrift("Talk.say", '{"line": {"text": "a"}}'), ["a"], protocol);
      assert.deepEqual(await thrift("Talk.hear", '{"text": "a"}'), ["a"], protocol);
      assert.deepEqual(await thrift("Talk.tell", '{"text": "a"}', '{"text": "b"}'), ["b"], protocol);
      assert.deepEqual(await thrift("Talk.chat", '{"text": "a"}', '{"text": "b"}'), ["a", "b"], protocol);
    }
  });

  it("answers as it is told: streams with these replies, with this reply to each, and with a failure behind them", async (t) => {
    const { call } = await startMock(t, {
      "acme.v1.Shop.Buy": { reply: { size: "SIZE_LARGE", user_name: "told" } },
      "acme.v1.Shop.Watch": [{ replies: [{ id: "1" }, { id: "2" }], error: { code: "aborted", message: "half way" } }, { replies: [] }],
      "acme.v1.Shop.Chat": { reply: { currency: "EUR" } },
      "acme.v1.Shop.Collect": { business: { status: 7, message: "no" } },
      "Talk.hear": { replies: [{ text: "x" }] },
    });
    const [bought] = (await call("Shop.Buy", '{"id": "a"}')).out as Record<string, unknown>[];
    assert.deepEqual([bought?.["id"], bought?.["size"], bought?.["userName"]], ["a", "SIZE_LARGE", "told"]);
    const watched = await call("Shop.Watch", "{}");
    assert.deepEqual([watched.code, watched.out.map((each) => (each as { id: string }).id)], [1, ["1", "2"]]);
    assert.match(watched.err, /"code":"aborted","message":"half way"/);
    assert.deepEqual(await call("Shop.Watch", "{}"), { code: 0, out: [], err: "" });
    const chatted = (await call("Shop.Chat", '{"id": "a"}', '{"id": "b"}')).out as Record<string, unknown>[];
    assert.deepEqual(
      chatted.map(({ id, currency }) => [id, currency]),
      [
        ["a", "EUR"],
        ["b", "EUR"],
      ],
    );
    assert.equal((await call("Shop.Collect", "{}")).code, 5);
    assert.deepEqual((await call("Talk.hear", "{}", "--idl", "talk.thrift")).out, [{ text: "x" }]);
  });

  it("prints what a stream asked and answered, the first ten of each", async (t) => {
    const { call, io } = await startMock(t, {}, "--json");
    await call("Shop.Chat", ...Array.from({ length: 12 }, (_, index) => `{"id": "${index}"}`));
    await io.until(/"type":"call"/);
    const event = JSON.parse(io.out.trim().split("\n").at(-1) ?? "") as Record<string, unknown[]>;
    assert.deepEqual([event["requests"]?.length, event["requestCount"], event["replyCount"]], [10, 12, 12]);
    const text = await startMock(t);
    await text.call("Talk.chat", '{"text": "a"}', '{"text": "b"}', "--idl", "talk.thrift");
    await text.io.until(/^Talk\.chat \[\{"text":"a"\},\{"text":"b"\}\] -> \[\{"text":"a"\},\{"text":"b"\}\] [\d.]+ ms /m);
  });

  it("prints what was asked of a stream that answers as it is told", async (t) => {
    const { call, io } = await startMock(t, { "acme.v1.Shop.Watch": { replies: [{}] } });
    await call("Shop.Watch", '{"id": "7"}');
    await io.until(/^acme\.v1\.Shop\.Watch \{"id":"7".*\} -> \[/m);
  });

  it("tells of a caller that left a stream", async (t) => {
    const { call, io } = await startMock(t, { "acme.v1.Shop.Watch": { replies: [{}, {}], delayMs: 2_000_000 } });
    assert.equal((await call("Shop.Watch", "{}", "--timeout", "200")).code, 1);
    await io.until(/^acme\.v1\.Shop\.Watch .*the caller left/m);
  });

  it("serves health", async (t) => {
    const { target } = await startMock(t);
    await using client = createClient(Health, { target });
    assert.equal((await client.check({ service: "acme.v1.Shop" })).status, Status.SERVING);
  });

  it("refuses answers that do not fit, before anybody calls", async (t) => {
    const folder = temporaryFolder(t);
    writeFileSync(join(folder, "shop.proto"), SHOP);
    for (const [answer, message] of [
      [{ "acme.v1.Shop.Buy": { reply: { count: "many" } } }, /answers\.json: "acme\.v1\.Shop\.Buy": .*count: expected an int32/],
      [{ "acme.v1.Shop.Watch": { replies: [{}, { di: 1 }] } }, /answers\.json: "acme\.v1\.Shop\.Watch": .*no field "di"/],
      [{ "acme.v1.Shop.Buy": { replies: [] } }, /the method answers once\n {2}its answer goes under "reply"/],
      [{ "acme.v1.Shop.Watch": { replies: {} } }, /replies expects an array, got \{\}/],
      [{ "acme.v1.Shop.Watch": { replies: [], reply: {} } }, /expected reply or replies, got both/],
      [{ "acme.v1.Shop.Buy": { exception: { no: {} } } }, /the method does not throw "no"; it throws none/],
    ] as const) {
      writeFileSync(join(folder, "answers.json"), JSON.stringify(answer));
      const { code, err } = await runLine(["mock", "--idl", "shop.proto", "--reply", "answers.json"], { cwd: folder });
      assert.equal(code, 3, err);
      assert.match(err, message);
    }
  });
});
