import { defineService, type CallOptions, type ServerCall, type ServiceDescription, type StructCodec } from "@kiteline/thrift/gen";
import { method } from "./codec.tmp.ts";
import { ProductRequest } from "./product.ts";

export interface ProductRating {
  stars: number;
}
export const ProductRating: StructCodec<ProductRating> = {
  name: "ProductRating",
  write(out, value) {
    out.begin();
    out.i32Field(1, value.stars);
    out.end();
  },
  read(inp) {
    const value: ProductRating = { stars: 0 };
    inp.begin();
    for (let key = inp.field(); key !== 0; key = inp.field()) {
      if (key === 0x0108) value.stars = inp.i32();
      else inp.skip(key);
    }
    return value;
  },
};
export interface RatingsClient {
  ratingOf(request: ProductRequest, options?: CallOptions): Promise<ProductRating>;
}
export interface RatingsHandler {
  ratingOf(request: ProductRequest, call: ServerCall): Promise<ProductRating>;
}
export const Ratings: ServiceDescription<RatingsClient, RatingsHandler> = defineService("Ratings", {
  ratingOf: method("ratingOf", ProductRequest, ProductRating),
});
