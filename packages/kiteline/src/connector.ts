/** How a client comes by connections. */
import type { Counters } from "@kiteline/core";
import {
  parseAddress,
  socketDialer,
  type ClientTls,
  type ConnectionSetContext,
  type ConnectionSetOptions,
  type Loop,
  type SessionOpener,
} from "@kiteline/net";
import { parseTarget } from "@kiteline/policy";
import type { ResolvedClientOptions } from "./client-options.ts";
import { EndpointConnections, type ConnectionContexts } from "./endpoint-connections.ts";
import { carriesStreams } from "./protocols.ts";

/** How a client talks to endpoints. */
export interface Transport {
  readonly connections: ConnectionSetOptions;
  /** Whether a connection that begins with one call at a time may turn multiplexed. */
  readonly canMultiplex: boolean;
  /** What to agree on with servers over TLS (ALPN). */
  readonly alpn: string | undefined;
  /** Begins to speak on a connection. */
  readonly open: SessionOpener;
}

export class Connector {
  readonly #contexts: ConnectionContexts;

  /** `callee` is the target as servers are told it. */
  constructor(options: ResolvedClientOptions, callee: string, loop: Loop, counters: Counters, calls: Transport) {
    const { target, random, connectTimeoutMs } = options;
    const tls = tlsTo(callee, options.tls);
    const local = typeof target === "object" && "inProcess" in target ? target.inProcess : undefined;
    const contextOf = ({ connections, canMultiplex, alpn, open }: Transport): ConnectionSetContext => {
      const dial = local ?? socketDialer({ connectTimeoutMs, tls, alpn });
      return { loop, dial, open, canMultiplex, counters, options: connections, random };
    };
    this.#contexts = { calls: contextOf(calls), streams: streamContext(options, contextOf) };
  }

  /** The connections to an endpoint; none is opened yet. */
  connectionsTo(address: string, onDial: ConnectionSetContext["onDial"]): EndpointConnections {
    return new EndpointConnections(parseAddress(address), this.#contexts, onDial);
  }
}

/** Where methods that stream do not share connections with the others. Loaded by the first dial for one of them. */
function streamContext(
  options: ResolvedClientOptions,
  contextOf: (transport: Transport) => ConnectionSetContext,
): ConnectionSetContext | undefined {
  const { protocol, connections } = options;
  if (protocol === "grpc" || !carriesStreams(protocol)) return undefined;
  let opener: SessionOpener | undefined;
  const context = contextOf({
    connections: multiplexedByNature(connections),
    canMultiplex: false,
    alpn: undefined,
    open: (connection, owner) => (opener as SessionOpener)(connection, owner),
  });
  let loading: Promise<SessionOpener> | undefined;
  const load = async (): Promise<SessionOpener> => (await import("./ttheader-streams.ts")).streamOpener(options);
  return {
    ...context,
    dial: async (address, loop) => {
      opener = await (loading ??= load());
      return context.dial(address, loop);
    },
  };
}

/** Unless one asks for less. */
export function multiplexedByNature(connections: ConnectionSetOptions): ConnectionSetOptions {
  return connections.mode === "adaptive" ? { ...connections, mode: "multiplexed" } : connections;
}

/** Servers prove the name that the target says, whatever address it resolves to. */
function tlsTo(target: string, tls: ClientTls | undefined): ClientTls | undefined {
  if (tls === undefined || tls.serverName !== undefined) return tls;
  const { host } = parseTarget(target);
  return host.startsWith("unix:") ? tls : { ...tls, serverName: host };
}
