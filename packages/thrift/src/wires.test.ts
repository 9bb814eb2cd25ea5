import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BusinessError, RpcError, type Attempt, type Method } from "@kiteline/core";
import { ReplyFrame, RequestFrame, type Replying } from "@kiteline/net";
import { written } from "./bytes.fixture.ts";
import { echo, NotFound, ping, tell } from "./echo.fixture.ts";
import { thriftBinary, thriftCompact, ThriftClientWire, ThriftServerWire } from "./index.ts";

function attempt(method: Method, request: unknown, seq: number): Attempt {
  return { seq, call: { method, request } } as unknown as Attempt;
}

function replying(frame: RequestFrame, method: Method | undefined): Replying {
  return {
    seq: frame.seq,
    messageSeq: frame.seq,
    variant: frame.variant,
    wireName: frame.name,
    method,
    multiplexed: false,
    replyEntries: undefined,
    closing: false,
  };
}

const formats = [thriftBinary(), thriftCompact()];

for (const framed of [true, false]) {
  for (const format of formats) {
    describe(`a ${framed ? "framed" : "buffered"} wire with ${format.name}`, () => {
      const client = new ThriftClientWire({ format, framed });
      const server = new ThriftServerWire({ formats, framed });
      const around = Buffer.from("before");

      /** Carries a call there, in the middle of other bytes. */
      function carry(method: Method, request: unknown, seq: number): { frame: RequestFrame; request: unknown } {
        const bytes = written((out) => client.write(out, attempt(method, request, seq), false));
        assert.equal(server.recognise(bytes, 0, bytes.byteLength), true);
        const all = Buffer.concat([around, bytes, bytes]);
        const start = around.byteLength;
        assert.equal(server.makeFramer()(all, start, all.byteLength), bytes.byteLength);
        const frame = new RequestFrame();
        server.open(all, start, start + bytes.byteLength, frame);
        return { frame, request: server.read(frame, method) };
      }

      function back(bytes: Buffer, method: Method): { frame: ReplyFrame; value: unknown } {
        const all = Buffer.concat([around, bytes, bytes]);
        const start = around.byteLength;
        assert.equal(client.makeFramer()(all, start, all.byteLength), bytes.byteLength);
        const frame = new ReplyFrame();
        client.open(all, start, start + bytes.byteLength, frame);
        return { frame, value: client.read(frame, attempt(method, undefined, frame.seq)) };
      }

      it("carries calls and their results", () => {
        const { frame, request } = carry(echo, { action: "a", msg: "m" }, 5);
        assert.deepEqual(request, { action: "a", msg: "m" });
        assert.deepEqual([frame.seq, frame.name, frame.oneway, frame.service, frame.timeoutMs], [5, "echo", false, undefined, Infinity]);
        const reply = back(
          written((out) => server.writeReply(out, replying(frame, echo), { action: "b", msg: "" })),
          echo,
        );
        assert.deepEqual(
          [reply.frame.seq, reply.frame.thrown, reply.frame.exception, reply.value],
          [5, false, false, { action: "b", msg: "" }],
        );
      });

      it("carries calls without arguments, results or answers", () => {
        const { frame, request } = carry(ping, [], 1);
        assert.deepEqual(request, []);
        assert.equal(
          back(
            written((out) => server.writeReply(out, replying(frame, ping), undefined)),
            ping,
          ).value,
          undefined,
        );
        assert.equal(carry(tell, [], 2).frame.oneway, true);
      });

      it("carries declared exceptions, failures, and business errors as failures", () => {
        const { frame } = carry(echo, {}, 7);
        const to = replying(frame, echo);
        const declared = back(
          written((out) => server.writeError(out, to, Object.assign(new NotFound(), { what: "w" }))),
          echo,
        );
        assert.ok(declared.frame.thrown && !declared.frame.exception && declared.value instanceof NotFound);
        for (const [error, message] of [
          [new RpcError("unavailable", "no room"), "no room"],
          [new Error("oops"), "oops"],
          [new BusinessError(1001, "poor"), "business status 1001: poor"],
        ] as const) {
          const failure = back(
            written((out) => server.writeError(out, to, error)),
            echo,
          );
          assert.ok(failure.frame.thrown && failure.frame.exception && failure.value instanceof RpcError);
          assert.deepEqual([failure.frame.seq, failure.value.code, failure.value.detail], [7, "internal", message]);
        }
        const unknown = back(
          written((out) => server.writeError(out, replying(frame, undefined), new RpcError("unimplemented", "no such method"))),
          echo,
        );
        assert.ok(unknown.value instanceof RpcError);
        assert.deepEqual([unknown.value.code, unknown.value.executed], ["unimplemented", "no"]);
      });

      it("knows a frame's end only when it can", () => {
        const bytes = written((out) => client.write(out, attempt(echo, { action: "a", msg: "m" }, 5), false));
        for (const wire of [client, server]) {
          const framer = wire.makeFramer();
          for (let end = 0; end < bytes.byteLength; end++) {
            const length = framer(bytes, 0, end);
            assert.ok(length === 0 || length > end);
          }
          assert.equal(framer(bytes, 0, bytes.byteLength), bytes.byteLength);
        }
      });
    });
  }
}

