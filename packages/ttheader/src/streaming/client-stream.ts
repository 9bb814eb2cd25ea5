/** One attempt at a call, as a stream: sends the request, hears the response, and tells the attempt how it went. */
import { MessageQueue, RpcError, textOf, type Attempt, type AttemptHolder, type MessageSink, type QueueOwner } from "@kiteline/core";
import { DeclaredError, TooLarge, type BareFormat } from "@kiteline/net";
import type { HeaderReader } from "../header-reader.ts";
import { writeIntPair, writeMetadata, writeStringPairs } from "../header-writer.ts";
import { CANCEL_PATH_KEY, CREDIT_KEY, KEY_TIMEOUT } from "../layout.ts";
import { exact, keepStrings, readBusinessError, timeLeftMs } from "../outcome.ts";
import { cancelPathOf, resetError } from "./cancellation.ts";
import { readException, writeException } from "./exceptions.ts";
import { Allowance, bytesIn, Unread, WINDOW_BYTES } from "./flow.ts";
import { beginFrame, beginPayload, finishFrame, writeCredit, type FrameTemplates } from "./frames.ts";
import type { FrameReceiver, StreamHost } from "./stream-connection.ts";

/** What the streams of one connection share. */
export interface ClientStreamHost extends StreamHost {
  /** Whether the server is known to have windows. */
  windows: boolean;
}

export class ClientStream implements FrameReceiver, MessageSink, QueueOwner, AttemptHolder {
  readonly id: number;
  readonly #session: ClientStreamHost;
  readonly #attempt: Attempt;
  readonly #templates: FrameTemplates;
  readonly #format: BareFormat;
  readonly #allowance = new Allowance();
  readonly #unread = new Unread();
  /** The response's messages, where it is a stream. */
  #queue: MessageQueue | undefined;
  /** The response, where it is one message. */
  #response: unknown;
  #responses = 0;
  /** Bytes of it that the connection counts. */
  #responseBytes = 0;
  #answered = false;
  /** Whether our side has said its last. */
  #finished = false;
  #over = false;

  constructor(session: ClientStreamHost, id: number, attempt: Attempt, templates: FrameTemplates, format: BareFormat) {
    this.id = id;
    this.#session = session;
    this.#attempt = attempt;
    this.#templates = templates;
    this.#format = format;
    if (session.windows) this.#allowance.expect(WINDOW_BYTES);
  }

  // The request.

