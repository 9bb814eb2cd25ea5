import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ErrorCode } from "./error-codes.ts";
import type { Http2Options } from "./options.ts";
import { Exchange, PlayedClient, PlayedPair, PlayedServer, REQUEST, RESPONSE, TRAILERS } from "./played.fixture.ts";
import { data, headers, OK, ping, POST, settings, SETTINGS_ACK, uint32, windowUpdate, type RawFrame } from "./raw-frames.fixture.ts";
import { FrameType } from "./frame.ts";
import { Setting } from "./settings.ts";
import type { Http2Stream } from "./stream.ts";

function dataOf(frames: readonly RawFrame[], id: number): string {
  return Buffer.concat(frames.filter((each) => each.type === FrameType.DATA && each.id === id).map((each) => each.payload)).toString();
}

function sizesOf(frames: readonly RawFrame[]): [id: number, size: number][] {
  return frames.filter((each) => each.type === FrameType.DATA).map((each) => [each.id, each.payload.byteLength]);
}

/** A message of so many bytes, written as an encoder would. */
function send(stream: Http2Stream, size: number, end: boolean, fill = 0x61): void {
  const output = stream.beginMessage();
  for (let left = size; left > 0; ) {
    const piece = Math.min(left, 1000);
    output.ensure(piece);
    output.bytes.fill(fill, output.position, output.position + piece);
    output.position += piece;
    left -= piece;
  }
  stream.endMessage(end);
}

