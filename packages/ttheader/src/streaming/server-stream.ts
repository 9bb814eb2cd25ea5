/** A call that a server handles as a stream: its frames to requests, responses and outcome to frames. */
import { BusinessError, executedHere, RpcError, textOf, type CallScope, type Code } from "@kiteline/core";
import { type BareFormat, type CallHost, type ServedMethod } from "@kiteline/net";
import { StreamCall } from "@kiteline/net/server";
import type { HeaderReader } from "../header-reader.ts";
import { writeReplyMetadata, writeStringPairs } from "../header-writer.ts";
import { CANCEL_PATH_KEY, CREDIT_KEY, WINDOW_KEY } from "../layout.ts";
import { businessPairs, CLOSING, statusPairs } from "../outcome.ts";
import { readException, writeException } from "./exceptions.ts";
import { Allowance, bytesIn, Unread, WINDOW_BYTES } from "./flow.ts";
import { beginFrame, beginPayload, finishFrame, writeCredit, type FrameTemplates } from "./frames.ts";
import type { FrameReceiver, StreamHost } from "./stream-connection.ts";

/** What the calls of one connection share. */
export interface ServerStreamHost extends StreamHost {
  readonly host: CallHost;
  /** Where calls are handled; absent when calls made in handlers inherit nothing. */
  readonly scope: CallScope | undefined;
}

export class ServerStream extends StreamCall implements FrameReceiver {
  readonly caller: string;
  readonly openedMs: number;
  /** Who gave up, once somebody has (Kitex's `ttscp`); empty if that is not known. */
  cancelPath = "";
  /** Whether all of the request has come. */
  requested = false;
  readonly #session: ServerStreamHost;
  readonly #id: number;
  readonly #serve: ServedMethod["serve"];
  readonly #templates: FrameTemplates;
  readonly #format: BareFormat | undefined;
  readonly #allowance = new Allowance();
  readonly #unread = new Unread();
  /** The request, where it is one message. */
  #request: unknown;
  #requestMessages = 0;
  /** Bytes of it that the connection counts. */
  #requestBytes = 0;
  #headerSent = false;
  /** Whether the host has been asked to admit it, and so is told of its end. */
  #counted = false;
  /** Whether the caller has ended the stream, and waits for nothing. */
  #deserted = false;

  /** Without a format it can only fail. */
  constructor(
    session: ServerStreamHost,
    id: number,
    { sections, timeoutMs }: HeaderReader,
    { method, serve }: ServedMethod,
    templates: FrameTemplates,
    format: BareFormat | undefined,
  ) {
    super(method, sections.metadata, session.connection.loop, timeoutMs);
    this.caller = sections.caller;
    this.openedMs = session.connection.loop.now();
    this.#session = session;
    this.#id = id;
    this.#serve = serve;
    this.#templates = templates;
    this.#format = format;
    const window = bytesIn(sections.strings?.get(WINDOW_KEY));
    if (window === 0) return;
    this.#allowance.grant(window);
    this.#unread.open(WINDOW_BYTES);
  }

  override get peer(): string {
    return this.#session.connection.peer;
  }

