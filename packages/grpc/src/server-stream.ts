/** A call that a server handles over gRPC: its stream's data to requests, responses and outcome to its stream. */
import { RpcError, type CallScope } from "@kiteline/core";
import { PreparedFields, type Http2Stream, type StreamFailure, type StreamReceiver } from "@kiteline/http2";
import { StreamCall, TooLarge, type CallHost, type Connection, type ServedMethod, type Slabs } from "@kiteline/net";
import { accepts, findCompression, type Compression } from "./compression.ts";
import { pushReplyMetadata } from "./metadata-fields.ts";
import { readMessages, type MessageReceiver, type PartialMessage } from "./message-reader.ts";
import { sendDeclared, sendResponse, type MessageForm } from "./message-writer.ts";
import type { GrpcPayload } from "./payload.ts";
import type { RequestHead } from "./request-head.ts";
import { pushError } from "./status-fields.ts";

/** What the calls of one connection share. */
export interface CallContext {
  readonly host: CallHost;
  readonly connection: Connection;
  readonly maxMessageBytes: number;
  /** Where calls are handled; absent when calls made in handlers inherit nothing. */
  readonly scope: CallScope | undefined;
}

const SUCCESS = new PreparedFields([["grpc-status", "0"]]);
const FAILURE = new PreparedFields([]);
/** By content type. */
const RESPONSES = new Map<string, PreparedFields>();

/** Answers a request without a response: fields that are its end, too. */
export function refuse(stream: Http2Stream, payload: GrpcPayload, error: Error): void {
  const extra: string[] = [];
  pushError(extra, error);
  stream.sendHeaders(responseFields(payload), extra, true);
}

export class ServerStream extends StreamCall implements StreamReceiver, MessageReceiver, MessageForm {
  readonly maxMessageBytes: number;
  partial: PartialMessage | undefined = undefined;
  readonly #context: CallContext;
  readonly #stream: Http2Stream;
  readonly #head: RequestHead;
  readonly #serve: ServedMethod["serve"];
  /** The request, where it is one message. */
  #request: unknown;
  #requestMessages = 0;
  #headersSent = false;
  /** Of the responses. */
  #compression: Compression | undefined;

  constructor(context: CallContext, stream: Http2Stream, head: RequestHead, { method, serve }: ServedMethod) {
    const { connection, maxMessageBytes } = context;
    super(method, head.metadata, connection.loop, head.timeoutMs);
    this.maxMessageBytes = maxMessageBytes;
    this.#context = context;
    this.#stream = stream;
    this.#head = head;
    this.#serve = serve;
  }

  get payload(): GrpcPayload {
    return this.#head.payload;
  }

  override get caller(): string {
    return this.#head.caller;
  }

  override get peer(): string {
    return this.#context.connection.peer;
  }

  get slabs(): Slabs {
    return this.#context.connection.loop.slabs;
  }

  get deaf(): boolean {
    return this.done;
  }

  /** Takes the call on, unless it is refused. `end`: there is no body. */
  begin(end: boolean): void {
    const { host } = this.#context;
    const refused = host.admit(this) ?? this.#unreadable();
    if (refused !== undefined) this.fail(refused);
    else if (this.requests !== undefined) this.run(this.#serve, undefined, this.#context.scope);
    if (end) this.#onRequestEnd();
  }

  #unreadable(): RpcError | undefined {
    const { encoding, problem } = this.#head;
    if (problem !== undefined)
      return new RpcError("internal", `the request cannot be taken on: ${problem}`, { executed: "no", retriable: false });
    if (encoding === undefined || findCompression(encoding) !== undefined) return undefined;
    return new RpcError("unimplemented", `the request is compressed with ${encoding}, which this server does not know`, { executed: "no" });
  }

  // The request.

  onHeaders(): void {}
  onInformational(): void {}

  onData(bytes: Buffer, start: number, end: number, last: boolean): void {
    if (this.done) {
      this.#stream.consumed(end - start);
      return;
    }
    try {
      readMessages(this, bytes, start, end);
    } catch (error) {
      this.#refuseRequest(error as Error);
      return;
    }
    if (last) this.#onRequestEnd();
    else this.#credit();
  }

