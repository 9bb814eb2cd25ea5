/** Codecs of single structs by their IDL, for those who need no service: tools, gateways. */
import type { Struct } from "../idl/model.ts";
import type { StructCodec } from "../protocol.ts";
import { Compiler } from "./compile.ts";
import { parseJson } from "./json-text.ts";
import type { StructObject } from "./structs.ts";
import type { Dialect } from "./value-codec.ts";

export interface JsonOptions {
  /** Whether binary is base64; else it is text, which fails for bytes that are not UTF-8. Defaults to true. */
  readonly base64?: boolean | undefined;
  /** 64-bit integers as JSON numbers, all digits kept, or as strings, for readers that round. Both are accepted. Defaults to `number`. */
  readonly i64?: "number" | "string" | undefined;
  /** Whether fields are called what the `json` tag in their annotation `go.tag` says (as in Kitex). Defaults to true. */
  readonly goTags?: boolean | undefined;
  /** Whether names that a struct does not have are errors; else they are not looked at (as in Kitex). Defaults to false. */
  readonly strictNames?: boolean | undefined;
}

export interface MapOptions {
  /** What 64-bit integers are read as; all forms are accepted. `number` refuses those that are not safe. Defaults to `bigint`. */
  readonly i64?: "bigint" | "number" | "string" | undefined;
  /** As for JSON, but defaults to false. */
  readonly goTags?: boolean | undefined;
  /** As for JSON. */
  readonly strictNames?: boolean | undefined;
}

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
