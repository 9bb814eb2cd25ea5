import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";

const KITELINE = join(import.meta.dirname, "..", "..", "packages", "cli", "src", "main.ts");

it("gen/ is what kiteline gen makes of idl/", () => {
  const idl = globSync("idl/*.thrift", { cwd: import.meta.dirname });
  const args = ["--conditions=source", KITELINE, "gen", ...idl, "-o", "gen", "--clean", "--check"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: import.meta.dirname, encoding: "utf8" });
  assert.equal(status, 0, `run kiteline gen idl/*.thrift -o gen --clean\n${stdout}${stderr}`);
});
