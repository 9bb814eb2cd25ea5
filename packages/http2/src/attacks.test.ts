/** The attacks that HTTP/2 servers are known to have fallen for: each costs the attacker its connection, within bounded memory and work. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ErrorCode } from "./error-codes.ts";
import { Flag, FrameType } from "./frame.ts";
import type { Http2Options } from "./options.ts";
import { PlayedServer, RESPONSE, TRAILERS } from "./played.fixture.ts";
import { PREFACE } from "./preface.ts";
import {
  block,
  data,
  frame,
  GET,
  headers,
  parseFrames,
  ping,
  POST,
  reset,
  settings,
  SETTINGS_ACK,
  uint32,
  windowUpdate,
  type RawFrame,
} from "./raw-frames.fixture.ts";
import { Setting } from "./settings.ts";

const END_STREAM = Flag.END_STREAM;
/** Frames an attack has at most: far more than any limit. */
const MANY = 20_000;

interface Outcome {
  /** How many pieces it took. */
  readonly sent: number;
  readonly code: number | undefined;
  readonly answers: RawFrame[];
}

/** Sends pieces, each in a turn of its own, until the connection has ended. `reads`: whether the attacker reads what it is told. */
function attack(server: PlayedServer, piece: (at: number) => Buffer, reads = true): Outcome {
  const answers: RawFrame[] = [];
  server.socket.held = !reads;
  let sent = 0;
  while (sent < MANY && !server.connection.ended) {
    server.give(piece(sent++));
    server.loop.endTurn();
    if (sent % 100 === 0) answers.push(...server.takeFrames());
  }
  answers.push(...server.takeFrames());
  const gone = answers.findLast((each) => each.type === FrameType.GOAWAY);
  return { sent, code: server.connection.ended ? gone?.payload.readUInt32BE(4) : undefined, answers };
}

/** Gives it bytes, and as many turns as honest ones may take. */
function pass(server: PlayedServer, ...bytes: Buffer[]): void {
  server.give(...bytes);
  for (let turn = 0; server.connection.restBytes > 0 && turn < 5000; turn++) server.loop.endTurn();
  assert.equal(server.connection.restBytes, 0);
}

function count(answers: readonly RawFrame[], type: number): number {
  return answers.filter((each) => each.type === type).length;
}

/** Nothing of the attack is held any more. */
function assertClean(server: PlayedServer): void {
  assert.deepEqual([server.h2.inFlight, server.h2.heldBytes, server.h2.queuedBytes, server.connection.restBytes], [0, 0, 0, 0]);
}

