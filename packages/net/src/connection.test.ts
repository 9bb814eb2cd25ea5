import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ManualClock, type Timer } from "@kiteline/core";
import { Connection } from "./connection.ts";
import { Loop } from "./loop.ts";
import { RECEIVED, SHORTLY_RECEIVED } from "./received.ts";
import type { Session } from "./session.ts";
import { SLAB_BYTES } from "./slabs.ts";
import { PlayedSocket, turns } from "./socket.fixture.ts";

/** Frames of a 4-byte length and that many bytes. */
class Frames implements Session {
  wantedBytes = 0;
  readonly frames: Buffer[] = [];
  readonly events: string[] = [];
  error: Error | undefined;
  /** Called before each frame; when it returns true the frame is left where it is. */
  hold: () => boolean = () => false;
  connection: Connection | undefined;

  onBytes(bytes: Buffer, start: number, end: number): number {
    assert.equal(this.connection?.paused, false, "given bytes although it has paused");
    let at = start;
    this.wantedBytes = 0;
    while (end - at >= 4) {
      const size = 4 + bytes.readUInt32BE(at);
      if (at + size > end) {
        this.wantedBytes = size;
        break;
      }
      if (this.hold()) break;
      this.frames.push(Buffer.from(bytes.subarray(at + 4, at + size)));
      at += size;
    }
    return at;
  }

  onEnd(): void {
    this.events.push("end");
  }
  onClose(error: Error | undefined): void {
    this.error = error;
    this.events.push("close");
  }
  onDrain(): void {
    this.events.push("drain");
  }
  onFlush(): void {}
}

function open(options: { writeBufferBytes?: number; clock?: ManualClock } = {}): {
  connection: Connection;
  session: Frames;
  socket: PlayedSocket;
  loop: Loop;
  clock: ManualClock;
  traffic: { bytesRead: number; bytesWritten: number };
} {
  const clock = options.clock ?? new ManualClock(1000);
  const loop = new Loop(clock);
  const socket = new PlayedSocket();
  const session = new Frames();
  const traffic = { bytesRead: 0, bytesWritten: 0 };
  const limits = { maxMessageBytes: 1 << 24, writeBufferBytes: options.writeBufferBytes ?? 1 << 20 };
  const connection = new Connection(loop, socket, "test:1", () => session, traffic, limits);
  session.connection = connection;
  return { connection, session, socket, loop, clock, traffic };
}

/** Knows how many timers are set. */
class CountingClock extends ManualClock {
  pending = 0;

  override after(delayMs: number, task: () => void): Timer {
    this.pending++;
    const timer = super.after(delayMs, task);
    return {
      cancel: () => {
        this.pending--;
        timer.cancel();
      },
    };
  }
}

function frame(length: number, seed = 0): Buffer {
  const bytes = Buffer.alloc(4 + length, seed & 0xff);
  bytes.writeUInt32BE(length);
  return bytes;
}

/** Hands over a chunk in a buffer that is reused, as the system's reads are. */
const shared = Buffer.alloc(1 << 20);
function receive(connection: Connection, chunk: Buffer): void {
  chunk.copy(shared);
  connection.onChunk(shared, chunk.byteLength);
  shared.fill(0xee, 0, chunk.byteLength);
}

function encode(connection: Connection, bytes: Buffer, messages = 1): void {
  const { output } = connection;
  output.begin();
  output.ensure(bytes.byteLength);
  output.bytes.set(bytes, output.position);
  output.position += bytes.byteLength;
  connection.scheduleFlush(messages);
}

function slabsGivenBack(loop: Loop): () => number {
  let count = 0;
  const giveBack = loop.slabs.giveBack.bind(loop.slabs);
  loop.slabs.giveBack = (slab) => {
    if (slab.bytes.byteLength === SLAB_BYTES) count++;
    giveBack(slab);
  };
  return () => count;
}

