import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { ManualClock } from "@kiteline/core";
import { Connection } from "./connection.ts";
import { Loop } from "./loop.ts";
import { Openings } from "./openings.ts";
import type { AcceptedSession, Protocol } from "./protocol.ts";
import { Recogniser } from "./recogniser.ts";
import { PlayedSocket, turns } from "./socket.fixture.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Sessions that take all that comes, and which connections have got theirs. */
class Played {
  readonly clock = new ManualClock(1);
  readonly loop = new Loop(this.clock);
  readonly opened: string[] = [];
  readonly taken = new Map<string, string>();
  readonly #openings: Openings;
  readonly #protocol: Protocol = {
    name: "any",
    recognise: () => true,
    open: ({ peer }) => {
      this.opened.push(peer);
      const session: AcceptedSession = {
        inFlight: 0,
        owed: false,
        wantedBytes: 0,
        onBytes: (bytes, start, end) => {
          this.taken.set(peer, (this.taken.get(peer) ?? "") + bytes.toString("latin1", start, end));
          return end;
        },
        drain: () => undefined,
        onEnd: () => undefined,
        onClose: () => undefined,
        onDrain: () => undefined,
        onFlush: () => undefined,
      };
      return session;
    },
  };

  constructor(perSecond = 1000) {
    this.#openings = new Openings(this.loop, perSecond);
  }

  connect(peer: string): Connection {
    const context = { protocols: [this.#protocol], log: () => undefined, openings: this.#openings, onOpen: () => undefined };
    return new Connection(
      this.loop,
      new PlayedSocket(),
      peer,
      (self) => new Recogniser(self, context),
      { bytesRead: 0, bytesWritten: 0 },
      { maxMessageBytes: 1000, writeBufferBytes: 1000 },
    );
  }

  /** Another connection that is busy. */
  share(): void {
    for (let each = 0; each < 2; each++) this.loop.isBusy({ flush: () => undefined });
  }
}

const say = (connection: Connection, text: string): void => connection.onChunk(Buffer.from(text), text.length);

describe("connections whose first bytes come in the same turn", () => {
  it("are opened one a turn while others are busy, in their order, and lose nothing", async () => {
    const it = new Played();
    it.share();
    const all = Array.from({ length: 20 }, (_, at) => it.connect(String(at)));
    for (const each of all) say(each, "a");
    assert.deepEqual(it.opened, ["0"]);
    for (const each of all) say(each, "b");
    for (let turn = 0, before = 1; it.opened.length < 20 && turn < 100; turn++) {
      it.share();
      await turns(1);
      assert.ok(it.opened.length - before <= 1, "no more than one");
      before = it.opened.length;
    }
    assert.deepEqual(it.opened, [...all.keys()].map(String));
    assert.deepEqual([...it.taken.values()], Array(20).fill("ab"));
  });

  it("are so many a second beyond a hundred, and all of them in the end", async () => {
    const it = new Played();
    it.share();
    for (let at = 0; at < 105; at++) say(it.connect(String(at)), "a");
    for (let turn = 0; turn < 300; turn++) {
      it.share();
      await turns(1);
    }
    assert.equal(it.opened.length, 100);
    for (let opened = 101; opened <= 105; opened++) {
      it.clock.advance(1);
      it.share();
      await turns(3);
      assert.equal(it.opened.length, opened);
    }
  });

  it("are as many a second as there are turns where nothing bounds them", async () => {
    const it = new Played(Infinity);
    for (let at = 0; at < 150; at++) {
      it.share();
      say(it.connect(String(at)), "a");
    }
    for (let turn = 0; turn < 200 && it.opened.length < 150; turn++) {
      it.share();
      await turns(1);
    }
    assert.equal(it.opened.length, 150);
  });

  it("go out of the line when they are closed", async () => {
    const it = new Played();
    it.share();
    const [, second, third] = ["1", "2", "3"].map((peer) => {
      const connection = it.connect(peer);
      say(connection, "a");
      return connection;
    });
    second?.destroy();
    await turns(4);
    assert.deepEqual(it.opened, ["1", "3"]);
    assert.equal(third?.resting, false);
  });

  it("do not wait for those who came later", async () => {
    const it = new Played();
    it.share();
    for (const peer of ["1", "2", "3"]) say(it.connect(peer), "a");
    await turns(1);
    say(it.connect("4"), "a");
    await turns(6);
    assert.deepEqual(it.opened, ["1", "2", "3", "4"]);
  });
});

describe("a line of connections that is never empty", () => {
  it("keeps nobody who has had a turn", async () => {
    const it = new Played();
    const all: WeakRef<Connection>[] = [];
    const connect = (): void => {
      const connection = it.connect(String(all.length));
      say(connection, "a");
      all.push(new WeakRef(connection));
    };
    for (let turn = 0; turn < 500; turn++) {
      it.clock.advance(1);
      it.share();
      connect();
      if (turn % 10 === 0) connect();
      await turns(1);
    }
    collect();
    const kept = all.slice(0, it.opened.length).filter((each) => each.deref() !== undefined);
    assert.ok(it.opened.length > 400 && it.opened.length < all.length - 20, `${it.opened.length} of ${all.length}`);
    assert.ok(kept.length < 200, `${kept.length} are kept`);
  });
});

describe("a connection whose first bytes come alone", () => {
  it("is opened at once", async () => {
    const it = new Played();
    it.share();
    say(it.connect("1"), "a");
    assert.deepEqual(it.opened, ["1"]);
    await turns(2);
    say(it.connect("2"), "a");
    assert.deepEqual(it.opened, ["1", "2"]);
  });
});
