/** The repository as the structure check sees it: packages with their manifests and files, and what stands beside them. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Import, readImports } from "./imports.ts";

/** What we read of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly private?: boolean;
  readonly description?: string;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface SourceFile {
  /** From the repository's root, with forward slashes. */
  readonly path: string;
  readonly imports: readonly Import[];
  /** Why the imports could not be read; there are none then. */
  readonly unreadable: string | undefined;
  /** Not part of what is published: a test, a contract shared by tests, or what tests share. */
  readonly isTest: boolean;
}

/** A package, or a folder beside them (an example, bench, interop, scripts) whose manifest may be missing. */
export interface Unit {
  /** The folder's name, which is also the name in the table. */
  readonly name: string;
  /** From the repository's root. */
  readonly folder: string;
  readonly manifest: Manifest | undefined;
  readonly files: readonly SourceFile[];
}

export interface Workspace {
  readonly root: string;
  readonly packages: readonly Unit[];
  readonly beside: readonly Unit[];
}

export function readWorkspace(root: string): Workspace {
  const folders = (pattern: string): string[] =>
    globSync(pattern, { cwd: root })
      .map(slashes)
      .filter((each) => each !== "packages/README.md")
      .sort();
  const packages = folders("packages/*").filter(
    (each) => existsSync(join(root, each, "package.json")) || existsSync(join(root, each, "src")),
  );
  return {
    root,
    packages: packages.map((folder) => readUnit(root, folder, `${folder}/src`)),
    beside: [...folders("examples/*"), ...folders("{bench,interop,scripts}")].map((folder) => readUnit(root, folder, folder)),
  };
}

export function readManifest(path: string): Manifest | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Manifest) : undefined;
}

function readUnit(root: string, folder: string, sources: string): Unit {
  const paths = globSync(`${sources}/**/*.ts`, { cwd: root, exclude: (each) => ["node_modules", "dist", ".cache"].includes(each) })
    .map(slashes)
    .sort();
  return {
    name: folder.split("/").at(-1) ?? folder,
    folder,
    manifest: readManifest(join(root, folder, "package.json")),
    files: paths.map((path) => readSource(root, path)),
  };
}

function readSource(root: string, path: string): SourceFile {
  const isTest = isTestFile(path);
  try {
    return { path, imports: readImports(path, readFileSync(join(root, path), "utf8")), unreadable: undefined, isTest };
  } catch (error) {
    return { path, imports: [], unreadable: String(error), isTest };
  }
}

/** Whether a file of a package is for tests only. Named so that no list of them is needed anywhere. */
export function isTestFile(path: string): boolean {
  return /\.(test|contract|fixture|browser)\.ts$/.test(path);
}

function slashes(path: string): string {
  return path.replaceAll("\\", "/");
}
