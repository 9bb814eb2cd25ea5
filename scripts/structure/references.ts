/**
 * Project references: `tsc -b` builds in the order the tsconfig files name. They repeat what the manifests say, because the
 * compiler does not read those, so here they are compared.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import type { Workspace } from "./workspace.ts";

interface Tsconfig {
  readonly references?: readonly { readonly path: string }[];
}

/** What the references of what is compiled (each package, and what else has a tsconfig.json) and of the root lack or have too many. */
export function referenceProblems(workspace: Workspace): string[] {
  const compiled = [
    ...workspace.packages,
    ...workspace.beside.filter((unit) => existsSync(join(workspace.root, unit.folder, "tsconfig.json"))),
  ];
  const folders = new Map(compiled.map((unit) => [unit.manifest?.name ?? "", unit.folder]));
  const problems: string[] = [];
  for (const unit of compiled) {
    const wanted = Object.keys(unit.manifest?.dependencies ?? {}).flatMap((name) => folders.get(name) ?? []);
    problems.push(...compare(workspace.root, `${unit.folder}/tsconfig.json`, wanted, "the dependencies in its package.json"));
  }
  const all = [...folders.values()];
  problems.push(...compare(workspace.root, "tsconfig.json", [...all, "tsconfig.checks.json"], "what is compiled"));
  problems.push(...compare(workspace.root, "tsconfig.checks.json", all, "what is compiled"));
  return problems;
}

function compare(root: string, path: string, wanted: readonly string[], source: string): string[] {
  if (!existsSync(join(root, path))) return [`${path}: is missing`];
  const config = JSON.parse(readFileSync(join(root, path), "utf8").replace(/^\s*\/\/.*$/gm, "")) as Tsconfig;
  const present = (config.references ?? []).map((each) => posix.join(posix.dirname(path), each.path));
  return [
    ...wanted.filter((each) => !present.includes(each)).map((each) => `${path}: no reference to ${each}; references repeat ${source}`),
    ...present.filter((each) => !wanted.includes(each)).map((each) => `${path}: a reference to ${each}, which is not among ${source}`),
  ];
}
