/** A folder where what was generated is type-checked, looked at by the formatter and run. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { GeneratedFile } from "./generated-file.ts";

const ROOT = join(import.meta.dirname, "../../..");

export class Workshop {
  /** Inside the package, so that what is generated finds the runtime. */
  readonly folder: string;

  constructor(name: string) {
    this.folder = join(import.meta.dirname, "../.cache", `${name}-${process.pid}`);
  }

  /** Writes files below `name` and returns their paths. */
  async write(name: string, files: readonly GeneratedFile[]): Promise<string[]> {
    const paths: string[] = [];
    for (const { path, text } of files) {
      const file = join(this.folder, name, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
      paths.push(file);
    }
    return paths;
  }

  /** Under the strictest settings. */
  async checkTypes(): Promise<void> {
    const compilerOptions = {
      rootDir: ".",
      noEmit: true,
      composite: false,
      declaration: false,
      declarationMap: false,
      allowImportingTsExtensions: true,
      rewriteRelativeImportExtensions: false,
      isolatedDeclarations: false,
      tsBuildInfoFile: null,
    };
    const extended = join(ROOT, "tsconfig.base.json");
    const config = { extends: extended, compilerOptions, include: ["**/*.ts"], exclude: [] };
    await writeFile(join(this.folder, "tsconfig.json"), JSON.stringify(config));
    this.#run("typescript/bin/tsc", "-p", ".");
  }

  /** As the formatter of this repository would have it. */
  async checkFormat(): Promise<void> {
    const settings = {
      root: true,
      formatter: { indentStyle: "space", indentWidth: 2, lineWidth: 140 },
      linter: { enabled: false },
      assist: { enabled: false },
      json: { formatter: { enabled: false } },
    };
    await writeFile(join(this.folder, "biome.json"), JSON.stringify({ ...settings, files: { includes: ["**/*.ts"] } }));
    this.#run("@biomejs/biome/bin/biome", "format", "--colors=off", ".");
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  #run(tool: string, ...args: readonly string[]): void {
    const options = { cwd: this.folder, encoding: "utf8" } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, "node_modules", tool), ...args], options);
    assert.equal(status, 0, stdout + stderr);
  }
}