describe("a flood of", () => {
  const floods: Record<string, { piece: (at: number) => Buffer; atMost: number; answer?: number }> = {
    PINGs: { piece: ping, atMost: 2100, answer: FrameType.PING },
    SETTINGS: { piece: () => settings([Setting.INITIAL_WINDOW_SIZE, 1000]), atMost: 2100, answer: FrameType.SETTINGS },
    "acknowledgements nobody asked for": { piece: () => SETTINGS_ACK, atMost: 2100 },
    "answers to PINGs nobody sent": { piece: () => frame(FrameType.PING, 1, 0, Buffer.alloc(8)), atMost: 2100 },
    priorities: { piece: () => frame(FrameType.PRIORITY, 0, 1, Buffer.concat([uint32(3), Buffer.of(1)])), atMost: 2100 },
    WINDOW_UPDATEs: { piece: (at) => windowUpdate(at % 2, 1), atMost: 2100 },
    "empty data": { piece: () => data(1, ""), atMost: 2100 },
    "data that is nothing but padding": {
      piece: () => frame(FrameType.DATA, Flag.PADDED, 1, Buffer.concat([Buffer.of(9), Buffer.alloc(9)])),
      atMost: 2100,
    },
    "unknown frames": { piece: () => frame(0xee, 0, 0), atMost: 2100 },
    "resets of streams that are gone": { piece: () => reset(1, ErrorCode.CANCEL), atMost: 2102 },
    goodbyes: { piece: () => frame(FrameType.GOAWAY, 0, 0, Buffer.alloc(8)), atMost: 2100 },
  };
  for (const [what, { piece, atMost, answer }] of Object.entries(floods)) {
    it(`${what} costs the connection`, () => {
      const server = new PlayedServer({ minPingIntervalMs: 0, pingsWithoutStreams: true }).greet();
      server.give(SETTINGS_ACK, headers(1, POST));
      const { sent, code, answers } = attack(server, piece);
      assert.deepEqual([code, sent <= atMost], [ErrorCode.ENHANCE_YOUR_CALM, true], `${sent} pieces`);
      assert.ok(answers.length <= (answer === undefined ? 4 : sent + 1), "no more answers than questions");
      assertClean(server);
    });
  }

  it("what is allowed in time costs nothing", () => {
    const server = new PlayedServer({ minPingIntervalMs: 0, pingsWithoutStreams: true, settingsTimeoutMs: Infinity }).greet();
    for (let second = 0; second < 30; second++) {
      for (let at = 0; at < 900; at++) server.give(ping(at));
      server.takeFrames();
      server.clock.advance(1000);
    }
    assert.equal(server.connection.ended, false);
  });

  it("questions whose answers are not read costs the connection sooner, and little memory", () => {
    for (const piece of [ping, () => settings(), (at: number) => headers(2 * at + 1, [["broken", ""]], END_STREAM)]) {
      const server = new PlayedServer({ idleFrameBurst: 1e9, lostStreamBurst: 1e9, minPingIntervalMs: 0, pingsWithoutStreams: true });
      server.greet([Setting.INITIAL_WINDOW_SIZE, 1 << 24], [Setting.MAX_FRAME_SIZE, 1 << 20]);
      server.give(windowUpdate(0, 1 << 24), headers(1, GET, END_STREAM));
      server.socket.held = true;
      const stream = server.exchanges[0]?.stream;
      stream?.sendHeaders(RESPONSE, undefined, false);
      stream?.sendData(Buffer.alloc(1_100_000), false);
      server.loop.endTurn();
      assert.equal(server.connection.blocked, true);
      const { code, sent } = attack(server, (at) => piece(at + 1), false);
      assert.equal(code, ErrorCode.ENHANCE_YOUR_CALM);
      assert.ok(sent <= 1002, `${sent} pieces`);
      assert.ok(server.connection.unwrittenBytes < 1_200_000, `${server.connection.unwrittenBytes} bytes`);
    }
  });
});

