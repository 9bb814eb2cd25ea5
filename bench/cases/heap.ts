/** What calls leave behind: the live heap of both processes before and after a million of them. */
import { Pair } from "../pair.ts";
import type { CaseReport } from "../report.ts";
import { rangeOf } from "../rounds.ts";
import type { RunOptions } from "./case.ts";

const CALLERS = 100;
const MB = 1e6;

export async function heap(options: RunOptions): Promise<CaseReport[]> {
  const found: Left[] = [];
  for (const who of ["kiteline", "kiteline-grpc"]) found.push(await leave(who, options));
  return [
    {
      name: "heap",
      title: "live heap of client and server after two forced collections, before and after the calls",
      columns: { calls: "calls", beforeMb: "before MB", leftMb: "left MB" },
      rows: found.map(({ who, calls, beforeMb, leftMb }) => ({ who, values: { calls, beforeMb, leftMb } })),
      targets: found.map(({ who, leftMb }) => ({
        what: `heap left behind by a million calls of ${who}`,
        bound: "at most",
        wanted: 5,
        got: rangeOf([leftMb]),
        unit: "MB",
      })),
    },
  ];
}

interface Left {
  readonly who: string;
  readonly calls: number;
  readonly beforeMb: number;
  readonly leftMb: number;
}

async function leave(who: string, { warmupMs, heapCalls, durationMs, cores }: RunOptions): Promise<Left> {
  const pair = await Pair.startNode(who, { connections: 1, bytes: 1024, cores });
  try {
    await pair.closedLoop(CALLERS, warmupMs);
    const beforeMb = (await pair.memory()).heapBytes / MB;
    let calls = 0;
    while (calls < heapCalls) {
      const sample = await pair.closedLoop(CALLERS, durationMs);
      calls += Math.round((sample.callsPerSecond * durationMs) / 1000);
    }
    return { who, calls, beforeMb, leftMb: (await pair.memory()).heapBytes / MB - beforeMb };
  } finally {
    await pair.stop();
  }
}