  /** Takes the call on, unless it is refused. */
  begin(refusal: RpcError | undefined): void {
    const { host, scope } = this.#session;
    this.#counted = true;
    const refused = host.admit(this) ?? refusal;
    if (refused === undefined && this.#unread.window > 0) this.#sendCredit(WINDOW_BYTES);
    if (refused !== undefined) this.fail(refused);
    else if (this.requests !== undefined) this.run(this.#serve, undefined, scope);
  }

  // The request.

  onHeader(): void {
    this.fail(new RpcError("internal", "the stream was opened twice", { foreignCode: "thrift 12002" }));
  }

  onData(bytes: Buffer, start: number, end: number, frame: number): void {
    if (this.requested || this.#format === undefined) return;
    let message: unknown;
    try {
      message = this.#format.readRequest(bytes, start, end, this.method);
      if (this.requests === undefined) this.#keep(frame);
    } catch (error) {
      if (error instanceof RpcError) this.#refuseRequest(error.code, error.detail, error);
      else this.#refuseRequest("invalid_argument", textOf(error), error);
      return;
    }
    if (this.requests !== undefined) {
      this.#session.hold(frame, this.#unread.add(frame));
      this.requests.push(message, frame);
      return;
    }
    this.#request = message;
    if (++this.#requestMessages > 1) this.#refuseRequest("invalid_argument", "it has more than one message");
  }

  #keep(bytes: number): void {
    this.#session.keep(bytes);
    this.#requestBytes += bytes;
  }

  /** It is the handler's from now on, or nobody's. */
  #letGo(): void {
    this.#session.letGo(this.#requestBytes);
    this.#requestBytes = 0;
  }

  taken(bytes: number): void {
    const unread = this.#unread;
    this.#session.taken(bytes, unread.take(bytes));
    const { credit } = unread;
    if (credit === 0 || this.done || this.requested) return;
    unread.credited();
    this.#sendCredit(credit);
  }

  #sendCredit(bytes: number): void {
    const { connection } = this.#session;
    if (connection.ended) return;
    writeCredit(connection.output, this.#templates, this.#id, bytes);
    connection.scheduleFlush(0);
  }

  onMeta({ sections: { strings } }: HeaderReader): void {
    const credit = bytesIn(strings?.get(CREDIT_KEY));
    if (credit === 0) return;
    this.#allowance.grant(credit);
    this.resume();
  }

  onTrailer(reader: HeaderReader, bytes: Buffer, end: number): void {
    if (this.requested) return;
    this.requested = true;
    if (reader.payload < end) {
      const { detail } = readException(this.#session.options.exceptions, bytes, reader.payload, end, this.method);
      this.cancel(new RpcError("cancelled", `the caller's messages ended with an error: ${detail}`));
    } else if (this.requests !== undefined) {
      this.requests.end();
    } else if (this.#requestMessages === 0) {
      this.#refuseRequest("internal", "it has no message");
    } else {
      this.#letGo();
      this.run(this.#serve, this.#request, this.#session.scope);
    }
  }

  #refuseRequest(code: Code, text: string, cause?: unknown): void {
    this.fail(
      new RpcError(code, `the request of ${this.method.fullName} cannot be read: ${text}`, {
        executed: this.requests === undefined ? "no" : "maybe",
        retriable: cause instanceof RpcError && cause.retriable,
        cause,
      }),
    );
  }

  onReset({ payload, sections: { strings } }: HeaderReader, bytes: Buffer, end: number): void {
    this.#deserted = true;
    this.cancelPath = strings?.get(CANCEL_PATH_KEY) ?? "";
    const { code, detail, foreignCode } = readException(this.#session.options.exceptions, bytes, payload, end, this.method);
    const by = this.cancelPath === "" ? "the caller" : `the caller (${this.cancelPath})`;
    this.cancel(
      new RpcError(
        code === "deadline_exceeded" ? code : "cancelled",
        `${by} gave up: ${detail}`,
        foreignCode === undefined ? {} : { foreignCode },
      ),
    );
  }

  // The response.

  get writable(): boolean {
    const { blocked, paused } = this.#session.connection;
    return !blocked && (paused || this.#allowance.open);
  }

  protected override sendMessage(message: unknown): number {
    const { connection } = this.#session;
    const { output } = connection;
    try {
      if (!this.#headerSent) this.#sendHeader(true);
      beginFrame(output, this.#templates.data, this.#id);
      beginPayload(output);
      this.#format?.writeResponse(output, this.method, message);
      finishFrame(output);
    } catch (error) {
      output.rollback();
      throw error;
    }
    const bytes = output.position - output.messageStart;
    this.#allowance.sent(bytes);
    connection.scheduleFlush(0);
    return bytes;
  }

  #sendHeader(metadata: boolean): void {
    const { connection, host } = this.#session;
    const { output } = connection;
    const reply = metadata ? this.replyIfAny : undefined;
    beginFrame(output, this.#templates.header, this.#id);
    if (host.draining) writeStringPairs(output, CLOSING);
    if (reply !== undefined) writeReplyMetadata(output, reply.entries());
    beginPayload(output);
    finishFrame(output);
    this.#headerSent = true;
    connection.scheduleFlush(0);
  }

  protected override unsendable(error: RpcError): RpcError {
    return this.#session.host.unsendable(this, error);
  }

  protected override end(error: Error | undefined): void {
    const session = this.#session;
    this.#letGo();
    if (this.#counted) session.host.ended(this, error);
    if (!this.#deserted && !session.connection.ended) this.#sayOutcome(error);
    session.ended(this.#id);
  }

  #sayOutcome(error: Error | undefined): void {
    const { connection } = this.#session;
    try {
      this.#sendTrailer(error, true);
    } catch (failure) {
      connection.output.rollback();
      // Its metadata may be what cannot travel: the error says so in their place.
      this.#sendTrailer(new RpcError("internal", textOf(failure), { executed: "yes", retriable: false }), false);
    }
    connection.scheduleFlush(0);
  }

  #sendTrailer(error: Error | undefined, metadata: boolean): void {
    const { connection, host, options } = this.#session;
    const { output } = connection;
    // A stream that nobody has looked at is refused without a header: what it was to send may be sent to somebody else.
    const refused = error !== undefined && executedHere(error) === "no";
    if (!this.#headerSent && !refused) this.#sendHeader(metadata);
    const trailers = metadata ? this.trailersIfAny : undefined;
    beginFrame(output, this.#templates.trailer, this.#id);
    if (host.draining) writeStringPairs(output, CLOSING);
    if (trailers !== undefined) writeReplyMetadata(output, trailers.entries());
    if (error instanceof BusinessError) writeStringPairs(output, businessPairs(error));
    else if (error !== undefined) writeStringPairs(output, statusPairs(error));
    beginPayload(output);
    if (error !== undefined && !(error instanceof BusinessError)) {
      writeException(output, options.exceptions, this.method.name, this.#id, error);
    }
    finishFrame(output);
  }
}
