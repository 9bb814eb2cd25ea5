/**
 * What every `npm run` goes through. Plain JavaScript for any Node from 20 on with nothing installed: it installs what
 * package-lock.json names when that is missing, then hands over to the Node this repository is made for.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism, constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { nodePackage } from "./node-packages.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (/** @type {string} */ path) => join(root, "node_modules", path);

/** What Node is started with so that TypeScript sources run unbuilt, also across packages. */
const FROM_SOURCE = ["--conditions=source", "--disable-warning=ExperimentalWarning"];
const TEST_FILES = ["packages/**/*.test.ts", "examples/**/*.test.ts", "bench/**/*.test.ts", "scripts/**/*.test.ts"];
/** One test may take this long, whole files included: far more than any needs, so that only a hang meets it. */
const TEST_TIMEOUT_MS = 120_000;

/**
 * What each command runs, one step after the other. A step is the arguments of Node; `rest` is what the user typed after the
 * command's name.
 * @type {Record<string, (rest: string[]) => string[][]>}
 */
const COMMANDS = {
  start: (rest) => [[...FROM_SOURCE, "examples/bookinfo/start.ts", ...rest]],
  test: (rest) => [
    [
      ...FROM_SOURCE,
      "--test",
      `--test-timeout=${TEST_TIMEOUT_MS}`,
      `--test-concurrency=${availableParallelism()}`,
      ...rest.filter((each) => each.startsWith("-")),
      ...testFiles(rest.filter((each) => !each.startsWith("-"))),
    ],
  ],
  check: (rest) => [[...FROM_SOURCE, "scripts/check.ts", ...rest]],
  build: (rest) => [[bin("typescript/bin/tsc"), "-b", ...rest]],
  pack: (rest) => [
    [bin("typescript/bin/tsc"), "-b"],
    [...FROM_SOURCE, "scripts/pack.ts", ...rest],
  ],
  // Built output, without the source condition: what users run.
  bench: (rest) => [
    [bin("typescript/bin/tsc"), "-b"],
    ["--disable-warning=ExperimentalWarning", "bench/main.ts", ...rest],
  ],
  interop: (rest) => [[...FROM_SOURCE, "interop/run.ts", ...rest]],
  conformance: () => [[...FROM_SOURCE, "interop/protobuf/conformance.ts"]],
  browser: (rest) => [[...FROM_SOURCE, "scripts/browser.ts", ...rest]],
  format: (rest) => [[bin("@biomejs/biome/bin/biome"), "format", "--write", ...rest]],
};

const [name = "", ...rest] = process.argv.slice(2);
const command = COMMANDS[name];
if (command === undefined) {
  console.error(`kiteline: no command named "${name}"; there are ${Object.keys(COMMANDS).join(", ")}`);
  process.exit(2);
}
process.chdir(root);
install();
const node = findNode();
for (const step of command(rest)) {
  const code = await run(node, step);
  if (code !== 0) process.exit(code);
}

