/** What the documents import from our packages is there: nobody compiles their examples, which are parts of programs. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";

const ROOT = dirname(import.meta.dirname);
const DOCUMENTS = globSync(["*.md", "docs/*.md", "packages/*/README.md"], { cwd: ROOT });

const EXAMPLE = /^```ts\n(.*?)^```/gms;
const IMPORT = /^import \{([^{}]+)\} from "((?:@kiteline\/|kiteline)[^"]*)";/gm;

describe("examples in documents", () => {
  for (const document of DOCUMENTS) {
    const text = readFileSync(join(ROOT, document), "utf8");
    const imports = [...text.matchAll(EXAMPLE)].flatMap(([, example = ""]) => [...example.matchAll(IMPORT)]);
    if (imports.length === 0) continue;
    it(`of ${document} import what there is`, async () => {
      for (const [, names = "", from = ""] of imports) {
        const module = (await import(from)) as Readonly<Record<string, unknown>>;
        for (const name of names.split(",").map((each) => each.trim())) {
          if (name !== "" && !name.startsWith("type ")) assert.ok(name.replace(/ as .*/, "") in module, `${from} has no ${name}`);
        }
      }
    });
  }
});
