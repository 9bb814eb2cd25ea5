/**
 * Packs the packages as they are published. The manifest in the repository serves those who work here; what is published differs
 * in two points: the condition `source` is gone (Node does not run TypeScript below node_modules, and another program may use a
 * condition of that name for itself), and declarations name `.js` files, since the `.ts` beside them are not there.
 */
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runNpm } from "../run-tool.ts";
import { readImports } from "../structure/imports.ts";
import type { Manifest } from "../structure/workspace.ts";

/** One package as it is published. */
export interface Archive {
  readonly name: string;
  readonly version: string;
  readonly manifest: Manifest;
  /** The folder that was packed. */
  readonly folder: string;
  /** What is in the archive, relative to `folder`. */
  readonly files: readonly string[];
  /** The archive's path. */
  readonly path: string;
}

interface Packed {
  readonly name: string;
  readonly version: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** Packs every package that is not private into `target`. The packages must be built. */
export async function packAll(root: string, target: string): Promise<Archive[]> {
  const folders = globSync("packages/*/package.json", { cwd: root })
    .map((path) => dirname(path))
    .filter((folder) => readJson(join(root, folder, "package.json")).private !== true)
    .sort();
  for (const folder of folders) removeStale(join(root, folder));
  const listed = await npmPack(
    folders.map((folder) => join(root, folder)),
    ["--dry-run"],
    root,
  );
  const stages = folders.map((folder) => join(target, folder));
  for (const [index, folder] of folders.entries()) {
    const packed = listed[index];
    if (packed !== undefined)
      stage(
        join(root, folder),
        packed.files.map((file) => file.path),
        stages[index] ?? "",
        join(root, "LICENSE"),
      );
  }
  const packed = await npmPack(stages, ["--pack-destination", target], root);
  return packed.map((each, index) => {
    const folder = stages[index] ?? "";
    const manifest = readJson(join(folder, "package.json"));
    return {
      name: each.name,
      version: each.version,
      manifest,
      folder,
      files: each.files.map((file) => file.path),
      path: join(target, each.filename),
    };
  });
}

/** Runs `npm pack` on folders; the answers come in their order. */
export async function npmPack(folders: readonly string[], options: readonly string[], cwd: string): Promise<Packed[]> {
  const { ok, output, everything } = await runNpm(["pack", "--json", "--ignore-scripts", "--loglevel=error", ...options, ...folders], {
    cwd,
  });
  if (!ok) throw new Error(`npm pack failed: ${everything}`);
  const answer = JSON.parse(output) as Packed[] | Record<string, Packed>;
  return Array.isArray(answer) ? answer : Object.values(answer);
}

/** Deletes built files whose source is gone; the compiler leaves them, and they would be published. */
function removeStale(folder: string): void {
  for (const path of globSync("dist/**/*.{js,js.map,d.ts,d.ts.map}", { cwd: folder })) {
    const source = path.replace(/^dist/, "src").replace(/(\.d\.ts|\.js)(\.map)?$/, ".ts");
    if (!existsSync(join(folder, source))) rmSync(join(folder, path));
  }
}

function stage(folder: string, files: readonly string[], target: string, license: string): void {
  for (const path of files) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    if (path.endsWith(".d.ts")) writeFileSync(join(target, path), withJsImports(path, readFileSync(join(folder, path), "utf8")));
    else copyFileSync(join(folder, path), join(target, path));
  }
  copyFileSync(license, join(target, "LICENSE"));
  writeFileSync(join(target, "package.json"), `${JSON.stringify(publishedManifest(readJson(join(folder, "package.json"))), null, 2)}\n`);
}

/** A manifest without what only the repository needs. */
export function publishedManifest(manifest: Manifest): Manifest {
  const { devDependencies: _, ...published } = manifest;
  if (manifest.exports === undefined) return published;
  const exports: Record<string, string | Record<string, string>> = {};
  for (const [path, target] of Object.entries(manifest.exports)) {
    if (typeof target === "string") exports[path] = target;
    else exports[path] = Object.fromEntries(Object.entries(target).filter(([condition]) => condition !== "source"));
  }
  return { ...published, exports };
}

/** A declaration file whose relative imports end in `.js` where they ended in `.ts`. */
export function withJsImports(fileName: string, text: string): string {
  return readImports(fileName, text)
    .filter((each) => each.specifier.startsWith(".") && each.specifier.endsWith(".ts"))
    .toSorted((a, b) => b.start - a.start)
    .reduce((result, each) => `${result.slice(0, each.end - 2)}js${result.slice(each.end)}`, text);
}

function readJson(path: string): Manifest {
  return JSON.parse(readFileSync(path, "utf8")) as Manifest;
}
