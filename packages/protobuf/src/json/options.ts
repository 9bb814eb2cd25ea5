/** What the JSON mapping can be told (protobuf.dev, "ProtoJSON Format"). */
import type { Registry } from "../registry.ts";

export interface JsonWriteOptions {
  /** Write fields of implicit presence, lists and maps also where they are at their default. Defaults to false. */
  readonly emitDefaults?: boolean | undefined;
  /** Write enums as numbers. Defaults to false: by name where the number has one. */
  readonly enumsAsNumbers?: boolean | undefined;
  /** Write fields under the names of the .proto file. Defaults to false: under their JSON names. */
  readonly protoNames?: boolean | undefined;
  /** Where `Any` and extensions find their types. Without it an `Any` that is not empty is an error, and extensions are left out. */
  readonly registry?: Registry | undefined;
  /** Write an `Any` whose type nobody knows as its bytes, in base64 under `value`: to be looked at, not read again. Defaults to false: it is an error. */
  readonly rawAny?: boolean | undefined;
}

export interface JsonReadOptions {
  /** Pass over fields and names of enum values that the schema does not know. Defaults to false: they are an error. */
  readonly ignoreUnknown?: boolean | undefined;
  /** Where `Any` and extensions find their types. */
  readonly registry?: Registry | undefined;
  /** Messages inside one another. Defaults to 100. */
  readonly maxDepth?: number | undefined;
}

/** What JSON has. In texts a 64-bit integer keeps its digits; as a bigint it may be given as well. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue };
