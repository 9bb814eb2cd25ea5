import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Method } from "@kiteline/core";
import { CALL, MessageHead, Output, Slabs } from "@kiteline/net";
import { Echo } from "./echo.fixture.ts";
import { kitexProtobuf } from "./kitex-format.ts";

describe("a message of Kitex Protobuf", () => {
  // What stands before it is the length that framing writes and takes away.
  const LENGTH = 4;
  const message = Buffer.from("00000014 9001 0001 00000004 6563686f 00000001 0a026869".replaceAll(" ", ""), "hex");
  const method: Method = { ...(Echo.methods["echo"] as Method), name: "echo" };

  it("is written as Kitex writes it, to the byte", () => {
    const out = new Output(new Slabs(), 1 << 10);
    out.begin();
    kitexProtobuf().writeRequest(out, method, 1, { action: "hi" });
    const written = Buffer.from(out.bytes.subarray(out.messageStart, out.position));
    assert.equal(written.toString("hex"), message.toString("hex", LENGTH));
    assert.equal(message.readUInt32BE(), written.byteLength);
  });

  it("is read as Kitex reads it", () => {
    const format = kitexProtobuf();
    assert.equal(format.recognise(message, LENGTH), true);
    const head = new MessageHead();
    format.readHead(message, LENGTH, message.byteLength, head);
    assert.deepEqual([head.kind, head.name, head.seq], [CALL, "echo", 1]);
    assert.deepEqual(format.readRequest(head, method), { action: "hi", msg: "" });
  });
});
