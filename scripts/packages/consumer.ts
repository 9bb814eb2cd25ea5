/**
 * An empty project that installs the archives, all of them together and nothing else: types are checked as a user's compiler
 * would, and every entry is imported on each Node. No registry is asked; what others publish comes from our own node_modules.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runNode, runNpm, runTool } from "../run-tool.ts";
import type { Manifest } from "../structure/workspace.ts";
import type { NodeToTry } from "./nodes.ts";
import { type Archive, npmPack } from "./pack.ts";

/** An import has no reason to take longer; one that keeps the process alive does. */
const IMPORT_TIMEOUT_MS = 20_000;

/** What goes wrong for somebody who installs the archives. `work` is a folder to do it in. */
export async function importProblems(
  root: string,
  work: string,
  archives: readonly Archive[],
  nodes: readonly NodeToTry[],
  importTimeoutMs = IMPORT_TIMEOUT_MS,
): Promise<string[]> {
  const project = join(work, "project");
  mkdirSync(project);
  const foreign = await packForeign(root, work, archives);
  const dependencies = Object.fromEntries([...archives.map((each) => [each.name, `file:${each.path}`]), ...foreign]) as Record<
    string,
    string
  >;
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module", dependencies }));
  const installed = await runNpm(
    ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"],
    { cwd: project },
  );
  if (!installed.ok) return [`the archives do not install together: ${installed.everything}`];

  const entries = archives.flatMap((each) => entriesOf(each));
  const problems = await typeProblems(root, project, entries);
  for (const node of nodes) {
    for (const entry of entries) problems.push(...(await oneImport(project, entry, node, importTimeoutMs)));
    for (const command of archives.flatMap((each) => Object.keys(each.manifest.bin ?? {})))
      problems.push(...(await oneCommand(project, command, node)));
  }
  return problems;
}

/** Imports an entry in a process of its own: nothing may be said, and nothing may keep the process alive. */
async function oneImport(project: string, entry: string, node: NodeToTry, timeoutMs: number): Promise<string[]> {
  const code = `await import(${JSON.stringify(entry)})`;
  const { ok, everything } = await runTool(node.executable, ["--input-type=module", "--eval", code], {
    cwd: project,
    timeoutMs,
  });
  if (!ok) return [`${entry}: cannot be imported on Node ${node.version}: ${everything.trim()}`];
  return everything === "" ? [] : [`${entry}: says something when it is imported on Node ${node.version}: ${everything.trim()}`];
}

async function oneCommand(project: string, command: string, node: NodeToTry): Promise<string[]> {
  const path = join(project, "node_modules", ".bin", command);
  const { ok, everything } = await runTool(node.executable, [path, "--help"], { cwd: project, timeoutMs: IMPORT_TIMEOUT_MS });
  return ok ? [] : [`${command} --help fails on Node ${node.version}: ${everything.trim()}`];
}

/** Compiles a file that imports everything, declarations of libraries included in the check. */
async function typeProblems(root: string, project: string, entries: readonly string[]): Promise<string[]> {
  const lines = entries.map((entry, index) => `import * as entry${index} from ${JSON.stringify(entry)};`);
  const uses = entries.map((_, index) => `entry${index}`).join(", ");
  writeFileSync(join(project, "consumer.ts"), `${lines.join("\n")}\nexport const all: readonly unknown[] = [${uses}];\n`);
  const compilerOptions = {
    target: "ESNext",
    module: "NodeNext",
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: false,
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
  };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
  const { ok, everything } = await runNode([join(root, "node_modules/typescript/bin/tsc"), "-p", project], { cwd: project });
  return ok ? [] : [`a project that installs the archives does not compile:\n${everything.trim()}`];
}

/** What the user writes to import each entry of a package. */
function entriesOf(archive: Archive): string[] {
  return Object.keys(archive.manifest.exports ?? {})
    .filter((entry) => entry !== "./package.json")
    .map((entry) => archive.name + entry.slice(1));
}

/** Archives of the foreign packages that ours depend on, and of those these depend on, as dependencies by file. */
async function packForeign(root: string, work: string, archives: readonly Archive[]): Promise<[name: string, spec: string][]> {
  const ours = new Set(archives.map((each) => each.name));
  const names = new Set<string>();
  const visit = (manifest: Manifest): void => {
    for (const name of Object.keys(manifest.dependencies ?? {})) {
      if (ours.has(name) || names.has(name)) continue;
      names.add(name);
      visit(JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")) as Manifest);
    }
  };
  for (const archive of archives) visit(archive.manifest);
  if (names.size === 0) return [];
  const packed = await npmPack(
    [...names].map((name) => join(root, "node_modules", name)),
    ["--pack-destination", work],
    root,
  );
  return packed.map((each) => [each.name, `file:${join(work, each.filename)}`]);
}
