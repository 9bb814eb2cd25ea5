/** TLS for both ends. Not in the index: it is loaded when it is first needed, and plaintext programs never pay for it. */
import { isIP, type Socket } from "node:net";
import {
  connect,
  createServer,
  type ConnectionOptions as NodeTlsOptions,
  type Server as TlsServer,
  type TlsOptions as NodeTlsServerOptions,
  type TLSSocket,
} from "node:tls";

/** PEM texts or their bytes. */
export type Pem = string | Buffer;

export interface ClientTls {
  /** The authorities to trust. Defaults to the system's. */
  readonly ca?: Pem | readonly Pem[] | undefined;
  /** Our certificate chain and key, where servers ask for one (mTLS). */
  readonly cert?: Pem | undefined;
  readonly key?: Pem | undefined;
  /** The name the server must prove, and the one asked for (SNI). Defaults to the target's host. */
  readonly serverName?: string | undefined;
  /** Accept any certificate. For tests only. */
  readonly insecureSkipVerify?: boolean | undefined;
}

export interface ServerTls {
  readonly cert: Pem;
  readonly key: Pem;
  /** The authorities whose certificates callers must show; without it callers need none. */
  readonly clientCa?: Pem | readonly Pem[] | undefined;
  /** Also accept plaintext on the same port. Defaults to false. */
  readonly permissive?: boolean | undefined;
}

/** The oldest version spoken: TLS 1.2. */
const MIN_VERSION = "TLSv1.2";

/** Encrypts a connected socket to a host. Throws a `TypeError` for certificates, keys or authorities that are none. */
export function encrypt(socket: Socket, host: string, alpn: string | undefined, options: ClientTls): TLSSocket {
  const protocols = alpn === undefined ? {} : { ALPNProtocols: [alpn] };
  try {
    return connect({ ...clientTlsOptions(options, host), ...protocols, socket });
  } catch (error) {
    throw unusable(error as Error);
  }
}

function clientTlsOptions(options: ClientTls, host: string): NodeTlsOptions {
  const name = options.serverName ?? host;
  return {
    ...(options.ca === undefined ? {} : { ca: options.ca as NodeTlsOptions["ca"] & object }),
    ...(options.cert === undefined ? {} : { cert: options.cert }),
    ...(options.key === undefined ? {} : { key: options.key }),
    host: name, // what the certificate must be for; where to connect is known already
    ...(isIP(name) === 0 ? { servername: name } : {}), // SNI knows no addresses
    rejectUnauthorized: options.insecureSkipVerify !== true,
    minVersion: MIN_VERSION,
  };
}

/** Says what Node does not: whose fault it is that a certificate, key or authority is none. */
function unusable(error: Error): TypeError {
  return new TypeError(
    `the option tls cannot be used: ${error.message} (certificates, keys and authorities are PEM texts or their bytes)`,
    {
      cause: error,
    },
  );
}

/** How long a caller may take to shake hands. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** A server's certificates, to be replaced while it runs: connections accepted later use the newer ones. */
export class ServerCertificates {
  #options: ServerTls;
  /** Never listens: sockets are handed to it, and it holds callers' certificates against the authorities as all of Node's servers do. */
  #server: TlsServer;
  #onSecure: (socket: TLSSocket) => void = () => undefined;
  #onFailure: (error: Error, socket: TLSSocket) => void = () => undefined;

  /** Throws a `TypeError` for a certificate that is none or does not fit its key. */
  constructor(options: ServerTls) {
    this.#options = options;
    this.#server = this.#make(options);
  }

  get permissive(): boolean {
    return this.#options.permissive === true;
  }

  /** Tells of every socket that has shaken hands and of every one that did not get through, which the listener closes. */
  listen(onSecure: (socket: TLSSocket) => void, onFailure: (error: Error, socket: TLSSocket) => void): void {
    this.#onSecure = onSecure;
    this.#onFailure = onFailure;
  }

  /** Shakes hands on an accepted socket. */
  shakeHands(socket: Socket): void {
    // The TLS socket takes it over: a caller that ends before it has shaken hands is gone, as one that only looks for the port.
    socket.allowHalfOpen = false;
    this.#server.emit("connection", socket); // documented: how a TLS server is given a connection
  }

  /** Throws a `TypeError` for a certificate that is none or does not fit its key; the old ones stay then. */
  reload(options: ServerTls): void {
    this.#server = this.#make(options);
    this.#options = options;
  }

  #make(options: ServerTls): TlsServer {
    const mutual = options.clientCa !== undefined;
    const server = serverFor({
      cert: options.cert,
      key: options.key,
      ...(options.clientCa === undefined ? {} : { ca: options.clientCa as NodeTlsServerOptions["ca"] & object }),
      minVersion: MIN_VERSION,
      requestCert: mutual,
      rejectUnauthorized: mutual,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      ALPNProtocols: ["h2", "http/1.1"],
    });
    server.on("secureConnection", (socket) => {
      socket.allowHalfOpen = true;
      this.#onSecure(socket);
    });
    server.on("tlsClientError", (error, socket) => this.#onFailure(error, socket));
    return server;
  }
}

function serverFor(options: NodeTlsServerOptions): TlsServer {
  try {
    return createServer(options);
  } catch (error) {
    throw unusable(error as Error);
  }
}
