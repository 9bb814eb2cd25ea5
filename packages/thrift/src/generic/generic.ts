/** Calls without generated code, both sides. What it takes is loaded when first asked for. */
import type { CallOptions, ServiceDescription } from "@kiteline/core";
import type { DocumentSet, Struct } from "../idl/model.ts";
import type { StructCodec } from "../protocol.ts";
import type { JsonOptions, MapOptions } from "./codecs.ts";

export type { JsonOptions, MapOptions };

/**
 * How requests and replies look.
 *
 * `json`: text. A request is the JSON of the one argument; with none or several, an object of them by name.
 * `map`: JavaScript values: structs are plain objects by field name, a union has its one member, lists and sets are
 * arrays, maps are objects without a prototype (a `Map` where keys are structs, containers or binary).
 * `binary`: bytes in the binary protocol, whichever is spoken: the struct of arguments, the value of the result.
 */
export type GenericOptions = GenericJsonOptions | GenericMapOptions | GenericBinaryOptions;

export interface GenericJsonOptions extends JsonOptions {
  readonly mode: "json";
  /** Whether a request is an object of the arguments by name also where there is one. Defaults to false. */
  readonly byName?: boolean | undefined;
}

export interface GenericMapOptions extends MapOptions {
  readonly mode: "map";
}

export interface GenericBinaryOptions {
  readonly mode: "binary";
}

/** Stubs by method name, its first letter in lower case. The last parameter is the call's options. */
export type GenericClient = Readonly<Record<string, (...args: (CallOptions | unknown)[]) => Promise<unknown>>>;
/** What implements them, by the same names. */
export type GenericHandler = Readonly<Record<string, (...args: never[]) => unknown>>;

/**
 * Describes a service by its IDL, for `createClient` and `createServer`. Declared exceptions are `GenericException`s.
 * Rejects with a `TypeError` when there is no such service.
 */
export async function genericService(
  documents: DocumentSet,
  service: string,
  options: GenericOptions,
): Promise<ServiceDescription<GenericClient, GenericHandler>> {
  const { describe } = await import("./service.ts");
  return describe(documents, service, options);
}

/** The codec of a struct as JSON text. */
export async function jsonCodec(struct: Struct, options: JsonOptions = {}): Promise<StructCodec<string>> {
  const { makeJsonCodec } = await import("./codecs.ts");
  return makeJsonCodec(struct, options);
}

/** The codec of a struct as a plain object. */
export async function mapCodec(struct: Struct, options: MapOptions = {}): Promise<StructCodec<Record<string, unknown>>> {
  const { makeMapCodec } = await import("./codecs.ts");
  return makeMapCodec(struct, options);
}