/** What to test: everything, or the files, folders and patterns given. */
function testFiles(/** @type {string[]} */ given) {
  if (given.length === 0) return TEST_FILES;
  return given.map((path) => {
    if (/[*?{[]/.test(path)) return path;
    if (existsSync(path)) return statSync(path).isDirectory() ? `${path.replace(/[/\\]$/, "")}/**/*.test.ts` : path;
    console.error(`kiteline: there is no ${path} to test; options of Node's test runner are written --name=value`);
    process.exit(2);
  });
}

/**
 * Installs the packages of the lock unless they are there. Looks at versions, not at times, so that a lock that was only touched
 * or copied does not need the network.
 */
function install() {
  if (isInstalled()) return;
  const mutex = join(root, ".cache", "installing");
  mkdirSync(dirname(mutex), { recursive: true });
  takeMutex(mutex);
  // Asked again: another command that was started at the same time may have done it while we waited.
  const failure = isInstalled() ? undefined : runNpmCi();
  rmSync(mutex);
  if (failure === undefined) return;
  console.error(`kiteline: npm ci failed (${failure}); it needs the package registry once`);
  process.exit(1);
}

/**
 * Runs `npm ci`; returns why it failed, if it did.
 * @returns {string | undefined}
 */
function runNpmCi() {
  console.error("kiteline: installing dependencies (npm ci)");
  const npm = process.env.npm_execpath;
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  /** @type {import("node:child_process").SpawnSyncOptions} */
  const options = { cwd: root, stdio: ["ignore", "ignore", "inherit"] };
  // npm's own script where npm started us; a shell elsewhere, because npm is npm.cmd on Windows.
  const done = npm?.endsWith(".js")
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync(["npm", ...args].join(" "), { ...options, shell: true });
  return done.status === 0 ? undefined : (done.error?.message ?? `exit code ${done.status}`);
}

/** Waits for its turn: two installations at once would delete each other's files. The file holds its owner's process id. */
function takeMutex(/** @type {string} */ path) {
  for (let tries = 0; ; tries += 1) {
    try {
      writeFileSync(path, String(process.pid), { flag: "wx" });
      return;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
    }
    if (!isAlive(path)) {
      rmSync(path, { force: true }); // its owner was interrupted
      continue;
    }
    if (tries === 0) console.error("kiteline: waiting for another installation");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  }
}

/** Whether the process whose id is in the file still runs. */
function isAlive(/** @type {string} */ path) {
  try {
    return process.kill(Number(readFileSync(path, "utf8")), 0);
  } catch {
    return false;
  }
}

/** Whether node_modules holds what the lock names. npm keeps its own list of what it installed, in the same form. */
function isInstalled() {
  const record = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  const wanted = readLock(join(root, "package-lock.json"));
  const present = readLock(record);
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes("node_modules/")) return true; // the repository itself and its packages, which are reached by links
    const found = present[path];
    if (found === undefined) return entry?.optional === true; // for another platform
    return found.version === entry?.version && found.link === entry?.link;
  });
}

/** @typedef {{ readonly version?: string, readonly link?: boolean, readonly optional?: boolean }} LockEntry */

/**
 * The entries of a lock, by the folder they go to.
 * @returns {Readonly<Record<string, LockEntry | undefined>>}
 */
function readLock(/** @type {string} */ path) {
  return /** @type {{ packages: Record<string, LockEntry> }} */ (JSON.parse(readFileSync(path, "utf8"))).packages;
}

/** The Node to run on: the one that was installed for this platform, or the one we run on if that is recent. */
function findNode() {
  const platform = `${process.platform}-${process.arch}`;
  const packaged = nodePackage();
  if (packaged !== undefined) {
    const path = bin(packaged.executable);
    // Tried, not only looked for: on a system with another C library the file is there and does not start.
    if (existsSync(path) && spawnSync(path, ["--version"]).status === 0) return path;
  }
  if (Number(process.versions.node.split(".")[0]) >= 24) {
    console.error(`kiteline: no packaged Node for ${platform}; using Node ${process.versions.node}`);
    return process.execPath;
  }
  console.error(`kiteline: needs Node 24 or later; this is ${process.versions.node}, and there is no packaged Node for ${platform}`);
  process.exit(1);
}

/** Runs Node with these arguments; hands on signals and returns the exit code, 128 + n when signal n ended it. */
function run(/** @type {string} */ node, /** @type {string[]} */ args) {
  // Many processes load the same sources: what one has stripped and compiled, the others and the next run need not.
  const env = { NODE_COMPILE_CACHE: join(root, ".cache", "compiled"), ...process.env };
  const child = spawn(node, args, { stdio: "inherit", env });
  // A terminal sends Ctrl-C to the whole group, so the child has it already; a second one would tell it to stop waiting.
  const signals = /** @type {NodeJS.Signals[]} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
  for (const signal of signals) process.on(signal, () => (signal === "SIGINT" && process.stdin.isTTY ? undefined : child.kill(signal)));
  const watch = whenOrphaned(() => child.kill("SIGTERM"));
  return new Promise((/** @type {(code: number) => void} */ resolve) => {
    child.on("error", (error) => {
      console.error(`kiteline: ${node} did not start: ${error.message}`);
      resolve(1);
    });
    child.on("exit", (code, signal) => {
      clearInterval(watch);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/**
 * Calls `end` when the shell through which npm starts us is gone. A signal that npm gets it hands to that shell, which dies of
 * it and tells nobody; nothing else would end the program then.
 */
function whenOrphaned(/** @type {() => void} */ end) {
  if (process.env.npm_lifecycle_event === undefined) return undefined; // whoever started us may well leave before us
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    end();
  }, 250);
  return watch;
}
