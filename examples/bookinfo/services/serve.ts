/** The three services that speak Thrift: each on a free port, announced to the mesh. */
import { createServer } from "kiteline";
import { Details } from "../gen/details.ts";
import { Ratings } from "../gen/ratings.ts";
import { Reviews } from "../gen/reviews.ts";
import { hops } from "../hops.ts";
import type { Instance } from "../instance.ts";
import { meshOf } from "../mesh.ts";
import type { Place, Running } from "../run-instance.ts";
import { announce } from "./announce.ts";
import { details } from "./details.ts";
import { ratings } from "./ratings.ts";
import { reviews } from "./reviews.ts";

export const SERVICES = ["details", "ratings", "reviews"];

export async function serve(instance: Instance, place: Place): Promise<Running> {
  const suites = [hops(instance)];
  const server = createServer({ suites, exitWaitMs: 2000 });
  const mesh = meshOf(place.mesh, place.run);
  switch (instance.service) {
    case "details":
      server.add(Details, details);
      break;
    case "ratings":
      server.add(Ratings, ratings(instance.version));
      break;
    case "reviews":
      server.add(Reviews, reviews(instance.version, mesh.client((await import("../gen/ratings.ts")).Ratings, "ratings", suites)));
      break;
  }
  const address = await server.listen({ port: place.port ?? 0 });
  const takeBack = await announce(instance, place.run, server.port);
  return {
    address,
    async close() {
      await takeBack();
      await server.close();
    },
  };
}
