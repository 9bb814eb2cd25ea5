/** The wires that a server understands, in the order in which they are tried, and the one that a client speaks. */
import type { ClientWire, ServerWire } from "@kiteline/net";
import { ThriftClientWire, ThriftServerWire, thriftBinary, thriftCompact } from "@kiteline/thrift";
import { MeshHeaderServerWire, TTHeaderClientWire, TTHeaderServerWire } from "@kiteline/ttheader";

/**
 * `ttheader`: metadata, deadlines, multiplexing (the default), and streams on connections of their own. `ttheader-framed`:
 * the same with a length before the payload, which Protobuf has always. `framed`: bare messages of either format, and
 * `buffered`: bare Thrift, for servers that know nothing else. `grpc`: both over HTTP/2, with streams.
 */
export type ProtocolName = "ttheader" | "ttheader-framed" | "framed" | "buffered" | "grpc";

/** Whether callees learn more than the method and its arguments: metadata, and with it the lane. */
export function carriesMetadata(protocol: ProtocolName): boolean {
  return protocol !== "framed" && protocol !== "buffered";
}

/** Whether methods that stream can be called over it. */
export function carriesStreams(protocol: ProtocolName): boolean {
  return carriesMetadata(protocol);
}

/** Whether it carries messages of the format. */
export function carriesFormat(protocol: ProtocolName, format: string): boolean {
  return format === "thrift" || (format === "protobuf" && protocol !== "buffered");
}

export function clientWire(
  protocol: Exclude<ProtocolName, "grpc">,
  payload: "binary" | "compact",
  maxMessageBytes: number,
  now: () => number,
): ClientWire {
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
