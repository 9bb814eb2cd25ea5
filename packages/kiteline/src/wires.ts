/** The wires that a server understands, in the order in which they are tried, and the one that a client speaks. */
import type { ClientWire, ServerWire } from "@kiteline/net";
import { ThriftClientWire, ThriftServerWire, thriftBinary, thriftCompact } from "@kiteline/thrift";
import { MeshHeaderServerWire, TTHeaderClientWire, TTHeaderServerWire } from "@kiteline/ttheader";

/**
 * `ttheader`: metadata, deadlines, multiplexing (the default). `ttheader-framed`: the same with a length before the
 * payload. `framed` and `buffered`: bare Thrift, for servers that know nothing else.
 */
export type ProtocolName = "ttheader" | "ttheader-framed" | "framed" | "buffered";

/** Whether callees learn more than the method and its arguments: metadata, and with it the lane. */
export function carriesMetadata(protocol: ProtocolName): boolean {
  return protocol !== "framed" && protocol !== "buffered";
}

/** Whether methods that stream can be called over it. */
export function carriesStreams(_protocol: ProtocolName): boolean {
  return false;
}

export function clientWire(protocol: ProtocolName, payload: "binary" | "compact", maxMessageBytes: number, now: () => number): ClientWire {
  const make = payload === "compact" ? thriftCompact : thriftBinary;
  const format = make({ maxStringBytes: maxMessageBytes });
  if (protocol === "framed" || protocol === "buffered") return new ThriftClientWire({ format, framed: protocol === "framed" });
  return new TTHeaderClientWire({ format, framed: protocol === "ttheader-framed", now });
}

export interface ServerWireOptions {
  readonly maxMessageBytes: number;
  readonly multiplexed: boolean;
  /** Also take Thrift messages of the old form, without a version. */
  readonly oldThrift: boolean;
}

export function serverWires({ maxMessageBytes, multiplexed, oldThrift }: ServerWireOptions): ServerWire[] {
  const limits = { maxStringBytes: maxMessageBytes };
  const formats = [thriftBinary({ ...limits, strict: !oldThrift }), thriftCompact(limits)];
  const bare = { formats, strict: !oldThrift };
  return [
    new TTHeaderServerWire({ formats, multiplexed }), // known by its magic alone, so it is asked first
    new MeshHeaderServerWire({ formats }),
    new ThriftServerWire({ ...bare, framed: true }),
    new ThriftServerWire({ ...bare, framed: false }), // last: bytes of the old form are hard to tell from a length
  ];
}
