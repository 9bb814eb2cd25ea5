/** What a client and a server of the suite promise each other: every case passes. */
import { describe, it } from "node:test";
import { type Program, runCase, SuiteServer } from "./suite.ts";

/** Over TLS it is with the suite's own CA. */
export type Security = "plaintext" | "TLS";

/** Runs the cases one after the other, against one server for each kind of connection. */
export function testSuite(
  client: Program,
  server: Program,
  cases: readonly string[],
  securities: readonly Security[] = ["plaintext", "TLS"],
): void {
  for (const security of securities) {
    describe(`${client.name} to ${server.name}, ${security}`, () => {
      it("agree on every case", async (context) => {
        await using started = await SuiteServer.start(server, security === "TLS");
        for (const testCase of cases) await context.test(testCase, () => runCase(client, started, testCase));
      });
    });
  }
}
