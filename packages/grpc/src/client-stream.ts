/** One attempt at a call, on its stream: sends the request, hears the response, and tells the attempt how it went. */
import { codeOfHttp, MessageQueue, RpcError, type Attempt, type AttemptHolder, type MessageSink, type QueueOwner } from "@kiteline/core";
import { ErrorCode, type Fields, type Http2Stream, type StreamFailure, type StreamReceiver } from "@kiteline/http2";
import { DeclaredError, lend, TooLarge, type Slab, type Slabs } from "@kiteline/net";
import type { Background } from "./background.ts";
import type { Buffered } from "./buffered.ts";
import { Backlog, receiveMessages, type BacklogReceiver } from "./backlog.ts";
import { findCompression, type Compression } from "./compression.ts";
import { Compressor } from "./compressor.ts";
import { readMetadata } from "./metadata-fields.ts";
import { MOST_SURPLUS_BYTES, TRUSTED_BYTES, type PartialMessage } from "./message-reader.ts";
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

/** What the calls on a connection share. */
export interface ClientContext {
  readonly slabs: Slabs;
  readonly background: Background;
  readonly buffered: Buffered;
}

export class ClientStream implements StreamReceiver, BacklogReceiver, MessageSink, QueueOwner, AttemptHolder {
  readonly attempt: Attempt;
  readonly form: ClientForm;
  stream: Opened = undefined;
  partial: PartialMessage | undefined = undefined;
  backlog: Backlog | undefined = undefined;
  trustedBytes: number = TRUSTED_BYTES;
  /** What the connection counts of it as `buffered`. */
  #buffered = 0;
  readonly #context: ClientContext;
  /** Of the request's messages. */
  readonly #compressor: Compressor | undefined;
  /** The response's messages, where it is a stream. */
  #queue: MessageQueue | undefined;
  /** The response, where it is one message. */
  #response: unknown;
  #responses = 0;
  /** Bytes of it that have not been said to be consumed. */
  #responseBytes = 0;
  #httpStatus = 0;
  /** Of the response's messages. */
  #encoding: string | undefined;
  #over = false;

