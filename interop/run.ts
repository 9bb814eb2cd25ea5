/**
 * `npm run interop`: builds the real peers and runs every `*.interop.ts` against them. Where Go is missing it says so and does
 * nothing. Names of files given after `--` run only those.
 */
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";
import { buildKitex, goVersion } from "./kitex/build.ts";

/** For one test: some wait for drains. */
const TEST_TIMEOUT_MS = 60_000;

const version = goVersion();
if (version === undefined) {
  console.error("interop: SKIPPED: Go is not installed, and the peers are built with it");
  process.exit(0);
}
const startedMs = performance.now();
buildKitex();
console.error(`interop: built Kitex with ${version} in ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);

const given = process.argv.slice(2);
const all = globSync("**/*.interop.ts", { cwd: import.meta.dirname }).map((path) => join(import.meta.dirname, path));
const files = all.filter((path) => given.length === 0 || given.some((name) => path.includes(name)));
if (files.length === 0) {
  console.error(`interop: nothing is named ${given.join(" or ")}`);
  process.exit(2);
}
const done = spawnSync(
  process.execPath,
  [...process.execArgv, "--test", `--test-timeout=${TEST_TIMEOUT_MS}`, "--test-concurrency=2", ...files],
  {
    stdio: "inherit",
  },
);
process.exit(done.status ?? 1);
