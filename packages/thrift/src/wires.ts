/** What carries calls, without what reads IDL: for those who import at every start and must do so quickly. All of it is in the index too. */
export { thriftBinary } from "./binary.ts";
export { bareThrift } from "./bare-format.ts";
export { thriftCompact } from "./compact.ts";
export { ThriftClientWire } from "./client-wire.ts";
export { ThriftServerWire } from "./server-wire.ts";
export { passThroughService } from "./generic/pass-through.ts";