  constructor(attempt: Attempt, form: ClientForm, compression: Compression | undefined, context: ClientContext) {
    this.attempt = attempt;
    this.form = form;
    this.#context = context;
    this.#compressor =
      compression === undefined ? undefined : new Compressor(compression, context.background, (error) => this.#cannotSend(error));
  }

  get slabs(): Slabs {
    return this.#context.slabs;
  }

  get maxReceivedBytes(): number {
    return this.form.maxReceivedBytes;
  }

  get deaf(): boolean {
    return this.#over;
  }

  get full(): boolean {
    return (this.#queue !== undefined && this.#queue.surplus > MOST_SURPLUS_BYTES) || this.backlog?.inflating === true;
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
    const reason = error instanceof Error ? error.message : String(error);
    this.attempt.call.cancel(
      error instanceof RpcError
        ? error
        : new RpcError("cancelled", `the request's messages ended with an error: ${reason}`, { cause: error }),
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
      this.#queue = new MessageQueue(this);
      attempt.begin(this.#queue);
    } else {
      call.outgoing?.commit();
    }
  }

  onInformational(): void {}

  onData(bytes: Buffer, start: number, end: number, last: boolean): void {
    if (this.#over) return;
    try {
      receiveMessages(this, bytes, start, end);
    } catch (error) {
      this.onUnreadable(error as Error);
      return;
    }
    if (!last) this.onReadOn();
    else if (this.backlog === undefined) this.#endWithoutTrailers();
    else this.backlog.whenRead(() => this.#endWithoutTrailers());
  }

  #endWithoutTrailers(): void {
    this.#fail(new RpcError("internal", "the peer ended the response without trailers, so that nothing tells how the call went"));
  }

  onUnreadable(error: Error): void {
    this.#fail(RpcError.from(error));
  }

  destination(most: number): Buffer | undefined {
    return this.partial?.destination(most);
  }

  onMessage(bytes: Buffer, start: number, end: number, compressed: boolean, held: number, slab?: Slab): void {
    if (compressed) this.#inflate(bytes.subarray(start, end), held, slab);
    else this.#take(this.form.payload.format.readResponse(bytes, start, end, this.attempt.call.method, slab), held, held, slab);
  }

  #inflate(bytes: Buffer, held: number, slab: Slab | undefined): void {
    const compression = findCompression(this.#encoding);
    if (compression === undefined) {
      throw new RpcError(
        "internal",
        `the peer sent a message compressed with ${this.#encoding ?? "nothing that it named"} (grpc-encoding)`,
      );
    }
    const { info } = this.attempt.call;
    if (info !== undefined) info.compressedMessages++;
    const inflated = compression.inflate(bytes, this.maxReceivedBytes);
    if (inflated !== undefined) {
      this.onInflated(inflated, bytes.byteLength, held);
      return;
    }
    (this.backlog ??= new Backlog(this)).inflate(this.#context.background, compression, bytes, held, slab);
  }

  onInflated(bytes: Buffer, _compressedBytes: number, held: number): void {
    const size = bytes.byteLength;
    if (this.#buffered > 0 || size - 2 * held > MOST_SURPLUS_BYTES) this.#buffer(size - held, size);
    this.#take(this.form.payload.format.readResponse(bytes, 0, bytes.byteLength, this.attempt.call.method), held, bytes.byteLength);
  }

  /** `size`: its bytes once inflated. `slab`: what it was read from. */
  #take(message: unknown, held: number, size: number, slab?: Slab): void {
    if (this.#queue !== undefined) {
      this.#queue.push(message, held, size, lend(this.slabs, slab));
      return;
    }
    this.#response = message;
    this.#responseBytes += held;
    if (++this.#responses > 1) throw moreThanOne();
  }

  taken(bytes: number): void {
    this.stream?.consumed(bytes);
    if (this.#buffered > 0) this.#unbuffer(this.#queue?.surplus);
    const { backlog } = this;
    if (backlog === undefined) this.onReadOn();
    // Not for who has given up: of what was dropped for that nothing need be read.
    else if (!this.attempt.call.ended && this.#roomy) backlog.readOn();
  }

  /** Whether it is worth while to read on. */
  get #roomy(): boolean {
    return this.#queue === undefined || 2 * this.#queue.surplus <= MOST_SURPLUS_BYTES;
  }

  /** A message larger than the window would never come whole if its pieces counted; but only one at a time may go beyond. */
  onReadOn(): void {
    const { partial } = this;
    if (partial === undefined || partial.held === 0 || this.#queue?.empty === false) return;
    try {
      if (this.#responses > 0) throw moreThanOne();
      const { held, reserved, size } = partial;
      this.#buffer(reserved, size);
      partial.held = 0;
      this.stream?.consumed(held);
    } catch (error) {
      this.onUnreadable(error as Error);
    }
  }

  /** It holds so much beyond credit. Throws an `RpcError` when the connection has no room for that. */
  #buffer(bytes: number, messageBytes = 0): void {
    this.#buffered = this.#context.buffered.change(this.#buffered, bytes, messageBytes);
  }

  /** A message was taken. A large one was the first that waited: what is left is what others were inflated to. */
  #unbuffer(surplus = 0): void {
    this.#buffer(surplus > MOST_SURPLUS_BYTES ? Math.min(surplus, this.#buffered) : 0);
  }

  left(): void {
    this.attempt.call.cancel(new RpcError("cancelled", "the caller stopped reading"));
  }

  onTrailers(fields: Fields): void {
    if (this.#over) return;
    // What has come comes first.
    if (this.backlog === undefined) this.#finish(fields);
    else this.backlog.whenRead(() => this.#finish(fields));
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
    if (this.partial !== undefined) return new RpcError("internal", `the response of ${method} ends within a message`, { executed: "yes" });
    if (this.#queue !== undefined || this.#responses === 1) return undefined;
    const { kind } = this.attempt.call.method;
    if (kind === "unary" || kind === "client_stream" || kind === "oneway") {
      return new RpcError("internal", `${method} succeeded without a response`, { executed: "yes" });
    }
    // A stream of no messages whose headers came with its end.
    this.#queue = new MessageQueue(this);
    this.attempt.begin(this.#queue);
    return undefined;
  }

  onFailed(failure: StreamFailure): void {
    // Who has said all can still fail to hear what we say, which is for nobody then.
    if (this.#over || this.backlog?.complete === true) return;
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
    // Said to be read, or the connection would never get it back.
    const held = this.#responseBytes + (this.partial?.held ?? 0) + (this.backlog?.held ?? 0);
    this.#responseBytes = 0;
    // What waits for its reader goes on doing so.
    if (this.#queue === undefined || this.#queue.empty) this.#buffer(0);
    this.backlog?.drop();
    this.partial = this.backlog = undefined;
    if (held > 0) this.stream?.consumed(held);
    if (code !== undefined && this.stream?.closed === false) this.stream.reset(code);
  }
}

function moreThanOne(): RpcError {
  return new RpcError("internal", "the peer answered with more than one message");
}

/** What came is an answer of HTTP, as proxies give it when the server cannot be had. */
function notGrpc(status: number, contentType: string | undefined): RpcError {
  const what = contentType === undefined ? "without a content type" : `with content type ${contentType}`;
  return new RpcError(codeOfHttp(status), `the peer answered HTTP ${status} ${what}, which is not gRPC`, { foreignCode: `http ${status}` });
}
