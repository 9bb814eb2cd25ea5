/**
 * The rules of the repository's structure, each a function from what was read to what is wrong. A problem is one line: where,
 * what came, what to do.
 */
import { isBuiltin } from "node:module";
import { posix } from "node:path";
import { findCycles } from "./cycles.ts";
import type { TableRow } from "./table.ts";
import type { Manifest, SourceFile, Unit, Workspace } from "./workspace.ts";

/** What `core` and `policy` may use of Node: they are about calls, not about machines. */
const PURE = new Set(["core", "policy"]);
const PURE_BUILTINS = new Set(["node:async_hooks", "node:perf_hooks"]);
const MAX_FOLDERS_BELOW_SRC = 2;

/** Everything wrong with the structure, in the order of the packages. Empty when nothing is. */
export function findProblems(workspace: Workspace, table: readonly TableRow[], rootManifest: Manifest): string[] {
  const rows = new Map(table.map((row) => [row.name, row]));
  const scope: Scope = {
    rows,
    byPublishedName: new Map(workspace.packages.map((unit) => [unit.manifest?.name ?? "", unit])),
    developmentOnly: new Set(Object.keys(rootManifest.devDependencies ?? {})),
  };
  return [
    ...table
      .filter((row) => !workspace.packages.some((unit) => unit.name === row.name))
      .map((row) => `docs/architecture.md: ${row.name} is in the table but not in packages/`),
    ...workspace.packages.flatMap((unit) => [
      ...packageProblems(unit, scope),
      ...unit.files.flatMap((file) => fileProblems(file, unit, scope)),
    ]),
    ...workspace.beside.flatMap((unit) =>
      unit.files.flatMap((file) => file.imports.flatMap((each) => borderProblems(each.specifier, unit, at(file, each.line), file, scope))),
    ),
    ...cycleProblems(workspace, scope),
  ];
}

interface Scope {
  readonly rows: ReadonlyMap<string, TableRow>;
  readonly byPublishedName: ReadonlyMap<string, Unit>;
  /** What tests may import besides: the root's devDependencies. */
  readonly developmentOnly: ReadonlySet<string>;
}

/** A package as a whole: its row, its manifest, its index. */
function packageProblems(unit: Unit, scope: Scope): string[] {
  const problems: string[] = [];
  const row = scope.rows.get(unit.name);
  if (row === undefined) problems.push(`${unit.folder}: not in the table of docs/architecture.md; add its row`);
  if (unit.manifest === undefined) return [...problems, `${unit.folder}: package.json is missing`];
  const published = unit.name === "kiteline" ? "kiteline" : `@kiteline/${unit.name}`;
  if (unit.manifest.name !== published)
    problems.push(`${unit.folder}/package.json: the name is "${unit.manifest.name}", expected "${published}"`);
  if (!unit.files.some((file) => file.path === `${unit.folder}/src/index.ts`)) problems.push(`${unit.folder}: src/index.ts is missing`);
  for (const [dependency] of dependenciesOf(unit.manifest)) {
    const other = scope.byPublishedName.get(dependency);
    if (other === undefined && row?.dataPath)
      problems.push(`${unit.folder}/package.json: depends on "${dependency}", but a package of the data path has no run-time dependency`);
    if (other !== undefined && row !== undefined && !row.mayImport.has(other.name))
      problems.push(`${unit.folder}/package.json: depends on "${dependency}", which the table does not allow`);
  }
  return problems;
}

/** One file of a package: where it stands, what it is called, what it imports. */
function fileProblems(file: SourceFile, unit: Unit, scope: Scope): string[] {
  const problems: string[] = file.unreadable === undefined ? [] : [file.unreadable];
  const inside = file.path.slice(`${unit.folder}/src/`.length).split("/");
  // Generated files are called what the IDL is called, in its folders.
  const isGenerated = inside[0] === "gen";
  if (!isGenerated && inside.length - 1 > MAX_FOLDERS_BELOW_SRC)
    problems.push(`${file.path}: ${inside.length - 1} folders below src/, at most ${MAX_FOLDERS_BELOW_SRC}`);
  for (const part of inside) {
    if (/^(utils?|helpers?)(\.|$)/.test(part)) problems.push(`${file.path}: "${part}" names a role in our heads; name the thing`);
  }
  const name = inside.at(-1) ?? "";
  if (!isGenerated && !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?\.ts$/.test(name)) problems.push(`${file.path}: file names are kebab-case`);
  for (const each of file.imports) {
    const where = at(file, each.line);
    problems.push(...borderProblems(each.specifier, unit, where, file, scope));
    if (!file.isTest && PURE.has(unit.name) && isBuiltin(each.specifier) && !PURE_BUILTINS.has(each.specifier)) {
      problems.push(`${where}: ${unit.name} may use only ${[...PURE_BUILTINS].join(" and ")} of Node, not "${each.specifier}"`);
    }
  }
  return problems;
}

