/** What the mesh costs a call: names from a folder of YAML, a route, lanes and baggage, against the same stack without them. */
import { Pair } from "../pair.ts";
import type { CaseReport } from "../report.ts";
import { inRounds, ratioOf } from "../rounds.ts";
import { COMPILING_MS, type RunOptions } from "./case.ts";
import { COLUMNS, rowsOf, samplesOf, speed } from "./samples.ts";

const CALLERS = 100;
const US = "kiteline";
const MESHED = "kiteline-mesh";

export async function mesh({ rounds, durationMs, warmupMs, cores }: RunOptions): Promise<CaseReport[]> {
  const pairs = new Map<string, Pair>();
  try {
    for (const name of [US, MESHED]) pairs.set(name, await Pair.startNode(name, { connections: 1, bytes: 1024, cores }));
    for (const pair of pairs.values()) await pair.closedLoop(CALLERS, Math.max(warmupMs, COMPILING_MS));
    const samples = await inRounds(new Map([...pairs].map(([name, pair]) => [name, () => pair.closedLoop(CALLERS, durationMs)])), rounds);
    const got = ratioOf(samplesOf(samples, MESHED), samplesOf(samples, US), speed);
    return [
      {
        name: "mesh",
        title: `${CALLERS} callers, with and without what Bookinfo's calls pass through`,
        columns: COLUMNS,
        rows: rowsOf(samples, US, speed),
        targets: [{ what: "calls/s with the mesh against without", bound: "at least", wanted: 0.85, got, unit: "x" }],
      },
    ];
  } finally {
    for (const pair of pairs.values()) await pair.stop();
  }
}
