import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { loadIdl } from "@kiteline/thrift";
import { generate } from "../generate.ts";

describe("generated code", () => {
  it("is what a reviewer has seen (after a change that is meant: UPDATE_GOLDEN=1 npm test -- packages/codegen, and read the difference)", async () => {
    const files = generate(await loadIdl(join(import.meta.dirname, "library.fixture.thrift")));
    assert.deepEqual(
      files.map((each) => each.path),
      ["base.fixture.ts", "library.fixture.ts"],
    );
    for (const { path, text } of files) {
      const golden = join(import.meta.dirname, path);
      if (process.env["UPDATE_GOLDEN"] === "1") await writeFile(golden, text);
      assert.equal(await readFile(golden, "utf8"), text);
    }
  });
});
