/** What generated code imports; not for hands. */
export type { CallOptions, ServerCall, ServiceDescription } from "@kiteline/core";
export { emptyUnion, missingField } from "./struct-errors.ts";
export type { StructCodec, ThriftReader, ThriftWriter, UnknownField, UnknownFields } from "./protocol.ts";
export { defineService, type DeclaredException, type FieldCodec, type MethodInit, type ThriftMessages } from "./service.ts";
