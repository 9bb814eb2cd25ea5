import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ManualClock, Attempt, CallInfo, ClientCall, MethodBinding, type Method } from "@kiteline/core";
import { Loop, DecodeError, ReplyFrame, RequestFrame, type ClientWire, type ServerWire } from "@kiteline/net";
import { defineService, type StructCodec } from "@kiteline/thrift/gen";
import { clientWire } from "./client-wire.ts";
import { serverWires } from "./server-wires.ts";

interface Vector {
  readonly name: string;
  readonly protocol: "ttheader" | "ttheader_framed" | "framed" | "buffered";
  readonly hex: string;
  readonly type: number;
  readonly service: string;
  readonly method: string;
  readonly seqId: number;
}

/** Frames that Kitex wrote: calls, replies, exceptions, over every transport. */
const vectors = (
  JSON.parse(readFileSync(join(import.meta.dirname, "../../thrift/test/kitex-vectors.json"), "utf8")) as { messages: readonly Vector[] }
).messages;

/** Reads any struct, field by field. */
const Anything: StructCodec<unknown> = {
  name: "anything",
  write: () => undefined,
  read(inp) {
    inp.begin();
    for (let key: number; (key = inp.field()) !== 0; ) inp.skip(key);
    return {};
  },
};

function methodOf({ service, method }: Vector): Method {
  return defineService(service, { it: { name: method, arity: 1, args: Anything } }).methods["it"] as Method;
}

function serverWireOf({ protocol }: Vector): ServerWire {
  const name = protocol.startsWith("ttheader") ? "ttheader" : protocol;
  return serverWires({ maxReceivedBytes: 1 << 20, limits: {}, multiplexed: true, oldThrift: false }).find(
    (wire) => wire.name === name,
  ) as ServerWire;
}

function clientWireOf({ protocol }: Vector): ClientWire {
  const options = { payload: "binary", messagesFormat: "thrift", maxReceivedBytes: 1 << 20, limits: {}, oldThrift: false } as const;
  return clientWire({ ...options, protocol: protocol === "ttheader_framed" ? "ttheader-framed" : protocol }, new Loop(new ManualClock()));
}

/** Reads a frame as a connection would; returns whether it was whole. */
function readBy(vector: Vector, bytes: Buffer): boolean {
  const method = methodOf(vector);
  if (vector.type === 1 || vector.type === 4) {
    const wire = serverWireOf(vector);
    const length = wire.makeFramer()(bytes, 0, bytes.byteLength);
    if (length === 0 || length > bytes.byteLength) return false;
    const frame = new RequestFrame();
    wire.open(bytes, 0, length, frame);
    frame.metadata?.inherited?.entries();
    wire.read(frame, method);
    return true;
  }
  const wire = clientWireOf(vector);
  const length = wire.makeFramer()(bytes, 0, bytes.byteLength);
  if (length === 0 || length > bytes.byteLength) return false;
  const frame = new ReplyFrame();
  wire.open(bytes, 0, length, frame);
  const call = new ClientCall(new MethodBinding(method, "", ""), { info: new CallInfo() }, undefined, undefined, 0);
  wire.read(frame, new Attempt(call, 1));
  return true;
}

function readOrRefused(vector: Vector, bytes: Buffer): void {
  try {
    readBy(vector, bytes);
  } catch (error) {
    assert.ok(error instanceof DecodeError, `${String(error)} for ${bytes.toString("hex")}`);
  }
}

describe("a frame of Kitex's", () => {
  assert.ok(vectors.length >= 80);
  for (const vector of vectors) {
    const whole = Buffer.from(vector.hex, "hex");
    it(`is read, and cut or changed anywhere read or refused: ${vector.protocol}, ${vector.name}`, () => {
      assert.equal(readBy(vector, whole), true);
      for (let cut = 0; cut < whole.byteLength; cut++) {
        assert.equal(readBy(vector, whole.subarray(0, cut)), false, "a cut frame is not whole");
        // As it would be if its length said so.
        if (cut < 4 || vector.protocol === "buffered") continue;
        const shortened = Buffer.from(whole.subarray(0, cut));
        shortened.writeUInt32BE(cut - 4);
        readOrRefused(vector, shortened);
      }
      for (let at = 0; at < Math.min(whole.byteLength, 400); at++) {
        for (const value of [0x00, 0x01, 0x0b, 0x0f, 0x10, 0x7f, 0x80, 0xff]) {
          const changed = Buffer.from(whole);
          changed[at] = value;
          readOrRefused(vector, changed);
        }
      }
      let seed = whole.byteLength;
      for (let round = 0; round < 300; round++) {
        const changed = Buffer.from(whole);
        for (let changes = 0; changes < 4; changes++) {
          seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fff_ffff;
          changed[seed % changed.byteLength] = seed >>> 16;
        }
        readOrRefused(vector, changed);
      }
    });
  }
});
