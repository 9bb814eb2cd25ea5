import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { ManualClock, Attempt, BusinessError, CallInfo, ClientCall, MethodBinding, RpcError, type Method } from "@kiteline/core";
import { Loop, DecodeError, Output, ReplyFrame, RequestFrame, Slabs, type ClientWire, type Replying, type ServerWire } from "@kiteline/net";
import { defineService, type MessageCodec, type ProtoFile } from "@kiteline/protobuf/gen";
import { createClient, type Client } from "./client.ts";
import { createServer } from "./server.ts";
import { Streams, type StreamsClient, type StreamsHandler } from "./streams.fixture.ts";
import { ThriftStreams } from "./thrift-streams.fixture.ts";
import { clientWire } from "./client-wire.ts";
import { serverWires } from "./server-wires.ts";

interface Vector {
  readonly name: string;
  readonly protocol: "framed" | "ttheader_framed";
  readonly hex: string;
  readonly type: number;
  readonly method: string;
  readonly seqId: number;
  readonly body?: { readonly text: string; readonly number: number; readonly extra?: Readonly<Record<string, string>> } | null;
  readonly exception?: { readonly type: number; readonly message: string };
}

/** Messages that Kitex wrote in Protobuf. */
const vectors = (
  JSON.parse(readFileSync(join(import.meta.dirname, "../../thrift/test/kitex-vectors.json"), "utf8")) as { protobuf: readonly Vector[] }
).protobuf;

const file: ProtoFile = { name: "item.proto", descriptor: () => "", imports: [], i64: "bigint", codecs: () => [], extensions: () => [] };

interface Item {
  text: string;
  number: bigint;
}

/** Without its map, whose order is nobody's promise. */
const ItemCodec: MessageCodec<Item> = {
  name: "Item",
  file,
  empty: () => ({ text: "", number: 0n }),
  write(out, { text, number }) {
    if (text !== "") out.stringField(10, text);
    if (number !== 0n) out.int64Field(16, number);
  },
  read(inp, message = ItemCodec.empty()) {
    for (let tag: number; (tag = inp.tag()) !== 0; ) {
      if (tag === 10) message.text = inp.string();
      else if (tag === 16) message.number = inp.int64();
      else inp.skip(tag);
    }
    return message;
  },
};

const ONCE = defineService("interop.PbStreams", file, { once: { name: "Once", request: ItemCodec, response: ItemCodec } }).methods[
  "once"
] as Method;

function serverWireOf(protocol: Vector["protocol"]): ServerWire {
  const name = protocol === "framed" ? "framed" : "ttheader";
  return serverWires({ maxReceivedBytes: 1 << 20, limits: {}, multiplexed: true, oldThrift: false }).find(
    (wire) => wire.name === name,
  ) as ServerWire;
}

function clientWireOf(protocol: Vector["protocol"]): ClientWire {
  const options = { payload: "binary", messagesFormat: "protobuf", maxReceivedBytes: 1 << 20, limits: {}, oldThrift: false } as const;
  return clientWire({ ...options, protocol: protocol === "framed" ? "framed" : "ttheader" }, new Loop(new ManualClock()));
}

function attempt(request?: unknown, seq = 0): Attempt {
  const call = new ClientCall(new MethodBinding(ONCE, "", ""), { info: new CallInfo() }, undefined, undefined, 0);
  call.request = request;
  const made = new Attempt(call, 1);
  made.seq = seq;
  return made;
}

/** What is read of a frame, as by a connection; `undefined` when it is not whole. */
function readBy({ protocol, type }: Vector, bytes: Buffer): { seq: number; value: unknown } | undefined {
  if (type === 1) {
    const wire = serverWireOf(protocol);
    const length = wire.makeFramer()(bytes, 0, bytes.byteLength);
    if (length === 0 || length > bytes.byteLength) return undefined;
    const frame = new RequestFrame();
    wire.open(bytes, 0, length, frame);
    return { seq: frame.messageSeq === 0 ? frame.seq : frame.messageSeq, value: wire.read(frame, ONCE) };
  }
  const wire = clientWireOf(protocol);
  const length = wire.makeFramer()(bytes, 0, bytes.byteLength);
  if (length === 0 || length > bytes.byteLength) return undefined;
  const frame = new ReplyFrame();
  wire.open(bytes, 0, length, frame);
  return { seq: frame.seq, value: wire.read(frame, attempt()) };
}

function written(write: (out: Output) => void): string {
  const out = new Output(new Slabs(), 1 << 20);
  out.begin();
  write(out);
  out.end();
  return Buffer.concat(out.take().map((each) => each.bytes)).toString("hex");
}

