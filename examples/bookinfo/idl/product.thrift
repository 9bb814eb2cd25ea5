/** What all services of Bookinfo say about products. */
namespace * bookinfo

/** Names a product. */
struct ProductRequest {
  1: required string productId
}

/** The service does not know the product. */
exception NoSuchProduct {
  1: required string productId
}
