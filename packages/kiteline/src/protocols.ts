/** The protocols by their names, and what each carries. */

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
