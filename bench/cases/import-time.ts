/** How long a program waits for `import "kiteline"`: the built package, a fresh process each time. */
import { execFileSync } from "node:child_process";
import { median } from "../rounds.ts";
import type { CaseReport } from "../report.ts";

const RUNS = 15;
const PROGRAM = 'const startedMs = performance.now(); await import("kiteline"); console.log(performance.now() - startedMs);';

export async function importTime(): Promise<CaseReport[]> {
  const times = Array.from({ length: RUNS }, () =>
    Number(execFileSync(process.execPath, ["--input-type=module", "--eval", PROGRAM], { cwd: import.meta.dirname, encoding: "utf8" })),
  );
  const ms = median(times);
  return [
    {
      name: "import",
      title: 'import "kiteline"',
      columns: { ms: "ms", leastMs: "least ms" },
      rows: [{ who: "kiteline", values: { ms, leastMs: Math.min(...times) } }],
      targets: [{ what: "import of the built package", bound: "at most", wanted: 40, got: ms, unit: "ms" }],
    },
  ];
}
