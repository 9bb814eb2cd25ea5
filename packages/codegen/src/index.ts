/** IDL files to a model to TypeScript text, scaffolds, plugins. Build time only; parses Thrift and Protobuf itself. */
export { generate } from "./generate.ts";
export type { GeneratedFile, GenerateOptions, I64Form, Plugin } from "./thrift/options.ts";
export { scaffold, type ScaffoldFile, type ScaffoldOptions } from "./scaffold/scaffold.ts";
