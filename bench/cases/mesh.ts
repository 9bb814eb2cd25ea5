/** What the mesh costs a call: names from a folder of YAML, a route, lanes and baggage, against the same stack without them. */
import { Pair, type Sample } from "../pair.ts";
import type { CaseReport } from "../report.ts";
import { inRounds, medianOf, medianRatio } from "../rounds.ts";
import type { RunOptions } from "./case.ts";

const CALLERS = 100;
const CONTENDERS = ["kiteline", "kiteline-mesh"] as const;

export async function mesh({ rounds, durationMs, warmupMs }: RunOptions): Promise<CaseReport[]> {
  const pairs = new Map<string, Pair>();
  try {
    for (const name of CONTENDERS) pairs.set(name, await Pair.startNode(name, { connections: 1, bytes: 1024 }));
    for (const pair of pairs.values()) await pair.closedLoop(CALLERS, warmupMs);
    const samples = await inRounds(new Map([...pairs].map(([name, pair]) => [name, () => pair.closedLoop(CALLERS, durationMs)])), rounds);
    const [plain, meshed] = CONTENDERS.map((name) => samples.get(name) as Sample[]) as [Sample[], Sample[]];
    const share = medianRatio(meshed, plain, (each) => each.callsPerSecond);
    return [
      {
        name: "mesh",
        title: `${CALLERS} callers, with and without what Bookinfo's calls pass through`,
        columns: {
          callsPerSecond: "calls/s",
          p50Ms: "p50 ms",
          p99Ms: "p99 ms",
          cpuUsPerCall: "CPU us/call",
          allocatedBytesPerCall: "heap B/call",
        },
        rows: [...samples].map(([who, each]) => ({
          who,
          values: {
            callsPerSecond: medianOf(each, (sample) => sample.callsPerSecond),
            p50Ms: medianOf(each, (sample) => sample.p50Ms),
            p99Ms: medianOf(each, (sample) => sample.p99Ms),
            cpuUsPerCall: medianOf(each, (sample) => sample.cpuUsPerCall),
            allocatedBytesPerCall: medianOf(each, (sample) => sample.allocatedBytesPerCall),
          },
        })),
        targets: [{ what: "calls/s with the mesh against without", bound: "at least", wanted: 0.85, got: share, unit: "x" }],
      },
    ];
  } finally {
    for (const pair of pairs.values()) await pair.stop();
  }
}
