import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "node:test";
import { RUNNER } from "./build.ts";

/** So many cases at once: some look how much of their deadline is left. */
const PARALLEL = 4;
const TIMEOUT_MS = 240_000;

/** What the runner says at its end, and of what failed before. */
function run(): Promise<string> {
  const folder = import.meta.dirname;
  const server = [process.execPath, ...process.execArgv, join(folder, "server.ts")];
  const args = ["--mode", "server", "--conf", join(folder, "suite.yaml"), "--parallel", String(PARALLEL), "--", ...server];
  return new Promise((resolve) => {
    execFile(RUNNER, args, { timeout: TIMEOUT_MS, maxBuffer: 1 << 26 }, (_error, stdout, stderr) => resolve(stdout + stderr));
  });
}

describe("Connect's conformance suite against Kiteline's server", () => {
  it("passes all cases of Connect, gRPC-Web and gRPC, over HTTP/1.1 and HTTP/2", { timeout: TIMEOUT_MS }, async () => {
    const said = await run();
    const [, passed = "0", failed = ""] = /(\d+) passed, (\d+) failed/.exec(said) ?? [];
    assert.equal(failed, "0", said.slice(-8000));
    assert.ok(Number(passed) > 6000, said.slice(-8000));
  });
});
