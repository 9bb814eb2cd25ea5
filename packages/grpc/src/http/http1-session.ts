/**
 * Connections that speak HTTP/1.1: handed to `node:http`, which reads and writes them from then on. What a request is, the same
 * host decides as for HTTP/2.
 */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { WheelEntry } from "@kiteline/core";
import type { AcceptedSession, Connection } from "@kiteline/net";
import { Http1Exchange } from "./http1-exchange.ts";
import { readHttp1Fields } from "./http1-fields.ts";
import { HttpHost, type HttpRoutes } from "./http-host.ts";

export interface Http1Options {
  /** Largest head of a request. */
  readonly maxHeaderListBytes: number;
  /** How long a request's head may take to come. */
  readonly headTimeoutMs: number;
  /** Bytes of a body that are held unread before no more are read. */
  readonly maxUnreadBytes: number;
}

const TIMED_OUT = "HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
const MALFORMED = "HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
const HEAD_TOO_LARGE = "HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/** Begins to serve connections that speak HTTP/1.1. */
export function http1Sessions(routes: HttpRoutes, options: Http1Options): (connection: Connection) => AcceptedSession {
  const sessions = new Map<Duplex, Http1Session>();
  const server = makeServer(sessions, options);
  return (connection) => new Http1Session(connection, new HttpHost(connection, routes, false), server, sessions, options);
}

/** Never listens: it only reads what is given to it. Its timers are not used, since what they would watch is watched here, by the server's clock. */
function makeServer(sessions: ReadonlyMap<Duplex, Http1Session>, { maxHeaderListBytes }: Http1Options): Server {
  const { createServer } = process.getBuiltinModule("node:http");
  const server = createServer({
    maxHeaderSize: maxHeaderListBytes,
    keepAliveTimeout: 0,
    requestTimeout: 0,
    headersTimeout: 0,
    keepAlive: true,
    noDelay: true,
  });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => sessions.get(request.socket)?.onRequest(request, response));
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => sessions.get(socket)?.onMalformed(error));
  return server;
}

class Http1Session implements AcceptedSession {
  readonly wantedBytes = 0;
  readonly owed = false;
  inFlight = 0;
  readonly #connection: Connection;
  readonly #host: HttpHost;
  readonly #server: Server;
  readonly #sessions: Map<Duplex, Http1Session>;
  readonly #options: Http1Options;
  readonly #head = new HeadWait(() => this.#refuse(TIMED_OUT));
  #handed = false;
  /** Of what was written to the socket. */
  #countedBytes = 0;

  constructor(connection: Connection, host: HttpHost, server: Server, sessions: Map<Duplex, Http1Session>, options: Http1Options) {
    this.#connection = connection;
    this.#host = host;
    this.#server = server;
    this.#sessions = sessions;
    this.#options = options;
  }

  /** Node reads the same socket, or what is passed on to it: here it is only seen that something has come. */
  onBytes(bytes: Buffer, start: number, end: number): number {
    if (this.inFlight === 0 && this.#head.wheelSlot < 0) {
      const { loop } = this.#connection;
      loop.wheel.add(this.#head, loop.clock.now() + this.#options.headTimeoutMs);
    }
    if (!this.#handed) this.#handOver(Buffer.from(bytes.subarray(start, end)));
    // Not pushed into its stream, which would go on reading when Node has told it to pause.
    else if (this.#connection.readsItself) this.#connection.socket.emit("data", Buffer.from(bytes.subarray(start, end)));
    return end;
  }

  #handOver(first: Buffer): void {
    const { socket } = this.#connection;
    this.#handed = true;
    this.#sessions.set(socket, this);
    socket.pause();
    socket.unshift(first);
    this.#server.emit("connection", socket);
    // Node's parser would take the bytes from below the socket, and nobody else would see them, were there no listener that came later.
    socket.on("data", () => undefined);
    socket.resume();
  }

  onRequest(request: IncomingMessage, response: ServerResponse): void {
    this.#connection.loop.wheel.remove(this.#head);
    const fields = readHttp1Fields(request);
    const end = request.headers["transfer-encoding"] === undefined && Number(request.headers["content-length"] ?? 0) === 0;
    this.inFlight++;
    response.once("close", () => {
      this.inFlight--;
      this.#countWritten();
    });
    const exchange = new Http1Exchange(this.#host, request, response, this.#options.maxUnreadBytes);
    exchange.run(() => this.#host.accept(exchange, fields, end), end);
  }

  onMalformed(error: NodeJS.ErrnoException): void {
    if (error.code === "ECONNRESET") return;
    this.#host.misbehaved(this.#connection, error);
    this.#refuse(error.code === "HPE_HEADER_OVERFLOW" ? HEAD_TOO_LARGE : MALFORMED);
  }

  /** Answers what is no request, unless an answer is under way, and ends the connection. */
  #refuse(answer: string): void {
    const connection = this.#connection;
    if (connection.closed || connection.ended) return;
    if (this.inFlight > 0) {
      connection.destroy();
      return;
    }
    connection.socket.write(answer);
    connection.end();
  }

  /** Node writes past the connection, which cannot count it. */
  #countWritten(): void {
    const { bytesWritten = 0 } = this.#connection.socket as { readonly bytesWritten?: number };
    this.#connection.countWritten(bytesWritten - this.#countedBytes);
    this.#countedBytes = bytesWritten;
  }

  /** Answers that begin from now on say that they are the last. */
  drain(): void {}

  onEnd(): void {}

  onClose(): void {
    this.#countWritten();
    this.#connection.loop.wheel.remove(this.#head);
    this.#sessions.delete(this.#connection.socket);
  }

  onDrain(): void {}
  onFlush(): void {}
}

/** The time that a request's head may take. */
class HeadWait implements WheelEntry {
  dueMs = Infinity;
  wheelNext: WheelEntry | undefined = undefined;
  wheelPrevious: WheelEntry | undefined = undefined;
  wheelSlot = -1;
  readonly #expired: () => void;

  constructor(expired: () => void) {
    this.#expired = expired;
  }

  expire(): void {
    this.#expired();
  }
}
