/** IDL files to a model to TypeScript text, scaffolds, plugins. Build time only; parses Thrift and Protobuf itself. */
export { generate } from "./generate.ts";
export { generateProto } from "./generate-proto.ts";
export { distinct, type GeneratedFile } from "./generated-file.ts";
export type { ProtoGenerateOptions, ProtoPlugin } from "./protobuf/options.ts";
export type { GenerateOptions, I64Form, Plugin } from "./thrift/options.ts";
export { scaffold, type ScaffoldFile, type ScaffoldModel, type ScaffoldOptions } from "./scaffold/scaffold.ts";

// Protobuf.
export { loadProto, type LoadProtoOptions } from "./proto/load-proto.ts";
export type { LoadedProto, ReadFile } from "./proto/load.ts";
export { resolvedFeatures, type ResolvedFeatures } from "./proto/features.ts";
export type { FileDescriptorProto } from "./proto/descriptor.ts";
