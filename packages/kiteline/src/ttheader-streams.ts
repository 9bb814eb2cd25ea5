/** TTHeader's streams for clients and servers: bare structs of Thrift, as in Kitex, and messages of Protobuf. */
import type { CallHost, Protocol } from "@kiteline/net";
import { bareProtobuf } from "@kiteline/protobuf/formats";
import { bareThrift, thriftBinary } from "@kiteline/thrift/wires";
import { streamingProtocol, streamSessions, type StreamingOptions } from "@kiteline/ttheader";
import type { ResolvedClientOptions } from "./client-options.ts";
import { DEFAULTS } from "./defaults.ts";
import type { ResolvedServerOptions } from "./server-options.ts";
import type { ClientTransport } from "./transport.ts";

export function streamTransport(options: ResolvedClientOptions): ClientTransport {
  const { connections } = options;
  const pooled = connections.mode === "pooled" || connections.mode === "short";
  return {
    // By nature, unless one asks for less.
    connections: connections.mode === "adaptive" ? { ...connections, mode: "multiplexed" } : connections,
    canMultiplex: false,
    alpn: undefined,
    dial: (dialer) => dialer,
    open: streamSessions({ ...streamingOptions(options), multiplexed: !pooled }),
    streams: undefined,
  };
}

export function streamServerProtocol(options: ResolvedServerOptions, host: CallHost): Protocol {
  return streamingProtocol(host, streamingOptions(options));
}

function streamingOptions({
  maxMessageBytes,
  maxUnreadBytes,
  maxInFlight,
}: Pick<ResolvedServerOptions, "maxMessageBytes" | "maxUnreadBytes" | "maxInFlight">): StreamingOptions {
  const limits = { maxStringBytes: maxMessageBytes };
  return {
    formats: [bareThrift(limits), bareProtobuf()],
    exceptions: thriftBinary(limits),
    maxFrameBytes: maxMessageBytes + DEFAULTS.frameOverheadBytes,
    maxUnreadBytes,
    maxInFlight,
  };
}
