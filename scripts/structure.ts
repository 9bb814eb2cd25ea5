/** The structure check: the repository is built as docs/architecture.md says, and its lock and manifests agree. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lockProblems } from "./structure/lock.ts";
import { referenceProblems } from "./structure/references.ts";
import { findProblems } from "./structure/rules.ts";
import { readTable } from "./structure/table.ts";
import { readManifest, readWorkspace } from "./structure/workspace.ts";

/** Everything wrong with the structure of the repository at `root`, one line each. */
export function checkStructure(root: string): string[] {
  const table = readTable(readFileSync(join(root, "docs/architecture.md"), "utf8"));
  const workspace = readWorkspace(root);
  const manifest = readManifest(join(root, "package.json")) ?? { name: "" };
  return [...findProblems(workspace, table, manifest), ...referenceProblems(workspace), ...lockProblems(workspace)];
}
