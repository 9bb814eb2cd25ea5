/** What must and must not be in a published archive. */
import { posix } from "node:path";
import { readImports } from "../structure/imports.ts";
import { isTestFile, type Manifest } from "../structure/workspace.ts";

/** What is wrong with an archive, given its files and a way to read each. */
export function contentProblems(name: string, manifest: Manifest, files: ReadonlyMap<string, () => string>): string[] {
  const problems: string[] = [];
  for (const required of ["README.md", "LICENSE"]) {
    if (!files.has(required)) problems.push(`${name}: ${required} is missing`);
  }
  for (const [path, target] of targetsOf(manifest)) {
    if (!files.has(path)) problems.push(`${name}: package.json names ${path} (${target}), which is not in the archive`);
  }
  for (const [path, read] of files) {
    if (isTestFile(path) || isTestFile(path.replace(/(\.d\.ts|\.js)(\.map)?$/, ".ts"))) problems.push(`${name}: ${path} is for tests`);
    if (path.endsWith(".tsbuildinfo")) problems.push(`${name}: ${path} is the compiler's own`);
    if (path.endsWith(".d.ts") || path.endsWith(".js")) problems.push(...importedFileProblems(name, path, read(), files));
    if (path.endsWith(".map")) {
      const sources = (JSON.parse(read()) as { sources: string[] }).sources.map((source) => posix.join(posix.dirname(path), source));
      problems.push(
        ...sources
          .filter((source) => !files.has(source))
          .map((source) => `${name}: ${path} maps to ${source}, which is not in the archive`),
      );
    }
  }
  return problems;
}

/** Every relative import ends at a file of the archive: a `.js`, and for declarations the `.d.ts` beside it. */
function importedFileProblems(name: string, path: string, text: string, files: ReadonlyMap<string, unknown>): string[] {
  return readImports(path, text)
    .filter((each) => each.specifier.startsWith("."))
    .filter((each) => {
      const target = posix.join(posix.dirname(path), each.specifier);
      return !files.has(path.endsWith(".d.ts") ? target.replace(/\.js$/, ".d.ts") : target);
    })
    .map((each) => `${name}: ${path}:${each.line} imports "${each.specifier}", which is not in the archive`);
}

/** The files a manifest points at, each with where it does. */
function targetsOf(manifest: Manifest): [path: string, where: string][] {
  const targets: [string, string][] = Object.entries(manifest.bin ?? {}).map(([command, path]) => [path, `bin ${command}`]);
  for (const [entry, target] of Object.entries(manifest.exports ?? {})) {
    const conditions = typeof target === "string" ? { default: target } : target;
    for (const [condition, path] of Object.entries(conditions)) targets.push([path, `exports ${entry}, ${condition}`]);
  }
  return targets.map(([path, where]) => [posix.normalize(path), where]);
}
