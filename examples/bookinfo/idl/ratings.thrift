include "product.thrift"

namespace * bookinfo

/** What a product's readers make of it. */
struct ProductRating {
  /** From 1 to 5. */
  1: required i32 stars
}

service Ratings {
  ProductRating ratingOf(1: product.ProductRequest request) throws (1: product.NoSuchProduct missing) (idempotent = "true")
}
