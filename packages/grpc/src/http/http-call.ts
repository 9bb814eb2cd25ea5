/**
 * A call that a server handles over HTTP: the data of an exchange to requests, responses and outcome to the exchange. Here stands
 * what all dialects share, with messages behind prefixes of five bytes; a dialect says how the outcome is told.
 */
import { RpcError } from "@kiteline/core";
import { ErrorCode, type StreamFailure, type StreamReceiver } from "@kiteline/http2";
import { lend, type ServedMethod, type Slab, type Slabs } from "@kiteline/net";
import { StreamCall } from "@kiteline/net/server";
import { Backlog, receiveMessages, type BacklogReceiver } from "../backlog.ts";
import { ACCEPTED, accepts, findCompression, type Compression } from "../compression.ts";
import { Compressor } from "../compressor.ts";
import { pushReplyMetadata } from "../metadata-fields.ts";
import { MOST_SURPLUS_BYTES, TRUSTED_BYTES, type PartialMessage } from "../message-reader.ts";
import { sendDeclared, sendResponse, type MessageForm } from "../message-writer.ts";
import type { GrpcPayload } from "../payload.ts";
import type { CallContext } from "./dialect.ts";
import type { Exchange } from "./exchange.ts";
import type { RequestHead } from "./request-head.ts";

/** A message that inflates to so many times its size, and takes longer than this, does so at the expense of other connections. */
const BLOWN_UP = 32;
const LONG_MS = 1;
/** It waits for so many times as long before it has another inflated. */
const REST = 4;

export abstract class HttpCall extends StreamCall implements StreamReceiver, BacklogReceiver, MessageForm {
  partial: PartialMessage | undefined = undefined;
  backlog: Backlog | undefined = undefined;
  trustedBytes: number = TRUSTED_BYTES;
  /** What the connection counts of it as `buffered`. */
  #buffered = 0;
  protected readonly exchange: Exchange;
  protected readonly head: RequestHead;
  protected headersSent = false;
  /** Of the responses. */
  protected compressor: Compressor | undefined;
  readonly #context: CallContext;
  readonly #serve: ServedMethod["serve"];
  /** The request, where it is one message. */
  #request: unknown;
  #requestMessages = 0;
  /** Bytes of it that have not been said to be consumed. */
  #requestBytes = 0;
  /** What has kept a response from being sent when it was compressed. */
  #unsent: RpcError | undefined;

  constructor(context: CallContext, exchange: Exchange, head: RequestHead, { method, serve }: ServedMethod) {
    super(method, head.metadata, context.connection.loop, head.timeoutMs);
    this.#context = context;
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
    return this.#context.connection.peer;
  }

  get slabs(): Slabs {
    return this.#context.connection.loop.slabs;
  }

  get maxMessageBytes(): number {
    return this.#context.maxMessageBytes;
  }

  get maxReceivedBytes(): number {
    return this.#context.maxReceivedBytes;
  }

  get deaf(): boolean {
    return this.done;
  }

  get full(): boolean {
    return (this.requests !== undefined && this.requests.surplus > MOST_SURPLUS_BYTES) || this.backlog?.inflating === true;
  }

  // What a dialect decides.

  /** Says how the call went, and so ends the response. `metadata`: tells what the handler set, which may throw a `TypeError`; nothing was sent then. */
  protected abstract sayOutcome(error: Error | undefined, metadata: boolean): void;

  /** Takes what came of the request. Throws for what cannot be read. */
  protected receive(bytes: Buffer, start: number, end: number): void {
    receiveMessages(this, bytes, start, end);
  }

  /** The same, when all has come. */
  protected receivedAll(): void {
    if (this.partial !== undefined) throw this.malformed("it ends within a message");
  }

  protected malformed(text: string): RpcError {
    return RpcError.withoutStack(this.head.names.malformed, text);
  }

  // The request.

  /** Takes the call on, unless it is refused. `end`: there is no body. */
  begin(end: boolean): void {
    const { host } = this.#context;
    const refused = host.admit(this) ?? this.#unreadable();
    if (refused !== undefined) this.fail(refused);
    else if (this.requests !== undefined) this.run(this.#serve, undefined, this.#context.scope);
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
    if (this.done || this.requests?.closed === true) {
      this.exchange.consumed(end - start);
      return;
    }
    try {
      this.receive(bytes, start, end);
    } catch (error) {
      this.refuseRequest(error as Error);
      return;
    }
    if (last) this.onRequestEnd();
    else this.onReadOn();
  }

  destination(most: number): Buffer | undefined {
    return this.partial?.destination(most);
  }

  onMessage(bytes: Buffer, start: number, end: number, compressed: boolean, held: number, slab?: Slab): void {
    if (compressed) this.#inflate(bytes.subarray(start, end), held, slab);
    else this.#take(this.payload.format.readRequest(bytes, start, end, this.method, slab), held, held, slab);
  }

  #inflate(bytes: Buffer, held: number, slab: Slab | undefined): void {
    const compression = findCompression(this.head.encoding);
    if (compression === undefined)
      throw new RpcError("internal", `a message is compressed, but the request does not say how (${this.head.names.encoding})`);
    this.compressedMessages++;
    const { background } = this.#context;
    const beganMs = background.clock.now();
    const inflated = compression.inflate(bytes, this.maxReceivedBytes);
    if (inflated !== undefined) this.onInflated(inflated, bytes.byteLength, held, background.clock.now() - beganMs);
    else (this.backlog ??= new Backlog(this)).inflate(background, compression, bytes, held, slab);
  }

