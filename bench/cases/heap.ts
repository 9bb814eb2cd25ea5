/** What calls leave behind: the live heap of both processes before and after a million of them, or 100,000 streams that are cut. */
import { Pair } from "../pair.ts";
import type { CaseReport } from "../report.ts";
import { rangeOf } from "../rounds.ts";
import type { RunOptions } from "./case.ts";

const CALLERS = 100;
const MB = 1e6;

/** Cut before the first look: what is made once and kept, and compiled code. */
const WARMUP_STREAMS = 5000;

export async function heap(options: RunOptions): Promise<CaseReport[]> {
  const found: Left[] = [];
  for (const who of ["kiteline", "kiteline-grpc"]) found.push(await leave(who, options));
  found.push(await cut(options));
  return [
    {
      name: "heap",
      title: "live heap of client and server after two forced collections, before and after the calls",
      columns: { calls: "calls", beforeMb: "before MB", leftMb: "left MB" },
      rows: found.map(({ who, calls, beforeMb, leftMb }) => ({ who, values: { calls, beforeMb, leftMb } })),
      targets: found.map(({ what, leftMb }) => ({
        what: `heap left behind by ${what}`,
        bound: "at most",
        wanted: 5,
        got: rangeOf([leftMb]),
        unit: "MB",
      })),
    },
  ];
}

interface Left {
  readonly what: string;
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
    const leftMb = (await pair.memory()).heapBytes / MB - beforeMb;
    return { who, what: `a million calls of ${who}`, calls, beforeMb, leftMb };
  } finally {
    await pair.stop();
  }
}

async function cut({ heapStreams, cores }: RunOptions): Promise<Left> {
  const who = "kiteline-cut";
  const pair = await Pair.startNode(who, { connections: 1, bytes: 1024, cores });
  try {
    await pair.cut(WARMUP_STREAMS);
    const beforeMb = (await pair.memory()).heapBytes / MB;
    await pair.cut(heapStreams);
    const leftMb = (await pair.memory()).heapBytes / MB - beforeMb;
    return { who, what: `${heapStreams} streams that were cut`, calls: heapStreams, beforeMb, leftMb };
  } finally {
    await pair.stop();
  }
}
