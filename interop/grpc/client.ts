/**
 * Kiteline's client of gRPC's suite: `--server_host H --server_port P --test_case NAME`, with `--use_tls`, `--use_test_ca` or
 * `--ca_file`, `--server_host_override`, and the flags of the soak cases.
 */
import { readFile } from "node:fs/promises";
import { type Client, controlOf, createClient, type ClientOptions, type ServiceDescription } from "kiteline";
import { testCertificates } from "./build.ts";
import { Flags } from "./flags.ts";
import { OpenRcaService } from "./gen/orca_service.ts";
import { TestService, UnimplementedService } from "./gen/testing.ts";
import { makeCase, runClient } from "./suite-client.ts";

/** Suites run on busy machines. */
const CONNECT_TIMEOUT_MS = 10_000;

await runClient(async () => {
  const flags = new Flags(process.argv.slice(2));
  const target = `${flags.text("server_host", "localhost")}:${flags.number("server_port", 10_000)}`;
  const tls = flags.truth("use_tls") ? { tls: await tlsOf(flags) } : {};
  const options: ClientOptions = { target, protocol: "grpc", connectTimeoutMs: CONNECT_TIMEOUT_MS, ...tls };
  await makeCase(flags, () => {
    const clients = new AsyncDisposableStack();
    const connect = <Stubs extends object>(service: ServiceDescription<Stubs>): Client<Stubs> => {
      const client = createClient(service, options);
      clients.defer(() => controlOf(client).close());
      return client;
    };
    return {
      test: connect(TestService),
      unimplemented: connect(UnimplementedService),
      loads: connect(OpenRcaService),
      [Symbol.asyncDispose]: () => clients.disposeAsync(),
    };
  });
});

async function tlsOf(flags: Flags): Promise<NonNullable<ClientOptions["tls"]>> {
  const caFile = flags.text("ca_file", flags.truth("use_test_ca") ? testCertificates().ca : "");
  const name = flags.text("server_host_override", "");
  return { ...(caFile === "" ? {} : { ca: await readFile(caFile) }), ...(name === "" ? {} : { serverName: name }) };
}
