/** One attempt at a call, on its stream: sends the request, hears the response, and tells the attempt how it went. */
import {
  codeOfHttp,
  MessageQueue,
  RpcError,
  textOf,
  type Attempt,
  type AttemptHolder,
  type MessageSink,
  type QueueOwner,
} from "@kiteline/core";
import { ErrorCode, type Fields, type Http2Stream, type StreamFailure, type StreamReceiver } from "@kiteline/http2";
import { DeclaredError, TooLarge, type Slab } from "@kiteline/net";
import { findCompression, type Compression } from "./compression.ts";
import { Compressor } from "./compressor.ts";
import { Incoming, takeOneMessage, type IncomingContext, type IncomingOwner } from "./incoming.ts";
import { readMetadata } from "./metadata-fields.ts";
import { sendRequest, type MessageForm } from "./message-writer.ts";
import { ResponseHead } from "./response-head.ts";
import { codeOfReset } from "./status-codes.ts";
import { readOutcome } from "./status-fields.ts";

const NOTHING = new Uint8Array(0);
/** Stands for the stream until there is one. */
type Opened = Http2Stream | undefined;

/** What the messages of both directions of a call are written and read with. */
export interface ClientForm extends MessageForm {
  readonly maxReceivedBytes: number;
}

export class ClientStream implements StreamReceiver, IncomingOwner, MessageSink, QueueOwner, AttemptHolder {
  readonly attempt: Attempt;
  readonly form: ClientForm;
  readonly context: IncomingContext;
  stream: Opened = undefined;
  /** Of the request's messages. */
  readonly #compressor: Compressor | undefined;
  /** The response's messages, where it is a stream. */
  queue: MessageQueue | undefined = undefined;
  #incoming: Incoming | undefined;
  /** The response, where it is one message. */
  #response: unknown;
  #responded = false;
  #httpStatus = 0;
  /** Of the response's messages. */
  #encoding: string | undefined;
  #over = false;

