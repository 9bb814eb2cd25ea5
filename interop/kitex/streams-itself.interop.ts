/** Kitex against itself in its other protocols: what fails here is the harness. */
import { KitexClient } from "./kitex-client.ts";
import { CARRIERS } from "./kitex-streams.ts";
import { KitexServer } from "./kitex-server.ts";
import { testStreams } from "./streams.contract.ts";

for (const { service, protocol, traits } of CARRIERS) {
  testStreams(`Kitex to Kitex, ${service} over ${protocol}`, traits, async () => {
    const server = await KitexServer.start();
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
