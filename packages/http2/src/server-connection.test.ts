import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ErrorCode } from "./error-codes.ts";
import { PreparedFields } from "./fields.ts";
import { FrameType } from "./frame.ts";
import { PlayedServer, RESPONSE, TRAILERS } from "./played.fixture.ts";
import { PREFACE, recognisePreface } from "./preface.ts";
import {
  block,
  data,
  frame,
  GET,
  goAway,
  headers,
  ping,
  POST,
  reset,
  settings,
  SETTINGS_ACK,
  uint32,
  windowUpdate,
  type RawFields,
  type RawFrame,
} from "./raw-frames.fixture.ts";
import { Setting } from "./settings.ts";

const END_STREAM = 1;
const END_HEADERS = 4;
const PADDED = 8;
const PRIORITY = 0x20;

function kinds(frames: readonly RawFrame[]): [type: number, id: number][] {
  return frames.map((each) => [each.type, each.id]);
}

/** Of a connection that was ended: the last stream and the code it was ended with. */
function goneWith(server: PlayedServer): [lastId: number, code: number] | undefined {
  const last = server.takeFrames().findLast((each) => each.type === FrameType.GOAWAY);
  return server.connection.ended && last !== undefined ? [last.payload.readUInt32BE(0), last.payload.readUInt32BE(4)] : undefined;
}

function resetsOf(server: PlayedServer): [id: number, code: number][] {
  return server
    .takeFrames()
    .flatMap((each) => (each.type === FrameType.RST_STREAM ? [[each.id, each.payload.readUInt32BE(0)] as [number, number]] : []));
}

