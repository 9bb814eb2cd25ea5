/** gRPC for clients. */
import { grpcSessions, protobufPayload, resolveHttp2Options } from "@kiteline/grpc/client";
import type { ResolvedClientOptions } from "./client-options.ts";
import { multiplexedByNature, type Transport } from "./connector.ts";
export { resolved, Routing } from "./routing.ts";

/** Rejects with a `RangeError` for options of HTTP/2 that are out of bounds. */
export async function callTransport(options: ResolvedClientOptions): Promise<Transport> {
  const pooled = options.connections.mode === "pooled";
  const thrift = options.messagesFormat === "thrift" ? await import("./thrift-payload.ts") : undefined;
  const open = grpcSessions({
    payloads: [thrift?.thriftPayload(options) ?? protobufPayload(options.limits)],
    http2: resolveHttp2Options({ maxBufferedBytes: options.maxBufferedBytes, ...options.http2, log: options.log }),
    secure: options.tls !== undefined,
    maxMessageBytes: options.maxMessageBytes,
    maxReceivedBytes: options.maxReceivedBytes,
    maxInFlight: pooled ? 1 : options.maxInFlight,
    multiplexed: !pooled,
    compression: options.compression,
  });
  return { connections: multiplexedByNature(options.connections), canMultiplex: false, alpn: "h2", open };
}
