/** What a server needs for calls, without what reads IDL: for those who listen quickly. All of it is in the index too. */
export { thriftBinary } from "./binary.ts";
export { thriftCompact } from "./compact.ts";
export { passThroughService } from "./generic/pass-through.ts";
export { ThriftServerWire } from "./server-wire.ts";