describe("rapid resets", () => {
  it("cost the connection, and leave nothing", () => {
    const server = new PlayedServer().greet();
    const { sent, code } = attack(server, (at) =>
      Buffer.concat([headers(2 * at + 1, GET, END_STREAM), reset(2 * at + 1, ErrorCode.CANCEL)]),
    );
    assert.deepEqual([code, sent], [ErrorCode.ENHANCE_YOUR_CALM, 1001]);
    assert.equal(server.exchanges.filter((each) => each.failure?.code === ErrorCode.CANCEL).length, 1001, "handlers are told");
    assertClean(server);
  });

  it("also when they are made ours, by mistakes on streams that were opened", () => {
    const mistakes: Record<string, (id: number) => Buffer> = {
      "windows that overflow": (id) => Buffer.concat([headers(id, GET, END_STREAM), windowUpdate(id, 0x7fff_ffff)]),
      "updates of nothing": (id) => Buffer.concat([headers(id, GET, END_STREAM), windowUpdate(id, 0)]),
      "data after the end": (id) => Buffer.concat([headers(id, GET, END_STREAM), data(id, "x")]),
      "fields after the end": (id) => Buffer.concat([headers(id, GET, END_STREAM), headers(id, [["x", "y"]], END_STREAM)]),
      "priorities that depend on themselves": (id) =>
        frame(FrameType.HEADERS, Flag.END_HEADERS | Flag.PRIORITY, id, Buffer.concat([uint32(id), Buffer.of(1), block(GET)])),
      "bodies that are too long": (id) => Buffer.concat([headers(id, [...POST, ["content-length", "0"]]), data(id, "x")]),
      "requests that are malformed": (id) => headers(id, [["x", "y"]], END_STREAM),
    };
    for (const [what, mistake] of Object.entries(mistakes)) {
      const server = new PlayedServer().greet();
      const { sent, code } = attack(server, (at) => mistake(2 * at + 1));
      assert.deepEqual([what, code, sent], [what, ErrorCode.ENHANCE_YOUR_CALM, 251]);
      assertClean(server);
    }
  });

  it("also of streams that are refused, since there are too many", () => {
    const server = new PlayedServer({ maxConcurrentStreams: 10 }).greet();
    const { sent, code } = attack(server, (at) => headers(2 * at + 1, GET, END_STREAM));
    assert.deepEqual([code, sent], [ErrorCode.ENHANCE_YOUR_CALM, 1011]);
    assert.equal(server.exchanges.length, 10);
    assertClean(server);
  });

  it("are no calls that were given up after a while, however many", () => {
    const server = new PlayedServer().greet();
    server.give(SETTINGS_ACK);
    for (let wave = 0; wave < 10; wave++) {
      const ids = Array.from({ length: 1000 }, (_, at) => 2 * (1000 * wave + at) + 1);
      pass(server, ...ids.map((id) => headers(id, POST)));
      assert.equal(server.h2.inFlight, 1000);
      server.clock.advance(10);
      pass(server, ...ids.map((id) => reset(id, ErrorCode.CANCEL)));
      assert.deepEqual([server.connection.ended, server.h2.inFlight], [false, 0]);
    }
    const { sent } = attack(server, (at) => Buffer.concat([headers(2 * at + 20_001, POST), reset(2 * at + 20_001, ErrorCode.CANCEL)]));
    assert.equal(sent, 1000 + 100 + 1, "and take nothing from what is allowed, or what the time gave");
  });

  it("are none either that come for streams which have been answered meanwhile, once for each", () => {
    const server = new PlayedServer({ maxConcurrentStreams: 10_000 }).greet();
    server.give(SETTINGS_ACK);
    server.onStream = (_exchange, stream) => stream.sendHeaders(RESPONSE, undefined, true);
    const all = Array.from({ length: 8000 }, (_, at) => 2 * at + 1);
    pass(server, ...all.map((id) => headers(id, GET, END_STREAM)));
    pass(server, ...all.map((id) => reset(id, ErrorCode.CANCEL)));
    assert.equal(server.connection.ended, false);
    const { code, sent } = attack(server, () => reset(1, ErrorCode.CANCEL));
    assert.deepEqual([code, sent <= 2001], [ErrorCode.ENHANCE_YOUR_CALM, true]);
  });

  it("are none that close streams with much of their bodies under way", () => {
    const server = new PlayedServer().greet();
    server.give(SETTINGS_ACK);
    server.onStream = (_exchange, stream) => stream.sendHeaders(RESPONSE, undefined, true);
    const all = Array.from({ length: 1000 }, (_, at) => 2 * at + 1);
    pass(server, ...all.map((id) => headers(id, POST)));
    pass(server, ...all.flatMap((id) => [data(id, "late"), data(id, "later", END_STREAM)]));
    assert.equal(server.connection.ended, false);
    assert.equal(count(server.takeFrames(), FrameType.RST_STREAM), 1000, "one for each stream");
  });

  it("are forgiven who also waits for answers", () => {
    const server = new PlayedServer().greet();
    server.onStream = (_exchange, stream) => {
      if (stream.id % 4 === 1) stream.sendHeaders(RESPONSE, undefined, true);
    };
    const { code } = attack(server, (at) =>
      Buffer.concat([headers(2 * at + 1, GET, END_STREAM), at % 2 === 0 ? Buffer.alloc(0) : reset(2 * at + 1, 8)]),
    );
    assert.equal(code, undefined);
  });
});

