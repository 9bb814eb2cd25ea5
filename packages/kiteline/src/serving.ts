/**
 * What a server is made of once somebody can connect: protocols, and what their connections ask. Loaded by then, so that
 * programs that only call never pay for it.
 */
import type { Counters } from "@kiteline/core";
import type { CallHost, Dialer, Loop, Protocol, ServerTls, ServerWire } from "@kiteline/net";
import { inProcessDialer, Listener, ServerSession } from "@kiteline/net/server";
import type { ServerCertificates } from "@kiteline/net/tls";
import { recogniseStreams } from "@kiteline/ttheader/server";
import { DEFAULTS } from "./defaults.ts";
import { httpServerProtocols, type HttpParts } from "./http-protocols.ts";
import type { Registry } from "./registry.ts";
import { lazyProtocol } from "./lazy-protocol.ts";
import { ServerHost } from "./server-host.ts";
import type { ResolvedServerOptions } from "./server-options.ts";
import { serverWires } from "./server-wires.ts";

export class Serving {
  readonly host: ServerHost;
  readonly listener: Listener;
  /** Connects clients of this process without a socket. */
  readonly dial: Dialer;
  /** Rejects with a `TypeError` or `RangeError` for options that only what is spoken over HTTP looks at. */
  readonly check: () => Promise<void>;
  #certificates: ServerCertificates | undefined;

  /** `open`: whether clients of this process may still connect. */
  constructor(
    options: ResolvedServerOptions,
    registry: Registry,
    counters: Counters,
    loop: Loop,
    http: Omit<HttpParts, "host">,
    open: () => boolean,
  ) {
    const host = new ServerHost(options, registry, counters, loop);
    const overHttp = httpServerProtocols(options, { host, ...http });
    const protocols = [
      ...overHttp.protocols,
      lazyProtocol("ttheader-streaming", recogniseStreams, async () =>
        (await import("./ttheader-streams.ts")).acceptStreams(options, host),
      ),
      ...serverWires(options).map((wire) => wireProtocol(wire, host, options)),
    ];
    const listener = new Listener({ loop, protocols, counters, log: options.log, options });
    this.host = host;
    this.listener = listener;
    this.check = overHttp.check;
    this.dial = inProcessDialer(() => (open() ? listener : undefined));
  }

  /** `undefined` until somebody listens with TLS. */
  get certificates(): ServerCertificates | undefined {
    return this.#certificates;
  }

  /** The certificates of all that listen, also of those who begin together. Rejects with a `TypeError` for those that are none. */
  async secure(tls: ServerTls): Promise<ServerCertificates> {
    const { ServerCertificates } = await import("@kiteline/net/tls");
    this.#certificates ??= new ServerCertificates(tls);
    return this.#certificates;
  }
}

function wireProtocol(wire: ServerWire, host: CallHost, options: ResolvedServerOptions): Protocol {
  const { maxInFlight, maxReadAhead, maxReceivedBytes, turnWork } = options;
  const limits = { maxFrameBytes: maxReceivedBytes + DEFAULTS.frameOverheadBytes, maxInFlight, maxReadAhead, turnWork };
  return {
    name: wire.name,
    recognise: (bytes, start, end) => wire.recognise(bytes, start, end),
    open: (connection) => new ServerSession(connection, wire, host, limits),
  };
}
