/** One attempt at a call, on its stream: sends the request, hears the response, and tells the attempt how it went. */
import { codeOfHttp, MessageQueue, RpcError, type Attempt, type AttemptHolder, type MessageSink, type QueueOwner } from "@kiteline/core";
import { ErrorCode, type Fields, type Http2Stream, type StreamFailure, type StreamReceiver } from "@kiteline/http2";
import { DeclaredError, TooLarge, type Slab, type Slabs } from "@kiteline/net";
import { findCompression, type Compression } from "./compression.ts";
import { readMetadata } from "./metadata-fields.ts";
import { readMessages, TRUSTED_BYTES, type MessageReceiver, type PartialMessage } from "./message-reader.ts";
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

export class ClientStream implements StreamReceiver, MessageReceiver, MessageSink, QueueOwner, AttemptHolder {
  readonly attempt: Attempt;
  readonly form: ClientForm;
  /** Of the request's messages. */
  readonly compression: Compression | undefined;
  readonly slabs: Slabs;
  stream: Opened = undefined;
  partial: PartialMessage | undefined = undefined;
  trustedBytes: number = TRUSTED_BYTES;
  /** The response's messages, where it is a stream. */
  #queue: MessageQueue | undefined;
  /** The response, where it is one message. */
  #response: unknown;
  #responses = 0;
  #httpStatus = 0;
  /** Of the response's messages. */
  #encoding: string | undefined;
  #over = false;

  constructor(attempt: Attempt, form: ClientForm, compression: Compression | undefined, slabs: Slabs) {
    this.attempt = attempt;
    this.form = form;
    this.compression = compression;
    this.slabs = slabs;
  }

  get maxReceivedBytes(): number {
    return this.form.maxReceivedBytes;
  }

  get deaf(): boolean {
    return this.#over;
  }

  // The request.

  get writable(): boolean {
    return this.stream?.writable === true;
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
      const compression = options.compressMessage?.(message) === false ? undefined : this.compression;
      return sendRequest(this.stream as Http2Stream, this.form, method, message, compression, end);
    } catch (error) {
      this.#fail(
        RpcError.from(error, error instanceof TooLarge ? "resource_exhausted" : "invalid_argument", {
          // What was sent before may have made the peer begin.
          executed: this.attempt.call.outgoing === undefined ? "no" : "maybe",
          retriable: false,
        }),
      );
      return 0;
    }
  }

  finish(): void {
    this.stream?.sendData(NOTHING, true);
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
      readMessages(this, bytes, start, end);
    } catch (error) {
      this.#fail(RpcError.from(error));
      return;
    }
    if (last) {
      this.#fail(new RpcError("internal", "the peer ended the response without trailers, so that nothing tells how the call went"));
      return;
    }
    this.#credit();
  }

  destination(most: number): Buffer | undefined {
    return this.partial?.destination(most);
  }

  onMessage(bytes: Buffer, start: number, end: number, compressed: boolean, held: number, slab?: Slab): void {
    const message = this.#decode(bytes, start, end, compressed, slab);
    if (this.#queue !== undefined) {
      this.#queue.push(message, held);
      return;
    }
    this.#response = message;
    this.stream?.consumed(held);
    if (++this.#responses > 1) throw new RpcError("internal", "the peer answered with more than one message");
  }

  #decode(bytes: Buffer, start: number, end: number, compressed: boolean, slab: Slab | undefined): unknown {
    const {
      payload: { format },
      maxReceivedBytes,
    } = this.form;
    const { method, info } = this.attempt.call;
    if (!compressed) return format.readResponse(bytes, start, end, method, slab);
    const compression = findCompression(this.#encoding);
    if (compression === undefined) {
      throw new RpcError(
        "internal",
        `the peer sent a message compressed with ${this.#encoding ?? "nothing that it named"} (grpc-encoding)`,
      );
    }
    if (info !== undefined) info.compressedMessages++;
    const inflated = compression.inflate(bytes.subarray(start, end), maxReceivedBytes);
    return format.readResponse(inflated, 0, inflated.byteLength, method);
  }

  taken(bytes: number): void {
    this.stream?.consumed(bytes);
    this.#credit();
  }

  /** A message larger than the window would never come whole if its pieces counted; but only one at a time may go beyond. */
  #credit(): void {
    if (this.partial === undefined || this.partial.held === 0 || this.#queue?.empty === false) return;
    const { held } = this.partial;
    this.partial.held = 0;
    this.stream?.consumed(held);
  }

  left(): void {
    this.attempt.call.cancel(new RpcError("cancelled", "the caller stopped reading"));
  }

  onTrailers(fields: Fields): void {
    if (!this.#over) this.#finish(fields);
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
    if (this.#over) return;
    this.#over = true;
    this.partial = undefined;
    const { origin, code, message, executed, cause } = failure;
    const lost = origin === "connection" || origin === "goaway";
    this.attempt.fail(
      new RpcError(lost ? "unavailable" : codeOfReset(code), message, {
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
    this.partial = undefined;
    if (code !== undefined && this.stream?.closed === false) this.stream.reset(code);
  }
}

/** What came is an answer of HTTP, as proxies give it when the server cannot be had. */
function notGrpc(status: number, contentType: string | undefined): RpcError {
  const what = contentType === undefined ? "without a content type" : `with content type ${contentType}`;
  return new RpcError(codeOfHttp(status), `the peer answered HTTP ${status} ${what}, which is not gRPC`, { foreignCode: `http ${status}` });
}