describe("of a turn of the event loop one connection gets a part,", () => {
  const [pairs, headerLists, questions] = [16, 2, 32];
  const work: Record<string, { piece: (id: number) => Buffer; atMost: number; answer: number }> = {
    "rapid resets": { piece: (id) => Buffer.concat([headers(id, POST), reset(id, 8)]), atMost: pairs, answer: -1 },
    "resets made ours": {
      piece: (id) => Buffer.concat([headers(id, POST), windowUpdate(id, 0)]),
      atMost: pairs,
      answer: FrameType.RST_STREAM,
    },
    "requests without sense": { piece: (id) => headers(id, [["broken", ""]], END_STREAM), atMost: pairs, answer: FrameType.RST_STREAM },
    "large header lists": { piece: (id) => headers(id, [...GET, ["x", "y".repeat(16_000)]], END_STREAM), atMost: headerLists, answer: -1 },
    "header lists over the limit": {
      piece: (id) => headers(id, [...GET, ["x", "y".repeat(16_300)]], END_STREAM),
      atMost: headerLists,
      answer: FrameType.HEADERS,
    },
    PINGs: { piece: ping, atMost: questions, answer: FrameType.PING },
    SETTINGS: { piece: () => settings(), atMost: questions, answer: FrameType.SETTINGS },
  };
  for (const [what, { piece, atMost, answer }] of Object.entries(work)) {
    it(`which is small for ${what}`, () => {
      const server = new PlayedServer({ minPingIntervalMs: 0, pingsWithoutStreams: true }).greet();
      const pieces = 200;
      server.loop.endTurn();
      server.give(...Array.from({ length: pieces }, (_, at) => piece(2 * at + 1)));
      let done = 0;
      for (let turn = 1; turn <= pieces + 1 && done < pieces; turn++) {
        const answers = answer < 0 ? server.exchanges.length - done : count(parseFrames(server.takeBytes()), answer);
        done += answers;
        server.clock.advance(20);
        // Of those answered in the turn that has begun some may have left.
        assert.ok(done <= atMost * (turn + 1), `${done} in ${turn} turns`);
        if (answer < 0) server.loop.endTurn();
      }
      assert.equal(done, pieces, "and goes on in the next ones");
      assert.equal(server.connection.restBytes, 0);
    });
  }

  it("which is small for those whose requests cannot be served, too", () => {
    const server = new PlayedServer().greet();
    server.loop.endTurn();
    server.onStream = (_exchange, stream) => stream.fault();
    server.give(...Array.from({ length: 200 }, (_, at) => headers(2 * at + 1, GET, END_STREAM)));
    assert.equal(server.exchanges.length, 16);
    for (let turn = 0; turn < 9; turn++) server.loop.endTurn();
    assert.equal(server.exchanges.length, 16, "nor have they the next turn");
    server.clock.advance(20);
    assert.equal(server.exchanges.length, 32);
  });

  it("and none for a while after few bytes have cost much time", () => {
    const server = new PlayedServer().greet();
    server.loop.endTurn();
    server.onStream = (_exchange, stream) => stream.fault(10);
    server.give(headers(1, GET, END_STREAM), headers(3, GET, END_STREAM));
    server.give(headers(5, GET, END_STREAM));
    for (let turn = 0; turn < 9; turn++) server.loop.endTurn();
    server.clock.advance(39);
    assert.equal(server.exchanges.length, 1);
    server.clock.advance(1);
    assert.equal(server.exchanges.length, 2);
  });

  it("which a hundred calls fit in", () => {
    const server = new PlayedServer().greet();
    server.loop.isBusy({ flush: () => undefined });
    server.loop.endTurn();
    server.give(...Array.from({ length: 100 }, (_, at) => [headers(2 * at + 1, POST), data(2 * at + 1, "x", END_STREAM)]).flat());
    assert.deepEqual([server.exchanges.length, server.exchanges.every(({ complete }) => complete)], [100, true]);
  });

  it("which does not count calls while no other connection is busy", () => {
    const server = new PlayedServer().greet();
    server.loop.endTurn();
    server.give(...Array.from({ length: 1000 }, (_, at) => headers(2 * at + 1, GET, END_STREAM)));
    assert.equal(server.exchanges.length, 1000);
  });

  it("or as much as an option says", () => {
    const server = new PlayedServer({ turnWork: 100 }).greet();
    server.loop.isBusy({ flush: () => undefined });
    server.loop.endTurn();
    server.give(...Array.from({ length: 100 }, (_, at) => headers(2 * at + 1, GET, END_STREAM)));
    assert.ok(server.exchanges.length <= 13);
  });
});

