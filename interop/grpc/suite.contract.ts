/** What a client and a server of the suite promise each other: every case passes, in plaintext and over TLS with the test CA. */
import { describe, it } from "node:test";
import { type Program, runCase, SuiteServer } from "./suite.ts";

/** Runs the cases one after the other against one server for each kind of connection. */
export function testSuite(client: Program, server: Program, cases: readonly string[]): void {
  for (const tls of [false, true]) {
    describe(`${client.name} to ${server.name}, ${tls ? "TLS" : "plaintext"}`, () => {
      it("agree on every case", async (context) => {
        await using started = await SuiteServer.start(server, tls);
        for (const testCase of cases) await context.test(testCase, () => runCase(client, started, testCase));
      });
    });
  }
}
