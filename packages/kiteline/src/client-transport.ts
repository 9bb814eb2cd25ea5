/** The transport of each protocol. */
import { wireSessions, type Loop } from "@kiteline/net";
import type { ResolvedClientOptions } from "./client-options.ts";
import { grpcTransport } from "./grpc.ts";
import type { ClientTransport } from "./transport.ts";
import { streamTransport } from "./ttheader-streams.ts";
import { carriesStreams, clientWire } from "./wires.ts";

export function clientTransport(options: ResolvedClientOptions, loop: Loop): ClientTransport {
  const { protocol, connections } = options;
  if (protocol === "grpc") return grpcTransport(options);
  const wire = clientWire(options, () => loop.now());
  return {
    connections,
    canMultiplex: wire.canMultiplex,
    alpn: undefined,
    dial: (dialer) => dialer,
    open: wireSessions(wire, connections),
    streams: carriesStreams(protocol) ? streamTransport(options) : undefined,
  };
}