describe("header fields", () => {
  it("in ever new pieces cost the connection, whatever is in them", () => {
    for (const piece of [Buffer.alloc(0), Buffer.of(0), Buffer.alloc(1000)]) {
      const server = new PlayedServer().greet();
      server.give(frame(FrameType.HEADERS, END_STREAM, 1, block(GET)));
      const { sent, code } = attack(server, () => frame(FrameType.CONTINUATION, 0, 1, piece));
      assert.equal(code, ErrorCode.ENHANCE_YOUR_CALM);
      assert.ok(sent <= 66, `${sent} pieces`);
      assertClean(server);
    }
  });

  /** A block that makes an entry as large as the table, and one that names it so many times. */
  const value = Buffer.concat([Buffer.from("400178", "hex"), Buffer.from([0x7f, 0xe0, 0x1e]), Buffer.alloc(4063, 0x79)]);
  const entry = frame(FrameType.HEADERS, Flag.END_HEADERS | END_STREAM, 1, Buffer.concat([block(GET), value]));
  const blown = (id: number, times: number): Buffer =>
    frame(FrameType.HEADERS, Flag.END_HEADERS | END_STREAM, id, Buffer.concat([block(GET), Buffer.alloc(times, 0xbe)]));

  it("that decode to more than their limit cost their stream", () => {
    const server = new PlayedServer().greet();
    server.give(entry);
    assert.equal(server.exchanges[0]?.fields?.get("x")?.length, 4063);
    server.give(blown(3, 5));
    assert.deepEqual([server.exchanges.length, server.connection.ended], [1, false]);
    const answer = server.takeFrames().find((each) => each.id === 3);
    assert.ok(answer?.payload.includes("431"));
  });

  it("that do so again and again cost the connection, although they are answered", () => {
    const server = new PlayedServer().greet();
    server.give(entry);
    const { code, sent } = attack(server, (at) => blown(2 * at + 3, 5));
    assert.equal(code, ErrorCode.ENHANCE_YOUR_CALM);
    assert.ok(sent <= 1001, `${sent} pieces`);
    assert.equal(server.exchanges.length, 1);
  });

  it("that blow up when they are decoded cost the connection at once, and no memory", () => {
    const server = new PlayedServer().greet();
    server.give(entry);
    const before = process.memoryUsage().heapUsed;
    const { code, sent } = attack(server, (at) => blown(2 * at + 3, 16_000));
    assert.deepEqual([code, sent], [ErrorCode.ENHANCE_YOUR_CALM, 1]);
    assert.ok(process.memoryUsage().heapUsed - before < 4_000_000);
  });

  it("that change the table again and again do no harm", () => {
    const server = new PlayedServer().greet();
    const resize = Buffer.from("203fe11f", "hex"); // to nothing, and back
    const updates = Buffer.concat([...Array.from({ length: 3000 }, () => resize), block(GET)]);
    server.give(frame(FrameType.HEADERS, Flag.END_HEADERS | END_STREAM, 1, updates));
    assert.deepEqual([server.exchanges.length, server.connection.ended], [1, false]);
  });
});

describe("who does not read", () => {
  /** Requests that are each answered with this much, which the caller's windows or its socket do not take. */
  function stall(options: Http2Options, callerWindow: number, held: boolean): { server: PlayedServer; most: number } {
    const server = new PlayedServer(options).greet([Setting.INITIAL_WINDOW_SIZE, callerWindow]);
    if (held) server.give(windowUpdate(0, 0x7000_0000));
    server.socket.held = held;
    server.onStream = (_exchange, stream) => {
      stream.sendHeaders(RESPONSE, undefined, false);
      if (!stream.closed) stream.sendData(Buffer.alloc(100_000), false);
      stream.sendTrailers(TRAILERS, undefined);
    };
    let most = 0;
    for (let id = 1; id < 4000 && !server.connection.ended; id += 2) {
      server.give(headers(id, GET, END_STREAM));
      server.loop.endTurn();
      most = Math.max(most, server.h2.queuedBytes + server.connection.unwrittenBytes);
    }
    return { server, most };
  }

  it("by windows of nothing gets as many open answers as it may have streams, and no more memory than a limit", () => {
    const { server, most } = stall({ maxConcurrentStreams: 50 }, 0, false);
    assert.ok(most <= 50 * 100_000, `${most} bytes`);
    assert.equal(server.connection.ended, true, "refused streams add up");
    assertClean(server);
    const limited = stall({ maxConcurrentStreams: 1000, maxQueuedBytes: 1_000_000 }, 0, false);
    assert.ok(limited.most <= 1_100_000, `${limited.most} bytes`);
  });

  it("by not reading its socket, too", () => {
    const { server, most } = stall({ maxConcurrentStreams: 50 }, 1 << 24, true);
    assert.ok(most <= (1 << 20) + 52 * 100_000, `${most} bytes`);
    assert.equal(server.connection.ended, true);
  });

  it("not even trailers: answers without data wait with their streams", () => {
    const server = new PlayedServer({ maxConcurrentStreams: 50, lostStreamBurst: 1e9, maxPendingAnswers: 1e9 }).greet(
      [Setting.INITIAL_WINDOW_SIZE, 1 << 24],
      [Setting.MAX_FRAME_SIZE, 1 << 20],
    );
    server.give(windowUpdate(0, 1 << 24), headers(1, GET, END_STREAM));
    server.socket.held = true;
    server.exchanges[0]?.stream?.sendHeaders(RESPONSE, undefined, false);
    server.exchanges[0]?.stream?.sendData(Buffer.alloc(1_100_000), false);
    server.loop.endTurn();
    server.onStream = (_exchange, stream) => stream.sendHeaders(RESPONSE, undefined, true);
    for (let id = 3; id < 1000; id += 2) server.give(headers(id, GET, END_STREAM));
    assert.deepEqual([server.h2.inFlight, server.exchanges.length], [50, 50]);
  });

  it("streams of data costs us what the windows allow, and not more", () => {
    const server = new PlayedServer({ connectionWindowBytes: 1 << 20 }).greet();
    server.give(SETTINGS_ACK);
    server.onStream = (exchange) => (exchange.consumes = false);
    let sent = 0;
    for (let id = 1; !server.connection.ended && id < 2000; id += 2) {
      server.give(headers(id, POST), data(id, Buffer.alloc(16_000)));
      sent += 16_000;
      assert.ok(server.h2.heldBytes <= 1 << 20);
    }
    assert.ok(sent <= (1 << 20) + 16_000);
    assert.equal(server.connection.ended, true);
  });
});

