/** How long a program waits for `import "kiteline"`: the built package, a fresh process each time. */
import { execFileSync } from "node:child_process";
import { onCore } from "../cores.ts";
import { median, rangeOf } from "../rounds.ts";
import type { CaseReport } from "../report.ts";
import type { RunOptions } from "./case.ts";

const RUNS = 15;
const PROGRAM = 'const startedMs = performance.now(); await import("kiteline"); console.log(performance.now() - startedMs);';

export async function importTime({ cores }: RunOptions): Promise<CaseReport[]> {
  const { command, args } = onCore(cores?.client, process.execPath, ["--input-type=module", "--eval", PROGRAM]);
  const times = Array.from({ length: RUNS }, () => Number(execFileSync(command, args, { cwd: import.meta.dirname, encoding: "utf8" })));
  const ms = median(times);
  return [
    {
      name: "import",
      title: 'import "kiteline"',
      columns: { ms: "ms", leastMs: "least ms" },
      rows: [{ who: "kiteline", values: { ms, leastMs: Math.min(...times) } }],
      targets: [{ what: "import of the built package", bound: "at most", wanted: 40, got: rangeOf(times), unit: "ms" }],
    },
  ];
}
