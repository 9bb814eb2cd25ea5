/** gRPC for clients and servers. It is loaded when the first connection speaks it, and nowhere else: others never pay for it. */
import type { GrpcClientOptions, GrpcPayload } from "@kiteline/grpc";
import type { CallHost, Protocol, SessionOpener } from "@kiteline/net";
import { bareThrift } from "@kiteline/thrift/wires";
import type { ClientTransport } from "./transport.ts";
import type { ResolvedClientOptions } from "./client-options.ts";
import type { ResolvedServerOptions } from "./server-options.ts";

/** The first bytes of HTTP/2 (RFC 9113, section 3.4): enough to tell it from everything else. */
const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n", "latin1");

const load = (): Promise<typeof import("@kiteline/grpc")> => import("@kiteline/grpc");

/** Thrift's structs, as Kitex carries them over gRPC. */
function thriftPayload(maxMessageBytes: number): GrpcPayload {
  return { name: "thrift", contentType: "application/grpc+thrift", format: bareThrift({ maxStringBytes: maxMessageBytes }) };
}

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

export function grpcServerProtocol(options: ResolvedServerOptions, host: CallHost): Protocol {
  let protocol: Protocol | undefined;
  return {
    name: "grpc",
    recognise(bytes, start, end) {
      const length = Math.min(end - start, PREFACE.length);
      for (let at = 0; at < length; at++) if (bytes[start + at] !== PREFACE[at]) return false;
      return length === PREFACE.length ? true : undefined;
    },
    async load() {
      const { grpcProtocol, protobufPayload, resolveHttp2Options } = await load();
      const { http2, log, maxInFlight, maxMessageBytes } = options;
      protocol ??= grpcProtocol({
        host,
        payloads: [protobufPayload(), thriftPayload(maxMessageBytes)],
        http2: resolveHttp2Options({ maxConcurrentStreams: maxInFlight, ...http2, log }),
        maxMessageBytes,
      });
    },
    get loaded() {
      return protocol !== undefined;
    },
    open: (connection) => (protocol as Protocol).open(connection),
  };
}
