/**
 * The transport of each protocol. What is spoken by default is there from the start; all else is loaded by the first dial,
 * so that others never pay for it.
 */
import { wireSessions, type ConnectionSetOptions, type Loop, type SessionOpener } from "@kiteline/net";
import { thriftBinary } from "@kiteline/thrift/binary";
import { TTHeaderClientWire } from "@kiteline/ttheader/client-wire";
import type { ResolvedClientOptions } from "./client-options.ts";
import { carriesMetadata, carriesStreams } from "./protocols.ts";
import type { ClientTransport } from "./transport.ts";

type Speaking = Pick<ClientTransport, "dial" | "open">;

export function clientTransport(options: ResolvedClientOptions, loop: Loop): ClientTransport {
  const { protocol, connections } = options;
  if (protocol === "grpc") {
    return {
      connections: multiplexedByNature(connections),
      canMultiplex: false,
      alpn: "h2",
      ...loadedByDial(async () => (await import("./grpc.ts")).grpcOpener(options)),
      streams: undefined,
    };
  }
  return {
    connections,
    canMultiplex: true,
    alpn: undefined,
    ...wire(options, () => loop.now()),
    streams: carriesStreams(protocol) ? streamTransport(options) : undefined,
  };
}

function wire(options: ResolvedClientOptions, now: () => number): Speaking {
  const { protocol, payload, messagesFormat, connections, maxMessageBytes } = options;
  if (!carriesMetadata(protocol) || payload !== "binary" || messagesFormat !== "thrift") {
    return loadedByDial(async () => wireSessions((await import("./wires.ts")).clientWire(options, now), connections));
  }
  const format = thriftBinary({ maxStringBytes: maxMessageBytes });
  const spoken = new TTHeaderClientWire({ format, framed: protocol === "ttheader-framed", now });
  return { dial: (dialer) => dialer, open: wireSessions(spoken, connections) };
}

function streamTransport(options: ResolvedClientOptions): ClientTransport {
  return {
    connections: multiplexedByNature(options.connections),
    canMultiplex: false,
    alpn: undefined,
    ...loadedByDial(async () => (await import("./ttheader-streams.ts")).streamOpener(options)),
    streams: undefined,
  };
}

/** Unless one asks for less. */
function multiplexedByNature(connections: ConnectionSetOptions): ConnectionSetOptions {
  return connections.mode === "adaptive" ? { ...connections, mode: "multiplexed" } : connections;
}

/** Speaks what the first dial loads. */
function loadedByDial(load: () => Promise<SessionOpener>): Speaking {
  let loading: Promise<SessionOpener> | undefined;
  let opener: SessionOpener | undefined;
  return {
    dial: (dialer) => async (address, loop) => {
      opener = await (loading ??= load());
      return dialer(address, loop);
    },
    open: (connection, owner) => (opener as SessionOpener)(connection, owner),
  };
}
