import { missingField, type StructCodec } from "@kiteline/thrift/gen";

export interface ProductRequest {
  productId: string;
}

export const ProductRequest: StructCodec<ProductRequest> = {
  name: "ProductRequest",
  write(out, value) {
    out.begin("ProductRequest");
    out.stringField(1, value.productId);
    out.end();
  },
  read(inp) {
    let productId: string | undefined;
    inp.begin();
    for (let key = inp.field(); key !== 0; key = inp.field()) {
      if (key === 0x010b) productId = inp.string();
      else inp.skip(key);
    }
    if (productId === undefined) throw missingField("ProductRequest", 1, "productId");
    return { productId };
  },
};
export { NoSuchProduct } from "./codec.tmp.ts";
