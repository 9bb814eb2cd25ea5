/** What generated code imports; not for hands. */
export type { CallOptions, ServerCall, ServiceDescription } from "@kiteline/core";
export { noBytes } from "@kiteline/net";
export { emptyBytes, emptyMap, emptySet } from "./empty.ts";
export { frozen } from "./frozen.ts";
export { emptyUnion, missingField, requireSome, requireStruct, wrongCase } from "./struct-errors.ts";
export type { StructCodec, ThriftReader, ThriftWriter, UnknownField, UnknownFields } from "./protocol.ts";
export {
  defineService,
  extendService,
  noArguments,
  type DeclaredException,
  type FieldCodec,
  type MethodInit,
  type ThriftMessages,
} from "./service.ts";
export { BOOL, BYTE, DOUBLE, I16, I32, I64, LIST, MAP, SET, STRING, STRUCT, UUID } from "./wire-types.ts";
