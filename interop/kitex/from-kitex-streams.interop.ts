/** Kitex's client to Kiteline's server in Kitex's other protocols. */
import { KitexClient } from "./kitex-client.ts";
import { SHARED } from "./kitex-streams.ts";
import { startKiteline } from "./kiteline-server.ts";
import { testStreams } from "./streams.contract.ts";

for (const { service, protocol, traits } of SHARED) {
  testStreams(`Kitex to Kiteline, ${service} over ${protocol}`, traits, async () => {
    const server = await startKiteline([service], { log: () => {} });
    const client = new KitexClient(server.address, { protocol, connection: "pooled" });
    return {
      call: (order) => client.stream(service, order),
      async [Symbol.asyncDispose]() {
        await client[Symbol.asyncDispose]();
        await server[Symbol.asyncDispose]();
      },
    };
  });
}
