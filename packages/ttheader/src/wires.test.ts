import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  Attempt,
  BusinessError,
  CallInfo,
  ClientCall,
  ManualClock,
  Metadata,
  MethodBinding,
  RpcError,
  type CallOptions,
  type Method,
} from "@kiteline/core";
import { Loop, ReplyFrame, RequestFrame, TooLarge, type Replying } from "@kiteline/net";
import { TTHeaderClientWire, type TTHeaderClientOptions } from "./client-wire.ts";
import { frame, hex, ints, readFrame, strings, token, written } from "./frame.fixture.ts";
import { message, RawFormat, rawMethod } from "./raw-format.fixture.ts";
import { TTHeaderServerWire } from "./server-wire.ts";

const CALL = 1;
const REPLY = 2;
const EXCEPTION = 3;
const ONEWAY = 4;
const ECHO = rawMethod("echo");
const BODY = Buffer.from("body");

function clientWire(options: Partial<TTHeaderClientOptions> = {}): TTHeaderClientWire {
  return new TTHeaderClientWire({ format: new RawFormat(), framed: false, loop: new Loop(new ManualClock(1000)), ...options });
}

function attemptOf(method: Method = ECHO, options: CallOptions = {}, caller = "cli"): Attempt {
  const metadata = options.metadata === undefined ? undefined : Metadata.from(options.metadata);
  const call = new ClientCall(new MethodBinding(method, caller, "target:1"), options, undefined, metadata, 1000);
  call.request = BODY;
  const attempt = new Attempt(call, 1);
  attempt.seq = 7;
  return attempt;
}

function request(attempt: Attempt, multiplexed = false, options: Partial<TTHeaderClientOptions> = {}): Buffer {
  return written((out) => clientWire(options).write(out, attempt, multiplexed));
}

function serverWire(multiplexed = true): TTHeaderServerWire {
  return new TTHeaderServerWire({ formats: [new RawFormat(), new RawFormat(0x8221)], multiplexed });
}

/** The frame as it is opened among other bytes. */
function opened(bytes: Buffer, wire = serverWire()): RequestFrame {
  const found = new RequestFrame();
  wire.open(Buffer.concat([Buffer.alloc(5, 0xee), bytes, Buffer.alloc(5, 0xee)]), 5, 5 + bytes.byteLength, found);
  return found;
}

function replying(parts: Partial<Replying> = {}): Replying {
  return {
    seq: 7,
    messageSeq: 7,
    variant: 0,
    wireName: "echo",
    method: ECHO,
    multiplexed: false,
    replyEntries: undefined,
    closing: false,
    ...parts,
  };
}

interface Reply {
  readonly frame: ReplyFrame;
  readonly value: unknown;
  readonly info: CallInfo;
}

/** What a client makes of a reply. */
function answered(bytes: Buffer, attempt = attemptOf(), wire = clientWire()): Reply {
  const info = new CallInfo();
  attempt.call.info = info;
  const found = new ReplyFrame();
  wire.open(bytes, 0, bytes.byteLength, found);
  return { value: wire.read(found, attempt), frame: found, info };
}

const reply = (value: unknown, to = replying()): Buffer => written((out) => serverWire().writeReply(out, to, value));
const failure = (error: Error, to = replying()): Buffer => written((out) => serverWire().writeError(out, to, error));

