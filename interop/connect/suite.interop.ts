import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "node:test";
import { RUNNER } from "./build.ts";

/** So many cases at once: some look how much of their deadline is left. */
const PARALLEL = 4;
const TIMEOUT_MS = 240_000;

/** What the runner says at its end, and of what failed before; how it ended. */
function run(): Promise<{ said: string; failure: Error | null }> {
  const folder = import.meta.dirname;
  const server = [process.execPath, ...process.execArgv, join(folder, "server.ts")];
  const args = ["--mode", "server", "--conf", join(folder, "suite.yaml"), "--parallel", String(PARALLEL), "--", ...server];
  return new Promise((resolve) => {
    execFile(RUNNER, args, { timeout: TIMEOUT_MS, maxBuffer: 1 << 26 }, (failure, stdout, stderr) =>
      resolve({ said: stdout + stderr, failure }),
    );
  });
}

describe("Connect's conformance suite against Kiteline's server", () => {
  it("passes all cases of Connect, gRPC-Web and gRPC, over HTTP/1.1 and HTTP/2", { timeout: TIMEOUT_MS }, async () => {
    const { said, failure } = await run();
    const summaries = Array.from(
      said.matchAll(/(\d+) passed, (\d+) failed/g),
      ([, passed, failed]) => [Number(passed), Number(failed)] as const,
    );
    assert.equal(failure, null, said.slice(-8000));
    assert.ok(summaries.length > 0 && summaries.every(([, failed]) => failed === 0), said.slice(-8000));
    assert.ok(
      summaries.some(([passed]) => passed > 6000),
      said.slice(-8000),
    );
  });
});
