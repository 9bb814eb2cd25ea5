/** Go on this machine: its version, and how the programs of a folder with a `go.mod` are built into its ignored folder `bin`. */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";

/** The version of Go, or undefined where there is none. */
export function goVersion(): string | undefined {
  const found = spawnSync("go", ["env", "GOVERSION"], { encoding: "utf8" });
  return found.status === 0 ? found.stdout.trim() : undefined;
}

/** Go programs in a folder of their own. */
export class GoPrograms {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Where a program is once it has been built, by the name of its package's folder. */
  path(name: string): string {
    return join(this.folder, "bin", process.platform === "win32" ? `${name}.exe` : name);
  }

  /** Removes a folder of generated code: what is left of an earlier IDL would be built with the rest. */
  clear(folder: string): void {
    rmSync(join(this.folder, folder), { recursive: true, force: true });
  }

  /** Builds packages. Throws with the compiler's words when that fails. Go's cache makes a second time cheap. */
  build(...packages: readonly string[]): void {
    this.run("go", "build", "-o", `${join(this.folder, "bin")}/`, ...packages);
  }

  /** Runs a command in the folder and returns what it printed. Throws with its words when it fails. */
  run(command: string, ...args: readonly string[]): string {
    const done = spawnSync(command, args, { cwd: this.folder, encoding: "utf8" });
    if (done.status === 0) return done.stdout;
    throw new Error(`${command} ${args.join(" ")} failed: ${done.error?.message ?? `${done.stdout}${done.stderr}`.trim()}`);
  }
}

/** What a folder's `build.ts` does when it is run by itself: it builds and says how long that took, or why it cannot. */
export function buildAsProgram(what: string, build: () => void): void {
  const version = goVersion();
  if (version === undefined) {
    console.error(`${what}: needs Go, which is not installed`);
    process.exit(1);
  }
  const startedMs = performance.now();
  build();
  console.log(`${what}: built with ${version} in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
}
