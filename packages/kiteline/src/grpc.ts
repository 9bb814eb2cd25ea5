/** gRPC for clients. Loaded by the first dial of a client that speaks it. */
import { grpcSessions, protobufPayload, resolveHttp2Options } from "@kiteline/grpc/client";
import type { SessionOpener } from "@kiteline/net";
import type { ResolvedClientOptions } from "./client-options.ts";

/** Rejects with a `RangeError` for options of HTTP/2 that are out of bounds. */
export async function grpcOpener(options: ResolvedClientOptions): Promise<SessionOpener> {
  const pooled = options.connections.mode === "pooled";
  const thrift = options.messagesFormat === "thrift" ? await import("./thrift-payload.ts") : undefined;
  return grpcSessions({
    payloads: [thrift?.thriftPayload(options.maxMessageBytes) ?? protobufPayload()],
    http2: resolveHttp2Options({ ...options.http2, log: options.log }),
    secure: options.tls !== undefined,
    maxMessageBytes: options.maxMessageBytes,
    maxInFlight: pooled ? 1 : options.maxInFlight,
    multiplexed: !pooled,
    compression: options.compression,
  });
}
