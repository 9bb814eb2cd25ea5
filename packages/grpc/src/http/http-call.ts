/**
 * A call that a server handles over HTTP: the data of an exchange to requests, responses and outcome to the exchange. Here stands
 * what all dialects share, with messages behind prefixes of five bytes; a dialect says how the outcome is told.
 */
import { RpcError, textOf, type MessageQueue } from "@kiteline/core";
import { ErrorCode, type StreamFailure, type StreamReceiver } from "@kiteline/http2";
import type { ServedMethod, Slab, Slabs } from "@kiteline/net";
import { StreamCall } from "@kiteline/net/server";
import { BLOWN_UP } from "../background.ts";
import { ACCEPTED, accepts, findCompression, type Compression } from "../compression.ts";
import { Compressor } from "../compressor.ts";
import { Incoming, takeOneMessage, type IncomingOwner } from "../incoming.ts";
import { pushReplyMetadata } from "../metadata-fields.ts";
import { sendDeclared, sendResponse, type MessageForm } from "../message-writer.ts";
import type { GrpcPayload } from "../payload.ts";
import type { CallContext } from "./dialect.ts";
import type { Exchange } from "./exchange.ts";
import type { RequestHead } from "./request-head.ts";

export abstract class HttpCall extends StreamCall implements StreamReceiver, IncomingOwner, MessageForm {
  readonly context: CallContext;
  protected readonly exchange: Exchange;
  protected readonly head: RequestHead;
  protected headersSent = false;
  /** Of the responses. */
  protected compressor: Compressor | undefined;
  readonly #serve: ServedMethod["serve"];
  #incoming: Incoming | undefined;
  /** The request, where it is one message. */
  #request: unknown;
  #requested = false;
  /** What has kept a response from being sent when it was compressed. */
  #unsent: RpcError | undefined;

  constructor(context: CallContext, exchange: Exchange, head: RequestHead, { method, serve }: ServedMethod) {
    super(method, head.metadata, context.connection.loop, head.timeoutMs);
    this.context = context;
    this.exchange = exchange;
    this.head = head;
    this.#serve = serve;
  }

  get payload(): GrpcPayload {
    return this.head.payload;
  }

  override get caller(): string {
    return this.head.caller;
  }

  override get peer(): string {
    return this.context.connection.peer;
  }

  get slabs(): Slabs {
    return this.context.slabs;
  }

  get maxMessageBytes(): number {
    return this.context.maxMessageBytes;
  }

  get maxReceivedBytes(): number {
    return this.context.maxReceivedBytes;
  }

  get queue(): MessageQueue | undefined {
    return this.requests;
  }

  get source(): Exchange {
    return this.exchange;
  }

  get deaf(): boolean {
    return this.done || this.requests?.closed === true;
  }

