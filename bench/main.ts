/** `npm run bench`: Kiteline and its peers in one run on one machine; `options.ts` says what it can be told. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { codec, protobuf } from "./cases/codec.ts";
import { ATTACKS } from "./attacks/index.ts";
import { attacks } from "./cases/attacks.ts";
import type { Case, RunOptions } from "./cases/case.ts";
import { connections } from "./cases/connections.ts";
import { echo } from "./cases/echo.ts";
import { grpc } from "./cases/grpc.ts";
import { heap } from "./cases/heap.ts";
import { importTime } from "./cases/import-time.ts";
import { mesh } from "./cases/mesh.ts";
import { streams } from "./cases/streams.ts";
import { findCores } from "./cores.ts";
import { helpOf, readOptions, type BenchOptions } from "./options.ts";
import { formatReport, type CaseReport, type Report } from "./report.ts";

const CASES: Readonly<Record<string, Case>> = {
  echo,
  mesh,
  grpc,
  streams,
  codec,
  protobuf,
  heap,
  connections,
  attacks,
  import: importTime,
};
const FULL = { rounds: 9, durationMs: 1000, warmupMs: 3000, heapCalls: 1_000_000, heapStreams: 100_000 };
const SHORT = { rounds: 3, durationMs: 300, warmupMs: 1000, heapCalls: 1_000_000, heapStreams: 100_000 };

const { short, json: asJson, cases: wanted, attacks: wantedAttacks, out } = readCommandLine();
const goVersion = findGo();
const kitex = wanted.includes("echo") ? buildGo("kitex", []) : undefined;
const grpcGo = wanted.includes("grpc") || wanted.includes("streams") ? buildGo("grpc", ["bench"]) : undefined;
const found = findCores();
const cores = typeof found === "string" ? undefined : found;
if (typeof found === "string") console.error(`bench: NOT PINNED, so that figures vary with where the kernel puts the ends: ${found}`);
const options: RunOptions = { ...(short ? SHORT : FULL), cores, kitex, grpcGo, attacks: wantedAttacks };
const cases: CaseReport[] = [];
for (const name of wanted) {
  const startedMs = performance.now();
  cases.push(...(await (CASES[name] as Case)(options)));
  console.error(`bench: ${name} took ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
}
const report: Report = {
  machine: {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    go: kitex === undefined && grpcGo === undefined ? undefined : goVersion,
    placement: typeof found === "string" ? `not pinned: ${found}` : `servers on core ${found.server}, clients on core ${found.client}`,
  },
  short,
  cases,
};
const json = JSON.stringify(report, undefined, 2);
console.log(asJson ? json : formatReport(report));
if (out !== undefined) writeFileSync(out, `${json}\n`);

/** Ends the program when there is nothing to measure. */
function readCommandLine(): BenchOptions {
  const known = Object.keys(CASES);
  let options: BenchOptions | undefined;
  try {
    options = readOptions(process.argv.slice(2), known, Object.keys(ATTACKS));
  } catch (error) {
    console.error(`bench: ${(error as Error).message} (--help tells what there is)`);
    process.exit(2);
  }
  if (options !== undefined) return options;
  console.log(helpOf(known));
  process.exit(0);
}

function findGo(): string | undefined {
  const found = spawnSync("go", ["env", "GOVERSION"], { encoding: "utf8" });
  return found.status === 0 ? found.stdout.trim() : undefined;
}

/** Peers in Go are measured by programs that lie with their other programs. */
function buildGo(folder: string, args: readonly string[]): string | undefined {
  const path = join(import.meta.dirname, "../interop", folder);
  const built = spawnSync(process.execPath, [join(path, "build.ts"), ...args], { encoding: "utf8" });
  if (built.status === 0) return join(path, "bin/bench");
  console.error(`bench: SKIPPING ${folder} IN GO: ${goVersion === undefined ? "Go is not installed" : built.stderr.trim()}`);
  return undefined;
}
