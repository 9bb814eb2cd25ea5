/** How a client talks to endpoints: what it speaks on a connection, and what a connection must be for that. */
import type { ConnectionSetOptions, Dialer, SessionOpener } from "@kiteline/net";

export interface ClientTransport {
  readonly connections: ConnectionSetOptions;
  /** Whether a connection that begins with one call at a time may turn multiplexed. */
  readonly canMultiplex: boolean;
  /** What to agree on with servers over TLS (ALPN). */
  readonly alpn: string | undefined;
  /** Wraps what connects, for what must be there by then. */
  readonly dial: (dialer: Dialer) => Dialer;
  /** Begins to speak on a connection. */
  readonly open: SessionOpener;
  /** For methods that stream, where these do not share connections with the others. */
  readonly streams: ClientTransport | undefined;
}
