import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { H2SPEC, makeIdentity } from "./build.ts";
import { listenPlain } from "./plain-server.ts";

/** What h2spec says of one run. */
function run(port: number, ...more: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const args = ["--strict", "-h", "127.0.0.1", "-p", String(port), "-P", "/bench.Echo/Echo", "-o", "3", ...more];
    execFile(H2SPEC, args, { timeout: 50_000, maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      if (error !== null && stdout === "") reject(new Error(stderr, { cause: error }));
      else resolve(stdout);
    });
  });
}

describe("h2spec against Kiteline's server", () => {
  for (const way of ["in the clear", "over TLS"]) {
    it(`passes all 146 cases, strictly, ${way}`, async () => {
      const tls = way === "over TLS";
      const server = await listenPlain(tls ? makeIdentity() : undefined);
      try {
        const report = await run(server.port, ...(tls ? ["-t", "-k"] : []));
        const from = report.indexOf("Failures:");
        assert.match(report, /146 tests, 146 passed, 0 skipped, 0 failed/, from < 0 ? report.slice(-2000) : report.slice(from));
      } finally {
        await server.close();
      }
    });
  }
});
