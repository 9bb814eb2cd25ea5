/** The one product that everybody here knows. */
import { NoSuchProduct } from "../gen/product.ts";

export const PRODUCT_ID = "the-comedy-of-errors";

/** Throws `NoSuchProduct`, which callers get as the IDL declares it. */
export function requireProduct(request: { readonly productId: string }): void {
  if (request.productId !== PRODUCT_ID) throw new NoSuchProduct({ productId: request.productId });
}
