/** What happens for each page: the request is coloured, the services are asked, and who answered is noted. */
import { Colouring, type EdgeRequest, withLane } from "@kiteline/lanes";
import { CallInfo, createClient, type Source } from "kiteline";
import { Details } from "../gen/details.ts";
import { Reviews } from "../gen/reviews.ts";
import { hops, readHops } from "../hops.ts";
import { hopOf, type Instance } from "../instance.ts";
import { instancesIn, mesh } from "../mesh.ts";
import { PRODUCT_ID } from "../services/products.ts";
import type { PageModel } from "./page.ts";

/** Whoever sends this user id, as header or cookie, is in the branch: so says `mesh/lanes.yaml`. */
export const BRANCH_UID = "100";

export interface Loader {
  load(request: EdgeRequest): Promise<PageModel>;
  close(): Promise<void>;
}

export function createLoader(instance: Instance, source: Source): Loader {
  const colouring = new Colouring();
  const subscription = source.subscribe(({ lanes }) => colouring.update(lanes));
  const suites = [mesh(source), hops(instance)];
  const details = createClient(Details, { target: "details:9080", suites });
  const reviews = createClient(Reviews, { target: "reviews:9080", suites });
  return {
    async load(request) {
      // Here and nowhere else: from now on the colour travels by itself.
      const lane = colouring.colour(request);
      const metadata = withLane(undefined, lane);
      const product = { productId: PRODUCT_ID };
      const asked = { details: new CallInfo(), reviews: new CallInfo() };
      const [detailsAnswer, reviewsAnswer] = await Promise.allSettled([
        details.detailsOf(product, { metadata, info: asked.details }),
        reviews.reviewsOf(product, { metadata, info: asked.reviews }),
      ]);
      return {
        lane,
        switchedOn: request.cookie("uid") === BRANCH_UID,
        details: detailsAnswer,
        reviews: reviewsAnswer,
        hops: [hopOf(instance), ...readHops(asked.details.reply), ...readHops(asked.reviews.reply)],
        instances: [instance, ...instancesIn(source)],
      };
    },
    async close() {
      subscription.close();
      await Promise.all([details.close(), reviews.close()]);
    },
  };
}
