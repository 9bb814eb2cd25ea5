import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { checkStructure } from "./structure.ts";

const EXPORTS = { ".": { source: "./src/index.ts", types: "./dist/index.d.ts", default: "./dist/index.js" } };
const TABLE = `
| Package | Its one sentence | May import | Data path |
| --- | --- | --- | --- |
| \`core\` | Calls. | nothing | yes |
| [\`net\`](../packages/net) | Sockets. | core | yes |
| \`istio\` | YAML. | core | |
| \`kiteline\` | All of it. | all above | yes |
`;

type Files = Record<string, string | undefined>;

/** A repository in which nothing is wrong; `undefined` leaves a file out, a text replaces it. */
function repository(changes: Files): Files {
  const dependencies = { net: ["core"], istio: ["core"], core: [], kiteline: ["core", "net", "istio"] };
  const files: Files = {
    "docs/architecture.md": TABLE,
    "package.json": json({ name: "root", devDependencies: { "fast-check": "4.0.0" } }),
  };
  const locked: Record<string, object> = { "": { devDependencies: { "fast-check": "4.0.0" } } };
  for (const [name, needs] of Object.entries(dependencies)) {
    const wanted = Object.fromEntries(needs.map((each) => [`@kiteline/${each}`, "0.1.0"]));
    const manifest = { name: name === "kiteline" ? name : `@kiteline/${name}`, exports: EXPORTS, dependencies: wanted };
    files[`packages/${name}/package.json`] = json(manifest);
    files[`packages/${name}/tsconfig.json`] = json({ references: needs.map((each) => ({ path: `../${each}` })) });
    files[`packages/${name}/src/index.ts`] = needs.map((each) => `export * from "@kiteline/${each}";`).join("\n");
    locked[`packages/${name}`] = { dependencies: wanted };
  }
  const references = Object.keys(dependencies).map((name) => ({ path: `packages/${name}` }));
  files["tsconfig.json"] = `// All of it.\n${json({ references: [...references, { path: "tsconfig.checks.json" }] })}`;
  files["tsconfig.checks.json"] = json({ references });
  files["package-lock.json"] = json({ packages: locked });
  return { ...files, ...changes };
}

