/** The wires that a server understands, in the order in which they are tried, and the one that a client speaks. */
import type { ClientWire, ServerWire } from "@kiteline/net";
import { thriftBinary } from "@kiteline/thrift";
import { TTHeaderClientWire, TTHeaderServerWire } from "@kiteline/ttheader";

/**
 * `ttheader`: metadata, deadlines, multiplexing (the default). `ttheader-framed`: the same with a length before the
 * payload. `framed` and `buffered`: bare Thrift, for servers that know nothing else.
 */
export type ProtocolName = "ttheader" | "ttheader-framed" | "framed" | "buffered";

export function clientWire(protocol: ProtocolName, _payload: "binary" | "compact", now: () => number): ClientWire {
  const format = thriftBinary();
  return new TTHeaderClientWire({ format, framed: protocol === "ttheader-framed", now });
}

export function serverWires(options: { readonly maxMessageBytes: number; readonly multiplexed: boolean }): ServerWire[] {
  const formats = [thriftBinary()];
  return [new TTHeaderServerWire({ formats, multiplexed: options.multiplexed })];
}
