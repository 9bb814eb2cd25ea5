/** Kiteline's client to Kitex's server in Kitex's other protocols. */
import { controlOf, createClient } from "kiteline";
import { PbStreams } from "./gen/pb_streams.ts";
import { Streams } from "./gen/streams.ts";
import { SHARED } from "./kitex-streams.ts";
import { KitexServer } from "./kitex-server.ts";
import { callStreams } from "./kiteline-streams.ts";
import { testStreams } from "./streams.contract.ts";

/** Over gRPC a plain header is transient metadata for everybody but Kitex, whose own has a prefix. */
const METAINFO_PREFIX = "rpc-transit-";

for (const { service, kiteline, traits } of SHARED) {
  testStreams(`Kiteline to Kitex, ${service} over ${kiteline}`, traits, async () => {
    const server = await KitexServer.start();
    const description = service === "Streams" ? Streams : PbStreams;
    const client = createClient(description, { target: server.address, protocol: kiteline, name: "kiteline.client" });
    return {
      call: (order) => callStreams(client, order, kiteline === "grpc" ? METAINFO_PREFIX : ""),
      async [Symbol.asyncDispose]() {
        await controlOf(client).close();
        await server[Symbol.asyncDispose]();
      },
    };
  });
}
