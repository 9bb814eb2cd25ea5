/** What calls leave behind: the live heap of both processes before and after a million of them. */
import { Pair } from "../pair.ts";
import type { CaseReport } from "../report.ts";
import { rangeOf } from "../rounds.ts";
import type { RunOptions } from "./case.ts";

const CALLERS = 100;
const MB = 1e6;

export async function heap({ warmupMs, heapCalls, durationMs, cores }: RunOptions): Promise<CaseReport[]> {
  const pair = await Pair.startNode("kiteline", { connections: 1, bytes: 1024, cores });
  try {
    await pair.closedLoop(CALLERS, warmupMs);
    const before = await pair.memory();
    let calls = 0;
    while (calls < heapCalls) {
      const sample = await pair.closedLoop(CALLERS, durationMs);
      calls += Math.round((sample.callsPerSecond * durationMs) / 1000);
    }
    const left = (await pair.memory()).heapBytes - before.heapBytes;
    const leftMb = left / MB;
    return [
      {
        name: "heap",
        title: "live heap of client and server after two forced collections, before and after the calls",
        columns: { calls: "calls", beforeMb: "before MB", leftMb: "left MB" },
        rows: [{ who: "kiteline", values: { calls, beforeMb: before.heapBytes / MB, leftMb } }],
        targets: [{ what: "heap left behind by a million calls", bound: "at most", wanted: 5, got: rangeOf([leftMb]), unit: "MB" }],
      },
    ];
  } finally {
    await pair.stop();
  }
}
