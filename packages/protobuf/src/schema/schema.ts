/** Descriptors, linked: what generated code is made from, and what works without any. */
export * from "./model.ts";
export { linkDescriptors } from "./link-descriptors.ts";
export { SchemaError } from "./link.ts";
export type { FileDescriptorProtoInit } from "../gen/google/protobuf/descriptor.ts";