describe("what is sent", () => {
  /** A server that has a stream to answer, and a peer with these windows. */
  function answering(initialWindow: number, connectionWindow = 1 << 20): { server: PlayedServer; stream: Http2Stream; exchange: Exchange } {
    const server = new PlayedServer().greet([Setting.INITIAL_WINDOW_SIZE, initialWindow]);
    if (connectionWindow > 65_535) server.give(windowUpdate(0, connectionWindow - 65_535));
    server.give(headers(1, POST));
    const [exchange] = server.exchanges;
    assert.ok(exchange?.stream !== undefined);
    exchange.stream.sendHeaders(RESPONSE, undefined, false);
    server.takeFrames();
    return { server, stream: exchange.stream, exchange };
  }

  it("goes as far as the stream's window, and on as it opens", () => {
    const { server, stream, exchange } = answering(10);
    assert.equal(stream.writable, true);
    send(stream, 25, false);
    assert.deepEqual([stream.writable, stream.queuedBytes], [false, 15]);
    send(stream, 2, false, 0x62);
    stream.sendTrailers(TRAILERS, undefined);
    assert.deepEqual(sizesOf(server.takeFrames()), [[1, 10]]);
    server.give(windowUpdate(1, 1));
    assert.deepEqual(sizesOf(server.takeFrames()), [[1, 1]]);
    server.give(windowUpdate(1, 100));
    const frames = server.takeFrames();
    assert.equal(dataOf(frames, 1), `${"a".repeat(14)}bb`);
    assert.deepEqual(
      frames.map((each) => each.type),
      [FrameType.DATA, FrameType.DATA, FrameType.HEADERS, FrameType.RST_STREAM],
      "trailers come last, and then the request is not waited for",
    );
    assert.deepEqual(exchange.events, [], "who has said its last is not told that it can write");
  });

  it("says when it can be written again", () => {
    const { server, stream, exchange } = answering(10);
    send(stream, 20, false);
    server.give(windowUpdate(1, 9));
    assert.deepEqual(exchange.events, []);
    server.give(windowUpdate(1, 2));
    assert.deepEqual([exchange.events, stream.writable], [["writable"], true]);
  });

  it("goes as far as the connection's window, each stream in its turn", () => {
    const server = new PlayedServer().greet([Setting.INITIAL_WINDOW_SIZE, 1 << 20]);
    server.give(headers(1, POST), headers(3, POST), headers(5, POST));
    for (const { stream } of server.exchanges) {
      stream?.sendHeaders(RESPONSE, undefined, false);
      if (stream !== undefined) send(stream, 100_000, true);
    }
    assert.deepEqual(
      sizesOf(server.takeFrames()).reduce((sum, [, size]) => sum + size, 0),
      65_535,
    );
    server.give(windowUpdate(0, 200_000));
    const next = sizesOf(server.takeFrames());
    assert.equal(
      next.reduce((sum, [, size]) => sum + size, 0),
      200_000,
    );
    const [first = 0, second = 0, third = 0] = [1, 3, 5].map((id) => next.reduce((sum, [of, size]) => sum + (of === id ? size : 0), 0));
    assert.ok(Math.min(second, third) > 60_000 && first > 0, `${first}, ${second}, ${third}`);
  });

  it("shares a frame with what its stream sends before it leaves, as long as that is small", () => {
    const { server, stream } = answering(1 << 20);
    for (let sent = 0; sent < 20; sent++) send(stream, 1000, false);
    assert.deepEqual(sizesOf(server.takeFrames()), [
      [1, 16_000],
      [1, 4000],
    ]);
    server.give(settings([Setting.MAX_FRAME_SIZE, 100_000]));
    server.takeFrames();
    for (let sent = 0; sent < 100; sent++) send(stream, 1000, false);
    assert.deepEqual(sizesOf(server.takeFrames()), [
      [1, 59_000],
      [1, 41_000],
    ]);
    send(stream, 8, false);
    server.takeFrames();
    server.give(ping()); // whose answer ends where that frame did
    send(stream, 10, false);
    assert.deepEqual(sizesOf(server.takeFrames()), [[1, 10]]);
    send(stream, 10, false);
    send(stream, 0, true);
    const [frame, ...more] = server.takeFrames();
    assert.deepEqual([frame?.payload.byteLength, frame?.flags, more.length], [10, 1, 1], "a new turn, another frame, which says the end");
  });

  it("comes as it was sent, whatever shares frames, slabs and turns with it", () => {
    const sent = fc.record({
      of: fc.constantFrom(1, 3),
      size: fc.oneof(fc.nat(200), fc.nat(20_000), fc.nat(140_000)),
      leaves: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(sent, { maxLength: 40 }), fc.constantFrom(16_384, 50_000, 200_000), (all, most) => {
        const server = new PlayedServer().greet([Setting.INITIAL_WINDOW_SIZE, 1 << 24], [Setting.MAX_FRAME_SIZE, most]);
        server.give(windowUpdate(0, 1 << 24), headers(1, POST), headers(3, POST));
        const streams = server.exchanges.map(({ stream }) => stream as Http2Stream);
        for (const stream of streams) stream.sendHeaders(RESPONSE, undefined, false);
        const frames = server.takeFrames();
        const expected = { 1: "", 3: "" };
        all.forEach(({ of, size, leaves }, index) => {
          const letter = 0x61 + (index % 26);
          send(of === 1 ? (streams[0] as Http2Stream) : (streams[1] as Http2Stream), size, false, letter);
          expected[of] += String.fromCharCode(letter).repeat(size);
          if (leaves) frames.push(...server.takeFrames());
        });
        frames.push(...server.takeFrames());
        assert.ok(dataOf(frames, 1) === expected[1] && dataOf(frames, 3) === expected[3]);
        assert.ok(sizesOf(frames).every(([, size]) => size <= most));
      }),
      { numRuns: 100 },
    );
  });

  it("is cut into frames no larger than the peer takes", () => {
    const { server, stream } = answering(1 << 20);
    send(stream, 40_000, false);
    assert.deepEqual(sizesOf(server.takeFrames()), [
      [1, 16_384],
      [1, 16_384],
      [1, 7232],
    ]);
    server.give(settings([Setting.MAX_FRAME_SIZE, 30_000]));
    send(stream, 40_000, true);
    const frames = server.takeFrames();
    assert.deepEqual(sizesOf(frames), [
      [1, 30_000],
      [1, 10_000],
    ]);
    assert.deepEqual(
      frames.filter((each) => each.type === FrameType.DATA).map((each) => each.flags),
      [0, 1],
    );
    assert.equal(dataOf(frames, 1), "a".repeat(40_000));
  });

  it("stops when SETTINGS make a window negative, until it is positive again", () => {
    const { server, stream } = answering(100);
    send(stream, 60, false);
    server.give(settings([Setting.INITIAL_WINDOW_SIZE, 10]));
    send(stream, 5, false);
    assert.equal(stream.writable, false);
    assert.deepEqual(sizesOf(server.takeFrames()), [[1, 60]]);
    server.give(windowUpdate(1, 50));
    assert.deepEqual(sizesOf(server.takeFrames()), [], "10 - 60 + 50 is nothing");
    server.give(settings([Setting.INITIAL_WINDOW_SIZE, 12]));
    assert.deepEqual(sizesOf(server.takeFrames()), [[1, 2]]);
    server.give(settings([Setting.INITIAL_WINDOW_SIZE, 1000]));
    assert.deepEqual(sizesOf(server.takeFrames()), [[1, 3]]);
  });

  it("may end without data whatever the windows", () => {
    const { server, stream } = answering(0);
    stream.sendData(Buffer.alloc(0), true);
    assert.deepEqual(sizesOf(server.takeFrames()), [[1, 0]]);
  });

  it("is no part of a message that was not finished, or is too large", () => {
    const { server, stream } = answering(1 << 20);
    const output = stream.beginMessage();
    output.ensure(10);
    output.position += 10;
    stream.abortMessage();
    assert.throws(() => send(stream, (1 << 24) + 1, false), /larger than/);
    send(stream, 1, true);
    assert.deepEqual(sizesOf(server.takeFrames()), [[1, 1]]);
  });

  it("waits, fields too, while the socket takes no more, and then goes on in its order", () => {
    const server = new PlayedServer().greet([Setting.INITIAL_WINDOW_SIZE, 1 << 24], [Setting.MAX_FRAME_SIZE, 1 << 20]);
    server.give(windowUpdate(0, 1 << 24), headers(1, POST), headers(3, POST));
    const [first, second] = server.exchanges as [Exchange, Exchange];
    server.socket.held = true;
    first.stream?.sendHeaders(RESPONSE, undefined, false);
    if (first.stream !== undefined) send(first.stream, (1 << 20) + 1, false);
    server.loop.endTurn();
    assert.equal(server.connection.blocked, true);
    const before = server.connection.unwrittenBytes;
    second.stream?.sendHeaders(RESPONSE, ["x", "y"], false);
    if (second.stream !== undefined) send(second.stream, 10, false);
    second.stream?.sendTrailers(TRAILERS, undefined);
    assert.equal(first.stream?.writable, false);
    server.loop.endTurn();
    assert.equal(server.connection.unwrittenBytes, before);
    server.takeFrames();
    server.socket.release();
    server.loop.endTurn();
    const frames = server.takeFrames();
    assert.deepEqual(
      frames.map((each) => [each.type, each.id]),
      [
        [FrameType.HEADERS, 3],
        [FrameType.DATA, 3],
        [FrameType.HEADERS, 3],
        [FrameType.RST_STREAM, 3],
      ],
    );
    assert.deepEqual(first.events, ["writable"], "who asked is told");
  });

  it("is not asked for while what waits leaves no room for a message, and then by who asked first", () => {
    const server = new PlayedServer({ maxQueuedBytes: (1 << 24) + 100 }).greet([Setting.INITIAL_WINDOW_SIZE, 0]);
    server.give(headers(1, POST), headers(3, POST), headers(5, POST), headers(7, POST));
    const [first, second, third, fourth] = server.exchanges.map((exchange) => ({ exchange, stream: exchange.stream as Http2Stream }));
    assert.ok(first !== undefined && second !== undefined && third !== undefined && fourth !== undefined);
    for (const { stream } of [first, second, third, fourth]) stream.sendHeaders(RESPONSE, undefined, false);
    send(first.stream, 60, false);
    assert.deepEqual([server.h2.hasRoom, second.stream.writable], [true, true]);
    send(second.stream, 60, false);
    assert.deepEqual([server.h2.hasRoom, third.stream.writable, fourth.stream.writable], [false, false, false]);
    third.exchange.onWritable = () => {
      third.exchange.events.push("writable");
      send(third.stream, 60, false);
    };
    server.give(windowUpdate(1, 60));
    assert.deepEqual([third.exchange.events, fourth.exchange.events], [["writable"], []]);
    second.stream.reset(ErrorCode.CANCEL);
    assert.deepEqual([server.h2.queuedBytes, fourth.exchange.events], [60, ["writable"]]);
  });

  it("costs the stream when more of it waits than may", () => {
    const server = new PlayedServer({ maxQueuedBytes: 100 }).greet([Setting.INITIAL_WINDOW_SIZE, 0]);
    server.give(headers(1, POST), headers(3, POST));
    const [first, second] = server.exchanges as [Exchange, Exchange];
    for (const { stream } of server.exchanges) stream?.sendHeaders(RESPONSE, undefined, false);
    if (first.stream !== undefined) send(first.stream, 60, false);
    if (second.stream !== undefined) send(second.stream, 60, false);
    assert.equal(second.failure?.origin, "local");
    assert.match(second.failure.message, /more than 100 bytes wait .*\(maxQueuedBytes\)/);
    assert.deepEqual([first.failure, server.h2.queuedBytes], [undefined, 60]);
    server.onStream = (_exchange, stream) => {
      stream.sendHeaders(RESPONSE, undefined, false);
      send(stream, 60, true);
    };
    server.give(headers(5, POST));
    assert.deepEqual(server.exchanges[2]?.events, [`failed local ${ErrorCode.ENHANCE_YOUR_CALM} maybe`], "also who was answering at once");
    const resets = server.takeFrames().filter((each) => each.type === FrameType.RST_STREAM);
    assert.deepEqual(
      resets.map((each) => each.id),
      [3, 5],
    );
  });
});

