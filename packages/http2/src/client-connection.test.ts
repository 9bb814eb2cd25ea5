import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ErrorCode } from "./error-codes.ts";
import { FrameType } from "./frame.ts";
import { HpackDecoder } from "./hpack/decoder.ts";
import { Exchange, PlayedClient, REQUEST } from "./played.fixture.ts";
import { PREFACE } from "./preface.ts";
import {
  data,
  frame,
  goAway,
  headers,
  OK,
  ping,
  reset,
  settings,
  SETTINGS_ACK,
  uint32,
  windowUpdate,
  type RawFrame,
} from "./raw-frames.fixture.ts";
import { Setting } from "./settings.ts";

const END_STREAM = 1;
const TRAILER = [["test-status", "0"]] as const;

function ids(frames: readonly RawFrame[], type: number): number[] {
  return frames.filter((each) => each.type === type).map((each) => each.id);
}

function goneWith(client: PlayedClient): number | undefined {
  return client
    .takeFrames()
    .findLast((each) => each.type === FrameType.GOAWAY)
    ?.payload.readUInt32BE(4);
}

describe("a client's connection", () => {
  it("begins with the preface and SETTINGS, and needs not wait for the server's", () => {
    const client = new PlayedClient();
    client.open();
    const bytes = client.takeBytes();
    assert.ok(bytes.subarray(0, PREFACE.length).equals(PREFACE));
    const pushes = bytes.indexOf(Buffer.of(0, Setting.ENABLE_PUSH, 0, 0, 0, 0));
    assert.ok(pushes > 0, "no pushes");
    assert.equal(client.h2.ready, false);
    client.give(settings());
    assert.deepEqual([client.h2.ready, client.events], [true, ["ready", "free"]]);
  });

  it("sends a request, and hands on its answer", () => {
    const client = new PlayedClient().greet();
    const exchange = client.open(["x-number", "1"], false);
    exchange.stream?.sendData(Buffer.from("body"), false);
    exchange.stream?.sendTrailers(REQUEST, undefined);
    const frames = client.takeFrames();
    assert.deepEqual(
      frames.map((each) => [each.type, each.flags, each.id]),
      [
        [FrameType.HEADERS, 4, 1],
        [FrameType.DATA, 0, 1],
        [FrameType.HEADERS, 5, 1],
      ],
    );
    const fields: string[] = [];
    const [first] = frames;
    new HpackDecoder().decode(first?.payload as Buffer, 0, first?.payload.byteLength ?? 0, {
      room: Infinity,
      skip: () => undefined,
      add: (name, value) => fields.push(`${name}: ${value}`),
    });
    assert.deepEqual(fields, [...REQUEST.list.map(([name, value]) => `${name}: ${value}`), "x-number: 1"]);
    client.give(headers(1, [[":status", "103"]]), headers(1, OK), data(1, "answer"), headers(1, TRAILER, END_STREAM));
    assert.deepEqual(exchange.events, ["informational 103", "headers", "data", "trailers"]);
    assert.deepEqual([String(exchange.data), exchange.fields?.status, exchange.trailers?.get("test-status")], ["answer", 200, "0"]);
    assert.deepEqual([exchange.stream?.closed, client.h2.inFlight], [true, 0]);
  });

  it("opens as many streams as the server takes, and the others as those end, in their order", () => {
    const client = new PlayedClient().greet([Setting.MAX_CONCURRENT_STREAMS, 2]);
    assert.equal(client.h2.available, 2);
    const all = Array.from({ length: 4 }, () => client.open(undefined, false));
    for (const [at, { stream }] of all.entries()) stream?.sendData(Buffer.of(at), true);
    assert.deepEqual([client.h2.available, client.h2.inFlight, client.h2.waiting], [0, 2, 2]);
    assert.deepEqual(
      all.map((each) => each.stream?.id),
      [1, 3, 0, 0],
    );
    assert.deepEqual(ids(client.takeFrames(), FrameType.HEADERS), [1, 3]);
    client.give(headers(3, OK, END_STREAM));
    const next = client.takeFrames();
    assert.deepEqual([ids(next, FrameType.HEADERS), next.find((each) => each.type === FrameType.DATA)?.payload], [[5], Buffer.of(2)]);
    client.give(settings([Setting.MAX_CONCURRENT_STREAMS, 10]));
    assert.deepEqual(ids(client.takeFrames(), FrameType.HEADERS), [7]);
    assert.equal(client.h2.available, 7);
    assert.equal(client.events.filter((each) => each === "free").length, 2);
  });

  it("lives on however many of its streams the server refuses or resets", () => {
    const client = new PlayedClient().greet([Setting.MAX_CONCURRENT_STREAMS, 10_000]);
    for (const code of [ErrorCode.REFUSED_STREAM, ErrorCode.CANCEL]) {
      for (let each = 0; each < 3000; each++) {
        const exchange = client.open(undefined, false);
        client.takeFrames();
        client.give(reset(exchange.stream?.id ?? 0, code));
        assert.equal(exchange.failure?.executed, code === ErrorCode.REFUSED_STREAM ? "no" : "maybe");
      }
    }
    assert.deepEqual([client.connection.ended, client.h2.inFlight], [false, 0]);
  });

  it("lives on when thousands are given up whose answers are under way", () => {
    const client = new PlayedClient().greet([Setting.MAX_CONCURRENT_STREAMS, 10_000]);
    const all = Array.from({ length: 5000 }, () => client.open().stream);
    client.takeFrames();
    const sent = all.map((stream) => stream?.id ?? 0);
    for (const stream of all) stream?.reset(ErrorCode.CANCEL);
    client.takeFrames();
    for (const id of sent) {
      client.give(headers(id, OK), data(id, "answer"), headers(id, TRAILER, END_STREAM), reset(id, ErrorCode.NO_ERROR));
      client.loop.endTurn();
    }
    assert.deepEqual([client.connection.ended, ids(client.takeFrames(), FrameType.RST_STREAM)], [false, []]);
  });

  it("tells who waits in line when it can be written to", () => {
    const client = new PlayedClient().greet([Setting.MAX_CONCURRENT_STREAMS, 0]);
    const exchange = client.open(undefined, false);
    assert.equal(exchange.stream?.writable, false);
    client.give(settings([Setting.MAX_CONCURRENT_STREAMS, 1]));
    assert.deepEqual([exchange.events, exchange.stream?.writable], [["writable"], true]);
  });

  it("takes back who leaves the line, and refuses who finds it full", () => {
    const client = new PlayedClient({ maxWaitingStreams: 2 }).greet([Setting.MAX_CONCURRENT_STREAMS, 0]);
    const [first, second, third] = [client.open(), client.open(), client.open()];
    assert.match(String(third.failure), /too many calls wait .*\(maxWaitingStreams\)/);
    assert.equal(third.failure?.executed, "no");
    first.stream?.reset(ErrorCode.CANCEL);
    assert.equal(client.h2.waiting, 1);
    client.give(settings([Setting.MAX_CONCURRENT_STREAMS, 5]));
    const frames = client.takeFrames();
    assert.deepEqual([ids(frames, FrameType.HEADERS), ids(frames, FrameType.RST_STREAM)], [[1], []]);
    assert.deepEqual([second.stream?.id, first.events, third.stream?.closed], [1, [], true]);
  });

  it("opens none that wait before a turn in which others are given up is over: they may be given up, too", () => {
    const client = new PlayedClient().greet([Setting.MAX_CONCURRENT_STREAMS, 10]);
    const all = Array.from({ length: 1000 }, () => client.open());
    client.takeFrames();
    for (const each of all.slice(0, -3)) each.stream?.reset(ErrorCode.CANCEL);
    const frames = [...client.takeFrames(), ...client.takeFrames()];
    assert.deepEqual([ids(frames, FrameType.RST_STREAM).length, ids(frames, FrameType.HEADERS).length], [10, 3]);
    assert.deepEqual([client.h2.inFlight, client.h2.waiting, client.h2.available], [3, 0, 7]);
    assert.equal(client.events.at(-1), "free");
  });

  it("opens no stream for fields that cannot travel", () => {
    const client = new PlayedClient().greet();
    assert.throws(() => client.open(["a b", "c"]), TypeError);
    assert.deepEqual([client.takeFrames(), client.h2.inFlight], [[], 0]);
    client.give(settings([Setting.MAX_CONCURRENT_STREAMS, 0]));
    assert.throws(() => client.open(["a b", "c"]), TypeError);
    assert.equal(client.h2.waiting, 0);
    client.give(settings([Setting.MAX_CONCURRENT_STREAMS, 1]));
    client.open();
    assert.deepEqual(ids(client.takeFrames(), FrameType.HEADERS), [1]);
  });

  it("resets what its owner gives up", () => {
    const client = new PlayedClient().greet();
    const exchange = client.open();
    client.takeFrames();
    exchange.stream?.reset(ErrorCode.CANCEL);
    exchange.stream?.reset(ErrorCode.CANCEL);
    const [frameSent, ...more] = client.takeFrames();
    assert.deepEqual(
      [frameSent?.type, frameSent?.payload, more, exchange.events],
      [FrameType.RST_STREAM, uint32(ErrorCode.CANCEL), [], []],
    );
    client.give(headers(1, OK), data(1, "late"), headers(1, TRAILER, END_STREAM));
    assert.deepEqual([client.connection.ended, exchange.events, client.h2.heldBytes], [false, [], 0]);
  });

  it("drains: takes no more, finishes what it has, and ends", () => {
    const client = new PlayedClient().greet();
    const exchange = client.open();
    client.h2.drain();
    assert.deepEqual([client.h2.available, client.events.at(-1)], [0, "unusable"]);
    assert.equal(client.open().failure?.executed, "no");
    client.give(headers(1, OK, END_STREAM));
    assert.deepEqual([exchange.complete, client.connection.ended, client.events.at(-1)], [true, true, "closed"]);
    assert.equal(goneWith(client), ErrorCode.NO_ERROR, "and says so");
    const idle = new PlayedClient().greet();
    idle.h2.drain();
    assert.equal(idle.connection.ended, true);
  });

  it("asks a silent server for a sign of life while it has streams, and only then", () => {
    const client = new PlayedClient({ keepaliveMs: 1000, keepaliveTimeoutMs: 300, settingsTimeoutMs: Infinity }).greet();
    client.clock.advance(10_000);
    assert.deepEqual(client.takeFrames(), []);
    const exchange = client.open();
    client.takeFrames();
    client.clock.advance(1000);
    assert.deepEqual(
      client.takeFrames().map((each) => each.type),
      [FrameType.PING],
    );
    client.clock.advance(200);
    client.give(headers(1, OK)); // any sign of life will do
    client.clock.advance(200);
    assert.equal(client.connection.ended, false);
    client.clock.advance(2000);
    assert.equal(client.connection.ended, true);
    assert.match(String(exchange.failure), /no sign of life within 300 ms \(keepaliveTimeoutMs\)/);
    const busy = new PlayedClient({ keepaliveMs: 1000 }).greet();
    busy.open();
    busy.takeFrames();
    busy.clock.advance(600);
    busy.give(headers(1, OK));
    busy.clock.advance(999);
    assert.deepEqual(busy.takeFrames(), [], "something came within the time");
    busy.clock.advance(1);
    assert.equal(busy.takeFrames()[0]?.type, FrameType.PING);
    const always = new PlayedClient({ keepaliveMs: 1000, keepaliveWithoutStreams: true }).greet();
    always.clock.advance(1000);
    assert.equal(always.takeFrames().length, 1);
  });
});

