/** TLS for both ends. Node's TLS is loaded when it is first needed: plaintext programs never pay for it. */
import type { Duplex } from "node:stream";
import type { ConnectionOptions as NodeTlsOptions, SecureContext, TlsOptions as NodeTlsServerOptions } from "node:tls";

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

export type LoadedTls = typeof import("node:tls");

export function loadTls(): Promise<LoadedTls> {
  return import("node:tls");
}

export function clientTlsOptions(options: ClientTls, host: string): NodeTlsOptions {
  const name = options.serverName ?? host;
  return {
    ...(options.ca === undefined ? {} : { ca: options.ca as NodeTlsOptions["ca"] & object }),
    ...(options.cert === undefined ? {} : { cert: options.cert }),
    ...(options.key === undefined ? {} : { key: options.key }),
    ...(/^[\d.]+$|:/.test(name) ? {} : { servername: name }),
    rejectUnauthorized: options.insecureSkipVerify !== true,
    minVersion: MIN_VERSION,
  };
}

/** A server's certificates, to be replaced while it runs: connections accepted later use the newer ones. */
export class ServerCertificates {
  readonly tls: LoadedTls;
  #options: ServerTls;
  #context: SecureContext;

  constructor(tls: LoadedTls, options: ServerTls) {
    this.tls = tls;
    this.#options = options;
    this.#context = this.#make(options);
  }

  get permissive(): boolean {
    return this.#options.permissive === true;
  }

  /** Throws what Node throws for a certificate that does not fit its key; the old ones stay then. */
  reload(options: ServerTls): void {
    this.#context = this.#make(options);
    this.#options = options;
  }

  /** Wraps an accepted socket. */
  wrap(socket: Duplex): import("node:tls").TLSSocket {
    const mutual = this.#options.clientCa !== undefined;
    return new this.tls.TLSSocket(socket as import("node:net").Socket, {
      isServer: true,
      secureContext: this.#context,
      requestCert: mutual,
      rejectUnauthorized: mutual,
      ALPNProtocols: ["h2", "http/1.1"],
    });
  }

  #make(options: ServerTls): SecureContext {
    return this.tls.createSecureContext({
      cert: options.cert,
      key: options.key,
      ...(options.clientCa === undefined ? {} : { ca: options.clientCa as NodeTlsServerOptions["ca"] & object }),
      minVersion: MIN_VERSION,
    });
  }
}
