/** Protobuf: codec, descriptors, JSON; Kitex's framing of it. */
export { decode, encode } from "./encode.ts";
export type { ProtobufLimits } from "./limits.ts";

// For authors of transports.
export { decodeFrom, encodeInto } from "./encode.ts";
export { resolveLimits, type ResolvedLimits } from "./limits.ts";
export { isProtobuf, type ProtobufMessages, type ProtobufService } from "./service.ts";

// For authors of codecs and tools.
export type { Extension, I64Form, MessageCodec, ProtoFile } from "./codec.ts";
export type { Unknowing, UnknownField, UnknownFields } from "./unknown-fields.ts";
export { ProtobufReader } from "./reader.ts";
export { ProtobufWriter } from "./writer.ts";

// For tools: descriptors, linked.
/** Schemas: descriptors linked to one another. */
export * as schema from "./schema/schema.ts";
export { fileDescriptorBytes } from "./schema/descriptor-bytes.ts";