  /** Opens the stream. Throws for metadata that cannot travel; nothing was sent then. */
  begin(): void {
    const { output, loop } = this.#session.connection;
    const { call } = this.#attempt;
    beginFrame(output, this.#templates.header, this.id);
    try {
      const metadata = call.metadataIfAny;
      if (metadata !== undefined && metadata.size > 0) writeMetadata(output, metadata);
      // Kitex does not look at it, and learns of a deadline when it has passed. Last, since it differs from call to call.
      if (call.deadlineMs !== Infinity) writeIntPair(output, KEY_TIMEOUT, timeLeftMs(call, loop));
      beginPayload(output);
      finishFrame(output);
    } catch (error) {
      output.rollback();
      throw error;
    }
    this.#session.connection.scheduleFlush(0);
  }

  get writable(): boolean {
    const { blocked, paused } = this.#session.connection;
    return !this.#over && !blocked && (paused || this.#allowance.open);
  }

  send(message: unknown): number {
    const { connection } = this.#session;
    const { output } = connection;
    beginFrame(output, this.#templates.data, this.id);
    try {
      beginPayload(output);
      this.#format.writeRequest(output, this.#attempt.call.method, message);
      finishFrame(output);
    } catch (error) {
      output.rollback();
      this.#fail(
        RpcError.from(error, error instanceof TooLarge ? "resource_exhausted" : "invalid_argument", {
          // What was sent before may have made the peer begin.
          executed: this.#attempt.call.outgoing === undefined ? "no" : "maybe",
          retriable: false,
        }),
      );
      return 0;
    }
    const bytes = output.position - output.messageStart;
    this.#allowance.sent(bytes);
    connection.scheduleFlush(0);
    return bytes;
  }

  /** Sends the only message of a request. */
  sendOnly(message: unknown): void {
    this.send(message);
    if (!this.#over) this.finish();
  }

  finish(): void {
    const { connection } = this.#session;
    this.#finished = true;
    beginFrame(connection.output, this.#templates.trailer, this.id);
    beginPayload(connection.output);
    finishFrame(connection.output);
    connection.scheduleFlush(0);
  }

  broke(error: unknown): void {
    this.#attempt.call.cancel(
      error instanceof RpcError
        ? error
        : new RpcError("cancelled", `the request's messages ended with an error: ${textOf(error)}`, { cause: error }),
    );
  }

  resume(): void {
    this.#attempt.call.outgoing?.resume();
  }

  /** The caller has given up. */
  release(): void {
    this.#close(resetError(this.#attempt.call));
  }

  // The response.

  onHeader({ sections: { strings } }: HeaderReader): void {
    if (this.#answered) {
      this.#fail(new RpcError("internal", "the peer began to answer a stream twice", { foreignCode: "thrift 12002" }));
      return;
    }
    const { info } = this.#attempt.call;
    if (info !== undefined && strings !== undefined) keepStrings(strings, info.reply);
    this.#answer();
  }

  /** The response has begun. */
  #answer(): void {
    this.#answered = true;
    const { call } = this.#attempt;
    const { kind } = call.method;
    if (kind === "server_stream" || kind === "bidi_stream") {
      this.#queue = new MessageQueue(this);
      this.#attempt.begin(this.#queue);
    } else {
      call.outgoing?.commit();
    }
  }

  onData(bytes: Buffer, start: number, end: number, frame: number): void {
    if (!this.#answered) this.#answer();
    let message: unknown;
    try {
      message = this.#format.readResponse(bytes, start, end, this.#attempt.call.method);
      if (this.#queue === undefined) this.#keep(frame);
    } catch (error) {
      if (error instanceof RpcError) {
        this.#fail(error);
        return;
      }
      this.#fail(
        new RpcError("internal", `a message of the peer cannot be read: ${textOf(error)}`, {
          executed: "yes",
          retriable: false,
          cause: error,
        }),
      );
      return;
    }
    if (this.#queue !== undefined) {
      this.#session.hold(frame, this.#unread.add(frame));
      this.#queue.push(message, frame);
      return;
    }
    this.#response = message;
    if (++this.#responses > 1) this.#fail(new RpcError("internal", "the peer answered with more than one message", { executed: "yes" }));
  }

  #keep(bytes: number): void {
    this.#session.keep(bytes);
    this.#responseBytes += bytes;
  }

  taken(bytes: number): void {
    const unread = this.#unread;
    this.#session.taken(bytes, unread.take(bytes));
    const { credit } = unread;
    if (credit === 0 || this.#over) return;
    unread.credited();
    const { connection } = this.#session;
    writeCredit(connection.output, this.#templates, this.id, credit);
    connection.scheduleFlush(0);
  }

  onMeta({ sections: { strings } }: HeaderReader): void {
    const credit = bytesIn(strings?.get(CREDIT_KEY));
    if (credit === 0) return;
    // Who gives credit looks at ours.
    this.#session.taken(0, this.#unread.open(WINDOW_BYTES));
    this.#session.windows = true;
    this.#allowance.grant(credit);
    this.resume();
  }

  left(): void {
    this.#attempt.call.cancel(new RpcError("cancelled", "the caller stopped reading"));
  }

  onTrailer(reader: HeaderReader, bytes: Buffer, end: number): void {
    const { strings } = reader.sections;
    const { info, method } = this.#attempt.call;
    if (info !== undefined && strings !== undefined) keepStrings(strings, info.trailers);
    let error: Error | undefined = strings === undefined ? undefined : readBusinessError(strings);
    if (error === undefined && reader.payload < end) {
      error = exact(readException(this.#session.options.exceptions, bytes, reader.payload, end, method), strings);
    }
    error ??= this.#incomplete();
    this.#close(undefined);
    if (error !== undefined) this.#attempt.fail(error);
    else if (this.#response instanceof DeclaredError) this.#attempt.fail(this.#response.error);
    else this.#attempt.succeed(this.#response);
  }

  /** What is missing although the peer says that all went well. */
  #incomplete(): RpcError | undefined {
    if (!this.#answered) this.#answer();
    if (this.#queue !== undefined || this.#responses === 1) return undefined;
    return new RpcError("internal", `${this.#attempt.call.method.fullName} succeeded without a response`, { executed: "yes" });
  }

  onReset({ payload, sections: { strings } }: HeaderReader, bytes: Buffer, end: number): void {
    const { method } = this.#attempt.call;
    const path = strings?.get(CANCEL_PATH_KEY);
    const error = readException(this.#session.options.exceptions, bytes, payload, end, method);
    this.#close(undefined);
    const { code, detail, executed, foreignCode } = error;
    const text = `the peer ended the stream${path === undefined ? "" : ` (${path})`}: ${detail}`;
    this.#attempt.fail(new RpcError(code, text, { executed, ...(foreignCode === undefined ? {} : { foreignCode }) }));
  }

  /** The connection is gone. `sent`: the peer may have heard of the stream. */
  lost(reason: Error | undefined, sent: boolean): void {
    if (this.#over) return;
    this.#over = true;
    const cause = reason === undefined ? "the connection was closed" : reason instanceof RpcError ? reason.detail : reason.message;
    const code = reason instanceof RpcError && reason.code !== "cancelled" ? reason.code : "unavailable";
    this.#attempt.fail(
      RpcError.withoutStack(code, `${cause}, ${sent ? "before the stream had ended" : "before the request was sent"}`, {
        executed: sent ? "maybe" : "no",
        retriable: code === "unavailable",
        peer: this.#session.connection.peer,
        cause: reason,
      }),
    );
  }

  #fail(error: RpcError): void {
    if (this.#over) return;
    this.#close(error);
    this.#attempt.fail(error);
  }

  /** Ends the stream: at the peer, too, when there is a reason for that. */
  #close(reason: RpcError | undefined): void {
    if (this.#over) return;
    this.#over = true;
    const { connection } = this.#session;
    if (!connection.ended) {
      if (reason !== undefined) this.#sendReset(reason);
      // Servers of old wait for it although all has been said, and others do not look at it.
      if (!this.#finished) this.finish();
    }
    this.#session.letGo(this.#responseBytes);
    this.#session.ended(this.id);
  }

  #sendReset(reason: RpcError): void {
    const { connection, options } = this.#session;
    const { output } = connection;
    const { call } = this.#attempt;
    const path = cancelPathOf(call);
    beginFrame(output, this.#templates.reset, this.id);
    if (path !== "") writeStringPairs(output, [[CANCEL_PATH_KEY, path]]);
    beginPayload(output);
    writeException(output, options.exceptions, call.method.name, this.id, reason);
    finishFrame(output);
    connection.scheduleFlush(0);
  }
}
