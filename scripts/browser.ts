/**
 * `npm run browser`: runs the tests that need a browser, files that end in `.browser.ts`, with Node's test runner. They find it
 * in the variable KITELINE_CHROMIUM, which this sets to the Chromium or Chrome in PATH unless it is set already.
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants, globSync } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const TEST_TIMEOUT_MS = 120_000;

const root = join(import.meta.dirname, "..");
const files = globSync("{examples,interop}/**/*.browser.ts", { cwd: root, exclude: (name) => name === "node_modules" });
if (files.length === 0) fail("there is no file below examples/ and interop/ that ends in .browser.ts");
const chromium = process.env["KITELINE_CHROMIUM"] ?? findInPath(NAMES);
if (chromium === undefined) fail(`no browser: none of ${NAMES.join(", ")} is in PATH; install one, or name it in KITELINE_CHROMIUM`);

const options = [...process.execArgv, "--test", `--test-timeout=${TEST_TIMEOUT_MS}`, "--test-concurrency=1", ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, [...options, ...files], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, KITELINE_CHROMIUM: chromium },
});
process.exit(status ?? 1);

function findInPath(names: readonly string[]): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function fail(reason: string): never {
  console.error(`browser: ${reason}`);
  process.exit(1);
}