describe("a connection's incoming bytes", () => {
  it("make the same frames however they are cut, wherever reading pauses", () => {
    const lengths = fc.array(fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 2000 }), fc.constant(70_000)), {
      maxLength: 20,
      size: "max",
    });
    const cuts = fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 5000 })), {
      minLength: 1,
      maxLength: 30,
      size: "max",
    });
    fc.assert(
      fc.property(lengths, cuts, fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }), (lengths, cuts, pauses) => {
        const { connection, session } = open();
        const sent = lengths.map((length, seed) => frame(length, seed + 1));
        let asked = 0;
        let held = false;
        session.hold = () => {
          // The second time a frame is presented, after the pause, it is taken.
          if (!held && pauses[asked++ % pauses.length] === true) {
            held = true;
            connection.pause();
            return true;
          }
          held = false;
          return false;
        };
        const stream = Buffer.concat(sent);
        for (let at = 0, turn = 0; at < stream.byteLength; turn++) {
          const size = cuts[turn % cuts.length] as number;
          receive(connection, stream.subarray(at, at + size));
          at += size;
          if (turn % 3 === 0) connection.resume();
        }
        for (let i = 0; connection.paused && i < 100; i++) connection.resume();
        assert.deepEqual(
          session.frames.map((each) => each.byteLength),
          lengths,
        );
        assert.ok(session.frames.every((each, index) => each.equals((sent[index] as Buffer).subarray(4))));
        assert.equal(connection.restBytes, 0);
      }),
      { numRuns: 300 },
    );
  });

  it("wait for the next turn when the session has done enough in this one", async () => {
    const { connection, session, socket } = open();
    let room = 2;
    session.hold = () => {
      if (room-- > 0) return false;
      connection.rest();
      return true;
    };
    const lengths = (): number[] => session.frames.map((each) => each.byteLength);
    receive(connection, Buffer.concat([frame(1), frame(2), frame(3), frame(4)]));
    assert.deepEqual([lengths(), socket.isPaused()], [[1, 2], false]);
    room = 2;
    receive(connection, Buffer.concat([frame(5), frame(6)]));
    assert.deepEqual([lengths(), socket.isPaused()], [[1, 2], true], "what comes meanwhile is kept, and no more is read");
    await turns(1);
    assert.deepEqual(lengths(), [1, 2], "others are read first");
    await turns(1);
    assert.deepEqual([lengths(), socket.isPaused()], [[1, 2, 3, 4], true]);
    room = 9;
    await turns(1);
    assert.deepEqual([lengths(), socket.isPaused(), connection.restBytes], [[1, 2, 3, 4, 5, 6], false, 0]);
  });

  it("wait as long as the session says", async (t) => {
    const { connection, session, clock } = open();
    session.hold = () => {
      connection.rest(5);
      return true;
    };
    const timers = t.mock.method(clock, "after").mock;
    receive(connection, frame(1));
    assert.deepEqual(
      timers.calls.map(({ arguments: [delayMs, , awaited] }: { arguments: unknown[] }) => [delayMs, awaited]),
      [[5, true]],
      "the socket is stopped, and would not keep the process",
    );
    session.hold = () => false;
    await turns();
    clock.advance(4);
    await turns();
    assert.deepEqual([session.frames.length, connection.resting], [0, true]);
    clock.advance(1);
    assert.deepEqual([session.frames.length, connection.resting], [1, false]);
  });

  it("are taken before the peer's end is told, when some wait for the next turn", async () => {
    const { connection, session, socket } = open();
    session.hold = () => {
      connection.rest();
      return true;
    };
    receive(connection, frame(1));
    socket.push(null);
    socket.resume();
    session.hold = () => false;
    await turns(2);
    assert.deepEqual([session.frames.length, session.events], [1, ["end"]]);
  });

  it("make the same frames when they come one by one", () => {
    const { connection, session } = open();
    const stream = Buffer.concat([frame(3, 1), frame(0), frame(500, 2), frame(1, 3)]);
    for (const byte of stream) receive(connection, Buffer.from([byte]));
    assert.deepEqual(
      session.frames.map((each) => each.byteLength),
      [3, 0, 500, 1],
    );
  });

  it("cost no memory for a length that is only announced", () => {
    const { connection } = open();
    const head = Buffer.alloc(4);
    head.writeUInt32BE(1 << 30);
    const before = process.memoryUsage().arrayBuffers;
    receive(connection, head);
    receive(connection, Buffer.alloc(100_000));
    assert.ok(process.memoryUsage().arrayBuffers - before < 1_000_000);
    assert.equal(connection.restBytes, 100_004);
  });

  it("are counted, and tell when the connection last spoke and since when a frame is incomplete", async () => {
    const { connection, clock, traffic, loop } = open();
    clock.advance(10);
    await turns(1); // the loop's clock moves with its turns
    receive(connection, frame(5).subarray(0, 6));
    clock.advance(10);
    await turns(1);
    receive(connection, Buffer.from([1]));
    assert.deepEqual([traffic.bytesRead, connection.lastReadMs, connection.restSinceMs, loop.now()], [7, 1020, 1010, 1020]);
    clock.advance(10);
    await turns(1);
    receive(connection, Buffer.concat([Buffer.alloc(2), frame(9).subarray(0, 8)])); // the end of one, the beginning of another
    assert.deepEqual([connection.restBytes, connection.restSinceMs], [8, 1030]);
  });

  it("that had to wait for us do not count as late", async () => {
    const { connection, session, clock } = open();
    let held = true;
    session.hold = () => {
      if (held) connection.pause();
      return held;
    };
    receive(connection, Buffer.concat([frame(1), frame(100).subarray(0, 50)]));
    clock.advance(60_000);
    await turns(1);
    held = false;
    connection.resume();
    assert.deepEqual([connection.restBytes, connection.restSinceMs], [50, clock.now()]);
  });

  it("that came before the peer's end are read before the end is told", async () => {
    const { connection, session, socket } = open();
    socket.on("data", (chunk: Buffer) => connection.onChunk(chunk, chunk.byteLength));
    let held = true;
    session.hold = () => {
      if (held) connection.pause();
      return held;
    };
    socket.push(frame(1));
    socket.push(frame(2));
    socket.push(null);
    await turns();
    assert.deepEqual([session.frames.length, session.events], [0, []]);
    held = false;
    connection.resume();
    await turns();
    assert.deepEqual([session.frames.length, session.events], [2, ["end"]]);
  });

  it("that come although reading is paused are kept", () => {
    const { connection, session } = open();
    connection.pause();
    receive(connection, frame(1));
    receive(connection, frame(2));
    assert.deepEqual([session.frames.length, connection.restBytes], [0, 11]);
    connection.resume();
    assert.equal(session.frames.length, 2);
  });

  it("are read before the end is told, although that was seen before", async () => {
    const { connection, session, socket } = open();
    let held = true;
    session.hold = () => {
      if (held) connection.pause();
      return held;
    };
    receive(connection, frame(1));
    socket.emit("end"); // as sockets do that read into a buffer of ours
    assert.deepEqual(session.events, []);
    held = false;
    connection.resume();
    assert.deepEqual([session.frames.length, session.events], [1, ["end"]]);
  });
});

