import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ManualClock } from "./clock.ts";
import { TimingWheel, type WheelEntry } from "./timing-wheel.ts";

const TICK_MS = 5;

class Entry implements WheelEntry {
  dueMs = Infinity;
  wheelNext: WheelEntry | undefined = undefined;
  wheelPrevious: WheelEntry | undefined = undefined;
  wheelSlot = -1;
  readonly id: number;
  readonly onExpire: (entry: Entry) => void;

  constructor(id: number, onExpire: (entry: Entry) => void) {
    this.id = id;
    this.onExpire = onExpire;
  }

  expire(): void {
    this.onExpire(this);
  }
}

function wheel(startMs = 0): { clock: ManualClock; wheel: TimingWheel; fired: number[]; add: (id: number, inMs: number) => Entry } {
  const clock = new ManualClock(startMs);
  const wheel = new TimingWheel(clock, TICK_MS);
  const fired: number[] = [];
  return {
    clock,
    wheel,
    fired,
    add(id, inMs) {
      const entry = new Entry(id, () => fired.push(id));
      wheel.add(entry, clock.now() + inMs);
      return entry;
    },
  };
}

describe("TimingWheel", () => {
  it("fires an entry when its time has come, not a moment earlier", () => {
    const { clock, wheel: it, fired, add } = wheel(3);
    add(1, 12);
    clock.advance(11.99);
    assert.deepEqual(fired, []);
    clock.advance(TICK_MS);
    assert.deepEqual([fired, it.size], [[1], 0]);
  });

  it("fires an entry whose time is past already, within a tick", () => {
    const { clock, fired, add } = wheel(100);
    add(1, -50);
    clock.advance(TICK_MS);
    assert.deepEqual(fired, [1]);
  });

  it("forgets an entry that is removed, wherever it stands in its slot", () => {
    for (const removed of [0, 1, 2]) {
      const { clock, wheel: it, fired, add } = wheel();
      const entries = [add(0, 10), add(1, 10), add(2, 10)];
      it.remove(entries[removed] as Entry);
      it.remove(entries[removed] as Entry); // twice is once
      assert.equal(it.size, 2);
      clock.advance(20);
      assert.deepEqual(
        fired.sort((a, b) => a - b),
        [0, 1, 2].filter((id) => id !== removed),
      );
    }
  });

  it("keeps an entry further away than the ring is long until its turn has come", () => {
    const { clock, fired, add } = wheel();
    add(1, 1024 * TICK_MS * 3 + 7);
    clock.advance(1024 * TICK_MS * 3);
    assert.deepEqual(fired, []);
    clock.advance(7 + TICK_MS);
    assert.deepEqual(fired, [1]);
  });

  it("never fires an entry that has no end", () => {
    const { clock, wheel: it, add } = wheel();
    add(1, Infinity);
    clock.advance(1024 * TICK_MS * 2);
    assert.equal(it.size, 1);
  });

  it("fires everything that fell due in a pause longer than the ring, once", () => {
    const late = new LateClock();
    const it = new TimingWheel(late, TICK_MS);
    const fired: number[] = [];
    for (let id = 0; id < 50; id++) it.add(new Entry(id, () => fired.push(id)), id * 211);
    late.jump(50 * 211);
    assert.deepEqual(
      fired.sort((a, b) => a - b),
      Array.from({ length: 50 }, (_, id) => id),
    );
    assert.equal(it.size, 0);
  });

  it("goes on after an entry that unlinked its neighbours", () => {
    const { clock, wheel: it, fired, add } = wheel();
    const victims: Entry[] = [];
    const killer = new Entry(99, () => {
      fired.push(99);
      for (const victim of victims) it.remove(victim);
    });
    add(0, 10);
    victims.push(add(1, 10));
    it.add(killer, 10); // expires first of its slot: those added last stand first
    victims.push(add(2, 1000));
    add(3, 10);
    clock.advance(20);
    assert.deepEqual(
      fired.sort((a, b) => a - b),
      [0, 3, 99],
    );
    assert.equal(it.size, 0);
  });

  it("goes on after an entry that moved its neighbour to another slot", () => {
    const { clock, wheel: it, fired, add } = wheel();
    add(0, 10);
    const moved = add(1, 10);
    it.add(
      new Entry(99, () => {
        it.remove(moved);
        it.add(moved, clock.now() + 500);
      }),
      10,
    );
    clock.advance(10);
    assert.deepEqual([fired, it.size], [[0], 1]);
    clock.advance(500);
    assert.deepEqual(fired, [0, 1]);
  });

  it("sets no timer while it holds nothing", () => {
    const clock = new CountingClock();
    const it = new TimingWheel(clock, TICK_MS);
    const entry = new Entry(1, () => undefined);
    assert.equal(clock.pending, 0);
    it.add(entry, 1000);
    assert.equal(clock.pending, 1);
    clock.advance(50);
    assert.equal(clock.pending, 1);
    it.remove(entry);
    it.add(entry, 1000);
    assert.equal(clock.pending, 1);
    it.remove(entry);
    clock.advance(TICK_MS);
    assert.equal(clock.pending, 0);
  });

  it("looks at the clock once a tick, not once an entry, for those who come one after the other", () => {
    const clock = new CountingClock();
    const it = new TimingWheel(clock, TICK_MS);
    for (let id = 0; id < 100; id++) {
      const entry = new Entry(id, () => undefined);
      it.add(entry, 1000);
      it.remove(entry);
    }
    assert.equal(clock.asked, 1);
  });

  it("does what a plain list would, at most a tick later and never early, whatever happens", () => {
    const quarters = (min: number, max: number) => fc.integer({ min: 4 * min, max: 4 * max }).map((n) => n / 4);
    const step = fc.oneof(
      fc.record({ kind: fc.constant("add" as const), inMs: fc.oneof(quarters(-20, 40), quarters(0, 12_000)) }),
      fc.record({ kind: fc.constant("remove" as const), pick: fc.nat() }),
      fc.record({ kind: fc.constant("advance" as const), ms: fc.oneof(quarters(0, 20), quarters(0, 20_000)) }),
    );
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e7, noNaN: true }), fc.array(step, { maxLength: 60, size: "max" }), (startMs, steps) => {
        const clock = new ManualClock(startMs);
        const it = new TimingWheel(clock, TICK_MS);
        const list = new Map<Entry, number>();
        let id = 0;
        const onExpire = (entry: Entry): void => {
          const due = list.get(entry);
          assert.ok(due !== undefined, "fired although removed or fired before");
          assert.ok(clock.now() >= due, `fired ${due - clock.now()} ms early`);
          list.delete(entry);
        };
        for (const action of steps) {
          if (action.kind === "add") {
            const entry = new Entry(id++, onExpire);
            list.set(entry, clock.now() + action.inMs);
            it.add(entry, clock.now() + action.inMs);
          } else if (action.kind === "remove") {
            const entry = [...list.keys()][list.size === 0 ? 0 : action.pick % list.size];
            if (entry === undefined) continue;
            list.delete(entry);
            it.remove(entry);
          } else {
            clock.advance(action.ms);
            // An entry added in the past is due when it is added.
            for (const due of list.values())
              assert.ok(clock.now() <= Math.max(due, clock.now() - action.ms) + TICK_MS + 1e-6, `${clock.now() - due} ms late`);
          }
          assert.equal(it.size, list.size);
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** A clock whose one timer fires only when told to, however late that is. */
class LateClock extends ManualClock {
  #now = 0;
  #task: () => void = () => undefined;

  override now(): number {
    return this.#now;
  }

  override after(_delayMs: number, task: () => void): { cancel(): void } {
    this.#task = task;
    return { cancel: () => undefined };
  }

  jump(ms: number): void {
    this.#now += ms;
    this.#task();
  }
}

class CountingClock extends ManualClock {
  pending = 0;
  asked = 0;

  override now(): number {
    this.asked++;
    return super.now();
  }

  override after(delayMs: number, task: () => void): { cancel(): void } {
    this.pending++;
    return super.after(delayMs, () => {
      this.pending--;
      task();
    });
  }
}
