/** Generated code that is kept in the repository is what the generator makes of its IDL today. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";

const ROOT = dirname(import.meta.dirname);

/** Folders whose `gen/` is all that is made of their `idl/`. */
const PLACES = ["bench", "examples/bookinfo", "interop/kitex"];

describe("generated code", () => {
  for (const place of PLACES) {
    it(`in ${place}/gen is what kiteline gen makes of ${place}/idl`, () => {
      const idl = globSync(`${place}/idl/*.thrift`, { cwd: ROOT });
      assert.notEqual(idl.length, 0);
      const command = ["gen", ...idl, "-o", `${place}/gen`, "--clean"];
      const tool = ["--conditions=source", join(ROOT, "packages/cli/src/main.ts"), ...command, "--check"];
      const { status, stdout, stderr } = spawnSync(process.execPath, tool, { cwd: ROOT, encoding: "utf8" });
      const kiteline = "node --conditions=source packages/cli/src/main.ts";
      assert.equal(status, 0, `run ${kiteline} ${command.join(" ")}\n${stdout}${stderr}`);
    });
  }
});
