import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Output, Slabs, TooLarge, ValueError, type Slab } from "@kiteline/net";
import { Echo, ReqCodec } from "./echo.fixture.ts";
import { decode, decodeFrom, encode } from "./encode.ts";
import { ExplicitCodec } from "./everything.fixture.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { isProtobuf } from "./service.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("a message", () => {
  it("is its fields, those at their default left out", () => {
    assert.equal(hex(encode(ReqCodec, { action: "a", msg: "" })), "0a0161");
    assert.deepEqual(decode(ReqCodec, Buffer.from("0a0161", "hex")), { action: "a", msg: "" });
  });

  it("keeps what the schema does not know, unless told otherwise", () => {
    const bytes = Buffer.from("18960112026869" + "2b30012c" + "0a0161", "hex");
    const read = decode(ReqCodec, bytes);
    assert.deepEqual(
      read.$unknown?.map(({ tag, bytes: kept }) => [tag, hex(kept)]),
      [
        [24, "9601"],
        [43, "30012c"],
      ],
    );
    assert.equal(hex(encode(ReqCodec, read)), "0a0161" + "12026869" + "189601" + "2b30012c");
    assert.deepEqual(decode(ReqCodec, bytes, { keepUnknown: false }), { action: "a", msg: "hi" });
  });

  it("that is wrong says where", () => {
    assert.throws(
      () => encode(ReqCodec, { action: 5 as never }),
      (error) => {
        assert.ok(error instanceof ValueError);
        assert.equal(error.message, "bench.Req: field 1: expected a string, got 5");
        return true;
      },
    );
  });

  it("may be as long as its output allows", () => {
    const method = Echo.methods["echo"]!;
    assert.ok(isProtobuf(method.messages));
    const out = new Output(new Slabs(), 10_000);
    for (const length of [0, 1, 42, 43, 127, 128, 300, 5000]) {
      const msg = "é".repeat(length);
      out.begin();
      method.messages.encodeRequest(out, { action: msg, msg });
      const read = method.messages.decodeRequest(out.bytes, out.messageStart, out.position) as { action: string };
      assert.equal(read.action, msg);
    }
    out.begin();
    const { messages } = method;
    assert.throws(() => messages.encodeRequest(out, { msg: "x".repeat(200_000) }), TooLarge);
  });
});

describe("bytes in a message", () => {
  const slab = (size: number): Slab => ({ bytes: Buffer.alloc(size), view: new DataView(new ArrayBuffer(0)), kept: false });

  /** Reads a message with these bytes out of a slab of this size. */
  function readFrom(memory: Slab, size: number, given: Slab | undefined): Uint8Array | undefined {
    const encoded = encode(ExplicitCodec, { someBytes: Buffer.alloc(size, 7) });
    memory.bytes.set(encoded, 3);
    return decodeFrom(memory.bytes, 3, 3 + encoded.byteLength, ExplicitCodec, DEFAULT_LIMITS, given).someBytes;
  }

  it("are a copy, unless they are most of memory that was given for good", () => {
    for (const [size, kept] of [
      [90_000, true],
      [70_000, false],
    ] as const) {
      const memory = slab(100_000);
      const bytes = readFrom(memory, size, memory);
      assert.deepEqual([bytes?.byteLength, bytes?.[0], bytes?.at(-1)], [size, 7, 7]);
      assert.deepEqual([memory.kept, bytes?.buffer === memory.bytes.buffer], [kept, kept]);
      assert.equal(Object.getPrototypeOf(bytes), Uint8Array.prototype);
    }
    const memory = slab(100_000);
    assert.notEqual(readFrom(memory, 90_000, undefined)?.buffer, memory.bytes.buffer);
    assert.equal(memory.kept, false);
  });
});
