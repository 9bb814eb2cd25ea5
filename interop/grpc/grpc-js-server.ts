/** grpc-js's server of gRPC's suite, with the flags of `server.ts`. */
import { readFile } from "node:fs/promises";
import * as grpc from "@grpc/grpc-js";
import { testCertificates } from "./build.ts";
import { Flags } from "./flags.ts";
import { OpenRcaService } from "./gen/orca_service.ts";
import { TestService } from "./gen/testing.ts";
import { addToGrpcJs } from "./grpc-js.ts";
import { LoadReports } from "./load-reports.ts";
import { testHandler } from "./test-service.ts";

const flags = new Flags(process.argv.slice(2));
const server = new grpc.Server();
const reports = new LoadReports();
addToGrpcJs(server, TestService, testHandler(reports));
addToGrpcJs(server, OpenRcaService, reports.handler());
const credentials = flags.truth("use_tls") ? await secured() : grpc.ServerCredentials.createInsecure();
server.bindAsync(`127.0.0.1:${flags.number("port", 10_000)}`, credentials, (error, port) => {
  if (error !== null) throw error;
  console.log(JSON.stringify({ listening: `127.0.0.1:${port}` }));
});

async function secured(): Promise<grpc.ServerCredentials> {
  const files = testCertificates();
  const cert = await readFile(flags.text("tls_cert_file", files.cert));
  const key = await readFile(flags.text("tls_key_file", files.key));
  return grpc.ServerCredentials.createSsl(null, [{ private_key: key, cert_chain: cert }]);
}