  protected get incoming(): Incoming {
    return (this.#incoming ??= new Incoming(this));
  }

  // What a dialect decides.

  /** Says how the call went, and so ends the response. `metadata`: tells what the handler set, which may throw a `TypeError`; nothing was sent then. */
  protected abstract sayOutcome(error: Error | undefined, metadata: boolean): void;

  /** Takes what came of the request. Throws for what cannot be read. */
  protected receive(bytes: Buffer, start: number, end: number, last: boolean): void {
    const only = this.requests === undefined;
    // One that may have to wait for the end of its request is counted.
    const whole = this.#incoming === undefined && (last || !only) && takeOneMessage(this, bytes, start, end);
    if (!whole) this.incoming.receive(bytes, start, end);
    else if (only) this.exchange.consumed(end - start);
  }

  /** The same, when all has come. */
  protected receivedAll(): void {
    if (this.#incoming?.partial !== undefined) throw this.malformed("it ends within a message");
  }

  protected malformed(text: string): RpcError {
    return RpcError.withoutStack(this.head.names.malformed, text);
  }

  // The request.

  /** Takes the call on, unless it is refused. `end`: there is no body. */
  begin(end: boolean): void {
    const { host } = this.context;
    const refused = host.admit(this) ?? this.#unreadable();
    if (refused !== undefined) this.fail(refused);
    else if (this.requests !== undefined) this.run(this.#serve, undefined, this.context.scope);
    if (end) this.onRequestEnd();
  }

  #unreadable(): RpcError | undefined {
    const { encoding, problem } = this.head;
    if (problem !== undefined)
      return new RpcError(this.head.names.malformed, `the request cannot be taken on: ${problem}`, { executed: "no", retriable: false });
    if (encoding === undefined || findCompression(encoding) !== undefined) return undefined;
    return new RpcError("unimplemented", `the request is compressed with ${encoding}, but this server takes ${ACCEPTED}`, {
      executed: "no",
    });
  }

  /** What compressions we understand, where the request has one that we do not: callers may try another (gRPC, "Compression"). */
  protected pushAccepted(fields: string[]): void {
    const { encoding, names } = this.head;
    if (encoding !== undefined && findCompression(encoding) === undefined) fields.push(names.accepted, ACCEPTED);
  }

  onHeaders(): void {}
  onInformational(): void {}

  onData(bytes: Buffer, start: number, end: number, last: boolean): void {
    if (this.deaf) {
      this.exchange.consumed(end - start);
      return;
    }
    try {
      this.receive(bytes, start, end, last);
    } catch (error) {
      this.refuseRequest(error as Error);
      return;
    }
    if (last) this.onRequestEnd();
    else this.#incoming?.onReadOn();
  }

  destination(most: number): Buffer | undefined {
    return this.#incoming?.partial?.destination(most);
  }

  read(bytes: Buffer, start: number, end: number, slab?: Slab): unknown {
    return this.payload.format.readRequest(bytes, start, end, this.method, slab);
  }

  inflater(): Compression {
    const compression = findCompression(this.head.encoding);
    if (compression === undefined)
      throw new RpcError("internal", `a message is compressed, but the request does not say how (${this.head.names.encoding})`);
    this.compressedMessages++;
    return compression;
  }

  /** Who has few bytes become very many has to wait for the next ones. */
  onInflated(size: number, compressedBytes: number, tookMs: number): void {
    if (size > BLOWN_UP * compressedBytes) this.#restAfter(tookMs);
  }

  onOnly(message: unknown): void {
    this.#requested = true;
    this.#request = message;
  }

  tooMany(): RpcError {
    return RpcError.withoutStack("unimplemented", "it has more than one message");
  }

  #restAfter(tookMs: number): void {
    const together = this.context.background.charge(tookMs);
    if (together > 0) this.exchange.fault(together);
  }

  onUnreadable(error: Error, tookMs = 0): void {
    this.#restAfter(tookMs);
    this.refuseRequest(error);
  }

  /** All of the request has come. */
  protected onRequestEnd(): void {
    if (this.done) return;
    try {
      if (this.#incoming?.backlog === undefined) this.receivedAll();
      const backlog = this.#incoming?.backlog;
      if (backlog !== undefined) {
        backlog.whenRead(() => this.onRequestEnd());
        return;
      }
      if (this.requests === undefined && !this.#requested) throw RpcError.withoutStack("unimplemented", "it has no message");
    } catch (error) {
      this.refuseRequest(error as Error);
      return;
    }
    if (this.requests !== undefined) {
      this.requests.end();
      return;
    }
    // Whose memory it is from now on.
    this.#incoming?.drop();
    this.run(this.#serve, this.#request, this.context.scope);
  }

  /** The request cannot be read: ends the call. */
  refuseRequest(error: Error): void {
    if (this.done) return;
    this.exchange.fault();
    const code = error instanceof RpcError ? error.code : "invalid_argument";
    const text = error instanceof RpcError ? error.detail : error.message;
    this.fail(
      RpcError.withoutStack(code, `the request of ${this.method.fullName} cannot be read: ${text}`, {
        executed: this.requests === undefined ? "no" : "maybe",
        retriable: error instanceof RpcError && error.retriable,
        cause: error,
      }),
    );
    // Also what could not be read: with the end of a stream that both sides have ended nobody else gives it back.
    this.exchange.consumed(Infinity);
  }

  taken(bytes: number): void {
    if (this.#incoming === undefined) this.exchange.consumed(bytes);
    else this.#incoming.taken(bytes);
  }

  /** What has come is for nobody, and what will come is not looked at. */
  override left(): void {
    this.#incoming?.drop();
  }

  onTrailers(): void {
    this.onRequestEnd();
  }

  onFailed({ message }: StreamFailure): void {
    // After the outcome only its way to the caller has failed.
    if (this.done) this.compressor?.cancel();
    else this.cancel(RpcError.withoutStack("cancelled", `the caller is gone: ${message}`));
  }

  // The response.

  onWritable(): void {
    this.resume();
  }

  get writable(): boolean {
    return this.exchange.writable && this.compressor?.busy !== true;
  }

  protected override sendMessage(message: unknown): number {
    if (!this.headersSent) this.sendHeaders();
    // Named once, in the headers; but not all messages have to be.
    const compressor = this.compression === undefined ? undefined : this.compressor;
    const sent = sendResponse(this.exchange, this, this.method, message, compressor);
    if (compressor?.busy === true) compressor.after(() => this.resume());
    return sent;
  }

  /** The same for an error that the method declares: a response like any other. */
  protected sendDeclared(error: Error): void {
    if (!this.headersSent) this.sendHeaders();
    sendDeclared(this.exchange, this, this.method, error, this.compressor);
  }

  protected sendHeaders(): void {
    const compression = this.chooseCompression();
    if (compression !== undefined) this.compressor = this.makeCompressor(compression);
    const reply = this.replyIfAny;
    let extra: string[] | undefined;
    if (compression !== undefined || reply !== undefined) {
      extra = compression === undefined ? [] : [this.head.names.encoding, compression.name];
      if (reply !== undefined) pushReplyMetadata(extra, reply.entries());
    }
    this.exchange.sendHeaders(this.head.response, extra, false);
    this.headersSent = true;
  }

  protected chooseCompression(): Compression | undefined {
    const wanted = findCompression(this.compression);
    return wanted !== undefined && accepts(this.head.accepted, wanted) ? wanted : undefined;
  }

  protected makeCompressor(compression: Compression): Compressor {
    return new Compressor(compression, this.context.background, (error) => {
      this.#unsent = this.unsent(error);
      this.fail(this.#unsent);
    });
  }

  protected override unsendable(error: RpcError): RpcError {
    return this.context.host.unsendable(this, error);
  }

  protected override end(error: Error | undefined): void {
    this.#incoming?.drop();
    if (this.compressor?.busy === true) this.compressor.after(() => this.#end(error));
    else this.#end(error);
  }

  #end(outcome: Error | undefined): void {
    const error = outcome ?? this.#unsent;
    this.context.host.ended(this, error);
    if (this.exchange.closed) return;
    try {
      const declared = error !== undefined && this.payload.format.declares?.(this.method, error) === true;
      if (declared) this.sendDeclared(error);
      this.#sayLast(declared ? undefined : error);
    } catch (failure) {
      this.sayFailure(failure);
    }
  }

  /** Behind a message that is still being compressed. */
  #sayLast(outcome: Error | undefined): void {
    if (this.compressor?.busy === true) {
      this.compressor.after(() => this.#sayLast(outcome));
      return;
    }
    if (this.exchange.closed) return;
    try {
      this.sayOutcome(outcome ?? this.#unsent, true);
    } catch (failure) {
      this.sayFailure(failure);
    }
  }

  /** The outcome cannot travel, for its metadata or its length: an error says so in its place. */
  protected sayFailure(failure: unknown): void {
    try {
      this.sayOutcome(new RpcError("internal", textOf(failure), { executed: "yes", retriable: false }), false);
    } catch {
      // The caller takes hardly any fields (SETTINGS_MAX_HEADER_LIST_SIZE).
      this.exchange.reset(ErrorCode.INTERNAL_ERROR);
    }
  }
}
