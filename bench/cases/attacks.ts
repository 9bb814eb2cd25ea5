/** A bystander's 99th percentile while somebody attacks the server that it calls, against its own while nobody does. */
import { join } from "node:path";
import { ATTACKS } from "../attacks.ts";
import { Child } from "../child.ts";
import { Pair, type Sample } from "../pair.ts";
import type { CaseReport } from "../report.ts";
import { inRounds, medianOf, ratioOf } from "../rounds.ts";
import type { RunOptions } from "./case.ts";

/** How much later the bystander may be answered. */
const AT_MOST = 2;
const NOBODY = "nobody";

export async function attacks({ rounds, durationMs, warmupMs, cores }: RunOptions): Promise<CaseReport[]> {
  const pair = await Pair.startNode("kiteline-grpc", { connections: 1, bytes: 1024, cores });
  try {
    await pair.closedLoop(1, warmupMs);
    const names = Object.keys(ATTACKS);
    const beside = [NOBODY, ...names].map((name) => [name, () => measure(pair, name, durationMs)] as const);
    const samples = await inRounds(new Map(beside), rounds);
    const of = (name: string): Sample[] => samples.get(name) as Sample[];
    return [
      {
        name: "attacks",
        title: "one caller over gRPC, while one attacker does nothing else but this",
        columns: { p50Ms: "p50 ms", p99Ms: "p99 ms", maxMs: "max ms" },
        rows: [NOBODY, ...names].map((who) => ({
          who,
          values: {
            p50Ms: medianOf(of(who), ({ p50Ms }) => p50Ms),
            p99Ms: medianOf(of(who), ({ p99Ms }) => p99Ms),
            maxMs: Math.max(...of(who).map(({ maxMs }) => maxMs)),
          },
        })),
        targets: names.map((name) => ({
          what: `p99 of a bystander of ${name}`,
          bound: "at most",
          wanted: AT_MOST,
          got: ratioOf(of(name), of(NOBODY), ({ p99Ms }) => p99Ms),
          unit: "x",
        })),
      },
    ];
  } finally {
    await pair.stop();
  }
}

async function measure(pair: Pair, name: string, durationMs: number): Promise<Sample> {
  if (name === NOBODY) return await pair.closedLoop(1, durationMs);
  // Not pinned: there may be no core left, and it waits for the server most of the time.
  const program = [join(import.meta.dirname, "../attacker.ts"), pair.target, name];
  const { child } = await Child.start(process.execPath, program, undefined);
  try {
    return await pair.closedLoop(1, durationMs);
  } finally {
    await child.stop();
  }
}
