/** Codecs of single structs by their IDL, for those who need no service: tools, gateways. */
import { parseJson } from "@kiteline/net/json-text";
import type { Struct } from "../idl/model.ts";
import type { StructCodec } from "../protocol.ts";
import { Compiler } from "./compile.ts";
import type { JsonOptions, MapOptions } from "./options.ts";
import type { StructObject } from "./structs.ts";
import type { Dialect } from "./value-codec.ts";

export function jsonDialect(options: JsonOptions): Dialect {
  const { base64 = true, i64 = "number", goTags = true, strictNames = false } = options;
  return {
    i64: i64 === "number" ? "exact" : "string",
    binary: base64 ? "base64" : "text",
    nonFiniteText: true,
    goTags,
    pairs: true,
    strictNames,
  };
}

export function mapDialect(options: MapOptions): Dialect {
  const { i64 = "bigint", goTags = false, strictNames = false } = options;
  return { i64, binary: "bytes", nonFiniteText: false, goTags, pairs: false, strictNames };
}

/** A struct as JSON text. */
export function makeJsonCodec(struct: Struct, options: JsonOptions): StructCodec<string> {
  const codec = new Compiler(jsonDialect(options)).struct(struct);
  return {
    name: struct.name,
    write: (out, text) => codec.write(out, parseJson(text)),
    read: (inp) => JSON.stringify(codec.read(inp)),
  };
}

/** A struct as a plain object. */
export function makeMapCodec(struct: Struct, options: MapOptions): StructCodec<StructObject> {
  const codec = new Compiler(mapDialect(options)).struct(struct);
  return { name: struct.name, write: (out, value) => codec.write(out, value), read: (inp) => codec.read(inp) };
}
