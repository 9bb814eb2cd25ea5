import { defineService, type CallOptions, type ServerCall, type ServiceDescription, type StructCodec } from "@kiteline/thrift/gen";
import { method } from "./codec.tmp.ts";
import { ProductRequest } from "./product.ts";

export interface ProductDetails {
  format: string;
  pages: number;
  year: number;
  publisher: string;
  language: string;
  isbn: string;
}
export const ProductDetails: StructCodec<ProductDetails> = {
  name: "ProductDetails",
  write(out, value) {
    out.begin();
    out.stringField(1, value.format);
    out.i32Field(2, value.pages);
    out.i32Field(3, value.year);
    out.stringField(4, value.publisher);
    out.stringField(5, value.language);
    out.stringField(6, value.isbn);
    out.end();
  },
  read(inp) {
    const value: ProductDetails = { format: "", pages: 0, year: 0, publisher: "", language: "", isbn: "" };
    inp.begin();
    for (let key = inp.field(); key !== 0; key = inp.field()) {
      if (key === 0x010b) value.format = inp.string();
      else if (key === 0x0208) value.pages = inp.i32();
      else if (key === 0x0308) value.year = inp.i32();
      else if (key === 0x040b) value.publisher = inp.string();
      else if (key === 0x050b) value.language = inp.string();
      else if (key === 0x060b) value.isbn = inp.string();
      else inp.skip(key);
    }
    return value;
  },
};
export interface DetailsClient {
  detailsOf(request: ProductRequest, options?: CallOptions): Promise<ProductDetails>;
}
export interface DetailsHandler {
  detailsOf(request: ProductRequest, call: ServerCall): Promise<ProductDetails>;
}
export const Details: ServiceDescription<DetailsClient, DetailsHandler> = defineService("Details", {
  detailsOf: method("detailsOf", ProductRequest, ProductDetails),
});
