/** The three services that speak Thrift: each on a free port, announced to the mesh. */
import { createClient, createServer, type Server, type Suite } from "kiteline";
import { Details } from "../gen/details.ts";
import { Ratings } from "../gen/ratings.ts";
import { Reviews } from "../gen/reviews.ts";
import { hops } from "../hops.ts";
import type { Instance, Place, Running } from "../instance.ts";
import { mesh, meshSource } from "../mesh.ts";
import { announce } from "./announce.ts";
import { details } from "./details.ts";
import { ratings } from "./ratings.ts";
import { reviews } from "./reviews.ts";

export async function serve(instance: Instance, place: Place): Promise<Running> {
  const source = meshSource(place, false);
  await source.ready();
  const suites = [mesh(source), hops(instance)];
  const server = createServer({ suites, exitWaitMs: 2000 });
  addService(server, instance, suites);
  const address = await server.listen({ port: place.port });
  const takeBack = await announce(instance, place.run, server.port);
  return {
    address,
    async close() {
      // First nobody new, then nobody any more.
      await takeBack();
      await server.close();
      source.close();
    },
  };
}

function addService(server: Server, { service, version }: Instance, suites: readonly Suite[]): void {
  switch (service) {
    case "details":
      server.add(Details, details);
      break;
    case "ratings":
      server.add(Ratings, ratings(version));
      break;
    case "reviews":
      server.add(Reviews, reviews(version, createClient(Ratings, { target: "ratings:9080", suites })));
      break;
    default:
      throw new RangeError(`the service must be details, ratings, reviews or productpage, got "${service}"`);
  }
}