describe("a request", () => {
  it("is of these bytes", () => {
    const expected = hex(`
      0000005e 1000 0000 00000007 0010 00 00
      01 0001 0003 69736e 0004 4563686f
      10 0005 0001 0008 756e6672616d6564 0006 0008 7461726765743a31 0009 0004 6563686f 0016 0001 31 0003 0003 636c69
      00
      80010001 00000004 6563686f 00000007 626f6479`);
    assert.equal(request(attemptOf()).toString("hex"), expected.toString("hex"));
  });

  it("says who calls whom for what, how much time is left, and that answers may come in any order", () => {
    const attempt = attemptOf(rawMethod("tell", "oneway"));
    attempt.call.deadlineMs = 1250.4;
    const bytes = request(attempt, true, { framed: true });
    const read = readFrame(bytes);
    assert.deepEqual([read.flags, read.seq, read.protocolId], [1, 7, 0]);
    assert.deepEqual(read.strings, { isn: "Echo" });
    assert.deepEqual(read.ints, { 1: "framed", 3: "cli", 6: "target:1", 9: "tell", 12: "251", 22: "4" });
    assert.deepEqual(read.payload.subarray(4), message(ONEWAY, "tell", 7, BODY));
    assert.equal(read.payload.readUInt32BE(0), read.payload.byteLength - 4);
  });

  it("never says more time than the call began with, although its turn began before it", () => {
    const attempt = attemptOf();
    attempt.call.startMs = 1000.4; // the turn's clock says 1000
    attempt.call.deadlineMs = 6000.4;
    assert.equal(readFrame(request(attempt)).ints[12], "5000");
    for (let startMs = 131_000; startMs < 131_001; startMs += 0.01) {
      attempt.call.startMs = startMs;
      attempt.call.deadlineMs = startMs + 200; // 2 ** 17 lies between: the sum is rounded, and less the start a trifle more than 200
      assert.equal(readFrame(request(attempt)).ints[12], "200");
    }
  });

  it("says what is left when it is written, although its turn began long before", () => {
    const clock = new ManualClock(1000);
    const loop = new Loop(clock);
    const attempt = attemptOf();
    attempt.call.startMs = 900; // it waited for a connection
    attempt.call.deadlineMs = 6000;
    assert.equal(loop.now(), 1000);
    clock.advance(500);
    assert.equal(readFrame(request(attempt, false, { loop })).ints[12], "4500");
  });

  it("of a client without a name has no caller, and of a call past its deadline the least time there is", () => {
    const attempt = attemptOf(ECHO, {}, "");
    attempt.call.deadlineMs = 900;
    assert.deepEqual(readFrame(request(attempt)).ints, { 1: "unframed", 6: "target:1", 9: "echo", 12: "1", 22: "1" });
  });

  it("with more metadata than a header can hold is refused", () => {
    const many = new Metadata();
    for (let i = 0; i < 5; i++) many.append(`key${i}`, "x".repeat(60_000));
    assert.throws(() => request(attemptOf(ECHO, { metadata: many })), {
      name: "TooLarge",
      message: /the header has \d+ bytes, more than TTHeader's 262140/,
    });
    assert.throws(
      () => request(attemptOf(ECHO, { metadata: { key: "ä".repeat(40_000) } })),
      /metadata "ä+…" has 80000 bytes, more than TTHeader's 65535/,
    );
    const most = new Metadata();
    for (let i = 0; i < 4; i++) most.append("k", "x".repeat(65_000));
    request(attemptOf(ECHO, { metadata: most }));
  });

  it("larger than it may be is refused although its header fits", () => {
    const attempt = attemptOf();
    attempt.call.request = Buffer.alloc(2_000_000);
    assert.throws(() => written((out) => clientWire().write(out, attempt, false), 1_000_000), TooLarge);
  });
});

