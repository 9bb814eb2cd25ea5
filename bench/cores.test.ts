import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chooseCores, inBackground, onCore, parseCores } from "./cores.ts";

const alone = (core: number): number[] => [core];

describe("cores", () => {
  it("reads lists as Linux writes them", () => {
    assert.deepEqual(parseCores("0"), [0]);
    assert.deepEqual(parseCores("0-2,5"), [0, 1, 2, 5]);
  });

  it("gives each end a core of its own", () => {
    assert.deepEqual(chooseCores([0, 1], alone), { server: 0, client: 1 });
    assert.deepEqual(chooseCores([0, 1, 2, 3], alone), { server: 2, client: 3 });
  });

  it("does not give the ends two threads of one core where there is another core", () => {
    const paired = (core: number): number[] => [core & ~1, core | 1];
    assert.deepEqual(chooseCores([0, 1, 2, 3], paired), { server: 1, client: 3 });
    assert.deepEqual(chooseCores([2, 3], paired), { server: 2, client: 3 });
  });

  it("has nothing to give where there is one core", () => {
    assert.equal(chooseCores([3], alone), undefined);
  });

  it("runs a command as it is where no core was chosen", () => {
    assert.deepEqual(onCore(undefined, "node", ["a"]), { command: "node", args: ["a"] });
    assert.deepEqual(onCore(2, "node", ["a"]), { command: "taskset", args: ["--cpu-list", "2", "node", "a"] });
    assert.deepEqual(inBackground(undefined, "node", ["a"]), { command: "node", args: ["a"] });
    assert.deepEqual(inBackground(2, "node", ["a"]), { command: "chrt", args: ["--idle", "0", "taskset", "--cpu-list", "2", "node", "a"] });
  });
});
