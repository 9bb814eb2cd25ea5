import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callStore } from "./call-store.ts";
import { ManualClock, systemClock } from "./clock.ts";

describe("ManualClock", () => {
  it("stands still until it is advanced", () => {
    const clock = new ManualClock(7);
    assert.equal(clock.now(), 7);
    clock.advance(3);
    assert.equal(clock.now(), 10);
  });

  it("runs what falls due in the order of its time, and at that time", () => {
    const clock = new ManualClock();
    const ran: [string, number][] = [];
    const note = (name: string) => () => ran.push([name, clock.now()]);
    clock.after(30, note("c"));
    clock.after(10, note("a"));
    clock.after(10, note("b"));
    clock.after(31, note("later"));
    clock.advance(30);
    assert.deepEqual(ran, [
      ["a", 10],
      ["b", 10],
      ["c", 30],
    ]);
  });

  it("runs what a timer sets, if that falls due too", () => {
    const clock = new ManualClock();
    const ran: number[] = [];
    const again = (): void => {
      ran.push(clock.now());
      clock.after(10, again);
    };
    clock.after(10, again);
    clock.advance(35);
    assert.deepEqual(ran, [10, 20, 30]);
  });

  it("does not run what was cancelled", () => {
    const clock = new ManualClock();
    let ran = 0;
    const timer = clock.after(5, () => ran++);
    clock.after(4, () => timer.cancel());
    clock.advance(10);
    assert.equal(ran, 0);
  });
});

describe("a timer", () => {
  it("belongs to no call, whichever set it", async () => {
    let seen: unknown = "not run";
    const manual = new ManualClock();
    callStore.run("a call", () => manual.after(1, () => (seen = callStore.getStore())));
    callStore.run("another", () => manual.advance(1));
    assert.equal(seen, undefined);
    const real = await new Promise((resolve) => {
      // The test waits for this timer, which would not keep the process alive by itself.
      const alive = setInterval(() => undefined, 1000);
      callStore.run("a call", () =>
        systemClock.after(0, () => {
          clearInterval(alive);
          resolve(callStore.getStore());
        }),
      );
    });
    assert.equal(real, undefined);
  });

  it("that is further away than Node can count waits as long as Node can", (t) => {
    const set = t.mock.method(globalThis, "setTimeout");
    systemClock.after(Infinity, () => undefined).cancel();
    assert.equal(set.mock.calls[0]?.arguments[1], 2 ** 31 - 1);
  });

  it("that should have been over is due at once, and Node has nothing to warn of", (t) => {
    const set = t.mock.method(globalThis, "setTimeout");
    systemClock.after(-0.02, () => undefined).cancel();
    assert.equal(set.mock.calls[0]?.arguments[1], 0);
  });
});