describe("where a connection's socket reads to", () => {
  /** By name: what a failed comparison of two long buffers would say takes all memory there is. */
  function placeOf({ connection }: { connection: Connection }): string {
    const buffer = connection.nextBuffer();
    if (buffer === undefined) return "where it did";
    return buffer === RECEIVED ? "the shared one" : buffer === SHORTLY_RECEIVED ? "little of the shared one" : "its own";
  }

  /** Of a connection that was not opened just now. */
  function old(): ReturnType<typeof open> {
    const made = open();
    made.loop.turn += 2;
    return made;
  }

  it("is the shared buffer, or where the session says, and behind that little of the shared one", () => {
    const at = old();
    let told: Buffer | undefined;
    (at.session as Session).destination = () => told;
    assert.equal(placeOf(at), "little of the shared one");
    assert.equal(placeOf(at), "the shared one");
    assert.equal(placeOf(at), "where it did");
    told = Buffer.alloc(1000);
    assert.equal(placeOf(at), "its own");
    told = undefined;
    assert.equal(placeOf(at), "little of the shared one");
    assert.equal(placeOf(at), "the shared one");
  });

  it("is not the session's while bytes wait that came before", () => {
    const at = old();
    (at.session as Session).destination = () => assert.fail("it was asked");
    at.connection.pause();
    receive(at.connection, Buffer.of(1, 2, 3));
    assert.equal(placeOf(at), "little of the shared one");
  });

  it("is little of the loop's when it is new, and for a turn after it had to rest", () => {
    const at = open();
    const { connection, loop } = at;
    const places = (): string[] => [placeOf(at), placeOf(at)];
    assert.deepEqual(places(), ["little of the shared one", "where it did"]);
    loop.turn += 2;
    assert.deepEqual(places(), ["the shared one", "where it did"]);
    connection.rest(Infinity);
    assert.deepEqual(places(), ["little of the shared one", "where it did"]);
    loop.turn += 10;
    connection.wake();
    loop.turn += 1;
    assert.deepEqual(places(), ["where it did", "where it did"]);
    loop.turn += 1;
    assert.deepEqual(places(), ["the shared one", "where it did"]);
  });
});

