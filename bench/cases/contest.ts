/** Echoes of 1 KB in two strings between two processes: under full load, with one caller, and at a fixed rate. Any protocol. */
import { Pair, type Sample } from "../pair.ts";
import type { CaseReport, Target } from "../report.ts";
import { inRounds, medianOf, ratioOf } from "../rounds.ts";
import type { RunOptions } from "./case.ts";
import { COLUMNS, rowsOf, samplesOf, speed, type Figure, type Samples } from "./samples.ts";

const CALLERS = 100;
/** Of what the slowest peer manages with all callers. */
const OPEN_LOOP_SHARE = 0.9;

export interface Contender {
  readonly name: string;
  /** `undefined` where it cannot be had. */
  start(options: RunOptions): Promise<Pair> | undefined;
}

/** A ratio that is promised against the best of some contenders. */
export interface Promised {
  readonly against: string;
  readonly names: readonly string[];
  readonly wanted: number;
}

export interface Contest {
  /** What the reports are called by. */
  readonly name: string;
  readonly us: string;
  readonly contenders: readonly Contender[];
  /** Of calls a second, at least. */
  readonly fullLoad: readonly Promised[];
  /** Of the median latency, at most. */
  readonly oneCaller: readonly Promised[];
  /** Whose rate is the measure of the fixed one, and the ratio to its 99th percentile, at most. */
  readonly openLoop: { readonly slowest: string; readonly names: readonly string[]; readonly wanted: number };
}

/** A peer in Node, by its name in `peers.ts`. */
export function inNode(name: string): Contender {
  return { name, start: ({ cores }) => Pair.startNode(name, { connections: 1, bytes: 1024, cores }) };
}

export async function runContest(contest: Contest, options: RunOptions): Promise<CaseReport[]> {
  const pairs = new Map<string, Pair>();
  try {
    for (const contender of contest.contenders) {
      const pair = await contender.start(options);
      if (pair !== undefined) pairs.set(contender.name, pair);
    }
    const full = await compare(pairs, options, (pair, durationMs) => pair.closedLoop(CALLERS, durationMs));
    const one = await compare(pairs, options, (pair, durationMs) => pair.closedLoop(1, durationMs));
    const { slowest, names } = contest.openLoop;
    const rate = OPEN_LOOP_SHARE * medianOf(samplesOf(full, slowest), speed);
    const driven = new Map([...pairs].filter(([name]) => names.includes(name)));
    const open = await compare(driven, options, (pair, durationMs) => pair.openLoop(rate, durationMs));
    return [fullLoad(contest, full), oneCaller(contest, one), openLoop(contest, open, rate)];
  } finally {
    for (const pair of pairs.values()) await pair.stop();
  }
}

async function compare(
  pairs: ReadonlyMap<string, Pair>,
  { rounds, durationMs, warmupMs }: RunOptions,
  measure: (pair: Pair, durationMs: number) => Promise<Sample>,
): Promise<Samples> {
  for (const pair of pairs.values()) await measure(pair, warmupMs);
  return await inRounds(new Map([...pairs].map(([name, pair]) => [name, () => measure(pair, durationMs)])), rounds);
}

function fullLoad({ name, us, fullLoad: promised }: Contest, samples: Samples): CaseReport {
  return {
    name: `${name}-${CALLERS}`,
    title: `${CALLERS} callers on one connection, each calling again at once`,
    columns: COLUMNS,
    rows: rowsOf(samples, us, speed),
    targets: promised.flatMap((each) => targetOf(each, "calls/s", "at least", us, samples, speed)),
  };
}

function oneCaller({ name, us, oneCaller: promised }: Contest, samples: Samples): CaseReport {
  const wait: Figure = (each) => each.p50Ms;
  return {
    name: `${name}-1`,
    title: "one caller",
    columns: COLUMNS,
    rows: rowsOf(samples, us, wait),
    targets: promised.flatMap((each) => targetOf(each, "p50", "at most", us, samples, wait)),
  };
}

function openLoop({ name, us, openLoop: { slowest, wanted } }: Contest, samples: Samples, rate: number): CaseReport {
  const wait: Figure = (each) => each.p99Ms;
  const share = OPEN_LOOP_SHARE * 100;
  return {
    name: `${name}-open-loop`,
    title: `${Math.round(rate)} calls/s whatever comes back, ${share} % of what ${slowest} manages; latency from when a call was due`,
    columns: COLUMNS,
    rows: rowsOf(samples, us, wait),
    targets: targetOf({ against: slowest, names: [slowest], wanted }, "p99", "at most", us, samples, wait),
  };
}

/** Against whichever of the named is the best; no target where none of them was measured. */
function targetOf(
  { against, names, wanted }: Promised,
  what: string,
  bound: Target["bound"],
  us: string,
  samples: Samples,
  figure: Figure,
): Target[] {
  const measured = names.filter((name) => samples.has(name));
  const byFigure = measured.toSorted((a, b) => medianOf(samplesOf(samples, a), figure) - medianOf(samplesOf(samples, b), figure));
  const best = bound === "at least" ? byFigure.at(-1) : byFigure[0];
  if (best === undefined) return [];
  const got = ratioOf(samplesOf(samples, us), samplesOf(samples, best), figure);
  return [{ what: `${what} against ${against}`, bound, wanted, got, unit: "x" }];
}
