/** gRPC for clients. Loaded by the first dial of a client that speaks it. */
import { grpcSessions, protobufPayload, resolveHttp2Options } from "@kiteline/grpc";
import type { SessionOpener } from "@kiteline/net";
import type { ResolvedClientOptions } from "./client-options.ts";
import { thriftPayload } from "./thrift-payload.ts";

/** Throws a `RangeError` for options of HTTP/2 that are out of bounds. */
export function grpcOpener(options: ResolvedClientOptions): SessionOpener {
  const pooled = options.connections.mode === "pooled";
  return grpcSessions({
    payloads: [protobufPayload(), thriftPayload(options.maxMessageBytes)],
    http2: resolveHttp2Options({ ...options.http2, log: options.log }),
    secure: options.tls !== undefined,
    maxMessageBytes: options.maxMessageBytes,
    maxInFlight: pooled ? 1 : options.maxInFlight,
    multiplexed: !pooled,
    compression: options.compression,
  });
}