describe("what comes", () => {
  it("is credited as it is consumed, in few frames", () => {
    const server = new PlayedServer({ initialWindowBytes: 100_000, connectionWindowBytes: 200_000 }).greet();
    server.give(SETTINGS_ACK, headers(1, POST));
    const [exchange] = server.exchanges as [Exchange];
    exchange.consumes = false;
    server.give(data(1, Buffer.alloc(16_000)), data(1, Buffer.alloc(16_000)), data(1, Buffer.alloc(16_000)), data(1, Buffer.alloc(16_000)));
    assert.equal(server.h2.heldBytes, 64_000);
    exchange.stream?.consumed(30_000);
    assert.deepEqual(server.takeFrames(), [], "the peer has 36 000 left");
    exchange.stream?.consumed(20_000);
    assert.deepEqual(
      server.takeFrames().map((each) => [each.type, each.id, each.payload.readUInt32BE(0)]),
      [
        [FrameType.WINDOW_UPDATE, 1, 50_000],
        [FrameType.PING, 0, 0x6b69_7465],
      ],
    );
    assert.equal(server.h2.heldBytes, 14_000);
  });

  it("may not exceed the stream's window, nor the connection's", () => {
    const server = new PlayedServer({ initialWindowBytes: 100, connectionWindowBytes: 70_000, maxFrameBytes: 16_384 }).greet();
    server.give(headers(1, POST), headers(3, POST));
    server.give(data(1, Buffer.alloc(10_000)));
    assert.equal(server.exchanges[0]?.failure, undefined, "the protocol's window counts until ours is acknowledged");
    server.give(SETTINGS_ACK);
    server.give(data(3, Buffer.alloc(101)));
    assert.equal(server.exchanges[1]?.failure?.code, ErrorCode.FLOW_CONTROL_ERROR);
    server.give(headers(5, POST));
    const [, , third] = server.exchanges as [Exchange, Exchange, Exchange];
    third.consumes = false;
    for (let sent = 0; sent < 60_000; sent += 10_000) server.give(data(99, ""), data(5, Buffer.alloc(0)));
    assert.equal(server.connection.ended, true, "stream 99 is not open");
  });

  it("of all streams together may not exceed the connection's window", () => {
    const server = new PlayedServer({ initialWindowBytes: 60_000, connectionWindowBytes: 70_000 }).greet();
    server.onStream = (exchange) => (exchange.consumes = false);
    server.give(SETTINGS_ACK, headers(1, POST), headers(3, POST));
    server.give(data(1, Buffer.alloc(60_000)), data(3, Buffer.alloc(10_000)));
    assert.equal(server.connection.ended, false);
    server.takeFrames();
    server.give(data(3, "x"));
    assert.equal(server.connection.ended, true);
    const last = server.takeFrames().at(-1);
    assert.deepEqual([last?.type, last?.payload.subarray(0, 8)], [FrameType.GOAWAY, uint32(3, ErrorCode.FLOW_CONTROL_ERROR)]);
  });

  it("is credited when nobody wants it any more", () => {
    const server = new PlayedServer({ initialWindowBytes: 60_000, connectionWindowBytes: 100_000 }).greet();
    server.onStream = (exchange) => (exchange.consumes = false);
    server.give(SETTINGS_ACK);
    for (let id = 1; id < 200; id += 2) {
      server.give(headers(id, POST), data(id, Buffer.alloc(50_000)));
      server.exchanges.at(-1)?.stream?.reset(ErrorCode.CANCEL);
      server.give(data(id, Buffer.alloc(10_000))); // was under way
    }
    assert.deepEqual([server.connection.ended, server.h2.heldBytes, server.h2.inFlight], [false, 0, 0]);
  });

  it("is still counted when the stream has ended and its reader holds it", () => {
    const client = new PlayedClient({ initialWindowBytes: 60_000, connectionWindowBytes: 100_000 }).greet();
    client.give(SETTINGS_ACK);
    const exchange = client.open();
    exchange.consumes = false;
    client.give(headers(1, OK), data(1, Buffer.alloc(50_000), 1));
    assert.deepEqual([exchange.complete, client.h2.inFlight, client.h2.heldBytes], [true, 0, 50_000]);
    exchange.stream?.consumed(50_000);
    assert.equal(client.h2.heldBytes, 0);
  });

  it("counts its padding", () => {
    const server = new PlayedServer({ initialWindowBytes: 70_000, connectionWindowBytes: 70_000 }).greet();
    server.give(headers(1, POST));
    const padded = Buffer.concat([Buffer.of(200), Buffer.from("abc"), Buffer.alloc(200)]);
    for (let sent = 0; sent < 1000; sent++) server.give(data(1, padded, 8));
    assert.deepEqual([server.connection.ended, server.exchanges[0]?.received, server.h2.heldBytes], [false, 3000, 0]);
  });

  it("may be more at once when it is read as fast as it comes, and no more when it is not", () => {
    const grown = (consumes: boolean): number => {
      const pair = new PlayedPair({}, { initialWindowBytes: 100_000, maxWindowBytes: 1_000_000, connectionWindowBytes: 10_000_000 });
      pair.settle();
      const exchange = pair.client.open(undefined, false);
      pair.settle();
      const [received] = pair.server.exchanges as [Exchange];
      received.consumes = consumes;
      for (let turn = 0; turn < 150; turn++) {
        while (exchange.stream?.writable === true) send(exchange.stream, 10_000, false);
        pair.carry();
        // A reader that is always most of a window behind.
        if (!consumes) received.stream?.consumed(10_000);
      }
      return received.stream?.receiveWindow ?? 0;
    };
    assert.equal(grown(true), 1_000_000);
    assert.equal(grown(false), 100_000);
  });
});

