/** Connect's calls of one message each way: the body is the message, the status of HTTP and JSON tell of failure. Also in a URL, by GET. */
import { BusinessError, httpOfCode } from "@kiteline/core";
import { PreparedFields, type StreamReceiver } from "@kiteline/http2";
import { Output, type ServedMethod } from "@kiteline/net";
import type { CallContext, Dialect } from "../http/dialect.ts";
import type { Exchange } from "../http/exchange.ts";
import { HttpCall } from "../http/http-call.ts";
import { RequestHead } from "../http/request-head.ts";
import { LONG_BYTES, type Compression } from "../compression.ts";
import { MIN_COMPRESSED_BYTES } from "../message-writer.ts";
import { pushReplyMetadata } from "../metadata-fields.ts";
import { pushBusinessStatus } from "../status-fields.ts";
import { Body } from "./body.ts";
import { codeOf, connectError } from "./connect-error.ts";
import { connectPayload, readGetQuery, UNARY_FIELDS, versionProblem } from "./connect-fields.ts";

const TYPE = "application/";
const TRAILER = "trailer-";
/** For paths without a method, to whoever looks at statuses: they are what HTTP is asked for. */
const NOT_FOUND = 404;

export const connectUnary: Dialect = {
  plain: true,
  carries: (kind) => kind === "unary",

  read(fields, payloads) {
    const query = readGetQuery(fields, payloads);
    const payload = query?.payload ?? connectPayload(fields, payloads, TYPE);
    if (payload === undefined) return undefined;
    const head = new RequestHead(fields, { ...query, payload, names: UNARY_FIELDS, contentType: TYPE + payload.name });
    head.problem ??= query?.problem ?? versionProblem(fields);
    return head;
  },

  open(context: CallContext, exchange: Exchange, head: RequestHead, served: ServedMethod, end: boolean): StreamReceiver {
    const call = new ConnectUnaryCall(context, exchange, head, served);
    call.begin(end);
    return call;
  },

  refuse(exchange: Exchange, _head: RequestHead, error: Error): void {
    sendError(exchange, NOT_FOUND, error, []);
  },
};

class ConnectUnaryCall extends HttpCall {
  readonly #body: Body;
  #read = false;

  constructor(context: CallContext, exchange: Exchange, head: RequestHead, served: ServedMethod) {
    super(context, exchange, head, served);
    this.#body = new Body(context.maxReceivedBytes);
  }

  protected override receive(bytes: Buffer, start: number, end: number): void {
    this.exchange.consumed(end - start);
    this.#body.add(bytes, start, end);
    this.incoming.buffer(this.#body.reserved, this.#body.length);
  }

  protected override receivedAll(): void {
    if (this.#read) return;
    this.#read = true;
    const bytes = this.head.message ?? this.#body.take();
    this.incoming.onMessage(bytes, 0, bytes.byteLength, this.head.encoding !== undefined && bytes.byteLength > 0, 0);
  }

  /** All of a response at once: only when it is known to be one can its status be said. */
  protected override sendMessage(message: unknown): number {
    return this.#sendResponse((out) => this.payload.format.writeResponse(out, this.method, message));
  }

  protected override sendDeclared(error: Error): void {
    this.#sendResponse((out) => this.payload.format.writeDeclared?.(out, this.method, error));
  }

  #sendResponse(write: (out: Output) => void): number {
    const { slabs } = this;
    const out = new Output(slabs, this.maxMessageBytes);
    out.begin();
    try {
      write(out);
      out.end();
    } catch (error) {
      out.rollback();
      throw error;
    }
    const [sealed] = out.take();
    const plain = sealed?.bytes ?? Buffer.alloc(0);
    const compression = plain.byteLength < MIN_COMPRESSED_BYTES ? undefined : this.chooseCompression();
    if (compression !== undefined && plain.byteLength > LONG_BYTES) {
      this.#sendLater(plain, compression);
      return plain.byteLength;
    }
    const bytes = compression === undefined ? plain : compression.compress(plain);
    this.#send(bytes, compression);
    if (sealed !== undefined) slabs.giveBack(sealed.slab);
    return bytes.byteLength;
  }

  #sendLater(plain: Buffer, compression: Compression): void {
    this.compressor = this.makeCompressor(compression);
    this.compressor.compressLater(plain, (error, compressed) => {
      if (this.exchange.closed) return;
      try {
        if (error === undefined) this.#send(compressed, compression);
        else this.#send(plain, undefined);
      } catch (failure) {
        this.sayFailure(failure);
      }
    });
  }

  #send(bytes: Uint8Array, compression: Compression | undefined): void {
    const extra = ["content-length", String(bytes.byteLength)];
    if (compression !== undefined) extra.push("content-encoding", compression.name);
    if (this.head.accepted !== undefined) extra.push("vary", "accept-encoding");
    this.#pushMetadata(extra);
    this.exchange.sendHeaders(this.head.response, extra, false);
    this.headersSent = true;
    this.exchange.sendData(bytes, true);
  }

  protected override sayOutcome(error: Error | undefined, metadata: boolean): void {
    // The response has said so itself.
    if (error === undefined) return;
    const extra: string[] = [];
    if (metadata) this.#pushMetadata(extra);
    this.pushAccepted(extra);
    sendError(this.exchange, httpOfCode(codeOf(error)), error, extra);
  }

  #pushMetadata(extra: string[]): void {
    if (this.replyIfAny !== undefined) pushReplyMetadata(extra, this.replyIfAny.entries());
    if (this.trailersIfAny === undefined) return;
    const trailers: string[] = [];
    pushReplyMetadata(trailers, this.trailersIfAny.entries());
    for (let at = 0; at < trailers.length; at += 2) extra.push(TRAILER + (trailers[at] as string), trailers[at + 1] as string);
  }
}

/** By status. */
const FAILURES = new Map<number, PreparedFields>();

function sendError(exchange: Exchange, status: number, error: Error, extra: string[]): void {
  const json = Buffer.from(JSON.stringify(connectError(error)));
  if (error instanceof BusinessError) pushBusinessStatus(extra, error);
  extra.push("content-length", String(json.byteLength));
  exchange.sendHeaders(failureFields(status), extra, false);
  exchange.sendData(json, true);
}

function failureFields(status: number): PreparedFields {
  let fields = FAILURES.get(status);
  if (fields === undefined) {
    fields = new PreparedFields([
      [":status", String(status)],
      ["content-type", "application/json"],
    ]);
    FAILURES.set(status, fields);
  }
  return fields;
}
