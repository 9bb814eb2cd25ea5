/**
 * `npm run interop`: builds the real peers and runs every `*.interop.ts` against them. Where Go is missing it says so and does
 * nothing. Names given after `--`, of folders or parts of files' names, run only those, and build only the peers that those need.
 */
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { join, sep } from "node:path";
import { goVersion } from "./go.ts";
import { buildConnect } from "./connect/build.ts";
import { buildGrpc } from "./grpc/build.ts";
import { buildH2spec } from "./http2/build.ts";
import { buildKitex } from "./kitex/build.ts";

/** For one test: some wait for drains. */
const TEST_TIMEOUT_MS = 60_000;

/** What has to be built, by the folder whose tests need it. */
const PEERS: Readonly<Record<string, () => void>> = { connect: buildConnect, grpc: buildGrpc, http2: buildH2spec, kitex: buildKitex };

const version = goVersion();
if (version === undefined) {
  console.error("interop: SKIPPED: Go is not installed, and the peers are built with it");
  process.exit(0);
}

const given = process.argv.slice(2);
const all = globSync("**/*.interop.ts", { cwd: import.meta.dirname });
const folders = new Set(all.map((path) => path.split(sep)[0]));
const chosen = all.filter((path) => given.length === 0 || given.some((name) => isNamed(path, name)));
if (chosen.length === 0) {
  console.error(`interop: nothing is named ${given.join(" or ")}`);
  process.exit(2);
}
for (const [folder, build] of Object.entries(PEERS)) {
  if (!chosen.some((path) => path.startsWith(folder + sep))) continue;
  const startedMs = performance.now();
  build();
  console.error(`interop: built what ${folder} needs with ${version} in ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
}
const done = spawnSync(
  process.execPath,
  [
    ...process.execArgv,
    "--test",
    `--test-timeout=${TEST_TIMEOUT_MS}`,
    "--test-concurrency=2",
    ...chosen.map((path) => join(import.meta.dirname, path)),
  ],
  { stdio: "inherit" },
);
process.exit(done.status ?? 1);

/** The name of a folder stands for what is in it, although files elsewhere may be named after the same thing. */
function isNamed(path: string, name: string): boolean {
  return folders.has(name) ? path.startsWith(name + sep) : path.includes(name);
}