describe("what a bare wire is recognised by", () => {
  const framed = new ThriftServerWire({ formats, framed: true });
  const buffered = new ThriftServerWire({ formats, framed: false });
  const old = thriftBinary({ strict: false });
  const oldFramed = new ThriftServerWire({ formats: [old], framed: true, strict: false });
  const oldBuffered = new ThriftServerWire({ formats: [old], framed: false, strict: false });
  const answers = (hex: string): (boolean | undefined)[] => {
    const bytes = Buffer.from(hex.replaceAll(" ", ""), "hex");
    return [framed, buffered, oldFramed, oldBuffered].map((wire) => wire.recognise(bytes, 0, bytes.byteLength));
  };

  it("is the version, behind a length or not", () => {
    assert.deepEqual(answers("8001"), [undefined, undefined, undefined, undefined]);
    assert.deepEqual(answers("80010001 00000004"), [false, true, false, true]);
    assert.deepEqual(answers("0000001e 80010001"), [true, false, true, false]);
    assert.deepEqual(answers("0000001e 82210100"), [true, false, false, false]);
    assert.deepEqual(answers("50524920 2a204854"), [false, false, false, false]);
  });

  it("is a name's length and a name in the old form, when asked", () => {
    assert.deepEqual(answers("00000004 6563686f"), [false, false, false, true]);
    assert.deepEqual(answers("0000001e 00000004 6563686f"), [false, false, true, false]);
    assert.deepEqual(answers("00000004"), [undefined, false, undefined, undefined]);
  });

  it("serves the old form, framed and buffered", () => {
    const message = Buffer.from("00000004 6563686f 01 00000009 0c0001 0b0001 00000002 6869 00 00".replaceAll(" ", ""), "hex");
    const length = Buffer.alloc(4);
    length.writeUInt32BE(message.byteLength);
    for (const [wire, bytes] of [
      [oldFramed, Buffer.concat([length, message])],
      [oldBuffered, message],
    ] as const) {
      assert.equal(wire.makeFramer()(bytes, 0, bytes.byteLength), bytes.byteLength);
      const frame = new RequestFrame();
      wire.open(bytes, 0, bytes.byteLength, frame);
      assert.deepEqual([frame.name, frame.seq, wire.read(frame, echo)], ["echo", 9, { action: "hi", msg: "" }]);
    }
  });

  it("is refused when it is no request, or of another protocol", () => {
    const reply = written((out) => thriftBinary().writeReply(out, ping, 1, undefined));
    assert.throws(
      () => buffered.open(reply, 0, reply.byteLength, new RequestFrame()),
      /expected a call \(1\) or a oneway call \(4\), got a message of kind 2/,
    );
    const bytes = Buffer.from("0000000400000000", "hex");
    assert.throws(() => framed.open(bytes, 0, 8, new RequestFrame()), /expected a message of thrift or thrift-compact, got 0x00000000/);
    assert.throws(() => framed.makeFramer()(Buffer.from("ffffffff80010001", "hex"), 0, 8), /a frame of -1 bytes/);
  });
});