describe("a server's end", () => {
  it("knows TTHeader by its magic, and leaves streams to others", () => {
    const wire = serverWire();
    const bytes = frame({ payload: message(CALL, "echo", 1, BODY) });
    for (let end = 0; end < 8; end++) assert.equal(wire.recognise(bytes, 0, end), undefined);
    assert.equal(wire.recognise(bytes, 0, 8), true);
    assert.equal(wire.recognise(frame({ flags: 2 }), 0, 8), false);
    assert.equal(wire.recognise(message(CALL, "echo", 1, BODY), 0, 8), false);
  });

  it("reads what a client of ours wrote", () => {
    const attempt = attemptOf(ECHO, { metadata: new Metadata().set("User", "7", "persistent") });
    attempt.call.deadlineMs = 1250;
    for (const framed of [false, true]) {
      const wire = serverWire();
      const found = opened(request(attempt, true, { framed }), wire);
      const { service, name, caller, timeoutMs, multiplexed, oneway, seq, messageSeq } = found;
      assert.deepEqual(
        [service, name, caller, timeoutMs, multiplexed, oneway, seq, messageSeq],
        ["Echo", "echo", "cli", 250, true, false, 7, 7],
      );
      assert.deepEqual(found.metadata?.entries, [{ key: "user", name: "User", value: "7", scope: "persistent" }]);
      assert.deepEqual(wire.read(found, ECHO), BODY);
    }
  });

  it("keeps nothing of one request for the next", () => {
    const wire = serverWire();
    const full = frame({
      flags: 1,
      sections: [strings({ isn: "Echo", k: "v" }), ints({ 3: "cli", 12: "9" })],
      payload: message(ONEWAY, "tell", 1, BODY),
    });
    const empty = frame({ payload: message(CALL, "echo", 2, BODY) });
    const found = new RequestFrame();
    wire.open(full, 0, full.byteLength, found);
    assert.deepEqual([found.oneway, found.multiplexed, found.timeoutMs], [true, true, 9]);
    wire.open(empty, 0, empty.byteLength, found);
    const { service, caller, timeoutMs, multiplexed, oneway, metadata, name, messageSeq } = found;
    assert.deepEqual(
      [service, caller, timeoutMs, multiplexed, oneway, metadata, name, messageSeq],
      [undefined, "", Infinity, false, false, undefined, "echo", 2],
    );
  });

  it("reads payloads of any of its formats, with a length of their own or not, and answers in kind", () => {
    for (const [magic, protocolId] of [
      [0x8001, 0],
      [0x8221, 4],
    ] as const) {
      for (const framed of [false, true]) {
        const wire = serverWire();
        const inner = message(CALL, "echo", 5, BODY, magic);
        const length = Buffer.alloc(4);
        length.writeUInt32BE(inner.byteLength);
        const found = opened(frame({ seq: 5, protocolId, payload: framed ? Buffer.concat([length, inner]) : inner }), wire);
        assert.deepEqual(wire.read(found, ECHO), BODY);
        const answer = readFrame(written((out) => wire.writeReply(out, replying({ variant: found.variant }), BODY)));
        const expected = message(REPLY, "echo", 7, BODY, magic);
        assert.deepEqual(answer.payload.subarray(framed ? 4 : 0), expected);
        if (framed) assert.equal(answer.payload.readUInt32BE(0), expected.byteLength);
      }
    }
  });

  it("answers both sequence ids in kind when a proxy has changed one", () => {
    const found = opened(frame({ seq: 100, payload: message(CALL, "echo", 5, BODY) }));
    assert.deepEqual([found.seq, found.messageSeq], [100, 5]);
    const answer = readFrame(reply(BODY, replying({ seq: 100, messageSeq: 5 })));
    assert.deepEqual([answer.seq, answer.payload], [100, message(REPLY, "echo", 5, BODY)]);
    assert.deepEqual(opened(frame({ seq: 0, payload: message(CALL, "echo", 5, BODY) })).seq, 5);
  });

  const wrong: [what: string, bytes: Buffer, text: RegExp][] = [
    [
      "a reply",
      frame({ payload: message(REPLY, "echo", 1, BODY) }),
      /expected a call \(1\) or a oneway call \(4\), got a message of kind 2/,
    ],
    [
      "a payload it does not know",
      frame({ payload: Buffer.from("00000000ffffffff", "hex") }),
      /expected a payload of raw or raw, got 00000000ffffffff/,
    ],
    ["no payload", frame({}), /a payload of 0 bytes holds no message/],
    [
      "a payload whose length is wrong",
      frame({ payload: Buffer.concat([Buffer.from([0, 0, 0, 99]), message(CALL, "echo", 1, BODY)]) }),
      /announces 99 bytes and has 20/,
    ],
    ["a frame of a stream", frame({ flags: 2, payload: message(CALL, "echo", 1, BODY) }), /a frame of a TTHeader stream/],
  ];
  for (const [what, bytes, text] of wrong) {
    it(`refuses ${what}`, () => {
      assert.throws(() => opened(bytes), { name: "DecodeError", message: text });
    });
  }

  it("refuses to read a method's messages in another format", () => {
    const wire = serverWire();
    const found = opened(frame({ payload: message(CALL, "echo", 1, BODY) }), wire);
    const other = { ...ECHO, messages: { format: "protobuf" } };
    assert.throws(() => wire.read(found, other), /Echo.echo has protobuf messages, but the payload is raw/);
  });
});

