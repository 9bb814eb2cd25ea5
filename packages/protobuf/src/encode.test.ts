import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Output, Slabs, TooLarge, ValueError } from "@kiteline/net";
import { Echo, ReqCodec } from "./echo.fixture.ts";
import { decode, encode } from "./encode.ts";
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
