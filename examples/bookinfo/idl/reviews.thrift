include "product.thrift"

namespace * bookinfo

struct Review {
  1: required string reviewer
  2: required string text
}

/** Where the stars beside the reviews come from. */
union Stars {
  /** Nobody was asked: this version shows none. */
  1: bool notAsked
  /** From 1 to 5, by the service Ratings. */
  2: i32 rated
  /** Ratings did not answer; says why. */
  3: string unavailable
}

struct ProductReviews {
  1: list<Review> reviews
  2: required Stars stars
}

service Reviews {
  ProductReviews reviewsOf(1: product.ProductRequest request) throws (1: product.NoSuchProduct missing) (idempotent = "true")
}