describe("PINGs that find out how large windows should be", () => {
  it("are only sent while data comes, or the server would take them amiss", () => {
    const pair = new PlayedPair();
    pair.settle();
    pair.server.onStream = (_exchange, stream) => {
      stream.sendHeaders(RESPONSE, undefined, false);
      send(stream, 500_000, false);
    };
    const all = Array.from({ length: 30 }, () => new Exchange());
    for (const each of all) {
      each.consumes = false;
      pair.client.open(undefined, true, each);
    }
    pair.settle();
    for (let part = 0; part < 50; part++) {
      for (const each of all) {
        each.stream?.consumed(10_000);
        pair.settle(); // each answer comes before the next can be asked
      }
    }
    assert.deepEqual([pair.server.misbehaviour, pair.client.h2.heldBytes, pair.server.connection.ended], [[], 0, false]);
  });
});

describe("a connection's window that is used up to its last byte", () => {
  it("is not opened by nothing when a stream ends of which nothing was held", () => {
    const pair = new PlayedPair({}, { connectionWindowBytes: 65_535 });
    pair.settle();
    pair.server.onStream = (exchange) => {
      exchange.consumes = false;
    };
    const [all, none] = [pair.client.open(undefined, false), pair.client.open(undefined, false)];
    if (all.stream !== undefined) send(all.stream, 65_535, false);
    none.stream?.reset(ErrorCode.CANCEL);
    pair.settle();
    assert.deepEqual([pair.server.h2.heldBytes, pair.client.connection.ended, all.failure], [65_535, false, undefined]);
  });
});

