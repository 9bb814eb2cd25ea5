/** `createServer`: services on ports. What a call passes through stands in `server-host.ts`. */
import { Counters, RpcError, type ServiceDescription } from "@kiteline/core";
import type { WebHandler } from "@kiteline/grpc";
import type { Address, Dialer, ServerTls } from "@kiteline/net";
import { formatAddress, Loop, parseAddress } from "@kiteline/net/start";
import { requireKnown, requireOptions, requireType, requireWhole, type OptionNames } from "./check.ts";
import { hideInternalErrors } from "./hide-internal-errors.ts";
import { Registry, type UnknownHandler } from "./registry.ts";
import { resolveServerOptions, type ResolvedServerOptions } from "./server-options.ts";
import type { Serving } from "./serving.ts";
import { serverSettings, type ServerOptions } from "./suite.ts";

export interface ListenOptions {
  /** 0 takes a free one. */
  readonly port?: number | undefined;
  /** Defaults to 127.0.0.1: to be reachable from elsewhere is a decision, such as `0.0.0.0`. */
  readonly host?: string | undefined;
  /** A Unix socket instead; on Windows a named pipe, such as `\\.\pipe\reviews`. */
  readonly path?: string | undefined;
  /** Several processes listen on the same port and share its connections (Linux, BSD). */
  readonly reusePort?: boolean | undefined;
}

export interface AddOptions {
  /** Serves calls that name no service, or one that is not here, where several services have a method of the name (Kitex's fallback service). */
  readonly fallback?: boolean | undefined;
}

const LISTEN_OPTIONS: OptionNames<ListenOptions> = { port: true, host: true, path: true, reusePort: true };
const ADD_OPTIONS: OptionNames<AddOptions> = { fallback: true };

/** Throws a `TypeError` or `RangeError` for a place that is none. */
function addressOf(options: ListenOptions): Address {
  const { path, host = "127.0.0.1", port = 0 } = options;
  requireType("path", path, "string");
  if (path !== undefined) {
    const other = (["host", "port", "reusePort"] as const).find((name) => options[name] !== undefined);
    if (other !== undefined) throw new TypeError(`a Unix socket (path) has no ${other}: leave one of them out, or listen twice`);
    return parseAddress(`unix:${path}`);
  }
  requireType("host", host, "string");
  requireWhole("port", port, 0, 65_535);
  return parseAddress(formatAddress({ kind: "tcp", host, port }));
}

/** Makes a server. Throws a `TypeError` for options that do not exist and a `RangeError` for numbers out of bounds. Nothing happens before `listen`. */
export function createServer(options: ServerOptions = {}): Server {
  return new Server(resolveServerOptions(serverSettings(options)));
}

export class Server implements AsyncDisposable {
  readonly counters: Counters = new Counters();
  readonly #options: ResolvedServerOptions;
  readonly #registry: Registry;
  readonly #loop: Loop;
  /** `undefined` until somebody can connect. */
  #serving: Serving | undefined;
  #addresses: Address[] = [];
  #closing: Promise<void> | undefined;
  #onSignal: (() => void) | undefined;
  #webHandler: WebHandler | undefined;
  readonly #closingListeners: (() => void)[] = [];

  constructor(options: ResolvedServerOptions) {
    this.#options = options;
    const { middleware, log, hideInternalErrors: hide } = options;
    this.#registry = new Registry(hide ? [hideInternalErrors(log), ...middleware] : middleware);
    this.#loop = new Loop(options.clock);
  }

  /** Where the server listens, such as `127.0.0.1:9080`. */
  get addresses(): string[] {
    return this.#addresses.map(formatAddress);
  }

