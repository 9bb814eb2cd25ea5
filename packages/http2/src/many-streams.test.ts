import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ErrorCode } from "./error-codes.ts";
import { Exchange, PlayedPair, RESPONSE, REQUEST, TRAILERS } from "./played.fixture.ts";
import type { Http2Stream } from "./stream.ts";

const STREAMS = 1_000_000;
const AT_ONCE = 250;
const MOST_BYTES = 600;
/** The least there may be: what one stream in thirty loses of it would stop everything long before the end. */
const WINDOW = 65_535;
const PAYLOAD = Buffer.alloc(WINDOW);

/** The same numbers every time. */
class Random {
  #state = 0x2545_f491;

  below(limit: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % limit;
  }
}

/** Who cuts a stream, and when. */
const CUTS = [
  "nobody",
  "nobody",
  "nobody",
  "nobody",
  "caller at once",
  "caller",
  "caller with the answer",
  "server at once",
  "server",
] as const;

/** What is to happen on a stream, and what does on either side. */
class Planned {
  readonly up: number;
  readonly down: number;
  readonly cut: (typeof CUTS)[number];
  readonly caller = new Exchange();
  server: Exchange | undefined;

  constructor(random: Random) {
    this.up = random.below(MOST_BYTES);
    this.down = random.below(MOST_BYTES);
    this.cut = CUTS[random.below(CUTS.length)] as (typeof CUTS)[number];
    // Who is cut need not have read what came.
    this.caller.consumes = this.cut === "nobody" || random.below(2) === 0;
  }
}

function reset(exchange: Exchange | undefined): void {
  if (exchange?.stream?.closed === false) exchange.stream.reset(ErrorCode.CANCEL);
}

function send(stream: Http2Stream | undefined, bytes: number, end: boolean): void {
  if (stream?.closed === false) stream.sendData(PAYLOAD.subarray(0, bytes), end);
}

/** Opens streams, has what was planned happen, and says whether it did. */
function play(pair: PlayedPair, plans: readonly Planned[]): void {
  pair.server.exchanges.length = 0;
  pair.server.onStream = (exchange, stream) => {
    const plan = plans[Number(exchange.fields?.get("number"))] as Planned;
    plan.server = exchange;
    exchange.consumes = plan.caller.consumes;
    if (plan.cut === "server at once") stream.reset(ErrorCode.CANCEL);
  };
  for (const [number, plan] of plans.entries()) {
    plan.caller.stream = pair.client.h2.open(plan.caller, REQUEST, ["number", String(number)], false);
    send(plan.caller.stream, plan.up, plan.cut === "nobody");
    if (plan.cut === "caller at once") reset(plan.caller);
  }
  pair.carry();
  for (const { cut, caller } of plans) if (cut === "caller") reset(caller);
  pair.settle();
  for (const { cut, server, down } of plans) {
    if (server?.stream?.closed !== false) continue;
    server.stream.sendHeaders(RESPONSE, undefined, false);
    send(server.stream, down, false);
    if (cut === "server") reset(server);
  }
  pair.carry();
  for (const { cut, caller } of plans) if (cut === "caller with the answer") reset(caller);
  pair.settle();
  for (const { cut, server } of plans) if (cut === "nobody") server?.stream?.sendTrailers(TRAILERS, undefined);
  pair.settle();
}

describe("the windows of a connection", () => {
  it("are what they were after a million streams, ended and cut by either side at any moment", async () => {
    const windows = { connectionWindowBytes: WINDOW, maxWindowBytes: WINDOW, initialWindowBytes: WINDOW };
    // So many would be taken for an attack, and what they say for more than a turn's part.
    const options = { ...windows, lostStreamBurst: Infinity, turnWork: Infinity };
    const pair = new PlayedPair(options, options);
    const random = new Random();
    pair.settle();
    for (let round = 0; round < STREAMS / AT_ONCE; round++) {
      const plans = Array.from({ length: AT_ONCE }, () => new Planned(random));
      play(pair, plans);
      for (const { cut, caller, server, up, down } of plans) {
        if (cut !== "nobody") assert.equal(caller.complete, false);
        else if (caller.received !== down || server?.received !== up || !caller.complete || !server.complete) {
          assert.fail(`${server?.received} of ${up} bytes came, ${caller.received} of ${down} went back`);
        }
      }
      // A window that is smaller than what a stream has to send, now and then.
      if (round % 100 === 0) pair.server.h2.change({ initialWindowBytes: 1 + random.below(2 * MOST_BYTES) });
      // Connections tell of flushes by nextTick, which must get a turn.
      if (round % 20 === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    }
    for (const { h2, connection } of [pair.client, pair.server]) {
      assert.deepEqual([connection.ended, h2.inFlight, h2.heldBytes, h2.queuedBytes], [false, 0, 0, 0]);
    }
    assert.equal(pair.client.h2.available, 1000);

    // Of its whole window a connection may keep back less than half, until somebody reads.
    pair.server.h2.change({ initialWindowBytes: WINDOW });
    const plan = new Planned(random);
    pair.server.onStream = (exchange, stream) => {
      plan.server = exchange;
      exchange.consumes = false;
      stream.sendHeaders(RESPONSE, undefined, false);
      send(stream, WINDOW, false);
    };
    pair.settle();
    plan.caller.consumes = false;
    plan.caller.stream = pair.client.h2.open(plan.caller, REQUEST, undefined, false);
    send(plan.caller.stream, WINDOW, false);
    pair.settle();
    for (const exchange of [plan.caller, plan.server]) {
      assert.ok(exchange !== undefined && exchange.received > WINDOW / 2, `${exchange?.received} bytes`);
      exchange.stream?.consumed(exchange.received);
    }
    pair.settle();
    assert.deepEqual([plan.caller.received, plan.server?.received], [WINDOW, WINDOW]);
  });
});