describe("a window that is made smaller in mid-life", () => {
  it("is opened again where all of it has been read already", () => {
    const pair = new PlayedPair({}, { initialWindowBytes: 1000 });
    pair.settle();
    const exchange = pair.client.open(undefined, false);
    if (exchange.stream !== undefined) send(exchange.stream, 400, false);
    pair.settle();
    // Less than half of the window has been read: that much is not told one by one.
    pair.server.h2.change({ initialWindowBytes: 400 });
    pair.settle();
    if (exchange.stream !== undefined) send(exchange.stream, 100, true);
    pair.settle();
    assert.deepEqual([pair.server.exchanges[0]?.received, pair.server.exchanges[0]?.complete], [500, true]);
  });
});

describe("readers of one connection", () => {
  it("that stand still or are slow hold what they may, and the others go on", () => {
    const pair = new PlayedPair();
    pair.settle();
    pair.server.onStream = (exchange, stream) => {
      exchange.onWritable = () => pump();
      const pump = (): void => {
        while (stream.writable) send(stream, 50_000, false);
      };
      stream.sendHeaders(RESPONSE, undefined, false);
      pump();
    };
    const still = Array.from({ length: 20 }, () => new Exchange());
    for (const each of still) {
      each.consumes = false;
      pair.client.open(undefined, true, each);
    }
    const slow = new Exchange();
    slow.consumes = false;
    pair.client.open(undefined, true, slow);
    const fast = pair.client.open();
    for (let turn = 0; turn < 200; turn++) {
      pair.carry();
      slow.stream?.consumed(20_000);
    }
    assert.ok(fast.received > 200 * 400_000, `${fast.received} bytes`);
    assert.ok(slow.received >= 200 * 20_000, `${slow.received} bytes`);
    for (const each of [...still, slow]) assert.ok(each.received <= 512 * 1024 + 200 * 20_000);
    assert.ok(pair.client.h2.heldBytes <= 21 * 512 * 1024);
    assert.ok(pair.server.h2.queuedBytes <= 22 * 50_000, "and no writer has more waiting than a message");
  });
});