describe("a server's connection", () => {
  it("begins with its SETTINGS, and a window for all streams together", () => {
    const server = new PlayedServer({ maxConcurrentStreams: 7 });
    server.give(PREFACE, settings());
    const [first, second, third] = server.takeFrames();
    assert.equal(first?.type, FrameType.SETTINGS);
    const entries = new Map(
      Array.from({ length: first.payload.byteLength / 6 }, (_, at) => [
        first.payload.readUInt16BE(6 * at),
        first.payload.readUInt32BE(6 * at + 2),
      ]),
    );
    assert.deepEqual(
      entries,
      new Map([
        [Setting.HEADER_TABLE_SIZE, 4096],
        [Setting.MAX_CONCURRENT_STREAMS, 7],
        [Setting.INITIAL_WINDOW_SIZE, 512 * 1024],
        [Setting.MAX_FRAME_SIZE, 512 * 1024],
        [Setting.MAX_HEADER_LIST_SIZE, 16 * 1024],
      ]),
    );
    assert.deepEqual([second?.type, second?.id, second?.payload], [FrameType.WINDOW_UPDATE, 0, uint32(16 * 1024 * 1024 - 65_535)]);
    assert.deepEqual([third?.type, third?.flags], [FrameType.SETTINGS, 1], "and acknowledges the caller's");
  });

  it("takes a request however its bytes are cut", () => {
    const request = Buffer.concat([
      PREFACE,
      settings([Setting.INITIAL_WINDOW_SIZE, 100_000]),
      headers(1, [...POST, ["x-a", "b"]]),
      data(1, "hello "),
      frame(FrameType.DATA, PADDED, 1, Buffer.concat([Buffer.of(3), Buffer.from("world"), Buffer.alloc(3)])),
      headers(1, [["x-trailer", "c"]], END_STREAM),
    ]);
    for (let size = 1; size <= request.byteLength; size++) {
      const server = new PlayedServer();
      for (let at = 0; at < request.byteLength; at += size) server.give(request.subarray(at, at + size));
      const [exchange] = server.exchanges;
      assert.deepEqual(
        [
          exchange?.fields?.method,
          exchange?.fields?.path,
          exchange?.fields?.get("x-a"),
          String(exchange?.data),
          exchange?.trailers?.get("x-trailer"),
        ],
        ["POST", "/", "b", "hello world", "c"],
        `in pieces of ${size}`,
      );
      assert.equal(server.connection.ended, false);
    }
  });

  it("takes a header block in several frames, with padding and priority", () => {
    const server = new PlayedServer().greet();
    const whole = block(POST);
    const first = Buffer.concat([Buffer.of(4), uint32(0), Buffer.of(15), whole.subarray(0, 10), Buffer.alloc(4)]);
    server.give(frame(FrameType.HEADERS, PADDED | PRIORITY | END_STREAM, 1, first));
    server.give(frame(FrameType.CONTINUATION, 0, 1, whole.subarray(10, 11)), frame(FrameType.CONTINUATION, 0, 1));
    assert.equal(server.exchanges.length, 0);
    server.give(frame(FrameType.CONTINUATION, END_HEADERS, 1, whole.subarray(11)));
    assert.deepEqual([server.exchanges[0]?.fields?.authority, server.exchanges[0]?.complete], ["here", true]);
  });

  it("gives the same fields again when the same block comes again, and other ones when it means something else", () => {
    const server = new PlayedServer().greet();
    // Seen once, a block could be one that never comes again: from the second time on it is kept.
    server.give(headers(1, GET, END_STREAM), headers(3, GET, END_STREAM), headers(5, GET, END_STREAM));
    // Enters x: 1 into the table, and then speaks of it as entry 62, which x: 2 is thereafter.
    const indexing = (value: string): Buffer => Buffer.concat([block(GET), Buffer.from("400178", "hex"), Buffer.of(1), Buffer.from(value)]);
    const indexed = Buffer.concat([block(GET), Buffer.of(0xbe)]);
    for (const [at, each] of [indexing("1"), indexed, indexed, indexed, indexing("2"), indexed].entries())
      server.give(frame(FrameType.HEADERS, END_HEADERS | END_STREAM, 7 + 2 * at, each));
    const all = server.exchanges.map((each) => each.fields);
    assert.equal(all[1], all[2]);
    assert.deepEqual(
      all.slice(3).map((each) => each?.get("x")),
      ["1", "1", "1", "1", "2", "2"],
    );
    assert.equal(all[5], all[6]);
  });

  it("answers with informational responses, fields, data and trailers", () => {
    const server = new PlayedServer().greet();
    server.give(headers(1, GET, END_STREAM));
    const stream = server.exchanges[0]?.stream;
    assert.ok(stream !== undefined);
    stream.sendInformational(new PreparedFields([[":status", "103"]]));
    stream.sendHeaders(RESPONSE, ["x", "y"], false);
    stream.sendData(Buffer.from("body"), false);
    stream.sendTrailers(TRAILERS, undefined);
    assert.deepEqual(kinds(server.takeFrames()), [
      [FrameType.HEADERS, 1],
      [FrameType.HEADERS, 1],
      [FrameType.DATA, 1],
      [FrameType.HEADERS, 1],
    ]);
    assert.deepEqual([stream.closed, server.h2.inFlight], [true, 0]);
    stream.sendData(Buffer.from("more"), true);
    assert.deepEqual(server.takeFrames(), [], "nothing leaves after the end");
  });

  it("does not wait for the rest of a request that it has answered", () => {
    const server = new PlayedServer().greet();
    server.give(headers(1, POST));
    server.exchanges[0]?.stream?.sendHeaders(RESPONSE, undefined, true);
    const frames = server.takeFrames();
    assert.deepEqual(kinds(frames), [
      [FrameType.HEADERS, 1],
      [FrameType.RST_STREAM, 1],
    ]);
    assert.deepEqual(frames[1]?.payload, uint32(ErrorCode.NO_ERROR));
    // What was under way does no harm.
    server.give(data(1, "late"), headers(1, [["late", "too"]], END_STREAM));
    assert.deepEqual([server.takeFrames(), server.connection.ended], [[], false]);
  });

  it("refuses to send on a stream that was ended", () => {
    const server = new PlayedServer().greet([Setting.INITIAL_WINDOW_SIZE, 0]);
    server.give(headers(1, GET, END_STREAM));
    const stream = server.exchanges[0]?.stream;
    stream?.sendHeaders(RESPONSE, undefined, false);
    stream?.sendData(Buffer.from("waits"), true);
    assert.throws(() => stream?.sendData(Buffer.from("x"), false), /stream 1 has been ended/);
    assert.throws(() => stream?.sendTrailers(TRAILERS, undefined), /stream 1 has been ended/);
  });

  it("sends nothing of fields that cannot travel, or that are more than the caller takes", () => {
    const server = new PlayedServer().greet([Setting.MAX_HEADER_LIST_SIZE, 200]);
    server.give(headers(1, GET, END_STREAM));
    const stream = server.exchanges[0]?.stream;
    assert.throws(() => stream?.sendHeaders(RESPONSE, ["bad", "a\nb"], true), TypeError);
    assert.throws(() => stream?.sendHeaders(RESPONSE, ["big", "x".repeat(200)], true), /count \d+ bytes, but the peer takes 200/);
    assert.deepEqual(server.takeFrames(), []);
    stream?.sendHeaders(RESPONSE, undefined, true);
    assert.deepEqual(kinds(server.takeFrames()), [[FrameType.HEADERS, 1]]);
  });

  it("ends a stream whose owner throws, tells the log why, and lives", () => {
    const server = new PlayedServer().greet();
    server.onStream = () => {
      throw new Error("no idea");
    };
    server.give(headers(1, GET, END_STREAM));
    assert.deepEqual(resetsOf(server), [[1, ErrorCode.INTERNAL_ERROR]]);
    assert.match(String(server.logged[0]?.error), /no idea/);
    server.onStream = (exchange) => {
      exchange.onData = () => {
        throw new Error("cannot read");
      };
    };
    server.give(headers(3, POST), data(3, "x"));
    assert.deepEqual(resetsOf(server), [[3, ErrorCode.INTERNAL_ERROR]]);
    assert.equal(server.exchanges[1]?.failure?.origin, "local");
    assert.equal(server.connection.ended, false);
  });

  it("tells streams of resets and of the end of the connection", () => {
    const server = new PlayedServer().greet();
    server.give(headers(1, POST), headers(3, POST), reset(1, ErrorCode.CANCEL));
    assert.deepEqual(server.exchanges[0]?.events, [`failed reset ${ErrorCode.CANCEL} maybe`]);
    server.h2.onEnd();
    assert.deepEqual(server.exchanges[1]?.events, ["failed connection 0 maybe"]);
    assert.equal(server.h2.inFlight, 0);
  });

  it("refuses streams beyond its limit, and says that they were not looked at", () => {
    const server = new PlayedServer({ maxConcurrentStreams: 2 }).greet();
    server.give(headers(1, POST), headers(3, POST), headers(5, POST));
    assert.deepEqual(resetsOf(server), [[5, ErrorCode.REFUSED_STREAM]]);
    server.give(reset(1, ErrorCode.CANCEL), headers(7, POST));
    assert.deepEqual([server.exchanges.length, resetsOf(server)], [3, []]);
  });

  it("answers 431 to header fields beyond its limit, and goes on", () => {
    const server = new PlayedServer({ maxHeaderListBytes: 500 }).greet();
    server.give(headers(1, [...GET, ["x", "y".repeat(500)]], END_STREAM));
    const [answer] = server.takeFrames();
    assert.deepEqual([answer?.type, answer?.flags, server.exchanges.length], [FrameType.HEADERS, END_STREAM | END_HEADERS, 0]);
    assert.ok(answer?.payload.includes("431"));
    server.give(headers(3, GET, END_STREAM));
    assert.equal(server.exchanges.length, 1);
  });

  it("answers PINGs with what they say", () => {
    const server = new PlayedServer().greet();
    server.give(ping(7));
    const [answer] = server.takeFrames();
    assert.deepEqual([answer?.type, answer?.flags, answer?.payload], [FrameType.PING, 1, uint32(0, 7)]);
  });

  it("measures how long a PING takes", () => {
    const server = new PlayedServer().greet();
    const took: number[] = [];
    server.h2.ping((milliseconds) => took.push(milliseconds));
    const [asked] = server.takeFrames();
    server.clock.advance(30);
    server.give(frame(FrameType.PING, 1, 0, asked?.payload), frame(FrameType.PING, 1, 0, asked?.payload));
    assert.deepEqual(took, [30]);
  });
});

