/** gRPC for clients. It is loaded when the first connection speaks it, and nowhere else: others never pay for it. */
import type { GrpcClientOptions } from "@kiteline/grpc";
import type { SessionOpener } from "@kiteline/net";
import type { ClientTransport } from "./transport.ts";
import type { ResolvedClientOptions } from "./client-options.ts";
import { thriftPayload } from "./thrift-payload.ts";

const load = (): Promise<typeof import("@kiteline/grpc")> => import("@kiteline/grpc");

export function grpcTransport(options: ResolvedClientOptions): ClientTransport {
  let sessions: SessionOpener | undefined;
  const { connections } = options;
  const pooled = connections.mode === "pooled";
  return {
    // By nature, unless one asks for less.
    connections: connections.mode === "adaptive" ? { ...connections, mode: "multiplexed" } : connections,
    canMultiplex: false,
    alpn: "h2",
    dial: (dialer) => async (address, loop) => {
      const { grpcSessions, protobufPayload, resolveHttp2Options } = await load();
      const settings: GrpcClientOptions = {
        payloads: [protobufPayload(), thriftPayload(options.maxMessageBytes)],
        http2: resolveHttp2Options({ ...options.http2, log: options.log }),
        secure: options.tls !== undefined,
        maxMessageBytes: options.maxMessageBytes,
        maxInFlight: pooled ? 1 : options.maxInFlight,
        multiplexed: !pooled,
        compression: options.compression,
      };
      sessions ??= grpcSessions(settings);
      return dialer(address, loop);
    },
    open: (connection, owner) => (sessions as SessionOpener)(connection, owner),
    streams: undefined,
  };
}