  onMessage(bytes: Buffer, start: number, end: number, compressed: boolean, held: number): void {
    const message = this.#decode(bytes, start, end, compressed);
    if (this.requests !== undefined) {
      this.requests.push(message, held);
      return;
    }
    this.#request = message;
    this.#stream.consumed(held);
    if (++this.#requestMessages > 1) throw new RpcError("invalid_argument", "it has more than one message");
  }

  #decode(bytes: Buffer, start: number, end: number, compressed: boolean): unknown {
    const {
      payload: { format },
      method,
    } = this;
    if (!compressed) return format.readRequest(bytes, start, end, method);
    const compression = findCompression(this.#head.encoding);
    if (compression === undefined)
      throw new RpcError("internal", "a message is compressed, but the request does not say how (grpc-encoding)");
    this.compressedMessages++;
    const inflated = compression.inflate(bytes.subarray(start, end), this.maxMessageBytes);
    return format.readRequest(inflated, 0, inflated.byteLength, method);
  }

  /** All of the request has come. */
  #onRequestEnd(): void {
    if (this.done) return;
    if (this.partial !== undefined) this.#refuseRequest(new RpcError("internal", "it ends within a message"));
    else if (this.requests !== undefined) this.requests.end();
    else if (this.#requestMessages === 0) this.#refuseRequest(new RpcError("internal", "it has no message"));
    else this.run(this.#serve, this.#request, this.#context.scope);
  }

  #refuseRequest(error: Error): void {
    const code = error instanceof RpcError ? error.code : "invalid_argument";
    const text = error instanceof RpcError ? error.detail : error.message;
    this.fail(
      new RpcError(code, `the request of ${this.method.fullName} cannot be read: ${text}`, {
        executed: this.requests === undefined ? "no" : "maybe",
        retriable: false,
        cause: error,
      }),
    );
  }

  /** A message larger than the window would never come whole if its pieces counted; but only one at a time may go beyond. */
  #credit(): void {
    if (this.partial === undefined || this.partial.held === 0 || this.requests?.empty === false) return;
    const { held } = this.partial;
    this.partial.held = 0;
    this.#stream.consumed(held);
  }

  taken(bytes: number): void {
    this.#stream.consumed(bytes);
    this.#credit();
  }

  onTrailers(): void {
    this.#onRequestEnd();
  }

  onFailed({ message }: StreamFailure): void {
    // After the outcome only its way to the caller has failed.
    if (!this.done) this.cancel(new RpcError("cancelled", `the caller is gone: ${message}`));
  }

  // The response.

  onWritable(): void {
    this.resume();
  }

  get writable(): boolean {
    return this.#stream.writable;
  }

  send(message: unknown): number {
    try {
      if (!this.#headersSent) this.#sendHeaders();
      // Named once, in the headers; but not all messages have to be.
      const compression = this.compression === undefined ? undefined : this.#compression;
      return sendResponse(this.#stream, this, this.method, message, compression);
    } catch (error) {
      const text = `the response of ${this.method.fullName} cannot be sent: ${(error as Error).message}`;
      this.fail(
        new RpcError(error instanceof TooLarge ? "resource_exhausted" : "internal", text, {
          executed: "yes",
          retriable: false,
          cause: error,
        }),
      );
      return 0;
    }
  }

  #sendHeaders(): void {
    this.#compression = this.#chooseCompression();
    const reply = this.replyIfAny;
    let extra: string[] | undefined;
    if (this.#compression !== undefined || reply !== undefined) {
      extra = this.#compression === undefined ? [] : ["grpc-encoding", this.#compression.name];
      if (reply !== undefined) pushReplyMetadata(extra, reply.entries());
    }
    this.#stream.sendHeaders(responseFields(this.payload), extra, false);
    this.#headersSent = true;
  }

  #chooseCompression(): Compression | undefined {
    const wanted = findCompression(this.compression);
    return wanted !== undefined && accepts(this.#head.accepted, wanted) ? wanted : undefined;
  }

  protected override end(error: Error | undefined): void {
    const { host } = this.#context;
    const stream = this.#stream;
    host.ended(this, error);
    this.partial = undefined;
    if (stream.closed) return;
    try {
      this.#sayOutcome(error, true);
    } catch (failure) {
      // Its metadata cannot travel: the error says so in their place.
      this.#sayOutcome(new RpcError("internal", (failure as Error).message, { executed: "yes", retriable: false }), false);
    }
  }

  #sayOutcome(error: Error | undefined, metadata: boolean): void {
    const trailers = metadata ? this.trailersIfAny : undefined;
    const declared = error !== undefined && this.payload.format.declares?.(this.method, error) === true;
    if (error === undefined || declared) {
      if (!this.#headersSent) this.#sendHeaders();
      if (declared) sendDeclared(this.#stream, this, this.method, error, this.#compression);
      let extra: string[] | undefined;
      if (trailers !== undefined) pushReplyMetadata((extra = []), trailers.entries());
      this.#stream.sendTrailers(SUCCESS, extra);
      return;
    }
    const extra: string[] = [];
    pushError(extra, error);
    const reply = metadata && !this.#headersSent ? this.replyIfAny : undefined;
    if (reply !== undefined) pushReplyMetadata(extra, reply.entries());
    if (trailers !== undefined) pushReplyMetadata(extra, trailers.entries());
    if (this.#headersSent) this.#stream.sendTrailers(FAILURE, extra);
    else this.#stream.sendHeaders(responseFields(this.payload), extra, true);
  }
}

function responseFields({ contentType }: GrpcPayload): PreparedFields {
  let fields = RESPONSES.get(contentType);
  if (fields === undefined) {
    fields = new PreparedFields([
      [":status", "200"],
      ["content-type", contentType],
    ]);
    RESPONSES.set(contentType, fields);
  }
  return fields;
}
