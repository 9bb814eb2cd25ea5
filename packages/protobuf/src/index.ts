/** Protobuf: codec, descriptors, JSON; Kitex's framing of it. */
export { decode, encode } from "./encode.ts";
export type { ProtobufLimits } from "./limits.ts";
export { anyIs, packAny, unpackAny, unpackAnyOf, type AnyMessage } from "./any.ts";
export { getExtension, hasExtension, setExtension } from "./extensions.ts";
export { fromJson, fromJsonText, toJson, toJsonText } from "./json/json.ts";
export type { JsonReadOptions, JsonValue, JsonWriteOptions } from "./json/options.ts";
export { createRegistry, Registry } from "./registry.ts";
export { fromText, type TextReadOptions } from "./text/text-reader.ts";
export { toText, type TextWriteOptions } from "./text/text-writer.ts";
export { dateFromTimestamp, durationFromMs, msFromDuration, timestampFromDate, type Time } from "./times.ts";

// Calls without generated code.
export { genericService, type GenericClient, type GenericHandler, type GenericOptions } from "./generic-service.ts";

// For authors of transports.
export { JsonTextCodec } from "./json-text-codec.ts";
export { bareProtobuf } from "./bare-format.ts";
export { decodeFrom, encodeInto } from "./encode.ts";
export { kitexProtobuf } from "./kitex-format.ts";
export { resolveLimits, type ResolvedLimits } from "./limits.ts";
export { isProtobuf, isProtobufService, type ProtobufMessages, type ProtobufService } from "./service.ts";

// For authors of codecs and tools.
export type { Extension, I64Form, MessageCodec, ProtoFile } from "./codec.ts";
export type { Unknowing, UnknownField, UnknownFields } from "./unknown-fields.ts";
export { DynamicCodec, type DynamicMessage } from "./dynamic/dynamic-codec.ts";
export { ProtobufReader } from "./reader.ts";
export { ProtobufWriter } from "./writer.ts";

// For tools: descriptors, linked.
/** Schemas: descriptors linked to one another. */
export * as schema from "./schema/schema.ts";
export { fileDescriptorBytes } from "./schema/descriptor-bytes.ts";
