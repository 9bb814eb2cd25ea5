/** Descriptors, linked: what generated code is made from, and what works without any. */
export * from "./model.ts";
export { i64Form, isPackable, tagOf, wireType } from "./wire.ts";
export { LEN } from "../wire-types.ts";
export { stubNames } from "./names.ts";
export { codecOf, linkDescriptors, schemaOf, typeOf } from "./schema-of.ts";
export { SchemaError } from "./link.ts";
export type { FileDescriptorProtoInit } from "../gen/google/protobuf/descriptor.ts";
