/** Thrift: binary and compact, framed and buffered, IDL at run time, generic calls. */
export { thriftBinary, type ThriftBinaryOptions } from "./binary.ts";
export { bareThrift } from "./bare-format.ts";
export { thriftCompact } from "./compact.ts";
export { ThriftClientWire, type ThriftWireOptions } from "./client-wire.ts";
export { ThriftServerWire, type ThriftServerWireOptions } from "./server-wire.ts";
export type { ThriftLimits } from "./limits.ts";

// Calls without generated code.
export { genericService, jsonCodec, mapCodec } from "./generic/generic.ts";
export type {
  GenericBinaryOptions,
  GenericClient,
  GenericHandler,
  GenericJsonOptions,
  GenericMapOptions,
  GenericOptions,
  JsonOptions,
  MapOptions,
} from "./generic/options.ts";
export { passThroughService, type PassThroughClient, type PassThroughHandler } from "./generic/pass-through.ts";
export { GenericException } from "./generic/generic-exception.ts";
export { ValueError } from "./value-error.ts";

// For authors of codecs and tools.
export type { StructCodec, ThriftReader, ThriftWriter, UnknownField, UnknownFields } from "./protocol.ts";
export type { DeclaredException, FieldCodec, StreamedMessages, ThriftMessages } from "./service.ts";

// For tools and generic calls.
export { IdlError, Problems, type IdlProblem } from "./idl/idl-error.ts";
export { Source } from "./idl/source.ts";
/** The model that IDL becomes. */
export * as idl from "./idl/model.ts";
export { loadIdl, type LoadIdlOptions } from "./idl/load-idl.ts";
