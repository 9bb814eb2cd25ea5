import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RpcError } from "@kiteline/core";
import { CALL, DecodeError, EXCEPTION, MessageHead, ONEWAY, Output, REPLY, Slabs, type PayloadFormat } from "@kiteline/net";
import { echo, NotFound, ping, tell, type Req } from "./echo.fixture.ts";
import { thriftBinary, thriftCompact } from "./index.ts";
import { defineService, noArguments } from "./service.ts";

const binary = thriftBinary();
const head = new MessageHead();

function encoded(write: (out: Output) => void): Buffer {
  const out = new Output(new Slabs(), 16 * 1024 * 1024);
  out.begin();
  write(out);
  return Buffer.concat(out.take().map((each) => Buffer.from(each.bytes)));
}

/** Somewhere inside a larger buffer, as messages are. */
function open(format: PayloadFormat, message: Buffer): void {
  const bytes = Buffer.concat([Buffer.from([1, 2, 3]), message, Buffer.from([9, 9])]);
  format.readHead(bytes, 3, 3 + message.byteLength, head);
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

const CALL_HI = hex("80010001 00000004 6563686f 00000001 0c0001 0b0001 00000002 6869 00 00");
const EXCEPTION_BAD = hex("80010003 00000004 6563686f 00000001 0b0001 00000003 626164 080002 00000006 00");

describe("a Thrift binary message", () => {
  it("is a call of the bytes that Kitex writes", () => {
    assert.deepEqual(
      encoded((out) => binary.writeRequest(out, echo, 1, { action: "hi" })),
      CALL_HI,
    );
    open(binary, CALL_HI);
    assert.deepEqual([head.kind, head.name, head.seq], [CALL, "echo", 1]);
    assert.deepEqual(binary.readRequest(head, echo), { action: "hi", msg: "" });
  });

  it("is an exception of the bytes that Kitex writes, with its code and message", () => {
    assert.deepEqual(
      encoded((out) => binary.writeError(out, echo, "echo", 1, new RpcError("internal", "bad"))),
      EXCEPTION_BAD,
    );
    open(binary, EXCEPTION_BAD);
    assert.equal(head.kind, EXCEPTION);
    const error = binary.readReply(head, echo);
    assert.ok(head.thrown && error instanceof RpcError);
    assert.deepEqual([error.code, error.detail, error.executed, error.foreignCode], ["internal", "bad", "maybe", "thrift 6"]);
  });

  it("carries a result, a declared exception, and nothing for a void method", () => {
    open(
      binary,
      encoded((out) => binary.writeReply(out, echo, 7, { action: "a", msg: "b" } satisfies Req)),
    );
    assert.deepEqual([head.kind, head.seq, binary.readReply(head, echo), head.thrown], [REPLY, 7, { action: "a", msg: "b" }, false]);

    const missing = Object.assign(new NotFound(), { what: "x" });
    open(
      binary,
      encoded((out) => binary.writeError(out, echo, "echo", 8, missing)),
    );
    const thrown = binary.readReply(head, echo);
    assert.ok(head.kind === REPLY && head.thrown && thrown instanceof NotFound);
    assert.equal(thrown.what, "x");

    open(
      binary,
      encoded((out) => binary.writeReply(out, ping, 9, undefined)),
    );
    assert.deepEqual([binary.readReply(head, ping), head.thrown], [undefined, false]);
  });

  it("says that a oneway call is one", () => {
    open(
      binary,
      encoded((out) => binary.writeRequest(out, tell, 1, [])),
    );
    assert.equal(head.kind, ONEWAY);
  });

  it("is not a reply when it answers another method, and not whole when bytes follow it", () => {
    const reply = encoded((out) => binary.writeReply(out, ping, 1, undefined));
    open(binary, reply);
    assert.throws(() => binary.readReply(head, echo), /expected a reply of echo, got one of ping/);
    open(binary, Buffer.concat([reply, Buffer.from([0])]));
    assert.throws(() => binary.readReply(head, ping), /1 bytes are left/);
  });

  it("without a result where one is due is a clear error", () => {
    open(
      binary,
      encoded((out) => binary.writeEmptyReply(out, echo, 1)),
    );
    const error = binary.readReply(head, echo);
    assert.ok(head.thrown && error instanceof RpcError);
    assert.match(error.message, /Echo\.echo holds neither a result nor a declared exception/);
    assert.equal(error.executed, "yes");
    assert.throws(() => encoded((out) => binary.writeReply(out, echo, 1, undefined)), /handler of Echo.echo returned undefined/);
  });

  it("is refused with the place of the wrong value", () => {
    const wrong = { action: "a", msg: 5 } as unknown as Req;
    assert.throws(() => encoded((out) => binary.writeRequest(out, echo, 1, wrong)), {
      name: "ValueError",
      message: "the request of Echo.echo: argument1.msg: expected a string, got 5",
    });
  });

  it("may be read on after its head whatever else was read meanwhile", () => {
    for (const [format, other] of [
      [binary, thriftCompact()],
      [thriftCompact(), binary],
    ] as const) {
      const request = { action: "first", msg: "1".repeat(30) };
      open(
        format,
        encoded((out) => format.writeRequest(out, echo, 1, request)),
      );
      const between = encoded((out) => other.writeRequest(out, echo, 2, { action: "second", msg: "2".repeat(3000) }));
      other.readHead(between, 0, between.byteLength, new MessageHead());
      other.readRequest(head, echo);
      assert.deepEqual(format.readRequest(head, echo), request);

      open(
        format,
        encoded((out) => format.writeReply(out, echo, 1, request)),
      );
      other.readHead(between, 0, between.byteLength, new MessageHead());
      assert.deepEqual(format.readReply(head, echo), request);
    }
  });

  it("may have the old form when asked", () => {
    const old = hex("00000004 6563686f 01 00000001 0c0001 0b0001 00000002 6869 00 00");
    assert.throws(() => open(binary, old), DecodeError);
    const lenient = thriftBinary({ strict: false });
    open(lenient, old);
    assert.deepEqual([head.kind, head.name, head.seq, lenient.readRequest(head, echo)], [CALL, "echo", 1, { action: "hi", msg: "" }]);
    open(lenient, CALL_HI);
    assert.equal(head.name, "echo");
  });
});

describe("the description of a service", () => {
  it("is refused where its code is older than what reads: all its fields would be unknown", () => {
    const result = { key: 0x000b, write: () => undefined, read: () => "" };
    assert.throws(() => defineService("Old", { get: { name: "get", arity: 0, args: noArguments, result } }), {
      name: "TypeError",
      message: /the code of Old is older than this @kiteline\/thrift: it says 0x000b for field 0 of a result\. Generate it again/,
    });
  });
});