describe("a slow beginning", () => {
  it("holds a few bytes, and ends in time", () => {
    const server = new PlayedServer({ settingsTimeoutMs: 1000 });
    for (let at = 0; at < PREFACE.length; at++) server.give(PREFACE.subarray(at, at + 1));
    assert.ok(server.connection.restBytes <= PREFACE.length);
    server.clock.advance(1000);
    assert.equal(server.connection.ended, true);
    const [, , gone] = server.takeFrames();
    assert.equal(gone?.payload.readUInt32BE(4), ErrorCode.SETTINGS_TIMEOUT);
  });

  it("holds no more of a frame than has come of it", () => {
    const server = new PlayedServer().greet();
    server.give(frame(FrameType.HEADERS, Flag.END_HEADERS, 1, Buffer.alloc(16_000)).subarray(0, 1000));
    assert.equal(server.connection.restBytes, 1000);
    server.give(Buffer.alloc(0));
    const data1 = new PlayedServer().greet();
    data1.give(headers(1, POST), frame(FrameType.DATA, 0, 1, Buffer.alloc(500_000)).subarray(0, 100_000));
    assert.deepEqual([data1.connection.restBytes, data1.exchanges[0]?.received], [0, 99_991], "data is handed on as it comes");
  });
});

describe("PINGs that come too often", () => {
  const options: Http2Options = { minPingIntervalMs: 10_000, settingsTimeoutMs: Infinity };

  it("cost the connection, with the words that clients know", () => {
    const server = new PlayedServer(options).greet();
    server.give(headers(1, POST));
    const { sent, code, answers } = attack(server, ping);
    assert.deepEqual([sent, code], [4, ErrorCode.ENHANCE_YOUR_CALM]);
    assert.equal(answers.at(-1)?.payload.toString("utf8", 8), "too_many_pings");
    assert.equal(count(answers, FrameType.PING), 3);
  });

  it("are those without use: not the ones in their time, nor those that follow what we send", () => {
    const server = new PlayedServer(options).greet();
    server.give(headers(1, POST));
    for (let at = 0; at < 20; at++) {
      server.give(ping(at));
      server.clock.advance(10_000);
    }
    const stream = server.exchanges[0]?.stream;
    stream?.sendHeaders(RESPONSE, undefined, false);
    for (let at = 0; at < 100; at++) {
      stream?.sendData(Buffer.from("x"), false);
      server.give(ping(at));
    }
    assert.equal(server.connection.ended, false);
  });

  it("are almost all of them while no stream is open, unless it is allowed", () => {
    const times = (allowed: boolean): boolean => {
      const server = new PlayedServer({ ...options, pingsWithoutStreams: allowed }).greet();
      for (let at = 0; at < 10; at++) {
        server.give(ping(at));
        server.loop.endTurn();
        server.clock.advance(10_000);
      }
      return server.connection.ended;
    };
    assert.deepEqual([times(false), times(true)], [true, false]);
  });
});
