import { defineService, type CallOptions, type ServerCall, type ServiceDescription, type StructCodec } from "@kiteline/thrift/gen";
import { method } from "./codec.tmp.ts";
import { ProductRequest } from "./product.ts";

export interface Review {
  reviewer: string;
  text: string;
}
export const Review: StructCodec<Review> = {
  name: "Review",
  write(out, value) {
    out.begin();
    out.stringField(1, value.reviewer);
    out.stringField(2, value.text);
    out.end();
  },
  read(inp) {
    const value: Review = { reviewer: "", text: "" };
    inp.begin();
    for (let key = inp.field(); key !== 0; key = inp.field()) {
      if (key === 0x010b) value.reviewer = inp.string();
      else if (key === 0x020b) value.text = inp.string();
      else inp.skip(key);
    }
    return value;
  },
};
export type Stars = { case: "notAsked"; value: boolean } | { case: "rated"; value: number } | { case: "unavailable"; value: string };
export const Stars: StructCodec<Stars> = {
  name: "Stars",
  write(out, value) {
    out.begin();
    if (value.case === "notAsked") out.boolField(1, value.value);
    if (value.case === "rated") out.i32Field(2, value.value);
    if (value.case === "unavailable") out.stringField(3, value.value);
    out.end();
  },
  read(inp) {
    let value: Stars = { case: "notAsked", value: true };
    inp.begin();
    for (let key = inp.field(); key !== 0; key = inp.field()) {
      if (key === 0x0102) value = { case: "notAsked", value: inp.bool() };
      else if (key === 0x0208) value = { case: "rated", value: inp.i32() };
      else if (key === 0x030b) value = { case: "unavailable", value: inp.string() };
      else inp.skip(key);
    }
    return value;
  },
};
export interface ProductReviews {
  reviews: Review[];
  stars: Stars;
}
export const ProductReviews: StructCodec<ProductReviews> = {
  name: "ProductReviews",
  write(out, value) {
    out.begin();
    out.listField(1, 12, value.reviews.length);
    for (const review of value.reviews) Review.write(out, review);
    out.structField(2);
    Stars.write(out, value.stars);
    out.end();
  },
  read(inp) {
    const value: ProductReviews = { reviews: [], stars: { case: "notAsked", value: true } };
    inp.begin();
    for (let key = inp.field(); key !== 0; key = inp.field()) {
      if (key === 0x010f) for (let count = inp.list(12); count > 0; count--) value.reviews.push(Review.read(inp));
      else if (key === 0x020c) value.stars = Stars.read(inp);
      else inp.skip(key);
    }
    return value;
  },
};
export interface ReviewsClient {
  reviewsOf(request: ProductRequest, options?: CallOptions): Promise<ProductReviews>;
}
export interface ReviewsHandler {
  reviewsOf(request: ProductRequest, call: ServerCall): Promise<ProductReviews>;
}
export const Reviews: ServiceDescription<ReviewsClient, ReviewsHandler> = defineService("Reviews", {
  reviewsOf: method("reviewsOf", ProductRequest, ProductReviews),
});
