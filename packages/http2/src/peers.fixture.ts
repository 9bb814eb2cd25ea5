/** Real sockets of this machine: our listener and our dialer, for peers that are not played. */
import { Counters } from "@kiteline/core";
import { Connection, Loop, socketDialer } from "@kiteline/net";
import { Listener } from "@kiteline/net/server";
import { Http2ClientConnection, type ClientOwner } from "./client-connection.ts";
import type { Fields } from "./fields.ts";
import { resolveHttp2Options, type Http2Options } from "./options.ts";
import { Exchange, SOCKET_OPTIONS } from "./played.fixture.ts";
import { recognisePreface } from "./preface.ts";
import { Http2ServerConnection } from "./server-connection.ts";
import type { Http2Stream } from "./stream.ts";

/** An exchange that somebody waits for. */
export class AwaitedExchange extends Exchange {
  readonly done: Promise<this>;
  #tell: () => void = () => undefined;

  constructor() {
    super();
    this.done = new Promise((resolve) => (this.#tell = () => resolve(this)));
  }

  override onHeaders(fields: Fields, end: boolean): void {
    super.onHeaders(fields, end);
    if (end) this.#tell();
  }

  override onData(bytes: Buffer, start: number, end: number, last: boolean): void {
    super.onData(bytes, start, end, last);
    if (last) this.#tell();
  }

  override onTrailers(fields: Fields): void {
    super.onTrailers(fields);
    this.#tell();
  }

  override onFailed(...args: Parameters<Exchange["onFailed"]>): void {
    super.onFailed(...args);
    this.#tell();
  }
}

export interface Served {
  readonly port: number;
  readonly connections: Http2ServerConnection[];
  close(): Promise<void>;
}

/** Our server: `serve` is called with each request once it is complete. */
export async function serve(answer: (exchange: Exchange, stream: Http2Stream) => void, options: Http2Options = {}): Promise<Served> {
  const connections: Http2ServerConnection[] = [];
  const resolved = resolveHttp2Options({ log: () => undefined, ...options });
  const listener = new Listener({
    loop: new Loop(),
    counters: new Counters(),
    log: () => undefined,
    options: { maxConnections: 100, idleMs: 60_000, frameTimeoutMs: 10_000, openingsPerSecond: Infinity, ...SOCKET_OPTIONS },
    protocols: [
      {
        name: "http2",
        recognise: recognisePreface,
        open(connection) {
          const h2 = new Http2ServerConnection(
            connection,
            {
              accept(stream, fields, end) {
                const exchange = new AwaitedExchange();
                exchange.stream = stream;
                exchange.fields = fields;
                if (end) answer(exchange, stream);
                else void exchange.done.then(() => answer(exchange, stream));
                return exchange;
              },
              misbehaved: () => undefined,
            },
            resolved,
          );
          connections.push(h2);
          return h2;
        },
      },
    ],
  });
  const where = await listener.listen({ kind: "tcp", host: "127.0.0.1", port: 0 });
  return { port: where.kind === "tcp" ? where.port : 0, connections, close: () => listener.close(1000) };
}

/** Our client's end of a connection to a port of this machine. */
export async function dial(port: number, options: Http2Options = {}, owner: Partial<ClientOwner> = {}): Promise<Http2ClientConnection> {
  const loop = new Loop();
  const dialed = await socketDialer({ connectTimeoutMs: 10_000 })({ kind: "tcp", host: "127.0.0.1", port }, loop);
  let h2: Http2ClientConnection | undefined;
  const all: ClientOwner = {
    onFree: () => undefined,
    onReady: () => undefined,
    onUnusable: () => undefined,
    onClosed: () => undefined,
    ...owner,
  };
  const connection = new Connection(
    loop,
    dialed.socket,
    `127.0.0.1:${port}`,
    (self) => (h2 = new Http2ClientConnection(self, all, resolveHttp2Options({ log: () => undefined, ...options }))),
    new Counters(),
    SOCKET_OPTIONS,
  );
  dialed.onChunk = (chunk, length) => connection.onChunk(chunk, length);
  return h2 as Http2ClientConnection;
}
