/** Thrift: binary and compact, framed and buffered, IDL at run time, generic calls. */
export { thriftBinary, type ThriftBinaryOptions } from "./binary.ts";
export { thriftCompact } from "./compact.ts";
export { ThriftClientWire, type ThriftWireOptions } from "./client-wire.ts";
export { ThriftServerWire, type ThriftServerWireOptions } from "./server-wire.ts";
export type { ThriftLimits } from "./limits.ts";

// For tools and generic calls.
export { IdlError, type IdlProblem } from "./idl/idl-error.ts";
export { loadIdl, type LoadIdlOptions } from "./idl/load-idl.ts";
