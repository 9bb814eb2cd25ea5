/**
 * Kiteline's server of gRPC's suite: `--port N`, with `--use_tls`, `--tls_cert_file` and `--tls_key_file` for TLS; without files it
 * takes the suite's own certificate, which Go knows where to find. Listens on 127.0.0.1 and says where.
 */
import { readFile } from "node:fs/promises";
import { createServer } from "kiteline";
import { testCertificates } from "./build.ts";
import { Flags } from "./flags.ts";
import { OpenRcaService } from "./gen/orca_service.ts";
import { LoadReports } from "./load-reports.ts";
import { implemented, testHandler } from "./test-service.ts";

try {
  const flags = new Flags(process.argv.slice(2));
  const server = createServer(flags.truth("use_tls") ? { tls: await certificateOf(flags) } : {});
  const reports = new LoadReports();
  server.add(implemented(), testHandler(reports));
  server.add(OpenRcaService, reports.handler());
  const address = await server.listen({ port: flags.number("port", 10_000) });
  console.log(JSON.stringify({ listening: address }));
} catch (error) {
  console.error(`server: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(2);
}

async function certificateOf(flags: Flags): Promise<{ cert: Buffer; key: Buffer }> {
  const given = { cert: flags.text("tls_cert_file", ""), key: flags.text("tls_key_file", "") };
  const files = given.cert === "" ? testCertificates() : given;
  return { cert: await readFile(files.cert), key: await readFile(files.key) };
}
