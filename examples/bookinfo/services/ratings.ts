/** Ratings: how many stars. v1 is a harsh critic; v2, the change that the lane `branch` is about, is not. */
import type { RatingsHandler } from "../gen/ratings.ts";
import { requireProduct } from "./products.ts";

export function ratings(version: string): RatingsHandler {
  const stars = version === "v1" ? 1 : 5;
  return {
    ratingOf(request) {
      requireProduct(request);
      return { stars };
    },
  };
}
