/** Services described by their schema at run time, whose messages are JSON text: calls without generated code, both sides. */
import { JsonTextCodec } from "./json-text-codec.ts";
import type { JsonReadOptions, JsonWriteOptions } from "./json/options.ts";
import type { ServiceType } from "./schema/model.ts";
import { stubNames } from "./schema/names.ts";
import { defineService, type MethodInit, type ProtobufService } from "./service.ts";

/** How messages are read from JSON and written as JSON. */
export type GenericOptions = JsonReadOptions & JsonWriteOptions;

/** Stubs by method name, its first letter in lower case. What streams is an iterable of texts. The last parameter is the call's options. */
export type GenericClient = Readonly<Record<string, (...args: unknown[]) => unknown>>;
/** What implements them, by the same names. */
export type GenericHandler = Readonly<Record<string, (...args: never[]) => unknown>>;

/** Describes a service for `createClient` and `createServer`. Requests and replies are JSON text. */
export function genericService(service: ServiceType, options: GenericOptions = {}): ProtobufService<GenericClient, GenericHandler> {
  const methods: Record<string, MethodInit> = {};
  for (const [{ name, kind, idempotency, input, output }, stub] of stubNames(service)) {
    methods[stub] = { name, kind, idempotency, request: new JsonTextCodec(input, options), response: new JsonTextCodec(output, options) };
  }
  return defineService(service.name, service.file.source, methods);
}