describe("a client whose socket takes no more", () => {
  function blocked(): { readonly client: PlayedClient; readonly writer: Exchange } {
    const client = new PlayedClient().greet([Setting.INITIAL_WINDOW_SIZE, 1 << 24]);
    client.give(windowUpdate(0, 1 << 24));
    const writer = client.open(undefined, false);
    client.takeFrames();
    client.socket.held = true;
    writer.stream?.sendData(Buffer.alloc(2 << 20), false);
    client.takeFrames();
    assert.equal(client.connection.blocked, true);
    return { client, writer };
  }

  it("opens streams when it does, and knows nothing of those that were given up before", () => {
    const { client } = blocked();
    const [given, kept] = [client.open(), client.open()];
    given.stream?.reset(ErrorCode.CANCEL);
    client.socket.release();
    const frames = [...client.takeFrames(), ...client.takeFrames()];
    assert.deepEqual([ids(frames, FrameType.HEADERS), ids(frames, FrameType.RST_STREAM)], [[3], []]);
    assert.deepEqual([kept.stream?.id, client.h2.inFlight, client.h2.waiting], [3, 2, 0]);
  });

  it("opens them in the order of their ids, also those that somebody opens who may go on", () => {
    const { client, writer } = blocked();
    assert.equal(writer.stream?.writable, false);
    let later: Exchange | undefined;
    writer.onWritable = () => {
      later ??= client.open();
    };
    client.open();
    client.socket.release();
    assert.deepEqual(ids([...client.takeFrames(), ...client.takeFrames()], FrameType.HEADERS), [3, 5]);
    assert.equal(later?.stream?.id, 5);
  });
});