  /** Who has few bytes become very many has to wait for the next ones. */
  onInflated(bytes: Buffer, compressedBytes: number, held: number, tookMs: number): void {
    const size = bytes.byteLength;
    if (size > BLOWN_UP * compressedBytes) this.#restAfter(tookMs);
    if (this.#buffered > 0 || size - 2 * held > MOST_SURPLUS_BYTES) this.buffer(size - held, size);
    this.#take(this.payload.format.readRequest(bytes, 0, bytes.byteLength, this.method), held, size);
  }

  /** `size`: its bytes once inflated. `slab`: what it was read from. */
  #take(message: unknown, held: number, size: number, slab?: Slab): void {
    if (this.requests !== undefined) {
      this.requests.push(message, held, size, lend(this.slabs, slab));
      return;
    }
    this.#request = message;
    this.#requestBytes += held;
    if (++this.#requestMessages > 1) throw moreThanOne();
  }

  #restAfter(tookMs: number): void {
    if (tookMs <= LONG_MS) return;
    this.exchange.fault(tookMs);
    this.#context.background.rest(REST * tookMs);
  }

  onUnreadable(error: Error, tookMs = 0): void {
    this.#restAfter(tookMs);
    this.refuseRequest(error);
  }

  /** All of the request has come. */
  protected onRequestEnd(): void {
    if (this.done) return;
    try {
      if (this.backlog === undefined) this.receivedAll();
      if (this.backlog !== undefined) {
        this.backlog.whenRead(() => this.onRequestEnd());
        return;
      }
      if (this.requests === undefined && this.#requestMessages === 0) throw RpcError.withoutStack("unimplemented", "it has no message");
    } catch (error) {
      this.refuseRequest(error as Error);
      return;
    }
    if (this.requests !== undefined) {
      this.requests.end();
      return;
    }
    // Whose memory it is from now on.
    this.#dropUnread();
    this.run(this.#serve, this.#request, this.#context.scope);
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
  }

  /** A message larger than the window would never come whole if its pieces counted; but only one at a time may go beyond. */
  onReadOn(): void {
    const { partial } = this;
    try {
      if (this.#requestMessages > 0) {
        if (partial !== undefined) throw moreThanOne();
        const held = this.#requestBytes;
        this.buffer(Math.max(this.#buffered, held), held);
        this.#requestBytes = 0;
        this.exchange.consumed(held);
      } else if (partial !== undefined && partial.held > 0 && this.requests?.empty !== false) {
        const { held, reserved, size } = partial;
        this.buffer(reserved, size);
        partial.held = 0;
        this.exchange.consumed(held);
      }
    } catch (error) {
      this.onUnreadable(error as Error);
    }
  }

  /** It holds so much beyond credit. Throws an `RpcError` when the connection has no room for that. */
  protected buffer(bytes: number, messageBytes = 0): void {
    this.#buffered = this.#context.buffered.change(this.#buffered, bytes, messageBytes);
  }

  taken(bytes: number): void {
    this.exchange.consumed(bytes);
    if (this.#buffered > 0) {
      // A large one was the first that waited: what is left is what others were inflated to.
      const surplus = this.requests?.surplus ?? 0;
      this.buffer(surplus > MOST_SURPLUS_BYTES ? Math.min(surplus, this.#buffered) : 0);
    }
    const { backlog } = this;
    if (backlog === undefined) this.onReadOn();
    // Not for who reads no more: what is wrong with the rest is nothing to them.
    else if (this.requests?.closed !== true && (this.requests?.surplus ?? 0) <= MOST_SURPLUS_BYTES / 2) backlog.readOn();
  }

  /** What has come is for nobody, and what will come is not looked at. */
  override left(): void {
    this.#dropUnread();
  }

  /** Said to be read, or the connection would never get it back. */
  #dropUnread(): void {
    const held = this.#requestBytes + (this.partial?.held ?? 0) + (this.backlog?.held ?? 0);
    this.#requestBytes = 0;
    if (this.#buffered > 0) this.buffer(0);
    this.backlog?.drop();
    this.partial = this.backlog = undefined;
    if (held > 0) this.exchange.consumed(held);
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
    return new Compressor(compression, this.#context.background, (error) => {
      this.#unsent = this.unsent(error);
      this.fail(this.#unsent);
    });
  }

  protected override unsendable(error: RpcError): RpcError {
    return this.#context.host.unsendable(this, error);
  }

  protected override end(error: Error | undefined): void {
    this.#dropUnread();
    if (this.compressor?.busy === true) this.compressor.after(() => this.#end(error));
    else this.#end(error);
  }

  #end(outcome: Error | undefined): void {
    const error = outcome ?? this.#unsent;
    this.#context.host.ended(this, error);
    if (this.exchange.closed) return;
    try {
      const declared = error !== undefined && this.payload.format.declares?.(this.method, error) === true;
      if (declared) this.sendDeclared(error);
      this.#sayLast(declared ? undefined : error);
    } catch (failure) {
      this.sayFailure(failure as Error);
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
      this.sayFailure(failure as Error);
    }
  }

  /** The outcome cannot travel, for its metadata or its length: an error says so in its place. */
  protected sayFailure(failure: Error): void {
    try {
      this.sayOutcome(new RpcError("internal", failure.message, { executed: "yes", retriable: false }), false);
    } catch {
      // The caller takes hardly any fields (SETTINGS_MAX_HEADER_LIST_SIZE).
      this.exchange.reset(ErrorCode.INTERNAL_ERROR);
    }
  }
}

function moreThanOne(): RpcError {
  return RpcError.withoutStack("unimplemented", "it has more than one message");
}