/** What the check says of a repository with these changes. */
function problemsWith(changes: Files): string[] {
  const root = mkdtempSync(join(tmpdir(), "kiteline-structure-"));
  try {
    for (const [path, text] of Object.entries(repository(changes))) {
      if (text === undefined) continue;
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return checkStructure(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

function json(value: unknown): string {
  return JSON.stringify(value);
}

const NET = { name: "@kiteline/net", exports: EXPORTS, dependencies: { "@kiteline/core": "0.1.0" } };

/** Each violation alone, and the words that must be in the one line it gets. */
const VIOLATIONS: Readonly<Record<string, { readonly files: Files; readonly says: RegExp }>> = {
  "an import that the table does not allow": {
    files: { "packages/net/src/a.ts": '\nimport { parse } from "@kiteline/istio";' },
    says: /^packages\/net\/src\/a\.ts:2: net may not import istio/,
  },
  "the import of a type that the table does not allow": {
    files: { "packages/net/src/a.ts": 'import type { Document } from "@kiteline/istio";' },
    says: /net may not import istio/,
  },
  "a type named by import() that the table does not allow": {
    files: { "packages/net/src/a.ts": 'export type A = import("@kiteline/istio").Document;' },
    says: /net may not import istio/,
  },
  "a re-export that the table does not allow": {
    files: { "packages/net/src/a.ts": 'export * from "@kiteline/istio";' },
    says: /net may not import istio/,
  },
  "a late import that the table does not allow": {
    files: { "packages/net/src/a.ts": 'export const load = (): Promise<unknown> => import("@kiteline/istio");' },
    says: /net may not import istio/,
  },
  "a test that imports what the table does not allow": {
    files: { "packages/net/src/a.test.ts": 'import { parse } from "@kiteline/istio";' },
    says: /net may not import istio/,
  },
  "a deep import": {
    files: { "packages/net/src/a.ts": 'import { Call } from "@kiteline/core/src/call.ts";' },
    says: /net\/src\/a\.ts:1: .* reaches into @kiteline\/core, which does not export "\.\/src\/call\.ts"/,
  },
  "a deep import in an example": {
    files: { "examples/shop/start.ts": 'import { Call } from "@kiteline/core/dist/call.js";' },
    says: /examples\/shop\/start\.ts:1: .* reaches into @kiteline\/core/,
  },
  "a relative import that leaves the package": {
    files: { "packages/net/src/a.ts": 'import { Call } from "../../core/src/index.ts";' },
    says: /leaves packages\/net\/src\//,
  },
  "a relative import from the benchmarks into a package": {
    files: { "bench/main.ts": 'import { Call } from "../packages/core/src/index.ts";' },
    says: /bench\/main\.ts:1: .* leaves bench\//,
  },
  "an import of a package that does not exist": {
    files: { "packages/net/src/a.ts": 'import { x } from "@kiteline/nett";' },
    says: /there is no package "@kiteline\/nett"/,
  },
  "a package that imports itself by its name": {
    files: { "packages/net/src/a.ts": 'import { x } from "@kiteline/net";' },
    says: /imports its own files by their path/,
  },
  "an import of a foreign package that is not declared": {
    files: { "packages/istio/src/a.ts": 'import { parse } from "yaml";' },
    says: /"yaml" is not among the dependencies in packages\/istio\/package\.json/,
  },
  "an import of a development tool outside tests": {
    files: { "packages/net/src/a.ts": 'import fc from "fast-check";' },
    says: /"fast-check" is not among the dependencies/,
  },
  "a circle between files": {
    files: { "packages/net/src/a.ts": 'import { b } from "./b.ts";', "packages/net/src/b.ts": 'import { a } from "./a.ts";' },
    says: /^packages\/net: files import each other in a circle: a\.ts -> b\.ts -> a\.ts/,
  },
  "a circle between files that only types close": {
    files: { "packages/net/src/a.ts": 'import type { B } from "./b.ts";', "packages/net/src/b.ts": 'export type { A } from "./a.ts";' },
    says: /in a circle: a\.ts -> b\.ts -> a\.ts/,
  },
  "a table that allows a circle": {
    files: { "docs/architecture.md": TABLE.replace("| Calls. | nothing |", "| Calls. | net |") },
    says: /the table allows a circle: core -> net -> core/,
  },
  "a run-time dependency in the data path": {
    files: {
      "packages/net/package.json": json({ ...NET, dependencies: { ...NET.dependencies, yaml: "2.9.1" } }),
      "package-lock.json": repository({})["package-lock.json"]?.replace(
        '"packages/net":{"dependencies":{',
        '"packages/net":{"dependencies":{"yaml":"2.9.1",',
      ),
    },
    says: /depends on "yaml", but a package of the data path has no run-time dependency/,
  },
  "Node's file system in core": {
    files: { "packages/core/src/a.ts": 'import { readFileSync } from "node:fs";' },
    says: /core may use only node:async_hooks and node:perf_hooks of Node, not "node:fs"/,
  },
  "a module of Node without its prefix": {
    files: { "packages/net/src/a.ts": 'import { connect } from "net";' },
    says: /write "node:net"/,
  },
  "three folders below src": {
    files: { "packages/net/src/a/b/c/d.ts": "export {};" },
    says: /a\/b\/c\/d\.ts: 3 folders below src\/, at most 2/,
  },
  "a file named utils": { files: { "packages/net/src/utils.ts": "export {};" }, says: /"utils\.ts" names a role/ },
  "a folder named utils": { files: { "packages/net/src/utils/a.ts": "export {};" }, says: /"utils" names a role/ },
  "a file in camel case": { files: { "packages/net/src/timingWheel.ts": "export {};" }, says: /kebab-case/ },
  "a file that does not parse": { files: { "packages/net/src/a.ts": "import {" }, says: /packages\/net\/src\/a\.ts does not parse/ },
  "a package without an index": {
    files: { "packages/net/src/index.ts": undefined, "packages/net/src/a.ts": "" },
    says: /^packages\/net: src\/index\.ts is missing/,
  },
  "a package under another name": {
    files: { "packages/net/package.json": json({ ...NET, name: "@kiteline/network" }) },
    says: /the name is "@kiteline\/network"/,
  },
  "a row without a package": {
    files: { "docs/architecture.md": `${TABLE}| \`shm\` | Memory. | core | |\n` },
    says: /shm is in the table but not in packages\//,
  },
  "a project reference that is missing": {
    files: { "packages/net/tsconfig.json": "{}" },
    says: /packages\/net\/tsconfig\.json: no reference to packages\/core/,
  },
  "a project reference too many": {
    files: { "packages/core/tsconfig.json": json({ references: [{ path: "../net" }] }) },
    says: /packages\/core\/tsconfig\.json: a reference to packages\/net/,
  },
  "a registry in the lock": {
    files: {
      "package-lock.json": repository({})["package-lock.json"]?.replace(
        '{"packages":{',
        '{"packages":{"node_modules/a":{"resolved":"https://registry.example/a.tgz"},',
      ),
    },
    says: /node_modules\/a is locked to https:/,
  },
  "a lock without the package of another platform": {
    files: {
      "package-lock.json": repository({})["package-lock.json"]?.replace(
        '{"packages":{',
        '{"packages":{"node_modules/a":{"optionalDependencies":{"a-darwin":"1.0.0"}},',
      ),
    },
    says: /package-lock\.json: lacks a-darwin, which node_modules\/a needs/,
  },
  "a lock that disagrees with a manifest": {
    files: { "package.json": json({ name: "root", devDependencies: { "fast-check": "4.0.1" } }) },
    says: /package-lock\.json: does not agree with package\.json/,
  },
};

describe("the structure check", () => {
  it("finds nothing in a repository where nothing is wrong", () => {
    assert.deepEqual(problemsWith({}), []);
  });

  it("lets pass what only looks like a violation", () => {
    const allowed: Files = {
      "packages/net/src/a.ts":
        'export const text = \'import x from "@kiteline/istio"\'; // import y from "yaml"\n/* export * from "../../x" */',
      "packages/net/src/a.test.ts":
        'import "node:test"; import fc from "fast-check"; import { x } from "@kiteline/net"; import { text } from "./a.ts";',
      "packages/net/src/tcp/listen/accept.ts": 'import { connect } from "node:net"; import { text } from "../../a.ts";',
      "packages/core/src/current.ts": 'import { AsyncLocalStorage } from "node:async_hooks";',
      "packages/core/src/current.test.ts": 'import { readFileSync } from "node:fs";',
      "packages/istio/dist/junk.ts": 'import "nothing";',
      "packages/istio/src/gen/deep/in/folders/field_mask.ts": "export {};",
    };
    assert.deepEqual(problemsWith(allowed), []);
  });

  for (const [name, { files, says }] of Object.entries(VIOLATIONS)) {
    it(`finds ${name}`, () => {
      const problems = problemsWith(files);
      assert.ok(
        problems.some((problem) => says.test(problem)),
        `expected ${says}, got ${JSON.stringify(problems, null, 2)}`,
      );
    });
  }

  it("finds a package that is not in the table", () => {
    const problems = problemsWith({ "docs/architecture.md": TABLE.replace(/^.*kiteline` \|.*$\n/m, "") });
    assert.deepEqual(problems, ["packages/kiteline: not in the table of docs/architecture.md; add its row"]);
  });

  it("finds a circle between packages, whatever the table says", () => {
    const problems = problemsWith({ "packages/core/src/a.ts": 'import type { Socket } from "@kiteline/net";' });
    assert.ok(problems.includes("packages import each other in a circle: core -> net -> core"), problems.join("\n"));
  });

  it("says what is wrong with a table it cannot read", () => {
    assert.throws(() => problemsWith({ "docs/architecture.md": "# Nothing" }), /has no table of packages/);
    assert.throws(
      () => problemsWith({ "docs/architecture.md": TABLE.replace("| core |", "| cor |") }),
      /net may import "cor", which has no row/,
    );
  });
});
