import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { importProblems } from "./packages/consumer.ts";
import { contentProblems } from "./packages/contents.ts";
import { type Archive, npmPack, publishedManifest, withJsImports } from "./packages/pack.ts";
import { toolProblems } from "./packages/tools.ts";
import type { Manifest } from "./structure/workspace.ts";

const root = join(import.meta.dirname, "..");
const EXPORTS = { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } };
const MANIFEST: Manifest = { name: "sound", version: "1.0.0", exports: EXPORTS };
const SOUND: Record<string, string> = {
  "README.md": "",
  LICENSE: "",
  "package.json": JSON.stringify({
    ...MANIFEST,
    type: "module",
    license: "MIT",
    sideEffects: false,
    engines: { node: ">=24" },
    files: ["dist"],
  }),
  "dist/index.js": 'export { a } from "./a.js";',
  "dist/index.d.ts": 'export { a } from "./a.js";',
  "dist/a.js": "export const a = 1;",
  "dist/a.d.ts": "export declare const a = 1;",
};

describe("what an archive holds", () => {
  const problemsWith = (changes: Record<string, string | undefined>, manifest = MANIFEST): string[] => {
    const files = Object.entries({ ...SOUND, ...changes }).flatMap(([path, text]) =>
      text === undefined ? [] : [[path, () => text] as const],
    );
    return contentProblems("sound", manifest, new Map(files));
  };

  it("is accepted when nothing is missing and nothing too much", () => {
    assert.deepEqual(problemsWith({}), []);
  });

  for (const path of ["dist/a.test.js", "dist/a.test.d.ts", "src/a.test.ts", "dist/a.contract.js", "src/a.fixture.ts"]) {
    it(`does not include ${path}`, () => assert.deepEqual(problemsWith({ [path]: "" }), [`sound: ${path} is for tests`]));
  }

  it("includes the README and the licence", () => {
    assert.deepEqual(problemsWith({ "README.md": undefined, LICENSE: undefined }), [
      "sound: README.md is missing",
      "sound: LICENSE is missing",
    ]);
  });

  it("includes every file that the manifest names, under any condition", () => {
    const exports = { ".": { source: "./src/index.ts", default: "./dist/index.js" } };
    assert.deepEqual(problemsWith({}, { ...MANIFEST, exports, bin: { sound: "./dist/main.js" } }), [
      "sound: package.json names dist/main.js (bin sound), which is not in the archive",
      "sound: package.json names src/index.ts (exports ., source), which is not in the archive",
    ]);
  });

  it("includes every file that a declaration or a module imports", () => {
    assert.deepEqual(problemsWith({ "dist/index.d.ts": 'export { a } from "./a.ts";', "dist/index.js": '\nimport "./b.js";' }), [
      'sound: dist/index.js:2 imports "./b.js", which is not in the archive',
      'sound: dist/index.d.ts:1 imports "./a.ts", which is not in the archive',
    ]);
  });

  it("includes the sources that its maps lead to", () => {
    const map = JSON.stringify({ sources: ["../src/a.ts"] });
    assert.deepEqual(problemsWith({ "dist/a.js.map": map }), ["sound: dist/a.js.map maps to src/a.ts, which is not in the archive"]);
    assert.deepEqual(problemsWith({ "dist/a.js.map": map, "src/a.ts": "" }), []);
  });
});

describe("what is changed for publishing", () => {
  it("leaves out what only the repository needs", () => {
    const published = publishedManifest({
      name: "sound",
      exports: { ".": { source: "./src/index.ts", types: "./dist/index.d.ts" }, "./package.json": "./package.json" },
      devDependencies: { a: "1.0.0" },
    });
    assert.deepEqual(published, { name: "sound", exports: { ".": { types: "./dist/index.d.ts" }, "./package.json": "./package.json" } });
  });

  it("makes declarations name the files beside them, and touches no text", () => {
    const source =
      'import type { A } from "./a.ts"; // "./a.ts"\nexport * from "../b/c.ts";\nexport declare const x: import("./d.ts").D, y: "./e.ts";';
    assert.equal(
      withJsImports("index.d.ts", source),
      'import type { A } from "./a.js"; // "./a.ts"\nexport * from "../b/c.js";\nexport declare const x: import("./d.js").D, y: "./e.ts";',
    );
  });
});

describe("an archive in somebody else's project", () => {
  const folders: string[] = [];
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  /** Packs the sound package with these changes and asks everybody what they think of it. */
  const problemsWith = async (changes: Record<string, string | undefined>, importTimeoutMs?: number): Promise<string[]> => {
    const work = mkdtempSync(join(tmpdir(), "kiteline-archive-"));
    folders.push(work);
    const folder = join(work, "sound");
    for (const [path, text] of Object.entries({ ...SOUND, ...changes })) {
      if (text === undefined) continue;
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const [packed] = await npmPack([folder], ["--pack-destination", work], work);
    assert.ok(packed !== undefined);
    const archive: Archive = { ...packed, manifest: MANIFEST, folder, files: [], path: join(work, packed.filename) };
    const current = { executable: process.execPath, version: process.versions.node };
    return [...(await toolProblems(root, archive)), ...(await importProblems(root, work, [archive], [current], importTimeoutMs))];
  };

  it("raises no complaint when it is sound", async () => {
    assert.deepEqual(await problemsWith({}), []);
  });

  it("is refused by both tools and the compiler when its declarations are missing", async () => {
    const problems = (await problemsWith({ "dist/index.d.ts": undefined })).join("\n");
    assert.match(problems, /publint: .*index\.d\.ts/);
    assert.match(problems, /attw:/);
    assert.match(problems, /does not compile/);
  });

  it("is refused when it fails, speaks or stays alive as soon as it is imported", async () => {
    assert.match(
      (await problemsWith({ "dist/a.js": 'export const a = 1; throw new Error("no");' })).join(),
      /cannot be imported on Node[^]*Error: no/,
    );
    assert.match(
      (await problemsWith({ "dist/a.js": 'export const a = 1; console.log("hi");' })).join(),
      /says something when it is imported .*: hi/,
    );
    const alive = "export const a = 1; setInterval(() => {}, 1000);";
    assert.match((await problemsWith({ "dist/a.js": alive }, 500)).join(), /cannot be imported on Node[^]*was ended by SIGTERM/);
  });

  it("is refused when it needs a package that it does not declare", async () => {
    assert.match((await problemsWith({ "dist/a.js": 'export * from "yaml";' })).join(), /cannot be imported on Node[^]*yaml/);
  });
});
