include "product.thrift"

namespace * bookinfo

/** What stands in a book's imprint. */
struct ProductDetails {
  1: string format
  2: i32 pages
  /** The year of the first edition. */
  3: i32 year
  4: string publisher
  5: string language
  6: string isbn
}

service Details {
  ProductDetails detailsOf(1: product.ProductRequest request) throws (1: product.NoSuchProduct missing) (idempotent = "true")
}
