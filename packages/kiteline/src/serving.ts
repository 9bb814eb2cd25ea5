/**
 * What a server is made of once somebody can connect: protocols, and what their connections ask. Loaded by then, so that
 * programs that only call never pay for it.
 */
import type { Counters } from "@kiteline/core";
import type { CallHost, Dialer, Loop, Protocol, ServerWire } from "@kiteline/net";
import { inProcessDialer, Listener, ServerSession } from "@kiteline/net/server";
import { DEFAULTS } from "./defaults.ts";
import { httpServerProtocols, type HttpParts } from "./http-protocols.ts";
import type { Registry } from "./registry.ts";
import { ServerHost } from "./server-host.ts";
import type { ResolvedServerOptions } from "./server-options.ts";
import { streamServerProtocol } from "./ttheader-streams.ts";
import { serverWires } from "./wires.ts";

export class Serving {
  readonly host: ServerHost;
  readonly listener: Listener;
  /** Connects clients of this process without a socket. */
  readonly dial: Dialer;

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
    const protocols = [
      ...httpServerProtocols(options, { host, ...http }),
      streamServerProtocol(options, host),
      ...serverWires(options).map((wire) => wireProtocol(wire, host, options)),
    ];
    const listener = new Listener({ loop, protocols, counters, log: options.log, options });
    this.host = host;
    this.listener = listener;
    this.dial = inProcessDialer(() => (open() ? listener : undefined));
  }
}

function wireProtocol(wire: ServerWire, host: CallHost, options: ResolvedServerOptions): Protocol {
  const { maxInFlight, maxReadAhead, maxMessageBytes } = options;
  const limits = { maxFrameBytes: maxMessageBytes + DEFAULTS.frameOverheadBytes, maxInFlight, maxReadAhead };
  return {
    name: wire.name,
    recognise: (bytes, start, end) => wire.recognise(bytes, start, end),
    open: (connection) => new ServerSession(connection, wire, host, limits),
  };
}