/** One import, wherever it stands: whether it crosses a border where there is a gate. */
function borderProblems(specifier: string, unit: Unit, where: string, file: SourceFile, scope: Scope): string[] {
  if (specifier.startsWith(".")) {
    const target = posix.join(posix.dirname(file.path), specifier);
    const border = scope.rows.has(unit.name) ? `${unit.folder}/src/` : `${unit.folder}/`;
    return target.startsWith(border) ? [] : [`${where}: "${specifier}" leaves ${border}; import the package by its name`];
  }
  if (isBuiltin(specifier)) return specifier.startsWith("node:") ? [] : [`${where}: write "node:${specifier}"`];
  const [name, subpath] = splitSpecifier(specifier);
  const target = scope.byPublishedName.get(name);
  if (target === undefined) return foreignProblems(name, unit, where, file, scope);
  const problems: string[] = [];
  if (target.manifest?.exports?.[subpath] === undefined)
    problems.push(`${where}: "${specifier}" reaches into ${name}, which does not export "${subpath}"`);
  const row = scope.rows.get(unit.name);
  if (row === undefined) return problems;
  if (target === unit) {
    if (!file.isTest) problems.push(`${where}: a package imports its own files by their path, not as "${specifier}"`);
  } else if (!row.mayImport.has(target.name)) {
    problems.push(`${where}: ${unit.name} may not import ${target.name} (docs/architecture.md)`);
  } else if (unit.manifest !== undefined && !dependenciesOf(unit.manifest).has(name)) {
    problems.push(`${where}: "${name}" is not among the dependencies in ${unit.folder}/package.json`);
  }
  return problems;
}

/** An import of a package that is not ours. */
function foreignProblems(name: string, unit: Unit, where: string, file: SourceFile, scope: Scope): string[] {
  if (/^[a-z]+:|^\/|^#/.test(name)) return [`${where}: "${name}" is neither a path, a package nor a module of Node`];
  if (name === "kiteline" || name.startsWith("@kiteline/")) return [`${where}: there is no package "${name}"`];
  if (unit.manifest !== undefined && dependenciesOf(unit.manifest).has(name)) return []; // a data-path package is told about its manifest
  const forDevelopment = file.isTest || !scope.rows.has(unit.name);
  if (forDevelopment && (scope.developmentOnly.has(name) || unit.manifest?.devDependencies?.[name] !== undefined)) return [];
  return [`${where}: "${name}" is not among the dependencies in ${unit.folder}/package.json`];
}

/** Circles between packages and between the files of one package; an import of a type closes a circle too. */
function cycleProblems(workspace: Workspace, scope: Scope): string[] {
  const packages = new Map<string, Set<string>>();
  const problems: string[] = [];
  for (const unit of workspace.packages) {
    const edges = new Set<string>();
    const files = new Map<string, Set<string>>();
    for (const file of unit.files) {
      const targets = new Set<string>();
      for (const each of file.imports) {
        if (each.specifier.startsWith(".")) targets.add(posix.join(posix.dirname(file.path), each.specifier));
        const other = scope.byPublishedName.get(splitSpecifier(each.specifier)[0]);
        if (other !== undefined && other !== unit) edges.add(other.name);
      }
      files.set(file.path, targets);
    }
    packages.set(unit.name, edges);
    for (const cycle of findCycles(files))
      problems.push(
        `${unit.folder}: files import each other in a circle: ${cycle.map((each) => posix.relative(`${unit.folder}/src`, each)).join(" -> ")}`,
      );
  }
  for (const cycle of findCycles(packages)) problems.push(`packages import each other in a circle: ${cycle.join(" -> ")}`);
  const allowed = new Map([...scope.rows.values()].map((row) => [row.name, row.mayImport]));
  for (const cycle of findCycles(allowed)) problems.push(`docs/architecture.md: the table allows a circle: ${cycle.join(" -> ")}`);
  return problems;
}

/** What a user of the package gets with it. */
function dependenciesOf(manifest: Manifest): Map<string, string> {
  return new Map(Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies }));
}

/** `@scope/name/a/b` to `@scope/name` and `./a/b`, the form in which `exports` lists it. */
function splitSpecifier(specifier: string): [name: string, subpath: string] {
  const parts = specifier.split("/");
  const name = parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
  return [name, specifier === name ? "." : `.${specifier.slice(name.length)}`];
}

function at(file: SourceFile, line: number): string {
  return `${file.path}:${line}`;
}
