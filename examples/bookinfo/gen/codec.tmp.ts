// Interim: stands in for generated code until the generator is there.
import type { MethodInit } from "@kiteline/thrift/gen";
import { missingField, type StructCodec } from "@kiteline/thrift/gen";

export class NoSuchProduct extends Error {
  override readonly name = "NoSuchProduct";
  productId: string;
  constructor(init: { productId: string }) {
    super(`NoSuchProduct: ${init.productId}`);
    this.productId = init.productId;
  }
}
const NoSuchProductCodec: StructCodec<NoSuchProduct> = {
  name: "NoSuchProduct",
  write(out, value) {
    out.begin("NoSuchProduct");
    out.stringField(1, value.productId);
    out.end();
  },
  read(inp) {
    let productId = "";
    inp.begin();
    for (let key = inp.field(); key !== 0; key = inp.field()) {
      if (key === 0x010b) productId = inp.string();
      else inp.skip(key);
    }
    return new NoSuchProduct({ productId });
  },
};

export function method<A, R>(name: string, argument: StructCodec<A>, result: StructCodec<R>): MethodInit {
  return {
    name,
    arity: 1,
    idempotency: "idempotent",
    args: {
      name: `${name}_args`,
      write(out, value) {
        out.begin();
        out.structField(1);
        argument.write(out, value as A);
        out.end();
      },
      read(inp) {
        let value: A | undefined;
        inp.begin();
        for (let key = inp.field(); key !== 0; key = inp.field()) {
          if (key === 0x010c) value = argument.read(inp);
          else inp.skip(key);
        }
        if (value === undefined) throw missingField(name, 1, "request");
        return value;
      },
    },
    result: {
      key: 0x000c,
      write(out, value) {
        out.structField(0);
        result.write(out, value as R);
      },
      read: result.read,
    },
    exceptions: [{ id: 1, codec: NoSuchProductCodec as StructCodec<unknown>, is: (error) => error instanceof NoSuchProduct }],
  };
}
