import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ErrorCode } from "./error-codes.ts";
import { FrameType } from "./frame.ts";
import { type Exchange, PlayedPair, PlayedServer } from "./played.fixture.ts";
import { data, frame, GET, headers, POST, SETTINGS_ACK } from "./raw-frames.fixture.ts";
import { Setting } from "./settings.ts";

function settingsOf(server: PlayedServer): Map<number, number> {
  const payload = server.takeFrames().find((each) => each.type === FrameType.SETTINGS)?.payload ?? Buffer.alloc(0);
  return new Map(
    Array.from({ length: payload.byteLength / 6 }, (_, at) => [payload.readUInt16BE(6 * at), payload.readUInt32BE(6 * at + 2)]),
  );
}

describe("limits changed in mid-life", () => {
  it("are told to the peer, all of them", () => {
    const server = new PlayedServer().greet();
    server.h2.change({ maxConcurrentStreams: 5, initialWindowBytes: 100 });
    const told = settingsOf(server);
    assert.deepEqual([told.get(Setting.MAX_CONCURRENT_STREAMS), told.get(Setting.INITIAL_WINDOW_SIZE)], [5, 100]);
    server.h2.change({ maxFrameBytes: 20_000 });
    assert.deepEqual([...settingsOf(server)].slice(1, 4), [
      [Setting.MAX_CONCURRENT_STREAMS, 5],
      [Setting.INITIAL_WINDOW_SIZE, 100],
      [Setting.MAX_FRAME_SIZE, 20_000],
    ]);
  });

  it("hold for the peer's data once it has acknowledged them, and not sooner", () => {
    const server = new PlayedServer({ initialWindowBytes: 100_000 }).greet();
    server.onStream = (exchange) => (exchange.consumes = false);
    server.give(SETTINGS_ACK, headers(1, POST), headers(3, POST));
    server.give(data(1, Buffer.alloc(50_000)));
    server.h2.change({ initialWindowBytes: 1000 });
    server.give(data(3, Buffer.alloc(2000)), data(1, Buffer.alloc(10_000)));
    assert.deepEqual(
      server.exchanges.map((each) => each.events.at(-1)),
      ["data", "data"],
    );
    server.give(SETTINGS_ACK);
    const [first, second] = server.exchanges as [Exchange, Exchange];
    assert.deepEqual([first.stream?.receiveLeft, second.stream?.receiveLeft], [-59_000, -1000]);
    server.give(data(1, "x"));
    assert.equal(first.failure?.code, ErrorCode.FLOW_CONTROL_ERROR);
    server.give(headers(5, POST), data(5, Buffer.alloc(1000)), data(5, "x"));
    assert.equal(server.exchanges[2]?.failure?.code, ErrorCode.FLOW_CONTROL_ERROR);
  });

  it("are not undone by what readers consume", () => {
    const server = new PlayedServer({ initialWindowBytes: 100_000 }).greet();
    server.give(SETTINGS_ACK, headers(1, POST));
    server.h2.change({ initialWindowBytes: 20_000 });
    server.give(SETTINGS_ACK);
    for (let sent = 0; sent < 50; sent++) server.give(data(1, Buffer.alloc(5000)));
    const stream = server.exchanges[0]?.stream;
    assert.deepEqual([stream?.receiveWindow, server.exchanges[0]?.received], [20_000, 250_000]);
  });

  it("hold for frames and tables once they are acknowledged, what is more at once", () => {
    const server = new PlayedServer({ maxFrameBytes: 30_000, headerTableBytes: 4096 }).greet();
    server.give(headers(1, POST), data(1, Buffer.alloc(30_000)));
    server.give(SETTINGS_ACK);
    server.h2.change({ maxFrameBytes: 16_384, headerTableBytes: 0 });
    server.h2.change({ maxFrameBytes: 17_000 });
    server.give(data(1, Buffer.alloc(30_000)));
    server.give(SETTINGS_ACK);
    server.give(data(1, Buffer.alloc(17_000)));
    assert.equal(server.connection.ended, false);
    server.give(frame(FrameType.DATA, 0, 1, Buffer.alloc(17_001)));
    assert.equal(server.connection.ended, true);
  });

  it("hold for streams at once", () => {
    const server = new PlayedServer().greet();
    server.h2.change({ maxConcurrentStreams: 1 });
    server.give(headers(1, GET), headers(3, GET));
    assert.deepEqual(server.exchanges.length, 1);
  });

  it("are kept to by our own client, whatever is under way", () => {
    const pair = new PlayedPair({}, { initialWindowBytes: 70_000, headerTableBytes: 4096 });
    pair.settle();
    for (let round = 0; round < 20; round++) {
      const exchange = pair.client.open(["round", String(round)], false);
      exchange.stream?.sendData(Buffer.alloc(50_000), false);
      pair.server.h2.change({
        initialWindowBytes: round % 2 === 0 ? 1 : 70_000,
        headerTableBytes: (round * 700) % 5000,
        maxFrameBytes: 16_384 + 1000 * (round % 3),
      });
      exchange.stream?.sendData(Buffer.alloc(50_000), true);
      if (round % 3 === 0) pair.carry((bytes) => [bytes.subarray(0, 1000), bytes.subarray(1000)]);
    }
    pair.server.onStream = (received) => (received.consumes = true);
    for (let turn = 0; turn < 100; turn++) {
      pair.settle();
      for (const each of pair.server.exchanges)
        if (each.complete && each.stream?.closed === false) each.stream.sendData(Buffer.alloc(0), true);
    }
    assert.deepEqual([pair.server.misbehaviour, pair.client.connection.ended], [[], false]);
    assert.deepEqual(
      pair.server.exchanges.map((each) => [each.complete, each.received]),
      Array.from({ length: 20 }, () => [true, 100_000]),
    );
  });
});
