/** grpc-js's client of gRPC's suite, with the flags of `client.ts`. */
import { readFile } from "node:fs/promises";
import * as grpc from "@grpc/grpc-js";
import { testCertificates } from "./build.ts";
import { Flags } from "./flags.ts";
import { OpenRcaService } from "./gen/orca_service.ts";
import { TestService, UnimplementedService } from "./gen/testing.ts";
import { grpcJsStubs } from "./grpc-js.ts";
import { makeCase, runClient } from "./suite-client.ts";

await runClient(async () => {
  const flags = new Flags(process.argv.slice(2));
  const target = `${flags.text("server_host", "localhost")}:${flags.number("server_port", 10_000)}`;
  const secure = flags.truth("use_tls");
  const credentials = secure
    ? grpc.credentials.createSsl(await readFile(flags.text("ca_file", testCertificates().ca)))
    : grpc.credentials.createInsecure();
  const name = flags.text("server_host_override", "");
  await makeCase(flags, () => {
    const client = new grpc.Client(target, credentials, {
      // Channels to one address share their connection unless told otherwise.
      "grpc.use_local_subchannel_pool": 1,
      ...(name === "" ? {} : { "grpc.ssl_target_name_override": name, "grpc.default_authority": name }),
    });
    return {
      test: grpcJsStubs(TestService, client),
      unimplemented: grpcJsStubs(UnimplementedService, client),
      loads: grpcJsStubs(OpenRcaService, client),
      async [Symbol.asyncDispose]() {
        client.close();
      },
    };
  });
});