describe("a server that goes", () => {
  it("lets what it takes end, and what it did not take is not executed", () => {
    const client = new PlayedClient().greet([Setting.MAX_CONCURRENT_STREAMS, 3]);
    const [first, second, third, waiting] = [client.open(), client.open(), client.open(), client.open()];
    client.takeFrames();
    client.give(goAway(0x7fff_ffff, 0));
    assert.deepEqual([client.events.at(-1), waiting.failure?.origin, waiting.failure?.executed], ["unusable", "goaway", "no"]);
    assert.deepEqual(third.events, []);
    client.give(goAway(3, 0));
    assert.deepEqual([third.events, second.events], [["failed goaway 0 no"], []]);
    assert.equal(client.open().failure?.executed, "no");
    client.give(headers(1, OK, END_STREAM), headers(3, OK, END_STREAM));
    assert.deepEqual([first.complete, second.complete, client.connection.ended], [true, true, true]);
    assert.deepEqual(client.events.filter((each) => each !== "free").slice(1), ["unusable", "closed"]);
  });

  it("in anger tells why, also when it closes before it has answered", () => {
    const client = new PlayedClient().greet();
    const exchange = client.open();
    client.takeFrames();
    client.give(goAway(1, ErrorCode.ENHANCE_YOUR_CALM, "too_many_pings"));
    assert.deepEqual(client.goAway, { code: ErrorCode.ENHANCE_YOUR_CALM, debug: "too_many_pings" });
    assert.deepEqual(exchange.events, []);
    client.h2.onEnd();
    assert.deepEqual(exchange.events, [`failed connection ${ErrorCode.ENHANCE_YOUR_CALM} maybe`]);
    assert.match(String(exchange.failure), /ENHANCE_YOUR_CALM, "too_many_pings"/);
  });

  it("may not take more after it has taken less", () => {
    const client = new PlayedClient().greet();
    client.open(undefined, false);
    client.open(undefined, false);
    client.give(goAway(1, 0), goAway(3, 0));
    assert.equal(goneWith(client), ErrorCode.PROTOCOL_ERROR);
  });

  it("by resetting the answered request asks for no more of it", () => {
    const client = new PlayedClient().greet();
    const exchange = client.open(undefined, false);
    client.give(headers(1, OK), data(1, "done", END_STREAM), reset(1, ErrorCode.NO_ERROR));
    assert.deepEqual(exchange.events, ["headers", "data", "end", "failed reset 0 maybe"]);
    assert.equal(client.h2.inFlight, 0);
  });
});

