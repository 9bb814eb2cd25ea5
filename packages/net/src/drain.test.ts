import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { ManualClock } from "@kiteline/core";
import { Connection } from "./connection.ts";
import { Drain } from "./drain.ts";
import { Loop } from "./loop.ts";
import type { AcceptedSession } from "./protocol.ts";
import { PlayedSocket, turns } from "./socket.fixture.ts";

/** Has as many calls as the test says. */
class Calls implements AcceptedSession {
  readonly wantedBytes = 0;
  inFlight = 0;
  owed = false;
  untold = false;
  told = 0;

  onBytes(_bytes: Buffer, _start: number, end: number): number {
    return end;
  }
  drain(): void {
    this.told++;
  }
  onEnd(): void {}
  onClose(): void {}
  onDrain(): void {}
  onFlush(): void {}
}

function drain(t: TestContext, facts: Partial<Pick<Calls, "inFlight" | "owed" | "untold">> = {}) {
  const clock = new ManualClock(1000);
  const session = Object.assign(new Calls(), facts);
  const traffic = { bytesRead: 0, bytesWritten: 0 };
  const limits = { maxMessageBytes: 1000, writeBufferBytes: 1000 };
  const connection = new Connection(new Loop(clock), new PlayedSocket(), "test:1", () => session, traffic, limits);
  const draining = new Drain(new Set([connection]), new Set<Socket>(), clock);
  t.after(() => draining.stop());
  return {
    session,
    connection,
    /** Whether the connection has ended after so long. */
    async endedAfter(ms: number): Promise<boolean> {
      await turns(1); // the loop's clock stands still within one
      for (let passedMs = 0; passedMs < ms; passedMs += 10) clock.advance(10);
      return connection.ended;
    },
    /** A call that is answered at once. */
    call(): void {
      connection.onChunk(Buffer.from("a"), 1);
    },
  };
}

describe("a connection of a server that goes", () => {
  it("is closed soon when its caller has been told, has no call and is owed nothing", async (t) => {
    const idle = drain(t);
    assert.equal(idle.session.told, 1);
    assert.deepEqual([await idle.endedAfter(90), await idle.endedAfter(30)], [false, true]);
    const busy = drain(t, { inFlight: 1 });
    assert.equal(await busy.endedAfter(5000), false);
    const owed = drain(t, { owed: true });
    assert.equal(await owed.endedAfter(5000), false);
    owed.session.owed = false;
    assert.equal(await owed.endedAfter(20), true);
  });

  it("is served as long as calls come when its caller cannot be told", async (t) => {
    const it = drain(t, { untold: true });
    for (let i = 0; i < 10; i++) {
      assert.equal(await it.endedAfter(900), false);
      it.call();
    }
    assert.deepEqual([await it.endedAfter(990), await it.endedAfter(30)], [false, true]);
  });

  it("is not closed just when a long call has been answered, and the next is under way", async (t) => {
    const it = drain(t, { untold: true, inFlight: 1 });
    assert.equal(await it.endedAfter(3000), false);
    it.session.inFlight = 0;
    assert.deepEqual([await it.endedAfter(900), await it.endedAfter(120)], [false, true]);
  });
});