describe("a connection's outgoing bytes", () => {
  it("of one turn leave in one write, when the turn ends", async () => {
    const { connection, socket, traffic } = open();
    encode(connection, Buffer.from("one "));
    encode(connection, Buffer.from("two "));
    await Promise.resolve();
    assert.equal(socket.writes.length, 0);
    await turns(1);
    assert.deepEqual(socket.writes.map(String), ["one two "]);
    encode(connection, Buffer.from("three"));
    await turns(1);
    assert.deepEqual([socket.writes.length, traffic.bytesWritten], [2, 13]);
  });

  it("leave earlier when there are many", () => {
    const { connection, socket } = open();
    for (let i = 0; i < 20; i++) encode(connection, Buffer.alloc(20_000));
    assert.ok(socket.writes.length > 0);
  });

  it("leave earlier when there are as many messages as the pace says", () => {
    const { connection, socket } = open();
    connection.pace.onAnswers(12);
    for (const text of ["a", "b", "c", "d"]) encode(connection, Buffer.from(text));
    assert.deepEqual(socket.writes.map(String), ["abc"]);
  });

  it("leave by two slabs when they are parts of messages or of a stream of them", () => {
    const { connection, socket } = open();
    const part = Buffer.alloc(1024);
    for (let sent = 0; sent < 121; sent++) encode(connection, part, 0);
    assert.equal(socket.writes.length, 0);
    encode(connection, part, 0);
    assert.deepEqual(
      socket.writes.map(({ byteLength }) => byteLength),
      [64 * 1024, 58 * 1024],
    );
  });

  it("block it while the socket holds back more than it may, until half of that is gone", async () => {
    const { connection, session, socket } = open({ writeBufferBytes: 1000 });
    socket.held = true;
    encode(connection, Buffer.alloc(600));
    await turns(1);
    assert.equal(connection.blocked, false);
    encode(connection, Buffer.alloc(600));
    await turns(1);
    assert.equal(connection.blocked, true);
    socket.release(); // the first 600: the second is written, and held
    await turns(1);
    assert.deepEqual([connection.blocked, session.events], [true, []]);
    socket.release();
    await turns(1);
    assert.deepEqual([connection.blocked, session.events], [false, ["drain"]]);
  });

  it("leave the loop its turns, also when the socket takes all of them at once", async () => {
    const { connection, session } = open({ writeBufferBytes: 1000 });
    let turn = 0;
    const drained: number[] = [];
    const fill = (): void => {
      while (!connection.blocked) encode(connection, Buffer.alloc(30_000));
    };
    session.onDrain = () => {
      drained.push(turn);
      if (drained.length < 10) fill();
    };
    fill();
    for (; drained.length < 10 && turn < 100; turn++) await turns(1);
    assert.equal(drained.length, 10);
    assert.equal(new Set(drained).size, 10, `turns ${drained.join(", ")}`);
  });

  it("are no more parts of streams than a turn may have, however small they are", async () => {
    const { connection, session } = open();
    let parts = 0;
    for (; !connection.blocked && parts < 10_000; parts++) encode(connection, Buffer.alloc(1), 0);
    assert.equal(parts, 4096);
    await turns(1);
    assert.deepEqual([connection.blocked, session.events], [false, ["drain"]]);
  });

  it("are no more once the socket has failed to write", async () => {
    const { connection, session, socket } = open({ writeBufferBytes: 1000 });
    socket._write = (_chunk, _encoding, done) => done(new Error("gone"));
    socket._destroy = () => undefined; // what tells of the end takes its time
    encode(connection, Buffer.alloc(2000));
    await turns();
    assert.deepEqual([connection.blocked, session.events], [true, []]);
  });

  it("are not written any more to a socket that is gone and has not told yet", async () => {
    const { connection, session, socket, loop } = open();
    const givenBack = slabsGivenBack(loop);
    socket._destroy = () => undefined;
    socket.destroy();
    socket.write = () => assert.fail("it was written to");
    encode(connection, Buffer.alloc(2000));
    await turns();
    assert.deepEqual([connection.blocked, session.events, givenBack()], [true, [], 1]);
  });
});

