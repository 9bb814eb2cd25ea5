/**
 * `npm run check`: what a machine can say about the sources without running them. Names given after `--` run only those. All
 * run even if one fails; each says how long it took, and what is wrong beneath.
 */
import { join } from "node:path";
import { checkPackages } from "./packages.ts";
import { runNode } from "./run-tool.ts";
import { checkStructure } from "./structure.ts";

const root = join(import.meta.dirname, "..");

/** A check returns what is wrong: nothing when all is well. */
const CHECKS: Readonly<Record<string, () => Promise<string[]> | string[]>> = {
  types: () => tool("typescript/bin/tsc", "-b"),
  lint: () => tool("oxlint/bin/oxlint", "--type-aware", "--deny-warnings", "--report-unused-disable-directives", "--format=unix"),
  format: () => tool("@biomejs/biome/bin/biome", "format", "--colors=off", "--reporter=summary"),
  structure: () => checkStructure(root),
  packages: () => checkPackages(root),
};

async function tool(path: string, ...args: string[]): Promise<string[]> {
  const { ok, everything } = await runNode([join(root, "node_modules", path), ...args], { cwd: root });
  return ok ? [] : [everything.trim()];
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => CHECKS[name] === undefined);
if (unknown.length > 0) {
  console.error(`check: there is no check named ${unknown.join(", ")}; there are ${Object.keys(CHECKS).join(", ")}`);
  process.exit(2);
}
let failed = 0;
for (const [name, check] of Object.entries(CHECKS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const startedMs = performance.now();
  const problems = await Promise.try(check).catch((error: unknown) => [
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  ]);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  console.log(`${problems.length === 0 ? "ok  " : "FAIL"} ${name.padEnd(9)} ${seconds} s`);
  for (const problem of problems) console.log(problem.replace(/^/gm, "     "));
  if (problems.length > 0) failed += 1;
}
process.exit(failed === 0 ? 0 : 1);
