/** The main case: an echo of 1 KB in two strings between two processes, under full load, with one caller, and at a fixed rate. */
import { Pair, type Sample } from "../pair.ts";
import type { CaseReport, Row, Target } from "../report.ts";
import { inRounds, medianOf, medianRatio } from "../rounds.ts";
import type { RunOptions } from "./case.ts";

const OPTIONS = { connections: 1, bytes: 1024 };
const CALLERS = 100;
/** Of what grpc-js manages with 100 callers. */
const OPEN_LOOP_SHARE = 0.9;
const US = "kiteline";
const IN_NODE: readonly string[] = [US, "raw", "grpc-js", "apache-thrift"];
const KITEX = ["kitex mux", "kitex pooled"] as const;

const COLUMNS = {
  callsPerSecond: "calls/s",
  p50Ms: "p50 ms",
  p99Ms: "p99 ms",
  cpuUsPerCall: "CPU us/call",
  allocatedBytesPerCall: "heap B/call",
  ratio: "kiteline / it",
};

export async function echo(options: RunOptions): Promise<CaseReport[]> {
  const pairs = await startAll(options);
  try {
    const full = await compare(pairs, options, (pair, durationMs) => pair.closedLoop(CALLERS, durationMs));
    const reports = [fullLoad(full), oneCaller(await compare(pairs, options, (pair, durationMs) => pair.closedLoop(1, durationMs)))];
    const rate = OPEN_LOOP_SHARE * medianOf(full.get("grpc-js") ?? [], (each) => each.callsPerSecond);
    const nodeOnly = new Map([...pairs].filter(([name]) => IN_NODE.includes(name)));
    reports.push(openLoop(rate, await compare(nodeOnly, options, (pair, durationMs) => pair.openLoop(rate, durationMs))));
    return reports;
  } finally {
    for (const pair of pairs.values()) await pair.stop();
  }
}

async function startAll({ kitex }: RunOptions): Promise<Map<string, Pair>> {
  const pairs = new Map<string, Pair>();
  for (const name of IN_NODE) pairs.set(name, await Pair.startNode(name, OPTIONS));
  if (kitex === undefined) return pairs;
  for (const name of KITEX) pairs.set(name, await Pair.startKitex(kitex, name === "kitex mux" ? "mux" : "pooled", OPTIONS));
  return pairs;
}

type Samples = Map<string, Sample[]>;

async function compare(
  pairs: ReadonlyMap<string, Pair>,
  { rounds, durationMs, warmupMs }: RunOptions,
  measure: (pair: Pair, durationMs: number) => Promise<Sample>,
): Promise<Samples> {
  for (const pair of pairs.values()) await measure(pair, warmupMs);
  return await inRounds(new Map([...pairs].map(([name, pair]) => [name, () => measure(pair, durationMs)])), rounds);
}

function fullLoad(samples: Samples): CaseReport {
  const speed = (each: Sample): number => each.callsPerSecond;
  return {
    name: "echo-100",
    title: `${CALLERS} callers on one connection, each calling again at once`,
    columns: COLUMNS,
    rows: rowsOf(samples, speed),
    targets: [
      atLeast(25, "calls/s against grpc-js", samples, ["grpc-js"], speed),
      atLeast(6, "calls/s against Apache Thrift", samples, ["apache-thrift"], speed),
      atLeast(3, "calls/s against Kitex", samples, KITEX, speed),
      atLeast(0.4, "calls/s against raw frames", samples, ["raw"], speed),
    ].flat(),
  };
}

function oneCaller(samples: Samples): CaseReport {
  const wait = (each: Sample): number => each.p50Ms;
  return {
    name: "echo-1",
    title: "one caller",
    columns: COLUMNS,
    rows: rowsOf(samples, wait),
    targets: best(samples, KITEX, wait, Math.min).map((kitex) => ({
      what: "p50 against Kitex",
      bound: "at most",
      wanted: 0.85,
      got: medianRatio(ours(samples), kitex, wait),
      unit: "x",
    })),
  };
}

function openLoop(rate: number, samples: Samples): CaseReport {
  const wait = (each: Sample): number => each.p99Ms;
  const grpc = samples.get("grpc-js") ?? [];
  return {
    name: "echo-open-loop",
    title: `${Math.round(rate)} calls/s whatever comes back, ${OPEN_LOOP_SHARE * 100} % of what grpc-js manages; latency from when a call was due`,
    columns: COLUMNS,
    rows: rowsOf(samples, wait),
    targets: [{ what: "p99 against grpc-js", bound: "at most", wanted: 0.333, got: medianRatio(ours(samples), grpc, wait), unit: "x" }],
  };
}

function rowsOf(samples: Samples, compared: (sample: Sample) => number): Row[] {
  return [...samples].map(([who, each]) => ({
    who,
    values: {
      callsPerSecond: medianOf(each, (sample) => sample.callsPerSecond),
      p50Ms: medianOf(each, (sample) => sample.p50Ms),
      p99Ms: medianOf(each, (sample) => sample.p99Ms),
      cpuUsPerCall: medianOf(each, (sample) => sample.cpuUsPerCall),
      allocatedBytesPerCall: medianOf(each, (sample) => sample.allocatedBytesPerCall),
      ratio: medianRatio(ours(samples), each, compared),
    },
  }));
}

/** Against whichever of `peers` is the fastest; no target where none of them was measured. */
function atLeast(wanted: number, what: string, samples: Samples, peers: readonly string[], figure: (sample: Sample) => number): Target[] {
  return best(samples, peers, figure, Math.max).map((theirs) => ({
    what,
    bound: "at least",
    wanted,
    got: medianRatio(ours(samples), theirs, figure),
    unit: "x",
  }));
}

function best(
  samples: Samples,
  peers: readonly string[],
  figure: (sample: Sample) => number,
  pick: (...values: number[]) => number,
): Sample[][] {
  const measured = peers.flatMap((name) => {
    const each = samples.get(name);
    return each === undefined ? [] : [{ each, value: medianOf(each, figure) }];
  });
  const chosen = pick(...measured.map(({ value }) => value));
  return measured
    .filter(({ value }) => value === chosen)
    .map(({ each }) => each)
    .slice(0, 1);
}

function ours(samples: Samples): Sample[] {
  return samples.get(US) as Sample[];
}