  constructor(attempt: Attempt, form: ClientForm, compression: Compression | undefined, context: IncomingContext) {
    this.attempt = attempt;
    this.form = form;
    this.context = context;
    this.#compressor =
      compression === undefined ? undefined : new Compressor(compression, context.background, (error) => this.#cannotSend(error));
  }

  get maxReceivedBytes(): number {
    return this.form.maxReceivedBytes;
  }

  get source(): Http2Stream {
    return this.stream as Http2Stream;
  }

  /** Nor is who has given up told of what is wrong with the rest. */
  get deaf(): boolean {
    return this.#over || this.attempt.call.ended;
  }

  // The request.

  get writable(): boolean {
    return this.stream?.writable === true && this.#compressor?.busy !== true;
  }

  send(message: unknown): number {
    return this.#send(message, false);
  }

  /** Sends the only message of a request. */
  sendOnly(message: unknown): void {
    this.#send(message, true);
  }

  #send(message: unknown, end: boolean): number {
    try {
      const { method, options } = this.attempt.call;
      const compressor = options.compressMessage?.(message) === false ? undefined : this.#compressor;
      const sent = sendRequest(this.stream as Http2Stream, this.form, method, message, compressor, end);
      if (compressor?.busy === true) compressor.after(() => this.#onCompressed());
      return sent;
    } catch (error) {
      this.#cannotSend(error);
      return 0;
    }
  }

  #cannotSend(error: unknown): void {
    this.#fail(
      RpcError.from(error, error instanceof TooLarge ? "resource_exhausted" : "invalid_argument", {
        // What was sent before may have made the peer begin.
        executed: this.attempt.call.outgoing === undefined ? "no" : "maybe",
        retriable: false,
      }),
    );
  }

  #onCompressed(): void {
    if (!this.#over && this.writable) this.onWritable();
  }

  finish(): void {
    if (this.#compressor?.busy === true) this.#compressor.after(() => this.finish());
    else if (!this.#over) this.stream?.sendData(NOTHING, true);
  }

  broke(error: unknown): void {
    this.attempt.call.cancel(
      error instanceof RpcError
        ? error
        : new RpcError("cancelled", `the request's messages ended with an error: ${textOf(error)}`, { cause: error }),
    );
  }

  onWritable(): void {
    this.attempt.call.outgoing?.resume();
  }

  /** The caller has given up. */
  release(): void {
    this.#close(ErrorCode.CANCEL);
  }

  // The response.

  onHeaders(fields: Fields, end: boolean): void {
    if (this.#over) return;
    this.#httpStatus = fields.status;
    if (end) {
      this.#finish(fields);
      return;
    }
    const head = (fields.memo ??= new ResponseHead(fields, this.form.payload)) as ResponseHead;
    if (!head.isGrpc) {
      this.#fail(notGrpc(fields.status, fields.get("content-type")));
      return;
    }
    this.#encoding = head.encoding;
    const { attempt } = this;
    const { call } = attempt;
    if (call.info !== undefined) {
      for (const entry of head.metadata) call.info.reply.append(entry.name, entry.value, entry.scope);
    }
    const { kind } = call.method;
    if (kind === "server_stream" || kind === "bidi_stream") {
      this.queue = new MessageQueue(this);
      attempt.begin(this.queue);
    } else {
      call.outgoing?.commit();
    }
  }

  onInformational(): void {}

  onData(bytes: Buffer, start: number, end: number, last: boolean): void {
    if (this.#over) return;
    try {
      if (this.#incoming !== undefined || !takeOneMessage(this, bytes, start, end)) {
        (this.#incoming ??= new Incoming(this)).receive(bytes, start, end);
      }
    } catch (error) {
      this.onUnreadable(error as Error);
      return;
    }
    const incoming = this.#incoming;
    if (!last) incoming?.onReadOn();
    else if (incoming?.backlog === undefined) this.#endWithoutTrailers();
    else incoming.backlog.whenRead(() => this.#endWithoutTrailers());
  }

  #endWithoutTrailers(): void {
    this.#fail(new RpcError("internal", "the peer ended the response without trailers, so that nothing tells how the call went"));
  }

  onUnreadable(error: Error): void {
    this.#fail(RpcError.from(error));
  }

  destination(most: number): Buffer | undefined {
    return this.#incoming?.partial?.destination(most);
  }

  read(bytes: Buffer, start: number, end: number, slab?: Slab): unknown {
    return this.form.payload.format.readResponse(bytes, start, end, this.attempt.call.method, slab);
  }

  inflater(): Compression {
    const compression = findCompression(this.#encoding);
    if (compression === undefined) {
      throw new RpcError(
        "internal",
        `the peer sent a message compressed with ${this.#encoding ?? "nothing that it named"} (grpc-encoding)`,
      );
    }
    const { info } = this.attempt.call;
    if (info !== undefined) info.compressedMessages++;
    return compression;
  }

  onInflated(): void {}

  onOnly(message: unknown): void {
    if (this.#responded) throw this.tooMany();
    this.#responded = true;
    this.#response = message;
  }

  tooMany(): RpcError {
    return new RpcError("internal", "the peer answered with more than one message");
  }

  taken(bytes: number): void {
    if (this.#incoming === undefined) this.stream?.consumed(bytes);
    else this.#incoming.taken(bytes);
  }

  left(): void {
    this.attempt.call.cancel(new RpcError("cancelled", "the caller stopped reading"));
  }

  onTrailers(fields: Fields): void {
    if (this.#over) return;
    // What has come comes first.
    const backlog = this.#incoming?.backlog;
    if (backlog === undefined) this.#finish(fields);
    else backlog.whenRead(() => this.#finish(fields));
  }

  #finish(fields: Fields): void {
    const { attempt } = this;
    const { info, method } = attempt.call;
    if (info !== undefined) for (const entry of readMetadata(fields)) info.trailers.append(entry.name, entry.value, entry.scope);
    const error = readOutcome(fields, this.#httpStatus) ?? this.#incomplete(method.fullName);
    // The peer has said its last: what is still to be sent is for nobody.
    this.#close(this.stream?.endSent === true ? undefined : ErrorCode.NO_ERROR);
    if (error !== undefined) attempt.fail(error);
    else if (this.#response instanceof DeclaredError) attempt.fail(this.#response.error);
    else attempt.succeed(this.#response);
  }

  /** What is missing although the peer says that all went well. */
  #incomplete(method: string): RpcError | undefined {
    if (this.#incoming?.partial !== undefined)
      return new RpcError("internal", `the response of ${method} ends within a message`, { executed: "yes" });
    if (this.queue !== undefined || this.#responded) return undefined;
    const { kind } = this.attempt.call.method;
    if (kind === "unary" || kind === "client_stream" || kind === "oneway") {
      return new RpcError("internal", `${method} succeeded without a response`, { executed: "yes" });
    }
    // A stream of no messages whose headers came with its end.
    this.queue = new MessageQueue(this);
    this.attempt.begin(this.queue);
    return undefined;
  }

  onFailed(failure: StreamFailure): void {
    // Who has said all can still fail to hear what we say, which is for nobody then.
    if (this.#over || this.#incoming?.backlog?.complete === true) return;
    this.#close(undefined);
    const { origin, code, message, executed, cause } = failure;
    const lost = origin === "connection" || origin === "goaway";
    this.attempt.fail(
      RpcError.withoutStack(lost ? "unavailable" : codeOfReset(code), message, {
        executed,
        ...(lost ? { retriable: true } : {}),
        ...(cause === undefined ? {} : { cause }),
      }),
    );
  }

  #fail(error: RpcError): void {
    if (this.#over) return;
    this.#close(ErrorCode.CANCEL);
    this.attempt.fail(error);
  }

  /** `code` is what the stream is reset with, unless both sides have ended it. */
  #close(code: number | undefined): void {
    this.#over = true;
    this.#compressor?.cancel();
    this.#incoming?.drop();
    // Only what waits for its reader is still held.
    if (this.queue === undefined) this.stream?.consumed(Infinity);
    if (code !== undefined && this.stream?.closed === false) this.stream.reset(code);
  }
}

/** What came is an answer of HTTP, as proxies give it when the server cannot be had. */
function notGrpc(status: number, contentType: string | undefined): RpcError {
  const what = contentType === undefined ? "without a content type" : `with content type ${contentType}`;
  return new RpcError(codeOfHttp(status), `the peer answered HTTP ${status} ${what}, which is not gRPC`, { foreignCode: `http ${status}` });
}