describe("a connection that ends", () => {
  it("sends what is encoded, says so, and looks at nothing that still comes", async () => {
    const { connection, session, socket } = open();
    receive(connection, frame(10).subarray(0, 5));
    encode(connection, Buffer.from("bye"));
    connection.end();
    connection.end();
    await turns();
    assert.deepEqual([String(socket.written), socket.ended], ["bye", true]);
    receive(connection, Buffer.concat([frame(10).subarray(5), frame(3)]));
    encode(connection, Buffer.from("late"));
    await turns();
    assert.deepEqual([session.frames.length, String(socket.written)], [0, "bye"]);
    socket.push(null);
    await turns();
    assert.deepEqual([connection.closed, session.events, session.error], [true, ["close"], undefined]);
  });

  it("reads no more of a peer that is at fault, and is gone in a moment", async () => {
    const { connection, session, socket, clock } = open();
    encode(connection, Buffer.from("no"));
    connection.cut();
    assert.deepEqual([socket.written.toString(), socket.isPaused(), connection.ended], ["no", true, true]);
    receive(connection, frame(3));
    clock.advance(249);
    await turns();
    assert.deepEqual([socket.ended, socket.destroyed, session.frames.length, connection.restBytes], [false, false, 0, 0]);
    clock.advance(1);
    await turns();
    assert.deepEqual([socket.ended, socket.destroyed], [true, false]);
    clock.advance(250);
    assert.deepEqual([socket.destroyed, session.events], [true, ["close"]]);
  });

  it("is cut off when the peer does not close its side", async () => {
    const { connection, session, clock } = open();
    connection.end();
    clock.advance(4999);
    await turns();
    assert.deepEqual(session.events, []);
    clock.advance(1);
    await turns();
    assert.deepEqual(session.events, ["close"]);
  });

  it("waits as long as the peer takes what was sent", async () => {
    const { connection, session, socket, clock } = open();
    socket.held = true;
    for (let i = 0; i < 3; i++) {
      encode(connection, Buffer.alloc(100));
      await turns(1);
    }
    connection.end();
    clock.advance(4000);
    socket.release();
    await turns(1);
    clock.advance(1000); // some left since
    assert.deepEqual(session.events, []);
    clock.advance(5000); // none did
    await turns();
    assert.deepEqual(session.events, ["close"]);
  });

  it("does not wait any more when it has closed", async () => {
    const clock = new CountingClock(1000);
    const { connection, session, socket } = open({ clock });
    connection.end();
    socket.push(null);
    socket.resume();
    await turns();
    assert.deepEqual(session.events, ["close"]);
    assert.equal(clock.pending, 0);
  });
});

describe("a connection that is reset", () => {
  it("tells a peer over TCP that nobody waits any more, and its session why", async (t) => {
    const server = createServer().listen(0, "127.0.0.1");
    t.after(() => server.close());
    await once(server, "listening");
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    const [[peer]] = (await Promise.all([once(server, "connection"), once(socket, "connect")])) as [[Socket], unknown];
    const session = new Frames();
    const limits = { maxMessageBytes: 1000, writeBufferBytes: 1000 };
    const connection = new Connection(new Loop(), socket, "test:1", () => session, { bytesRead: 0, bytesWritten: 0 }, limits);
    const failed = once(peer.resume(), "error");
    const why = new Error("the caller gave up");
    connection.reset(why);
    assert.equal(((await failed)[0] as NodeJS.ErrnoException).code, "ECONNRESET");
    assert.deepEqual([session.events, session.error], [["close"], why]);
  });

  it("over anything else is destroyed", () => {
    const { connection, session, socket } = open();
    const why = new Error("the caller gave up");
    connection.reset(why);
    connection.reset(new Error("again"));
    assert.deepEqual([socket.destroyed, session.events, session.error], [true, ["close"], why]);
  });
});

describe("a connection that is destroyed", () => {
  it("tells its session once, at once and why, and gives its slabs back", async () => {
    const { connection, session, socket, loop } = open();
    const back = slabsGivenBack(loop);
    encode(connection, Buffer.from("never"));
    const why = new Error("rubbish");
    connection.destroy(why);
    assert.deepEqual([session.events, session.error, back()], [["close"], why, 1]);
    connection.destroy(new Error("again"));
    receive(connection, frame(1));
    await turns();
    assert.deepEqual([session.events.length, session.frames.length, socket.writes.length], [1, 0, 0]);
  });

  it("by the other side is told with the error of the socket", async () => {
    const { session, socket } = open();
    socket.destroy(new Error("read ECONNRESET"));
    await turns();
    assert.deepEqual([session.events, session.error?.message], [["close"], "read ECONNRESET"]);
  });

  it("with writes under way gets their slabs back, too", async () => {
    const { connection, socket, loop } = open();
    socket.held = true;
    encode(connection, Buffer.from("stuck"));
    await turns(1);
    const back = slabsGivenBack(loop);
    connection.destroy();
    socket.release();
    await turns();
    assert.equal(back(), 1);
  });
});
