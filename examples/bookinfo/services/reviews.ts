/** Reviews: what readers say. v1 shows no stars and asks nobody; later versions ask Ratings. */
import type { RatingsClient } from "../gen/ratings.ts";
import type { ReviewsHandler, Stars } from "../gen/reviews.ts";
import { requireProduct } from "./products.ts";

const REVIEWS = [
  {
    reviewer: "Adriana P.",
    text: "Two pairs of twins, one afternoon, and nobody knows to whom they are speaking. I lost count of the mistakes and never stopped laughing.",
  },
  {
    reviewer: "Egeon S.",
    text: "His shortest play, and the one that runs fastest. Go with somebody who does not know how it ends.",
  },
];

export function reviews(version: string, ratings: RatingsClient): ReviewsHandler {
  return {
    async reviewsOf(request) {
      requireProduct(request);
      const stars: Stars = version === "v1" ? { case: "notAsked", value: true } : await askRatings(ratings, request.productId);
      return { reviews: REVIEWS, stars };
    },
  };
}

/** Reviews without stars are better than no reviews, so a failure of Ratings is part of the answer. */
async function askRatings(ratings: RatingsClient, productId: string): Promise<Stars> {
  try {
    const { stars } = await ratings.ratingOf({ productId });
    return { case: "rated", value: stars };
  } catch (error) {
    return { case: "unavailable", value: error instanceof Error ? error.message : String(error) };
  }
}