describe("a server that goes", () => {
  it("says so, hears out who did not know yet, and ends when all is answered", () => {
    const server = new PlayedServer().greet();
    server.give(headers(1, POST));
    server.h2.drain();
    server.h2.drain();
    const [first, asked, ...more] = server.takeFrames();
    assert.deepEqual([first?.type, first?.payload], [FrameType.GOAWAY, uint32(0x7fff_ffff, 0)]);
    assert.equal(asked?.type, FrameType.PING);
    assert.deepEqual([more, server.h2.owed], [[], true]);
    server.give(headers(3, GET, END_STREAM)); // crossed with the GOAWAY
    server.give(frame(FrameType.PING, 1, 0, asked.payload));
    const [last] = server.takeFrames();
    assert.deepEqual([last?.payload, server.h2.owed], [uint32(3, 0), false]);
    server.give(headers(5, GET, END_STREAM));
    assert.deepEqual([server.exchanges.length, server.takeFrames()], [2, []], "what comes later is not looked at");
    for (const { stream } of server.exchanges) {
      assert.equal(server.connection.ended, false);
      stream?.sendHeaders(RESPONSE, undefined, true);
    }
    assert.equal(server.connection.ended, true);
  });

  it("does not wait long for a caller that does not answer", () => {
    const server = new PlayedServer().greet();
    server.h2.drain();
    server.clock.advance(999);
    assert.equal(server.h2.owed, true);
    server.clock.advance(1);
    assert.deepEqual([server.h2.owed, server.connection.ended], [false, true]);
  });

  it("goes at its age, and cuts what is not done after the grace", () => {
    const server = new PlayedServer({ maxAgeMs: 10_000, maxAgeGraceMs: 5000 }).greet();
    server.give(headers(1, POST));
    server.clock.advance(8999);
    assert.equal(server.h2.owed, false);
    server.clock.advance(2002);
    assert.equal(kinds(server.takeFrames())[0]?.[0], FrameType.GOAWAY);
    server.clock.advance(1000);
    assert.equal(server.connection.ended, false);
    server.clock.advance(5000);
    assert.equal(server.connection.ended, true);
    assert.match(String(server.exchanges[0]?.failure), /max_age/);
  });

  it("goes in the same way when nobody uses the connection", () => {
    const server = new PlayedServer().greet();
    server.h2.endIdle();
    server.clock.advance(1000);
    assert.deepEqual(goneWith(server), [0, 0]);
  });
});

