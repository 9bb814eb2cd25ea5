/**
 * Answers requests that are no calls by a function of the web's own types: `Request` to `Response`, as in browsers, and as
 * Hono and others have it. Bodies stream both ways, as fast as their readers read.
 */
import { RpcError, runOutsideCall, type Log } from "@kiteline/core";
import { ErrorCode, PreparedFields, type Fields, type StreamFailure, type StreamReceiver } from "@kiteline/http2";
import type { Exchange } from "./exchange.ts";
import type { OtherHost } from "./http-host.ts";
import { NOBODY } from "./nobody.ts";
import { sendText } from "./text.ts";

/** Answers an HTTP request. What it throws becomes status 500, and an event of the log. `request.signal` is aborted when the caller goes. */
export type WebHandler = (request: Request) => Response | Promise<Response>;

/** What `Request` refuses (Fetch Standard, "forbidden method"). */
const FORBIDDEN = new Set(["CONNECT", "TRACE", "TRACK"]);
/** What speaks of the connection, and so is not for the handler to say. */
const OF_THE_CONNECTION = new Set(["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"]);

export class WebHost implements OtherHost {
  readonly #handler: () => WebHandler | undefined;
  readonly #log: Log;

  constructor(handler: () => WebHandler | undefined, log: Log) {
    this.#handler = handler;
    this.#log = log;
  }

  accept(exchange: Exchange, fields: Fields, end: boolean): StreamReceiver {
    if (FORBIDDEN.has(fields.method)) {
      sendText(exchange, 501, `the method ${fields.method} is not served\n`);
      return NOBODY;
    }
    const answering = new Answering(exchange);
    const request = makeRequest(fields, end ? undefined : answering.body(), answering.signal);
    if (request === undefined) {
      sendText(exchange, 400, "the request's URL or a header of it makes no sense\n");
      return NOBODY;
    }
    void runOutsideCall(() => this.#answer(answering, request, fields));
    return answering;
  }

  async #answer(answering: Answering, request: Request, { method, path }: Fields): Promise<void> {
    try {
      const response = await this.#handler()?.(request);
      if (response === undefined) throw new TypeError("expected a Response, got undefined");
      await answering.send(response, method === "HEAD");
    } catch (error) {
      if (answering.gone) return;
      this.#log({ level: "error", message: `the handler of HTTP requests threw for ${method} ${path}`, error });
      answering.fail();
    }
  }
}

function makeRequest(fields: Fields, body: ReadableStream<Uint8Array> | undefined, signal: AbortSignal): Request | undefined {
  const { method, scheme, authority, path, names, values } = fields;
  try {
    const headers = new Headers();
    for (let at = 0; at < names.length; at++) headers.append(names[at] as string, values[at] as string);
    const url = new URL(path, `${scheme}://${authority === "" ? "localhost" : authority}`);
    const mayHaveBody = body !== undefined && method !== "GET" && method !== "HEAD";
    return new Request(url, { method, headers, signal, ...(mayHaveBody ? { body, duplex: "half" } : {}) });
  } catch {
    return undefined;
  }
}

/** One request on its way through a handler. */
class Answering implements StreamReceiver {
  /** Whether the caller is. */
  gone = false;
  readonly #exchange: Exchange;
  readonly #abort = new AbortController();
  #body: ReadableStreamDefaultController<Uint8Array> | undefined;
  /** Bytes of the request that nobody has read. */
  #held = 0;
  #headersSent = false;
  #writable: (() => void) | undefined;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** What comes, as a stream: the peer may send more when its reader has taken what came. */
  body(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#body = controller;
        },
        pull: () => this.#credit(),
        cancel: () => {
          this.#body = undefined;
          this.#credit();
        },
      },
      { highWaterMark: 1 },
    );
  }

  #credit(): void {
    const held = this.#held;
    this.#held = 0;
    this.#exchange.consumed(held);
  }

  /** Sends a response, with all of its body; resolves when that is done. */
  async send(response: Response, headOnly: boolean): Promise<void> {
    const { status, headers, body } = response;
    const extra: string[] = [];
    for (const [name, value] of headers) if (!OF_THE_CONNECTION.has(name)) extra.push(name, value);
    const head = new PreparedFields([[":status", String(status)]]);
    if (body === null || headOnly) {
      this.#exchange.sendHeaders(head, extra, true);
      await body?.cancel();
      return;
    }
    this.#exchange.sendHeaders(head, extra, false);
    this.#headersSent = true;
    for await (const chunk of body as ReadableStream<Uint8Array>) {
      if (this.#exchange.closed) return;
      this.#exchange.sendData(chunk, false);
      if (!this.#exchange.writable) await new Promise<void>((resolve) => (this.#writable = resolve));
    }
    if (!this.#exchange.closed) this.#exchange.sendData(new Uint8Array(), true);
  }

  /** What was to be sent broke. */
  fail(): void {
    if (this.#headersSent) this.#exchange.reset(ErrorCode.INTERNAL_ERROR);
    else sendText(this.#exchange, 500, "the server could not answer\n");
  }

  onHeaders(): void {}
  onInformational(): void {}

  onData(bytes: Buffer, start: number, end: number, last: boolean): void {
    this.#held += end - start;
    if (this.#body === undefined) this.#credit();
    else if (end > start) this.#body.enqueue(Uint8Array.prototype.slice.call(bytes, start, end));
    if (last) this.#endBody();
  }

  onTrailers(): void {
    this.#endBody();
  }

  #endBody(): void {
    this.#body?.close();
    this.#body = undefined;
  }

  onFailed({ message }: StreamFailure): void {
    this.gone = true;
    const reason = new RpcError("cancelled", `the caller is gone: ${message}`);
    this.#abort.abort(reason);
    this.#body?.error(reason);
    this.#body = undefined;
    this.onWritable();
  }

  onWritable(): void {
    const resolve = this.#writable;
    this.#writable = undefined;
    resolve?.();
  }
}
