/**
 * How a client comes by connections, and what is spoken on them. Loaded by its first call, and each protocol by the first
 * dial that wants it: programs wait for no more than what they use, and not before they use it.
 */
import { RpcError, type Counters } from "@kiteline/core";
import {
  parseAddress,
  socketDialer,
  wireSessions,
  type ClientTls,
  type ConnectionSetContext,
  type ConnectionSetOptions,
  type Loop,
  type SessionOpener,
} from "@kiteline/net";
import { parseTarget } from "@kiteline/policy";
import type { ResolvedClientOptions } from "./client-options.ts";
import { EndpointConnections, type ConnectionContexts } from "./endpoint-connections.ts";
import { carriesMetadata, carriesStreams } from "./protocols.ts";

/** How a client talks to endpoints. */
interface Transport {
  readonly connections: ConnectionSetOptions;
  /** Whether a connection that begins with one call at a time may turn multiplexed. */
  readonly canMultiplex: boolean;
  /** What to agree on with servers over TLS (ALPN). */
  readonly alpn: string | undefined;
  /** Loads what speaks on connections. */
  readonly load: () => Promise<SessionOpener>;
}

export class Connector {
  readonly #contexts: ConnectionContexts;

  /** `callee` is the target as servers are told it. */
  constructor(options: ResolvedClientOptions, callee: string, loop: Loop, counters: Counters) {
    const { target, random, connectTimeoutMs } = options;
    const tls = tlsTo(callee, options.tls);
    const contextOf = ({ connections, canMultiplex, alpn, load }: Transport): ConnectionSetContext => {
      const local = typeof target === "object" && "inProcess" in target ? target.inProcess : undefined;
      const dial = local ?? socketDialer({ connectTimeoutMs, tls, alpn });
      let loading: Promise<SessionOpener> | undefined;
      let opener: SessionOpener | undefined;
      return {
        loop,
        dial: async (address, of) => {
          opener = await (loading ??= load().catch(refuse));
          return dial(address, of);
        },
        open: (connection, owner) => (opener as SessionOpener)(connection, owner),
        canMultiplex,
        counters,
        options: connections,
        random,
      };
    };
    const streams = streamTransport(options);
    this.#contexts = { calls: contextOf(callTransport(options, loop)), streams: streams === undefined ? undefined : contextOf(streams) };
  }

  /** The connections to an endpoint; none is opened yet. */
  connectionsTo(address: string, onDial: ConnectionSetContext["onDial"]): EndpointConnections {
    return new EndpointConnections(parseAddress(address), this.#contexts, onDial);
  }
}

/** Options that are wrong: no other try will find them right. */
function refuse(error: unknown): never {
  throw RpcError.from(error, "invalid_argument", { executed: "no", retriable: false });
}

function callTransport(options: ResolvedClientOptions, loop: Loop): Transport {
  const { protocol, connections } = options;
  if (protocol === "grpc") {
    const load = async (): Promise<SessionOpener> => (await import("./grpc.ts")).grpcOpener(options);
    return { connections: multiplexedByNature(connections), canMultiplex: false, alpn: "h2", load };
  }
  return { connections, canMultiplex: true, alpn: undefined, load: () => wireOpener(options, () => loop.now()) };
}

/** Where methods that stream do not share connections with the others. */
function streamTransport(options: ResolvedClientOptions): Transport | undefined {
  const { protocol, connections } = options;
  if (protocol === "grpc" || !carriesStreams(protocol)) return undefined;
  const load = async (): Promise<SessionOpener> => (await import("./ttheader-streams.ts")).streamOpener(options);
  return { connections: multiplexedByNature(connections), canMultiplex: false, alpn: undefined, load };
}

async function wireOpener(options: ResolvedClientOptions, now: () => number): Promise<SessionOpener> {
  const { protocol, payload, messagesFormat, maxMessageBytes, connections } = options;
  // What is spoken by default comes without the rest.
  if (carriesMetadata(protocol) && payload === "binary" && messagesFormat === "thrift") {
    const [{ thriftBinary }, { TTHeaderClientWire }] = await Promise.all([
      import("@kiteline/thrift/binary"),
      import("@kiteline/ttheader/client-wire"),
    ]);
    const format = thriftBinary({ maxStringBytes: maxMessageBytes });
    return wireSessions(new TTHeaderClientWire({ format, framed: protocol === "ttheader-framed", now }), connections);
  }
  return wireSessions((await import("./client-wire.ts")).clientWire(options, now), connections);
}

/** Unless one asks for less. */
function multiplexedByNature(connections: ConnectionSetOptions): ConnectionSetOptions {
  return connections.mode === "adaptive" ? { ...connections, mode: "multiplexed" } : connections;
}

/** Servers prove the name that the target says, whatever address it resolves to. */
function tlsTo(target: string, tls: ClientTls | undefined): ClientTls | undefined {
  if (tls === undefined || tls.serverName !== undefined) return tls;
  const { host } = parseTarget(target);
  return host.startsWith("unix:") ? tls : { ...tls, serverName: host };
}