describe("a reply", () => {
  it("brings its value, and says that any number of calls may come, where the server is so", () => {
    const bytes = reply(BODY);
    const { value, frame: found } = answered(bytes);
    assert.deepEqual(
      [value, found.seq, found.thrown, found.multiplexed, found.closing, found.control],
      [BODY, 7, false, true, false, false],
    );
    assert.deepEqual(readFrame(bytes).ints, { 22: "2" });
    const single = written((out) => serverWire(false).writeReply(out, replying(), BODY));
    assert.equal(answered(single).frame.multiplexed, false);
  });

  it("may have a length of its own although the request had none, and the other way round", () => {
    const payload = message(REPLY, "echo", 7, BODY);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(payload.byteLength);
    for (const framed of [false, true]) {
      const wire = clientWire({ framed });
      assert.deepEqual(answered(frame({ seq: 7, payload }), attemptOf(), wire).value, BODY);
      assert.deepEqual(answered(frame({ seq: 7, payload: Buffer.concat([length, payload]) }), attemptOf(), wire).value, BODY);
    }
    assert.throws(() => answered(frame({ payload: Buffer.concat([Buffer.from([0, 0, 0, 1]), payload]) })), /announces 1 bytes/);
  });

  it("whose header has no sequence id is told by that of its message", () => {
    assert.equal(answered(frame({ seq: 0, payload: message(REPLY, "echo", 7, BODY) })).frame.seq, 7);
    assert.equal(answered(frame({ seq: 7, payload: message(EXCEPTION, "echo", 0, BODY) })).frame.exception, true);
  });

  it("brings no metadata that is empty", () => {
    const sections = [strings({ "": "x", k: "", RPC_BACKWARD_: "x", found: "1" })];
    const { info } = answered(frame({ seq: 7, sections, payload: message(REPLY, "echo", 7, BODY) }));
    assert.deepEqual(
      info.reply.entries().map((entry) => entry.name),
      ["found"],
    );
  });

  it("is kept apart from the one before", () => {
    const wire = clientWire();
    const first = answered(failure(new BusinessError(5, "no")), attemptOf(), wire);
    assert.ok(first.value instanceof BusinessError);
    const second = answered(reply(BODY), attemptOf(), wire);
    assert.deepEqual([second.value, second.info.reply.size], [BODY, 0]);
  });
});

describe("an error", () => {
  it("of ours keeps its code and whether the call was executed, both in the header", () => {
    for (const [error, retriable] of [
      [new RpcError("aborted", "later", { executed: "yes" }), false],
      [new RpcError("unavailable", "not now", { executed: "no" }), true],
      [new RpcError("resource_exhausted", "full", { executed: "no" }), true],
      [new RpcError("unavailable", "half way"), false],
    ] as const) {
      const bytes = failure(error);
      assert.equal(readFrame(bytes).ints[22], "3");
      const { value, frame: found } = answered(bytes);
      assert.ok(value instanceof RpcError && found.thrown);
      assert.deepEqual(
        [value.code, value.detail, value.executed, value.retriable, value.foreignCode],
        [error.code, error.detail, error.executed, retriable, "raw 6"],
      );
    }
  });

  it("of another server is what its message says", () => {
    const { value } = answered(frame({ seq: 7, payload: message(EXCEPTION, "echo", 7, Buffer.from("oh no")) }));
    assert.ok(value instanceof RpcError);
    assert.deepEqual([value.code, value.detail], ["internal", "oh no"]);
  });

  it("that says a code nobody knows is unknown, and says nothing of being executed", () => {
    for (const status of ["", "99 perhaps", "x"]) {
      const sections = status === "" ? [] : [strings({ "kiteline-status": status })];
      const { value } = answered(frame({ seq: 7, sections, payload: message(EXCEPTION, "echo", 7, BODY) }));
      assert.ok(value instanceof RpcError);
      assert.deepEqual([value.code, value.executed], [status === "" ? "internal" : "unknown", "maybe"]);
    }
  });

  it("that is none of ours comes from a handler, whose call was executed", () => {
    assert.deepEqual(readFrame(failure(new TypeError("x is not a function"))).strings, { "kiteline-status": "13 yes" });
  });
});

