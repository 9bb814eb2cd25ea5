/** What generated code imports; not for hands. */
export type { CallOptions, ServerCall } from "@kiteline/core";
export { noBytes } from "@kiteline/net";
export type { Extension, MessageCodec, ProtoFile } from "./codec.ts";
export type { UnknownFields } from "./unknown-fields.ts";
export { defineService, type MethodInit, type ProtobufService } from "./service.ts";
export { safeNumber, toBigInt } from "./i64.ts";
export { absent, unset } from "./unset.ts";
export { requireCase, requireMessage } from "./value-errors.ts";