  /** The first port listened on. Throws when there is none. */
  get port(): number {
    for (const address of this.#addresses) if (address.kind === "tcp") return address.port;
    throw new RpcError("failed_precondition", "the server does not listen on a port: call listen() first");
  }

  /** Calls being handled. */
  get inFlight(): number {
    return this.#serving?.host.inFlight ?? 0;
  }

  /** Serves a service. Throws a `TypeError` when the implementation lacks a method or the service is there already. */
  add<Handler extends object>(description: ServiceDescription<unknown, Handler>, implementation: Handler, options: AddOptions = {}): this {
    requireKnown("add() has", options, ADD_OPTIONS);
    this.#registry.add(description, implementation, options.fallback === true);
    return this;
  }

  /** The services that were added. */
  get services(): readonly ServiceDescription[] {
    return this.#registry.descriptions;
  }

  /** Calls `listener` when the server begins to close, before its callers learn of it. */
  onClosing(listener: () => void): void {
    this.#closingListeners.push(listener);
  }

  /** Answers calls of services and methods that were not added, as bytes: for proxies. Throws a `TypeError` when there is such a handler already. */
  addUnknown(handler: UnknownHandler): this {
    this.#registry.addUnknown(handler);
    return this;
  }

  /**
   * Answers HTTP requests that are no calls, over HTTP/1.1 and HTTP/2: pages, probes, webhooks. With the web's own types, as in
   * `(request) => new Response("ok")`; what Hono and others make fits. Throws a `TypeError` when there is such a handler already.
   */
  addHttp(handler: WebHandler): this {
    requireType("the handler of HTTP requests", handler, "function");
    if (this.#webHandler !== undefined) throw new TypeError("there is a handler of HTTP requests already");
    this.#webHandler = handler;
    return this;
  }

  /** Listens; may be called for several addresses. Rejects with `failed_precondition` when a port is taken, and with a `TypeError` or
   * `RangeError` for options of HTTP that are wrong. Resolves with the address.
   */
  async listen(options: ListenOptions = {}): Promise<string> {
    this.#requireOpen();
    requireOptions(options, "listen takes options, such as { port: 9081 }");
    requireKnown("listen() has", options, LISTEN_OPTIONS);
    const address = addressOf(options);
    const serving = await this.#load();
    await serving.check();
    const certificates = this.#options.tls === undefined ? undefined : await serving.secure(this.#options.tls);
    this.#requireOpen();
    const bound = await serving.listener.listen(address, { reusePort: options.reusePort, certificates });
    this.#addresses.push(bound);
    this.#watchSignals();
    return formatAddress(bound);
  }

  /** Replaces the certificates for connections accepted from now on. Throws, and keeps the old, when they do not fit. */
  reloadTls(tls: ServerTls): void {
    const certificates = this.#serving?.certificates;
    if (certificates === undefined) throw new RpcError("failed_precondition", "the server was not started with the option tls");
    certificates.reload(tls);
  }

  /** Connects clients of this process without a socket; `createClient` uses it for `target: server`. */
  get inProcess(): Dialer {
    return async (address, loop) => (await this.#load()).dial(address, loop);
  }

  /**
   * Closes without losing a call: stops listening when hardly anybody connects any more (after half of `exitWaitMs` in any case), tells
   * callers to go, waits for the calls in flight (at most `exitWaitMs` in all), then closes what is left.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    for (const signal of this.#options.stopOn) if (this.#onSignal !== undefined) process.off(signal, this.#onSignal);
    for (const listener of this.#closingListeners) listener();
    const serving = this.#serving;
    await serving?.listener.close(this.#options.exitWaitMs, () => {
      serving.host.draining = true;
    });
  }

  #watchSignals(): void {
    if (this.#onSignal !== undefined || this.#options.stopOn.length === 0) return;
    this.#onSignal = () => {
      void this.close().then(() => process.exit(0));
    };
    for (const signal of this.#options.stopOn) process.on(signal, this.#onSignal);
  }

  #requireOpen(): void {
    if (this.#closing !== undefined) throw new RpcError("failed_precondition", "the server has been closed: make another");
  }

  async #load(): Promise<Serving> {
    const { Serving } = await import("./serving.ts");
    if (this.#serving === undefined) {
      const http = { services: () => this.services, handler: () => this.#webHandler };
      this.#serving = new Serving(this.#options, this.#registry, this.counters, this.#loop, http, () => this.#closing === undefined);
    }
    return this.#serving;
  }
}