describe("a server that misbehaves", () => {
  const fatal: Record<string, [bytes: Buffer[], code: number]> = {
    "pushes a stream": [[frame(FrameType.PUSH_PROMISE, 4, 1, uint32(2))], ErrorCode.PROTOCOL_ERROR],
    "opens a stream": [[headers(2, OK)], ErrorCode.PROTOCOL_ERROR],
    "answers a stream that was not opened": [[headers(99, OK)], ErrorCode.PROTOCOL_ERROR],
    "sends data on a stream that was not opened": [[data(99, "x")], ErrorCode.PROTOCOL_ERROR],
    "sends bad HPACK": [[frame(FrameType.HEADERS, 4, 1, Buffer.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff))], ErrorCode.COMPRESSION_ERROR],
    "sends a huge frame": [[frame(FrameType.DATA, 0, 1, Buffer.alloc(600_000)).subarray(0, 100)], ErrorCode.FRAME_SIZE_ERROR],
    "sends huge fields": [[frame(FrameType.HEADERS, 4, 1, Buffer.alloc(20_000))], ErrorCode.FRAME_SIZE_ERROR],
    "sends huge fields in pieces": [
      [
        frame(FrameType.HEADERS, 0, 1, Buffer.alloc(16_000)),
        ...Array.from({ length: 5 }, () => frame(FrameType.CONTINUATION, 0, 1, Buffer.alloc(16_000))),
      ],
      ErrorCode.ENHANCE_YOUR_CALM,
    ],
    "overflows the window": [[windowUpdate(0, 0x7fff_ffff)], ErrorCode.FLOW_CONTROL_ERROR],
    "floods with PINGs": [Array.from({ length: 3000 }, (_, at) => ping(at)), ErrorCode.ENHANCE_YOUR_CALM],
    "floods with SETTINGS": [Array.from({ length: 3000 }, () => settings()), ErrorCode.ENHANCE_YOUR_CALM],
    "floods with empty data": [[headers(1, OK), ...Array.from({ length: 3000 }, () => data(1, ""))], ErrorCode.ENHANCE_YOUR_CALM],
    "floods with informational responses without end": [
      Array.from({ length: 3000 }, () => headers(1, [[":status", "103"]])),
      ErrorCode.ENHANCE_YOUR_CALM,
    ],
  };
  for (const [what, [bytes, code]] of Object.entries(fatal)) {
    it(`and ${what} loses the connection, with the right code`, () => {
      const client = new PlayedClient({ connectionWindowBytes: 1 << 20 }).greet();
      client.give(SETTINGS_ACK);
      const exchange = client.open();
      exchange.consumes = false;
      client.takeFrames();
      for (const each of bytes) {
        client.give(each);
        client.loop.endTurn();
      }
      assert.equal(goneWith(client), code);
      assert.equal(exchange.failure?.executed, "maybe");
      assert.match(String(client.events.at(-1)), /^closed: /);
      assert.deepEqual([client.h2.inFlight, client.connection.restBytes], [0, 0]);
    });
  }

  const ofStream: Record<string, [bytes: Buffer[], code: number]> = {
    "has no status": [[headers(1, [["x", "y"]])], ErrorCode.PROTOCOL_ERROR],
    "has a status that is none": [[headers(1, [[":status", "2xx"]])], ErrorCode.PROTOCOL_ERROR],
    "sends a request back": [
      [
        headers(1, [
          [":status", "200"],
          [":path", "/"],
        ]),
      ],
      ErrorCode.PROTOCOL_ERROR,
    ],
    "sends data first": [[data(1, "x")], ErrorCode.PROTOCOL_ERROR],
    "ends with an informational response": [[headers(1, [[":status", "100"]], END_STREAM)], ErrorCode.PROTOCOL_ERROR],
    "switches protocols": [[headers(1, [[":status", "101"]])], ErrorCode.PROTOCOL_ERROR],
    "sends less than it said": [[headers(1, [...OK, ["content-length", "9"]]), data(1, "x", END_STREAM)], ErrorCode.PROTOCOL_ERROR],
    "sends trailers that are none": [[headers(1, OK), headers(1, TRAILER)], ErrorCode.PROTOCOL_ERROR],
    "exceeds the stream's window": [
      [headers(1, OK), data(1, Buffer.alloc(300_000)), data(1, Buffer.alloc(300_000))],
      ErrorCode.FLOW_CONTROL_ERROR,
    ],
  };
  for (const [what, [bytes, code]] of Object.entries(ofStream)) {
    it(`and ${what} loses the stream only`, () => {
      const client = new PlayedClient().greet();
      client.give(SETTINGS_ACK);
      const [exchange, other] = [client.open(), client.open()];
      exchange.consumes = false;
      client.takeFrames();
      client.give(...bytes);
      const resets = client.takeFrames().filter((each) => each.type === FrameType.RST_STREAM);
      assert.deepEqual(
        resets.map((each) => [each.id, each.payload.readUInt32BE(0)]),
        [[1, code]],
      );
      assert.deepEqual([exchange.failure?.origin, exchange.failure?.code], ["local", code]);
      assert.deepEqual([client.connection.ended, other.failure, client.h2.heldBytes], [false, undefined, 0]);
    });
  }

  it("and sends more on all streams than the connection's window allows loses the connection", () => {
    const client = new PlayedClient({ connectionWindowBytes: 1 << 20 }).greet();
    const all = Array.from({ length: 3 }, () => client.open());
    for (const each of all) each.consumes = false;
    for (const id of [1, 3, 5]) client.give(headers(id, OK), data(id, Buffer.alloc(400_000)));
    assert.equal(goneWith(client), ErrorCode.FLOW_CONTROL_ERROR);
  });

  it("and sends more fields than we take loses the stream only", () => {
    const client = new PlayedClient({ maxHeaderListBytes: 1000 }).greet();
    const [exchange, trailed] = [client.open(), client.open()];
    client.give(headers(1, [...OK, ["x", "y".repeat(1000)]]), headers(3, OK), headers(3, [["x", "y".repeat(1000)]], END_STREAM));
    assert.match(String(exchange.failure), /header fields of more than 1000 bytes \(maxHeaderListBytes\)/);
    assert.match(String(trailed.failure), /trailers of more than 1000 bytes \(maxHeaderListBytes\)/);
    assert.equal(client.connection.ended, false);
  });

  it("and speaks HTTP/1.1 is named", () => {
    const client = new PlayedClient();
    const exchange = client.open();
    client.give(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"));
    assert.match(String(exchange.failure), /the server answers in HTTP\/1\.1/);
    assert.equal(goneWith(client), ErrorCode.HTTP_1_1_REQUIRED);
  });

  it("and says nothing, or does not acknowledge our SETTINGS, is not waited for for ever", () => {
    for (const says of [[], [settings()]]) {
      const client = new PlayedClient({ settingsTimeoutMs: 500 });
      const exchange = client.open();
      if (says[0] !== undefined) client.give(says[0]);
      client.clock.advance(499);
      assert.equal(exchange.failure, undefined);
      client.clock.advance(1);
      assert.match(String(exchange.failure), /within 500 ms \(settingsTimeoutMs\)/);
      assert.equal(goneWith(client), ErrorCode.SETTINGS_TIMEOUT);
    }
    const good = new PlayedClient({ settingsTimeoutMs: 500 }).greet();
    good.give(SETTINGS_ACK);
    good.clock.advance(1000);
    assert.equal(good.connection.ended, false);
  });

  it("and closes after the preface did not execute what had not left", () => {
    const client = new PlayedClient();
    const unsent = client.open();
    client.connection.destroy(new Error("read ECONNRESET"));
    assert.deepEqual([unsent.failure?.executed, unsent.failure?.message], ["no", "read ECONNRESET"]);
    const other = new PlayedClient();
    const sent = other.open();
    other.takeFrames();
    const later = other.open();
    other.connection.destroy(new Error("read ECONNRESET"));
    assert.deepEqual([sent.failure?.executed, later.failure?.executed], ["maybe", "no"]);
  });

  it("and shrinks its limits in mid-life is obeyed", () => {
    const client = new PlayedClient().greet([Setting.MAX_CONCURRENT_STREAMS, 10]);
    const all = Array.from({ length: 4 }, () => client.open());
    client.give(settings([Setting.MAX_CONCURRENT_STREAMS, 2]));
    assert.deepEqual([client.h2.available, all.some((each) => each.failure !== undefined)], [0, false]);
    client.open();
    client.give(headers(1, OK, END_STREAM), headers(3, OK, END_STREAM));
    assert.equal(client.h2.waiting, 1);
    client.give(headers(5, OK, END_STREAM));
    assert.equal(client.h2.waiting, 0);
  });

  it("and opens its window byte by byte gets a byte at a time, and all of it in the end", () => {
    const client = new PlayedClient().greet([Setting.INITIAL_WINDOW_SIZE, 1]);
    const exchange = client.open(undefined, false);
    exchange.stream?.sendData(Buffer.from("hello"), true);
    const got: string[] = [];
    for (let round = 0; round < 5; round++) {
      for (const each of client.takeFrames()) if (each.type === FrameType.DATA) got.push(String(each.payload));
      client.give(windowUpdate(1, 1));
    }
    assert.deepEqual(got, ["h", "e", "l", "l", "o"]);
  });

  it("and leaves a body without trailers gives it, with its end", () => {
    const client = new PlayedClient().greet();
    const exchange = client.open();
    client.give(headers(1, OK), data(1, "<html>"), data(1, "", END_STREAM));
    assert.deepEqual([exchange.events, exchange.trailers], [["headers", "data", "end"], undefined]);
  });

  it("cannot make an owner that throws take the connection with it", () => {
    const client = new PlayedClient().greet();
    const broken = new Exchange();
    broken.onHeaders = () => {
      throw new Error("no idea");
    };
    client.open(undefined, true, broken);
    client.give(headers(1, OK));
    assert.deepEqual([broken.failure?.code, client.connection.ended], [ErrorCode.INTERNAL_ERROR, false]);
  });
});
