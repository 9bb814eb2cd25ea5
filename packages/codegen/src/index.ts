/** IDL files to a model to TypeScript text, scaffolds, plugins. Build time only; parses Thrift and Protobuf itself. */
export {};
