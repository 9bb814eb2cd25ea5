/**
 * `npm run bench`: Kiteline and its peers in one run on one machine. Options: `--short` for a run of about a minute, `--json` for
 * the report as JSON, `--case NAME,...` for some of the cases, `--out FILE` to also write the JSON there. Progress goes to
 * standard error. A missed target is reported and does not fail the run: a busy machine misses some.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { codec, protobuf } from "./cases/codec.ts";
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

const { values } = parseArgs({
  options: { short: { type: "boolean" }, json: { type: "boolean" }, case: { type: "string" }, out: { type: "string" } },
});
const wanted = values.case?.split(",") ?? Object.keys(CASES);
const unknown = wanted.filter((name) => CASES[name] === undefined);
if (unknown.length > 0) {
  console.error(`bench: there is no case named ${unknown.join(", ")}; there are ${Object.keys(CASES).join(", ")}`);
  process.exit(2);
}

const short = values.short === true;
const goVersion = findGo();
const kitex = wanted.includes("echo") ? buildGo("kitex", []) : undefined;
const grpcGo = wanted.includes("grpc") || wanted.includes("streams") ? buildGo("grpc", ["bench"]) : undefined;
const found = findCores();
const cores = typeof found === "string" ? undefined : found;
if (typeof found === "string") console.error(`bench: NOT PINNED, so that figures vary with where the kernel puts the ends: ${found}`);
const options: RunOptions = { ...(short ? SHORT : FULL), cores, kitex, grpcGo };
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
console.log(values.json === true ? json : formatReport(report));
if (values.out !== undefined) writeFileSync(values.out, `${json}\n`);

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