describe("a connection's windows", () => {
  interface Step {
    readonly kind:
      | "open"
      | "up"
      | "down"
      | "endUp"
      | "endDown"
      | "resetUp"
      | "resetDown"
      | "consume"
      | "shrink"
      | "carry"
      | "hold"
      | "release";
    readonly stream: number;
    readonly size: number;
  }

  const step: fc.Arbitrary<Step> = fc.record({
    kind: fc.constantFrom(
      "open",
      "open",
      "up",
      "up",
      "down",
      "down",
      "endUp",
      "endDown",
      "resetUp",
      "resetDown",
      "consume",
      "consume",
      "shrink",
      "carry",
      "carry",
      "hold",
      "release",
    ),
    stream: fc.nat(7),
    size: fc.oneof(fc.nat(300), fc.nat(100_000), fc.constant(65_535)),
  });
  const options: fc.Arbitrary<Http2Options> = fc.record({
    initialWindowBytes: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 300_000 })),
    connectionWindowBytes: fc.integer({ min: 65_535, max: 400_000 }),
    maxWindowBytes: fc.integer({ min: 1, max: 600_000 }),
    maxFrameBytes: fc.integer({ min: 16_384, max: 60_000 }),
    maxConcurrentStreams: fc.integer({ min: 1, max: 8 }),
    lostStreamBurst: fc.constant(1e6),
    idleFrameBurst: fc.constant(1e6),
    maxPendingAnswers: fc.constant(1e6),
  });

  /** One stream as both ends should see it. */
  class Model {
    readonly up: Exchange;
    down: Exchange | undefined;
    sentUp = 0;
    sentDown = 0;
    endedUp = false;
    endedDown = false;
    cut = false;

    constructor(up: Exchange) {
      this.up = up;
    }
  }

  function act(pair: PlayedPair, models: Model[], { kind, stream: which, size }: Step): void {
    const model = models[which % Math.max(1, models.length)];
    switch (kind) {
      case "open": {
        const exchange = new Exchange();
        exchange.consumes = which % 2 === 0;
        exchange.stream = pair.client.h2.open(exchange, REQUEST, ["number", String(models.length)], false);
        models.push(new Model(exchange));
        break;
      }
      case "up":
      case "endUp":
        if (model?.up.stream === undefined || model.endedUp || model.cut) return;
        send(model.up.stream, size, kind === "endUp");
        model.sentUp += size;
        model.endedUp = kind === "endUp";
        break;
      case "down":
      case "endDown":
        if (model?.down?.stream === undefined || model.endedDown || model.cut) return;
        send(model.down.stream, size, false);
        model.sentDown += size;
        if (kind === "down") return;
        model.endedDown = true;
        model.down.stream.sendTrailers(TRAILERS, undefined);
        break;
      case "resetUp":
      case "resetDown": {
        const end = kind === "resetUp" ? model?.up : model?.down;
        if (model === undefined || end?.stream === undefined || end.stream.closed) return;
        model.cut = true;
        end.stream.reset(ErrorCode.CANCEL);
        break;
      }
      case "consume":
        for (const end of [model?.up, model?.down]) if (end !== undefined) end.stream?.consumed(size);
        break;
      case "shrink": // a peer's SETTINGS in mid-life, as if it had sent them
        pair.server.give(settings([Setting.INITIAL_WINDOW_SIZE, size]));
        pair.server.give(settings([Setting.INITIAL_WINDOW_SIZE, 65_535]));
        break;
      case "hold":
        (size % 2 === 0 ? pair.client : pair.server).socket.held = true;
        break;
      case "release":
        pair.client.socket.release();
        pair.server.socket.release();
        break;
      case "carry":
        pair.carry((bytes) => (size === 0 ? [bytes] : [bytes.subarray(0, size), bytes.subarray(size)]));
    }
  }

  it("lose nothing, let nothing get stuck and leak nothing, whatever is sent, cut, shrunk and reset", () => {
    fc.assert(
      fc.property(options, options, fc.array(step, { maxLength: 80 }), (clientOptions, serverOptions, steps) => {
        const pair = new PlayedPair({ ...clientOptions, initialWindowBytes: 65_535 }, serverOptions);
        const models: Model[] = [];
        pair.settle();
        pair.server.onStream = (exchange, stream) => {
          const number = Number(exchange.fields?.get("number"));
          exchange.consumes = number % 3 !== 0;
          (models[number] as Model).down = exchange;
          stream.sendHeaders(RESPONSE, undefined, false);
        };
        for (const each of steps) {
          act(pair, models, each);
          assert.ok(pair.client.h2.heldBytes <= 400_000 && pair.server.h2.heldBytes <= 400_000);
        }
        // Everybody reads on and says its last.
        pair.client.socket.release();
        pair.server.socket.release();
        for (let round = 0; round < 3000; round++) {
          const moved = pair.carry();
          for (const model of models) {
            for (const end of [model.up, model.down]) end?.stream?.consumed(1e9);
            if (model.cut) continue;
            if (!model.endedUp && model.up.stream !== undefined)
              act(pair, models, { kind: "endUp", stream: models.indexOf(model), size: 1 });
            if (model.down !== undefined && !model.endedDown)
              act(pair, models, { kind: "endDown", stream: models.indexOf(model), size: 1 });
          }
          if (!moved && models.every((each) => each.cut || (each.up.complete && each.down?.complete === true))) break;
        }
        for (const model of models) {
          if (model.cut) continue;
          // An answer that is complete ends the request, wherever that is.
          if (model.up.trailers !== undefined && model.up.received === model.sentDown && model.down?.complete !== true) continue;
          assert.deepEqual([model.up.received, model.up.complete], [model.sentDown, true]);
          assert.deepEqual([model.down?.received, model.down?.complete], [model.sentUp, true]);
        }
        for (const end of [pair.client, pair.server]) {
          assert.deepEqual(
            [end.connection.ended, end.h2.inFlight, end.h2.heldBytes, end.h2.queuedBytes],
            [false, 0, 0, 0],
            "something is left",
          );
        }
      }),
      { numRuns: 300 },
    );
  });
});
