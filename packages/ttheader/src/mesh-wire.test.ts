import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BusinessError, RpcError } from "@kiteline/core";
import { DecodeError, RequestFrame, type Replying } from "@kiteline/net";
import { strings, u16, written } from "./frame.fixture.ts";
import { MeshHeaderServerWire } from "./mesh-wire.ts";
import { message, RawFormat, rawMethod } from "./raw-format.fixture.ts";

const CALL = 1;
const REPLY = 2;
const EXCEPTION = 3;
const ECHO = rawMethod("echo");
const BODY = Buffer.from("body\0");

function meshed(pairs: Record<string, string>, payload: Buffer): Buffer {
  const info = strings(pairs).subarray(1);
  return Buffer.concat([u16(0xffaf), u16(info.byteLength), info, payload]);
}

function framed(payload: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(payload.byteLength);
  return Buffer.concat([length, payload]);
}

const wire = (): MeshHeaderServerWire => new MeshHeaderServerWire({ formats: [new RawFormat(), new RawFormat(0x8221)] });
const PAIRS = { isn: "Echo", RPC_PERSIST_user: "7", k: "v" };

describe("the mesh header", () => {
  it("is known by its magic", () => {
    const bytes = meshed({}, message(CALL, "echo", 5, BODY));
    assert.deepEqual([wire().recognise(bytes, 0, 1), wire().recognise(bytes, 0, 2)], [undefined, true]);
    assert.equal(wire().recognise(message(CALL, "echo", 5, BODY), 0, 2), false);
  });

  for (const magic of [0x8001, 0x8221]) {
    for (const inner of [framed, (payload: Buffer) => payload]) {
      it(`stands before a message that is ${inner === framed ? "framed" : "buffered"}, 0x${magic.toString(16)}, and is not answered with`, () => {
        const it = wire();
        const bytes = meshed(PAIRS, inner(message(CALL, "echo", 5, BODY, magic)));
        const found = new RequestFrame();
        const padded = Buffer.concat([Buffer.alloc(3, 0xee), bytes, Buffer.alloc(3, 0xee)]);
        it.open(padded, 3, 3 + bytes.byteLength, found);
        const { service, name, seq, messageSeq, oneway, timeoutMs, multiplexed, caller } = found;
        assert.deepEqual(
          [service, name, seq, messageSeq, oneway, timeoutMs, multiplexed, caller],
          ["Echo", "echo", 5, 5, false, Infinity, false, ""],
        );
        assert.deepEqual(
          found.metadata?.entries.map(({ name, value, scope }) => [name, value, scope]),
          [
            ["user", "7", "persistent"],
            ["k", "v", "transient"],
          ],
        );
        assert.deepEqual(it.read(found, ECHO), BODY);
        const to: Replying = {
          seq,
          messageSeq: found.messageSeq,
          variant: found.variant,
          multiplexed,
          wireName: "echo",
          method: ECHO,
          replyEntries: undefined,
          closing: false,
        };
        assert.deepEqual(
          written((out) => it.writeReply(out, to, BODY)),
          inner(message(REPLY, "echo", 5, BODY, magic)),
        );
        for (const error of [new RpcError("internal", "no"), new BusinessError(5, "no")]) {
          const text = Buffer.from(error instanceof RpcError ? error.detail : error.message);
          assert.deepEqual(
            written((out) => it.writeError(out, to, error)),
            inner(message(EXCEPTION, "echo", 5, text, magic)),
          );
        }
      });

      it(`tells where a message ends that is ${inner === framed ? "framed" : "buffered"}, 0x${magic.toString(16)}, however it is cut`, () => {
        const bytes = meshed(PAIRS, inner(message(CALL, "echo", 5, BODY, magic)));
        const more = Buffer.concat([bytes, bytes]);
        for (let end = 0; end < bytes.byteLength; end++) {
          const frameBytes = wire().makeFramer();
          const length = frameBytes(more, 0, end);
          assert.ok(length === 0 || length > end, `${length} of ${end}`);
          assert.equal(frameBytes(more, 0, bytes.byteLength), bytes.byteLength);
          assert.equal(frameBytes(more, bytes.byteLength, more.byteLength), bytes.byteLength);
        }
      });
    }
  }

  it("may hold nothing", () => {
    const found = new RequestFrame();
    const bytes = meshed({}, message(CALL, "echo", 5, BODY));
    wire().open(bytes, 0, bytes.byteLength, found);
    assert.deepEqual([found.service, found.metadata], [undefined, undefined]);
  });

  const broken: [what: string, bytes: Buffer, text: RegExp][] = [
    ["another magic", Buffer.from("00000000000000000000", "hex"), /expected the mesh header's magic 0xffaf, got 0x0000/],
    ["pairs that leave it", Buffer.concat([u16(0xffaf), u16(6), u16(1), u16(9), u16(0), message(CALL, "echo", 5, BODY)]), /ends before/],
    [
      "bytes after its pairs",
      Buffer.concat([u16(0xffaf), u16(4), u16(0), u16(0), message(CALL, "echo", 5, BODY)]),
      /2 bytes follow the pairs/,
    ],
    ["no room for a count", Buffer.concat([u16(0xffaf), u16(1), Buffer.alloc(1), message(CALL, "echo", 5, BODY)]), /ends before|leaves/],
    ["a message nobody knows", meshed({}, Buffer.alloc(20)), /expected a payload of raw or raw/],
    ["a reply", meshed({}, message(REPLY, "echo", 5, BODY)), /expected a call/],
  ];
  for (const [what, bytes, text] of broken) {
    it(`with ${what} is refused`, () => {
      assert.throws(
        () => {
          const frameBytes = wire().makeFramer();
          frameBytes(bytes, 0, bytes.byteLength);
          wire().open(bytes, 0, bytes.byteLength, new RequestFrame());
        },
        { name: "DecodeError", message: text },
      );
    });
  }

  it("cut or changed anywhere is read or refused", () => {
    const whole = meshed(PAIRS, framed(message(CALL, "echo", 5, BODY)));
    const attempt = (bytes: Buffer): void => {
      try {
        const length = wire().makeFramer()(bytes, 0, bytes.byteLength);
        if (length !== bytes.byteLength) return;
        const it = wire();
        const found = new RequestFrame();
        it.open(bytes, 0, bytes.byteLength, found);
        it.read(found, ECHO);
      } catch (error) {
        assert.ok(error instanceof DecodeError, String(error));
      }
    };
    for (let cut = 0; cut < whole.byteLength; cut++) attempt(whole.subarray(0, cut));
    for (let at = 0; at < whole.byteLength; at++) {
      for (let value = 0; value < 256; value++) {
        const changed = Buffer.from(whole);
        changed[at] = value;
        attempt(changed);
      }
    }
  });
});
