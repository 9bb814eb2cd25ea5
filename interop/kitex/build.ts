/**
 * Builds the Kitex programs of this folder: Kitex's own generator first, then Go code from the IDL, then the programs, into the
 * ignored folders `kitex_gen` and `bin`. Go's cache makes a second run cheap. Run by itself it builds and says what it did.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const folder = import.meta.dirname;
const MODULE = "kiteline/interop/kitex";
const GENERATOR = "github.com/cloudwego/kitex/tool/cmd/kitex";

/** The programs that `buildKitex` makes, by the name of their folder in `cmd/`. */
export type Program = "bench" | "client" | "server" | "vectors";

/** The version of Go on this machine, or undefined where there is none. */
export function goVersion(): string | undefined {
  const found = spawnSync("go", ["env", "GOVERSION"], { cwd: folder, encoding: "utf8" });
  return found.status === 0 ? found.stdout.trim() : undefined;
}

/** Where a program is once it has been built. */
export function programPath(name: Program): string {
  return join(folder, "bin", process.platform === "win32" ? `${name}.exe` : name);
}

/** Builds everything. Throws with the compiler's words when a step fails. The first time it fetches Go modules and takes a minute. */
export function buildKitex(): void {
  const generator = join(folder, "bin", process.platform === "win32" ? "kitex.exe" : "kitex");
  run("go", "build", "-o", generator, GENERATOR);
  run(generator, "-module", MODULE, join("idl", "interop.thrift"));
  run("go", "build", "-o", join(folder, "bin") + "/", "./cmd/...");
}

function run(command: string, ...args: string[]): void {
  const done = spawnSync(command, args, { cwd: folder, encoding: "utf8" });
  if (done.status === 0) return;
  throw new Error(`${command} ${args.join(" ")} failed: ${done.error?.message ?? `${done.stdout}${done.stderr}`.trim()}`);
}

if (import.meta.main) {
  const version = goVersion();
  if (version === undefined) {
    console.error("kitex: needs Go, which is not installed");
    process.exit(1);
  }
  const startedMs = performance.now();
  buildKitex();
  console.log(`kitex: built with ${version} in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
}
