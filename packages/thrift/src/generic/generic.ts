/** Calls without generated code, both sides. What it takes is loaded when first asked for. */
import type { ServiceDescription } from "@kiteline/core";
import type { DocumentSet, Struct } from "../idl/model.ts";
import type { StructCodec } from "../protocol.ts";
import type { GenericClient, GenericHandler, GenericOptions, JsonOptions, MapOptions } from "./options.ts";

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