describe("a caller's mistakes", () => {
  const broken: Record<string, [bytes: Buffer[], code: number]> = {
    "no SETTINGS first": [[PREFACE, ping()], ErrorCode.PROTOCOL_ERROR],
    "an acknowledgement instead of SETTINGS": [[PREFACE, SETTINGS_ACK], ErrorCode.PROTOCOL_ERROR],
    "another preface": [[Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\r")], ErrorCode.PROTOCOL_ERROR],
    "garbage after the preface": [[PREFACE, Buffer.from("GET / HTTP/1.1\r\nhost: here\r\n\r\n")], ErrorCode.PROTOCOL_ERROR],
  };
  for (const [what, [bytes, code]] of Object.entries(broken)) {
    it(`at the beginning, ${what}, end the connection`, () => {
      const server = new PlayedServer();
      server.give(...bytes);
      assert.deepEqual(goneWith(server), [0, code]);
      assert.equal(server.misbehaviour.length, 1);
    });
  }

  const fatal: Record<string, [bytes: Buffer, code: number]> = {
    "a frame larger than allowed": [frame(FrameType.DATA, 0, 1, Buffer.alloc(20_000)), ErrorCode.FRAME_SIZE_ERROR],
    "data on no stream": [data(0, "x"), ErrorCode.PROTOCOL_ERROR],
    "data on a stream not opened": [data(7, "x"), ErrorCode.PROTOCOL_ERROR],
    "more padding than data": [frame(FrameType.DATA, PADDED, 1, Buffer.of(5, 1, 2)), ErrorCode.PROTOCOL_ERROR],
    "padding without its length": [frame(FrameType.DATA, PADDED, 1), ErrorCode.PROTOCOL_ERROR],
    "fields on no stream": [headers(0, GET), ErrorCode.PROTOCOL_ERROR],
    "fields on an even stream": [headers(2, GET), ErrorCode.PROTOCOL_ERROR],
    "fields with more padding than fields": [frame(FrameType.HEADERS, PADDED | END_HEADERS, 3, Buffer.of(9)), ErrorCode.PROTOCOL_ERROR],
    "fields shorter than their priority": [frame(FrameType.HEADERS, PRIORITY | END_HEADERS, 3, Buffer.of(9)), ErrorCode.PROTOCOL_ERROR],
    "fields that cannot be decoded": [frame(FrameType.HEADERS, END_HEADERS, 3, Buffer.of(0x80)), ErrorCode.COMPRESSION_ERROR],
    "a reset of a stream not opened": [reset(7, 0), ErrorCode.PROTOCOL_ERROR],
    "a reset of no stream": [reset(0, 0), ErrorCode.PROTOCOL_ERROR],
    "a reset of a wrong length": [frame(FrameType.RST_STREAM, 0, 1, Buffer.alloc(5)), ErrorCode.FRAME_SIZE_ERROR],
    "SETTINGS of a stream": [frame(FrameType.SETTINGS, 0, 1), ErrorCode.PROTOCOL_ERROR],
    "SETTINGS of a wrong length": [frame(FrameType.SETTINGS, 0, 0, Buffer.alloc(5)), ErrorCode.FRAME_SIZE_ERROR],
    "SETTINGS that acknowledge and say something": [frame(FrameType.SETTINGS, 1, 0, Buffer.alloc(6)), ErrorCode.FRAME_SIZE_ERROR],
    "a push setting of 2": [settings([Setting.ENABLE_PUSH, 2]), ErrorCode.PROTOCOL_ERROR],
    "a window setting beyond 2^31-1": [settings([Setting.INITIAL_WINDOW_SIZE, 0x8000_0000]), ErrorCode.FLOW_CONTROL_ERROR],
    "a frame size setting that is too small": [settings([Setting.MAX_FRAME_SIZE, 16_383]), ErrorCode.PROTOCOL_ERROR],
    "a frame size setting that is too large": [settings([Setting.MAX_FRAME_SIZE, 0x100_0000]), ErrorCode.PROTOCOL_ERROR],
    "SETTINGS that overflow a stream's window": [
      Buffer.concat([windowUpdate(1, 0x7fff_0000), settings([Setting.INITIAL_WINDOW_SIZE, 0x7fff_ffff])]),
      ErrorCode.FLOW_CONTROL_ERROR,
    ],
    "a PUSH_PROMISE": [frame(FrameType.PUSH_PROMISE, END_HEADERS, 1, uint32(2)), ErrorCode.PROTOCOL_ERROR],
    "a PING of a stream": [frame(FrameType.PING, 0, 1, Buffer.alloc(8)), ErrorCode.PROTOCOL_ERROR],
    "a PING of a wrong length": [frame(FrameType.PING, 0, 0, Buffer.alloc(7)), ErrorCode.FRAME_SIZE_ERROR],
    "a GOAWAY of a stream": [frame(FrameType.GOAWAY, 0, 1, Buffer.alloc(8)), ErrorCode.PROTOCOL_ERROR],
    "a GOAWAY that is too short": [frame(FrameType.GOAWAY, 0, 0, Buffer.alloc(7)), ErrorCode.FRAME_SIZE_ERROR],
    "a WINDOW_UPDATE of nothing": [windowUpdate(0, 0), ErrorCode.PROTOCOL_ERROR],
    "a WINDOW_UPDATE beyond 2^31-1": [windowUpdate(0, 0x7fff_ffff), ErrorCode.FLOW_CONTROL_ERROR],
    "a WINDOW_UPDATE of a stream not opened": [windowUpdate(9, 1), ErrorCode.PROTOCOL_ERROR],
    "a WINDOW_UPDATE of a wrong length": [frame(FrameType.WINDOW_UPDATE, 0, 1, Buffer.alloc(3)), ErrorCode.FRAME_SIZE_ERROR],
    "a CONTINUATION of nothing": [frame(FrameType.CONTINUATION, END_HEADERS, 1), ErrorCode.PROTOCOL_ERROR],
    "a header block interrupted": [Buffer.concat([frame(FrameType.HEADERS, 0, 3, block(GET)), ping()]), ErrorCode.PROTOCOL_ERROR],
    "a header block continued on another stream": [
      Buffer.concat([frame(FrameType.HEADERS, 0, 3), frame(FrameType.CONTINUATION, END_HEADERS, 1)]),
      ErrorCode.PROTOCOL_ERROR,
    ],
    "a header block interrupted by an unknown frame": [
      Buffer.concat([frame(FrameType.HEADERS, 0, 3), frame(0x77, 0, 3)]),
      ErrorCode.PROTOCOL_ERROR,
    ],
    "a priority of no stream": [frame(FrameType.PRIORITY, 0, 0, Buffer.alloc(5)), ErrorCode.PROTOCOL_ERROR],
    "a priority of a stream not opened that depends on itself": [
      frame(FrameType.PRIORITY, 0, 9, Buffer.concat([uint32(9), Buffer.of(1)])),
      ErrorCode.PROTOCOL_ERROR,
    ],
    "a stream older than one before": [Buffer.concat([headers(5, GET), headers(3, GET)]), ErrorCode.STREAM_CLOSED],
  };
  for (const [what, [bytes, code]] of Object.entries(fatal)) {
    it(`such as ${what} end the connection with the right code, and its streams`, () => {
      const server = new PlayedServer({ maxFrameBytes: 16_384 }).greet();
      server.give(headers(1, POST));
      server.give(bytes);
      const gone = goneWith(server);
      assert.equal(gone?.[1], code);
      assert.deepEqual(server.exchanges[0]?.failure?.origin, "connection");
      assert.match(String(server.misbehaviour[0]?.message), /\([A-Z_]+\)$/);
    });
  }

  const ofStream: Record<string, [bytes: Buffer, code: number]> = {
    "a WINDOW_UPDATE of nothing": [windowUpdate(1, 0), ErrorCode.PROTOCOL_ERROR],
    "a WINDOW_UPDATE beyond 2^31-1": [windowUpdate(1, 0x7fff_ffff), ErrorCode.FLOW_CONTROL_ERROR],
    "a priority that depends on itself": [
      frame(FrameType.PRIORITY, 0, 1, Buffer.concat([uint32(1), Buffer.of(1)])),
      ErrorCode.PROTOCOL_ERROR,
    ],
    "a priority of a wrong length": [frame(FrameType.PRIORITY, 0, 1, Buffer.alloc(4)), ErrorCode.FRAME_SIZE_ERROR],
    "fields that do not end the stream": [headers(1, [["x", "y"]]), ErrorCode.PROTOCOL_ERROR],
    "trailers with a pseudo-header": [headers(1, [[":path", "/"]], END_STREAM), ErrorCode.PROTOCOL_ERROR],
    "trailers beyond the limit": [headers(1, [["x", "y".repeat(16_000)]], END_STREAM), ErrorCode.ENHANCE_YOUR_CALM],
  };
  for (const [what, [bytes, code]] of Object.entries(ofStream)) {
    it(`such as ${what} end the stream only`, () => {
      const server = new PlayedServer({ maxHeaderListBytes: 16_000 }).greet();
      server.give(headers(1, POST), headers(3, POST));
      server.give(bytes);
      assert.deepEqual(resetsOf(server), [[1, code]]);
      assert.deepEqual([server.exchanges[0]?.events, server.exchanges[1]?.events], [[`failed local ${code} maybe`], []]);
      assert.equal(server.connection.ended, false);
      server.give(data(1, "was under way"), headers(5, GET, END_STREAM));
      assert.deepEqual([resetsOf(server), server.exchanges.length], [[], 3]);
    });
  }

  it("such as data after the end reset the stream, whether it is still there or not", () => {
    const server = new PlayedServer().greet();
    server.give(headers(1, GET, END_STREAM), data(1, "x"));
    assert.deepEqual(resetsOf(server), [[1, ErrorCode.STREAM_CLOSED]]);
    server.give(headers(3, GET, END_STREAM));
    server.exchanges[1]?.stream?.sendHeaders(RESPONSE, undefined, true);
    server.takeFrames();
    server.give(data(3, "x"));
    assert.deepEqual(resetsOf(server), [[3, ErrorCode.STREAM_CLOSED]]);
    assert.equal(server.h2.heldBytes, 0);
  });

  const malformed: Record<string, RawFields> = {
    "no method": [
      [":scheme", "http"],
      [":path", "/"],
    ],
    "no scheme": [
      [":method", "GET"],
      [":path", "/"],
    ],
    "no path": [
      [":method", "GET"],
      [":scheme", "http"],
    ],
    "an empty path": [
      [":method", "GET"],
      [":scheme", "http"],
      [":path", ""],
    ],
    "a path without a slash": [
      [":method", "GET"],
      [":scheme", "http"],
      [":path", "*"],
    ],
    "two paths": [...GET, [":path", "/"]],
    "two authorities": [...GET, [":authority", "a"], [":authority", "a"]],
    "a status": [...GET, [":status", "200"]],
    "an unknown pseudo-header": [...GET, [":protocol", "websocket"]],
    "a pseudo-header after other fields": [["x", "y"], ...GET],
    "a name in capitals": [...GET, ["X", "y"]],
    "a name with a space": [...GET, ["x y", "z"]],
    "a value with a line break": [...GET, ["x", "y\r\nz"]],
    connection: [...GET, ["connection", "close"]],
    "keep-alive": [...GET, ["keep-alive", "1"]],
    "proxy-connection": [...GET, ["proxy-connection", "close"]],
    "transfer-encoding": [...GET, ["transfer-encoding", "chunked"]],
    upgrade: [...GET, ["upgrade", "h2c"]],
    "te other than trailers": [...GET, ["te", "gzip"]],
    "a content-length that is none": [...GET, ["content-length", "1x"]],
    "two content-lengths": [...POST, ["content-length", "1"], ["content-length", "2"]],
    "CONNECT with a path": [
      [":method", "CONNECT"],
      [":authority", "a"],
      [":path", "/"],
    ],
    "CONNECT to nobody": [[":method", "CONNECT"]],
  };
  for (const [what, fields] of Object.entries(malformed)) {
    it(`such as ${what} reset the request, which nobody sees`, () => {
      const server = new PlayedServer().greet();
      server.give(headers(1, fields, END_STREAM));
      assert.deepEqual([resetsOf(server), server.exchanges.length], [[[1, ErrorCode.PROTOCOL_ERROR]], 0]);
    });
  }

  it("are not: te: trailers, OPTIONS *, CONNECT, equal content-lengths, cookies in pieces", () => {
    const server = new PlayedServer().greet();
    server.give(
      headers(1, [...GET, ["te", "trailers"], ["cookie", "a=b"], ["cookie", "c=d"]], END_STREAM),
      headers(
        3,
        [
          [":method", "OPTIONS"],
          [":scheme", "http"],
          [":path", "*"],
        ],
        END_STREAM,
      ),
      headers(5, [
        [":method", "CONNECT"],
        [":authority", "a:1"],
      ]),
      headers(7, [...POST, ["content-length", "3"], ["content-length", "3"]]),
      data(7, "abc", END_STREAM),
    );
    assert.deepEqual([server.exchanges.length, resetsOf(server)], [4, []]);
  });

  it("such as bodies that are not as long as they say reset the stream", () => {
    const server = new PlayedServer().greet();
    const five: RawFields = [...POST, ["content-length", "5"]];
    server.give(headers(1, five), data(1, "123456"));
    server.give(headers(3, five), data(3, "123"), data(3, "", END_STREAM));
    server.give(headers(5, five, END_STREAM));
    server.give(headers(7, five), data(7, "123"), headers(7, [["x", "y"]], END_STREAM));
    server.give(
      headers(9, five),
      frame(FrameType.DATA, PADDED, 9, Buffer.concat([Buffer.of(2), Buffer.from("12345"), Buffer.alloc(2)])),
      data(9, "", END_STREAM),
    );
    assert.deepEqual(
      resetsOf(server),
      [1, 3, 5, 7].map((id) => [id, ErrorCode.PROTOCOL_ERROR]),
    );
    assert.deepEqual(
      server.exchanges.map((each) => each.complete),
      [false, false, false, true],
    );
  });

  it("are not: frames and settings nobody knows, flags without meaning, a GOAWAY", () => {
    const server = new PlayedServer().greet();
    server.give(
      frame(0x77, 0xff, 0x8000_0007, Buffer.alloc(100_000)),
      settings([0x99, 1]),
      frame(FrameType.PING, 0xf0, 0, Buffer.alloc(8)),
      goAway(0, 0),
    );
    server.give(frame(FrameType.PRIORITY, 0, 101, Buffer.concat([uint32(0x8000_0003), Buffer.of(255)])));
    server.give(headers(1, GET, END_STREAM));
    assert.deepEqual([server.connection.ended, server.exchanges.length], [false, 1]);
  });
});

describe("the preface", () => {
  it("is recognised whole, and waited for in part", () => {
    assert.equal(recognisePreface(PREFACE, 0, PREFACE.length), true);
    const padded = Buffer.concat([Buffer.from("xx"), PREFACE, Buffer.from("more")]);
    assert.equal(recognisePreface(padded, 2, padded.length), true);
    for (let length = 0; length < PREFACE.length; length++) {
      assert.equal(recognisePreface(PREFACE, 0, length), undefined);
      const other = Buffer.from(PREFACE);
      other[length] = 0x78;
      assert.equal(recognisePreface(other, 0, length + 1), false);
    }
    assert.equal(recognisePreface(Buffer.from("POST / HTTP/1.1"), 0, 2), false);
  });
});
