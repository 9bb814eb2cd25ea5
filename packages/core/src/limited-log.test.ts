import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ManualClock } from "./clock.ts";
import { limitedLog } from "./limited-log.ts";
import type { LogEvent } from "./log.ts";

function played(): { clock: ManualClock; told: LogEvent[]; say: (message: string, times?: number, peer?: string) => void } {
  const clock = new ManualClock();
  const told: LogEvent[] = [];
  const log = limitedLog((event) => told.push(event), clock);
  const say = (message: string, times = 1, peer?: string): void => {
    for (let time = 0; time < times; time++) log({ level: "warn", message, peer });
  };
  return { clock, told, say };
}

describe("a limited log", () => {
  it("tells ten of a kind a second, and then how many more there were", () => {
    const { clock, told, say } = played();
    say("closed", 10_000, "a:1");
    assert.equal(told.length, 10);
    assert.deepEqual(told[9], { level: "warn", message: "closed", peer: "a:1" });
    clock.advance(999);
    assert.equal(told.length, 10);
    clock.advance(1);
    assert.deepEqual(told.slice(10), [{ level: "warn", message: "closed (9990 more times within a second, not told one by one)" }]);
    say("closed", 11);
    assert.equal(told.length, 21);
  });

  it("counts each kind by itself, and says nothing where nothing was left out", () => {
    const { clock, told, say } = played();
    say("closed", 10);
    say("refused", 10);
    assert.equal(told.length, 20);
    clock.advance(5000);
    assert.equal(told.length, 20);
  });

  it("takes the same message of another level for another kind", () => {
    const told: LogEvent[] = [];
    const log = limitedLog((event) => told.push(event), new ManualClock());
    for (let time = 0; time < 20; time++) log({ level: "debug", message: "refused" });
    log({ level: "warn", message: "refused" });
    assert.deepEqual([told.length, told.at(-1)?.level], [11, "warn"]);
  });

  it("keeps no more kinds than a thousand, whatever peers make up", () => {
    const { clock, told, say } = played();
    for (let kind = 0; kind < 20_000; kind++) say(`no method ${kind}`);
    assert.equal(told.length, 1010);
    clock.advance(1000);
    assert.deepEqual(
      told.slice(1010).map(({ message }) => message),
      ["something else happened (18990 more times within a second, not told one by one)"],
    );
    say("no method 7");
    assert.equal(told.length, 1012);
  });
});
