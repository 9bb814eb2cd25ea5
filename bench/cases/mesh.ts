/** What the mesh costs a call: names from a folder of YAML, a route, lanes and baggage, against the same stack without them. */
import { Pair, type Sample } from "../pair.ts";
import type { CaseReport } from "../report.ts";
import { inRounds, ratioOf } from "../rounds.ts";
import { COMPILING_MS, FULL_LOAD_ROUNDS, type RunOptions } from "./case.ts";
import { COLUMNS, rowsOf, samplesOf, speed, type Samples } from "./samples.ts";

const CALLERS = 100;
const US = "kiteline";
const MESHED = "kiteline-mesh";
/** Two processes of the same program can be a tenth apart for as long as they live: so each of the two is started so many times. */
const STARTS = 3;

export async function mesh(options: RunOptions): Promise<CaseReport[]> {
  const samples = new Map<string, Sample[]>([US, MESHED].map((name) => [name, []]));
  for (let start = 0; start < STARTS; start++) {
    for (const [name, more] of await measure(options)) samples.get(name)?.push(...more);
  }
  const got = ratioOf(samplesOf(samples, MESHED), samplesOf(samples, US), speed);
  return [
    {
      name: "mesh",
      title: `${CALLERS} callers, with and without what Bookinfo's calls pass through; each started ${STARTS} times`,
      columns: COLUMNS,
      rows: rowsOf(samples, US, speed),
      targets: [{ what: "calls/s with the mesh against without", bound: "at least", wanted: 0.85, got, unit: "x" }],
    },
  ];
}

async function measure({ rounds, durationMs, warmupMs, cores }: RunOptions): Promise<Samples> {
  const pairs = new Map<string, Pair>();
  try {
    for (const name of [US, MESHED]) pairs.set(name, await Pair.startNode(name, { connections: 1, bytes: 1024, cores }));
    for (const pair of pairs.values()) await pair.closedLoop(CALLERS, Math.max(warmupMs, COMPILING_MS));
    const contenders = new Map([...pairs].map(([name, pair]) => [name, () => pair.closedLoop(CALLERS, durationMs)]));
    return await inRounds(contenders, Math.ceil(Math.max(rounds, FULL_LOAD_ROUNDS) / STARTS));
  } finally {
    for (const pair of pairs.values()) await pair.stop();
  }
}
