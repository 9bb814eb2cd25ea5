/** Echoes of 1 KB in two strings between two processes: under full load, with one caller, and at a fixed rate. Any protocol. */
import type { CaseReport } from "../report.ts";
import { medianOf } from "../rounds.ts";
import { COMPILING_MS, FULL_LOAD_ROUNDS, type RunOptions } from "./case.ts";
import { compare, startAll, targetOf, type Contender, type Promised } from "./compare.ts";
import { COLUMNS, rowsOf, samplesOf, speed, type Figure, type Samples } from "./samples.ts";

const CALLERS = 100;
/** Of what the slowest peer manages with all callers. */
const OPEN_LOOP_SHARE = 0.9;

export interface Contest {
  /** What the reports are called by. */
  readonly name: string;
  readonly us: string;
  readonly contenders: readonly Contender[];
  /** Of calls a second, at least. */
  readonly fullLoad: readonly Promised[];
  /** Of the median latency, at most. */
  readonly oneCaller: readonly Promised[];
  /** Whose rate is the measure of the fixed one, and the ratio to its 99th percentile, at most. Without it there is no fixed rate. */
  readonly openLoop?: { readonly slowest: string; readonly names: readonly string[]; readonly wanted: number };
}

export async function runContest(contest: Contest, options: RunOptions): Promise<CaseReport[]> {
  const pairs = await startAll(contest.contenders, options);
  try {
    const cold = {
      ...options,
      rounds: Math.max(options.rounds, FULL_LOAD_ROUNDS),
      warmupMs: Math.max(options.warmupMs, COMPILING_MS),
    };
    const full = await compare(pairs, cold, (pair, durationMs) => pair.closedLoop(CALLERS, durationMs));
    const warm = { ...options, warmupMs: options.warmupMs / 3 };
    const one = await compare(pairs, warm, (pair, durationMs) => pair.closedLoop(1, durationMs));
    const reports = [fullLoad(contest, full), oneCaller(contest, one)];
    if (contest.openLoop === undefined) return reports;
    const { slowest, names } = contest.openLoop;
    const rate = OPEN_LOOP_SHARE * medianOf(samplesOf(full, slowest), speed);
    const driven = new Map([...pairs].filter(([name]) => names.includes(name)));
    const open = await compare(driven, warm, (pair, durationMs) => pair.openLoop(rate, durationMs));
    return [...reports, openLoop(contest.us, contest.name, contest.openLoop, open, rate)];
  } finally {
    for (const pair of pairs.values()) await pair.stop();
  }
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

function openLoop(
  us: string,
  name: string,
  { slowest, wanted }: NonNullable<Contest["openLoop"]>,
  samples: Samples,
  rate: number,
): CaseReport {
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
