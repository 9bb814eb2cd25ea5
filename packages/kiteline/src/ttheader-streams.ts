/** TTHeader's streams for clients and servers: bare structs of Thrift, as in Kitex, and messages of Protobuf. */
import type { CallHost, SessionOpener } from "@kiteline/net";
import { bareProtobuf } from "@kiteline/protobuf/formats";
import { bareThrift, thriftBinary } from "@kiteline/thrift/wires";
import { streamingProtocol, streamSessions, type StreamingOptions } from "@kiteline/ttheader";
import type { ResolvedClientOptions } from "./client-options.ts";
import { DEFAULTS } from "./defaults.ts";
import type { SessionFor } from "./lazy-protocol.ts";
import { thriftLimits } from "./message-limits.ts";
import type { ResolvedServerOptions } from "./server-options.ts";

export function streamOpener(options: ResolvedClientOptions): SessionOpener {
  const { mode } = options.connections;
  return streamSessions({
    ...streamingOptions({ ...options, turnWork: DEFAULTS.turnWork }),
    multiplexed: mode !== "pooled" && mode !== "short",
  });
}

export function acceptStreams(options: ResolvedServerOptions, host: CallHost): SessionFor {
  const protocol = streamingProtocol(host, streamingOptions(options));
  return (connection) => protocol.open(connection);
}

type Streamed = "maxReceivedBytes" | "limits" | "maxUnreadBytes" | "maxBufferedBytes" | "maxInFlight" | "turnWork";

function streamingOptions(options: Pick<ResolvedServerOptions, Streamed>): StreamingOptions {
  const { maxUnreadBytes, maxBufferedBytes, maxInFlight, turnWork } = options;
  const limits = thriftLimits(options);
  return {
    formats: [bareThrift(limits), bareProtobuf(options.limits)],
    exceptions: thriftBinary(limits),
    maxFrameBytes: options.maxReceivedBytes + DEFAULTS.frameOverheadBytes,
    maxUnreadBytes,
    maxBufferedBytes,
    maxInFlight,
    turnWork,
  };
}
