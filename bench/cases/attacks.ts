/** A bystander's 99th percentile while somebody attacks the server that it calls, against its own while nobody does. */
import { join } from "node:path";
import { ATTACKS } from "../attacks.ts";
import { Child } from "../child.ts";
import { inBackground, type Cores } from "../cores.ts";
import { Pair, type Sample } from "../pair.ts";
import type { CaseReport } from "../report.ts";
import { inRounds, medianOf, ratioOf } from "../rounds.ts";
import type { RunOptions } from "./case.ts";

/** How much later the bystander may be answered. */
const AT_MOST = 2;
const NOBODY = "nobody";
/** No attack: what as many calls as one client can make cost another client. */
const HONEST = "100 honest callers";
const HONEST_CALLERS = 100;

interface Beside extends Sample {
  /** Connections that the attacker made; of honest callers none but the first. */
  readonly connectionsPerSecond: number;
}

export async function attacks({ rounds, durationMs, warmupMs, cores }: RunOptions): Promise<CaseReport[]> {
  const pair = await Pair.startNode("kiteline-grpc", { connections: 1, bytes: 1024, cores });
  try {
    await pair.closedLoop(1, warmupMs);
    const names = Object.keys(ATTACKS);
    const rows = [NOBODY, HONEST, ...names];
    const beside = rows.map((name) => [name, () => measure(pair, name, durationMs, cores)] as const);
    const samples = await inRounds(new Map(beside), rounds);
    const of = (name: string): Beside[] => samples.get(name) as Beside[];
    return [
      {
        name: "attacks",
        title: "one caller over gRPC, while one attacker does nothing else but this",
        columns: { p50Ms: "p50 ms", p99Ms: "p99 ms", maxMs: "max ms", connectionsPerSecond: "attacks/s" },
        rows: rows.map((who) => ({
          who,
          values: {
            p50Ms: medianOf(of(who), ({ p50Ms }) => p50Ms),
            p99Ms: medianOf(of(who), ({ p99Ms }) => p99Ms),
            maxMs: Math.max(...of(who).map(({ maxMs }) => maxMs)),
            connectionsPerSecond: medianOf(of(who), ({ connectionsPerSecond }) => connectionsPerSecond),
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

async function measure(pair: Pair, name: string, durationMs: number, cores: Cores | undefined): Promise<Beside> {
  if (name === NOBODY) return { ...(await pair.closedLoop(1, durationMs)), connectionsPerSecond: 0 };
  const file = (path: string): string => join(import.meta.dirname, "..", path);
  const program =
    name === HONEST
      ? ["--no-deprecation", file("peer-process.ts"), "client", "kiteline-grpc", pair.target, "1", "1024"]
      : [file("attacker.ts"), pair.target, name];
  const { child } = await Child.start(process.execPath, program, cores?.client, inBackground);
  try {
    const calls = name === HONEST ? child.ask({ ask: "closed", callers: HONEST_CALLERS, durationMs: 2 * durationMs }) : undefined;
    const sample = await pair.closedLoop(1, durationMs);
    await calls;
    const { connections } = name === HONEST ? { connections: 0 } : await child.ask<{ connections: number }>({});
    return { ...sample, connectionsPerSecond: (connections / durationMs) * 1000 };
  } finally {
    await child.stop();
  }
}
