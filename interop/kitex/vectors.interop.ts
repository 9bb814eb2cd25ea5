/** The golden vectors that the codecs are tested with are what Kitex writes today. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { kitexPrograms } from "./build.ts";

const COMMITTED = join(import.meta.dirname, "../../packages/thrift/test/kitex-vectors.json");

describe("golden vectors", () => {
  it("are the same when made again", () => {
    const made = execFileSync(kitexPrograms.path("vectors"), { cwd: import.meta.dirname, encoding: "utf8", maxBuffer: 1 << 24 });
    assert.deepEqual(
      JSON.parse(made),
      JSON.parse(readFileSync(COMMITTED, "utf8")),
      `write the output of ${kitexPrograms.path("vectors")} to ${COMMITTED}`,
    );
  });
});