describe("a business error", () => {
  it("travels in the header of an empty reply, as Kitex's does, and comes back equal", () => {
    const error = new BusinessError(-404, "none left", new Map([["sku", "ä\n1"]]));
    const bytes = failure(error);
    const read = readFrame(bytes);
    assert.deepEqual(read.strings, { "biz-status": "-404", "biz-message": "none left", "biz-extra": '{"sku":"ä\\n1"}' });
    assert.deepEqual([read.payload, read.ints[22]], [message(REPLY, "echo", 7, Buffer.alloc(1)), "2"]);
    const { value, frame: found, info } = answered(bytes);
    assert.ok(value instanceof BusinessError && found.thrown);
    assert.deepEqual([value.status, value.detail, value.extra, info.reply.size], [-404, "none left", error.extra, 0]);
  });

  it("without extra sends none", () => {
    assert.deepEqual(Object.keys(readFrame(failure(new BusinessError(1, ""))).strings), ["biz-status", "biz-message"]);
  });

  it("of a peer may leave out or garble what is beside its status", () => {
    const with_ = (pairs: Record<string, string>): unknown =>
      answered(frame({ seq: 7, sections: [strings(pairs)], payload: message(REPLY, "echo", 7, BODY) })).value;
    const bare = with_({ "biz-status": "5" });
    assert.ok(bare instanceof BusinessError);
    assert.deepEqual([bare.status, bare.detail, bare.extra.size], [5, "", 0]);
    const garbled = with_({ "biz-status": "5", "biz-extra": "{oops" });
    assert.ok(garbled instanceof BusinessError);
    assert.deepEqual([...garbled.extra], [["biz-extra", "{oops"]]);
    for (const extra of ["", "null", "5"]) assert.equal((with_({ "biz-status": "5", "biz-extra": extra }) as BusinessError).extra.size, 0);
    for (const status of ["0", "", "x", "1.5", "99999999999"]) assert.deepEqual(with_({ "biz-status": status }), BODY, `status ${status}`);
  });

  it("of a method that nobody serves is an error like any other", () => {
    assert.equal(readFrame(failure(new BusinessError(5, "no"), replying({ method: undefined }))).payload[3], EXCEPTION);
  });
});

describe("a server that goes", () => {
  it("says so on its replies, errors included", () => {
    for (const bytes of [reply(BODY, replying({ closing: true })), failure(new RpcError("internal", "x"), replying({ closing: true }))]) {
      const { frame: found, info } = answered(bytes);
      assert.deepEqual([found.closing, found.control, info.reply.size], [true, false, 0]);
    }
  });

  it("tells those that multiplex by the frame that Kitex sends for it", () => {
    const kitex = hex("0000002b 1000 0000 00000000 0004 00 00 01 0001 0005 6372727374 0001 31 00 80010002 00000004 6e6f6e65 00000000 00");
    const ours = written((out) => serverWire().writeGoingAway(out));
    const { strings: said, payload, seq } = readFrame(ours);
    const theirs = readFrame(kitex);
    assert.deepEqual({ said, payload, seq }, { said: theirs.strings, payload: theirs.payload, seq: theirs.seq });
    for (const bytes of [kitex, ours]) {
      const found = new ReplyFrame();
      clientWire().open(bytes, 0, bytes.byteLength, found);
      assert.deepEqual([found.control, found.closing, found.exception], [true, true, false]);
    }
    const error = frame({ seq: 0, sections: [strings({ crrst: "1" })], payload: message(EXCEPTION, "echo", 0, BODY) });
    assert.equal(answered(error).frame.control, false, "an error message is an answer, whatever its sequence id");
  });
});

describe("what Kitex sends", () => {
  it("is read: a call over TTHeader and over TTHeader with framed", () => {
    const payload = "80010001 00000004 6563686f 00000001 0c0001 0b0001 00000002 6869 00 00";
    const header = "1000 0000 00000001 0009 00 00 01 0001 0003 69736e 0004 4563686f 10 0002 0003 0003 636c69 0009 0004 6563686f 0000";
    for (const bytes of [hex(`0000004c ${header} ${payload}`), hex(`00000050 ${header} 0000001e ${payload}`)]) {
      const wire = serverWire();
      const found = opened(bytes, wire);
      const { service, caller, name, seq, timeoutMs, metadata } = found;
      assert.deepEqual([service, caller, name, seq, timeoutMs, metadata], ["Echo", "cli", "echo", 1, Infinity, undefined]);
      assert.deepEqual(wire.read(found, ECHO), hex("0c0001 0b0001 00000002 6869 00 00"));
    }
  });

  it("is left to others when it is a stream's", () => {
    const header = hex("0000002a 1000 0002 00000007 0008 10 00 01 0001 0003 69736e 0004 4563686f 10 0002 0009 0004 63686174 001b 0001 32");
    assert.equal(serverWire().recognise(header, 0, header.byteLength), false);
  });

  it("may begin with its access token", () => {
    const bytes = frame({ sections: [token("secret"), strings({ isn: "Echo" })], payload: message(CALL, "echo", 1, BODY) });
    assert.deepEqual(opened(bytes).metadata?.entries, [{ key: "gdpr-token", name: "gdpr-token", value: "secret", scope: "transient" }]);
  });
});