describe("a message of Kitex Protobuf", () => {
  assert.ok(vectors.length >= 20);
  for (const vector of vectors) {
    const { name, protocol, type, seqId, body, exception } = vector;
    const whole = Buffer.from(vector.hex, "hex");

    it(`is read: ${protocol}, ${name}`, () => {
      const read = readBy(vector, whole);
      assert.equal(read?.seq, seqId);
      const { value } = read;
      if (exception !== undefined) {
        assert.ok(value instanceof RpcError);
        assert.equal(value.foreignCode, `thrift ${exception.type}`);
        assert.equal(value.detail, exception.message);
      } else if (body === null || body === undefined) {
        assert.ok(value instanceof BusinessError);
        assert.deepEqual([value.status, value.detail, value.extra.get("left")], [1001, "not enough", "3"]);
      } else {
        assert.deepEqual({ ...(value as Item) }, { text: body.text, number: BigInt(body.number) });
      }
    });

    it(`is read or refused when it is cut or changed anywhere: ${protocol}, ${name}`, () => {
      const readOrRefused = (bytes: Buffer): void => {
        try {
          readBy(vector, bytes);
        } catch (error) {
          assert.ok(error instanceof DecodeError, `${String(error)} for ${bytes.toString("hex")}`);
        }
      };
      for (let cut = 0; cut < whole.byteLength; cut++) {
        assert.equal(readBy(vector, whole.subarray(0, cut)), undefined);
        if (cut < 4) continue;
        const shortened = Buffer.from(whole.subarray(0, cut));
        shortened.writeUInt32BE(cut - 4);
        readOrRefused(shortened);
      }
      for (let at = 0; at < Math.min(whole.byteLength, 300); at++) {
        for (const value of [0x00, 0x01, 0x0b, 0x10, 0x7f, 0x80, 0xff]) {
          const changed = Buffer.from(whole);
          changed[at] = value;
          readOrRefused(changed);
        }
      }
    });

    if (protocol !== "framed" || exception !== undefined || body?.extra !== undefined || body === null || body === undefined) continue;
    it(`is written as Kitex writes it: ${name}`, () => {
      const value: Item = { text: body.text, number: BigInt(body.number) };
      const to = { seq: seqId, messageSeq: seqId, variant: 2, wireName: "Once", method: ONCE, multiplexed: false };
      const replying: Replying = { ...to, replyEntries: undefined, closing: false };
      const hex = written((out) => {
        if (type === 1) clientWireOf("framed").write(out, attempt(value, seqId), false);
        else serverWireOf("framed").writeReply(out, replying, value);
      });
      assert.equal(hex, vector.hex);
    });
  }
});

/** A server of both formats and its clients. */
async function both(t: TestContext): Promise<(make: (target: string) => Client<StreamsClient>) => Client<StreamsClient>> {
  const handler = (what: string): StreamsHandler => ({
    one({ text, number }, call) {
      if (text === "business") throw new BusinessError(7, "no", new Map([["k", "v"]]));
      if (text === "error") throw new RpcError("not_found", "nothing there");
      call.reply.set("Back", text, "backward");
      return { text: `${what} ${text} ${call.caller} ${call.metadata.get("hop") ?? ""}`.trim(), number };
    },
    collect: async (requests) => ({ text: what, number: (await Array.fromAsync(requests)).length }),
    async *count({ number }) {
      for (let i = 0; i < number; i++) yield { text: what, number: i };
    },
    async *talk(requests) {
      for await (const { number } of requests) yield { text: what, number: number + 1 };
    },
  });
  const server = createServer({ log: () => undefined })
    .add(Streams, handler("protobuf"))
    .add(ThriftStreams, handler("thrift"));
  await server.listen();
  t.after(() => server.close());
  return (make) => {
    const client = make(`127.0.0.1:${server.port}`);
    t.after(() => client[Symbol.asyncDispose]());
    return client;
  };
}

describe("a server of Thrift and Protobuf", () => {
  it("takes both on one port, in every protocol that carries them, each with its streams", async (t) => {
    const connect = await both(t);
    for (const protocol of ["ttheader", "ttheader-framed", "grpc", "framed", "buffered"] as const) {
      for (const [format, service] of [
        ["thrift", ThriftStreams],
        ["protobuf", Streams],
      ] as const) {
        if (protocol === "buffered" && format === "protobuf") {
          assert.throws(
            () => createClient(service, { target: "127.0.0.1:1", protocol }),
            /protobuf, which protocol buffered does not carry/,
          );
          continue;
        }
        const client = connect((target) => createClient(service, { target, protocol, log: () => undefined }));
        const label = `${format} over ${protocol}`;
        // Bare messages name no service: both have one that is called alike, but for the first letter.
        assert.equal((await client.one({ text: "a", number: 5 })).text, `${format} a`, label);
        await assert.rejects(client.one({ text: "error" }), (error: RpcError) => /nothing there/.test(error.detail), label);
        if (protocol === "framed" || protocol === "buffered") {
          await assert.rejects(Array.fromAsync(client.count({ number: 2 })), { code: "unimplemented" }, label);
          continue;
        }
        assert.equal((await client.collect([{}, {}])).number, 2, label);
        assert.deepEqual(
          (await Array.fromAsync(client.count({ number: 2 }))).map(({ text, number }) => `${text} ${number}`),
          [`${format} 0`, `${format} 1`],
          label,
        );
        const talked = await Array.fromAsync(client.talk([{ number: 1 }]));
        assert.deepEqual(
          talked.map(({ number }) => number),
          [2],
          label,
        );
      }
    }
  });

  it("carries metadata, names, exact codes and business errors with Kitex Protobuf", async (t) => {
    const connect = await both(t);
    const client = connect((target) => createClient(Streams, { target, protocol: "ttheader", name: "web" }));
    const info = new CallInfo();
    assert.equal((await client.one({ text: "a" }, { metadata: { hop: "h" }, info })).text, "protobuf a web h");
    assert.equal(info.reply.get("Back", "backward"), "a");
    await assert.rejects(client.one({ text: "error" }), { code: "not_found", detail: "nothing there" });
    await assert.rejects(client.one({ text: "business" }), (error: BusinessError) => {
      assert.deepEqual([error.status, error.detail, [...error.extra]], [7, "no", [["k", "v"]]]);
      return true;
    });
  });
});
