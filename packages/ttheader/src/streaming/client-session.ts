/** The streams of one client connection: each attempt is one. */
import { bareName, RpcError, type Attempt, type Method, type MethodBinding } from "@kiteline/core";
import type { BareFormat, CallSession, Connection, SessionOpener, SessionOwner } from "@kiteline/net";
import { HeaderReader } from "../header-reader.ts";
import type { IntPair, StringPair } from "../header-writer.ts";
import { CLOSING_KEY, KEY_FROM_SERVICE, KEY_TO_SERVICE, SERVICE_KEY, WINDOW_KEY } from "../layout.ts";
import { ClientStream, type ClientStreamHost } from "./client-stream.ts";
import { WINDOW_BYTES } from "./flow.ts";
import { FrameTemplates } from "./frames.ts";
import { formatOf, StreamConnection, type StreamingOptions } from "./stream-connection.ts";

export interface StreamClientOptions extends StreamingOptions {
  /** Whether to use a connection for many streams at once. */
  readonly multiplexed: boolean;
}

/** Speaks TTHeader's streaming on the connections of a set. */
export function streamSessions(options: StreamClientOptions): SessionOpener {
  const reader = new HeaderReader();
  return (connection, owner) => new StreamClientSession(connection, owner, options, reader);
}

/** What the streams of a method have in common. */
interface PreparedMethod {
  readonly templates: FrameTemplates;
  readonly format: BareFormat;
}

export class StreamClientSession extends StreamConnection<ClientStream> implements CallSession, ClientStreamHost {
  readonly multiplexed: boolean;
  /** Nothing is to be found out of the peer. */
  readonly proven = true;
  /** Nor does it say anything before it is asked. */
  readonly stillborn = false;
  calls = 0;
  closing = false;
  windows = false;
  readonly #owner: SessionOwner;
  readonly #maxInFlight: number;
  #lastId = 0;
  /** The last stream whose Header has been handed to the socket. */
  #flushedId = 0;
  /** Whether anything has come at all. */
  #heard = false;

  constructor(connection: Connection, owner: SessionOwner, options: StreamClientOptions, reader: HeaderReader) {
    super(connection, options, reader);
    this.multiplexed = options.multiplexed;
    this.#owner = owner;
    this.#maxInFlight = options.multiplexed ? options.maxInFlight : 1;
  }

  get free(): boolean {
    return !this.closing && !this.connection.blocked && this.streams.size < this.#maxInFlight;
  }

  send(attempt: Attempt): void {
    const { call } = attempt;
    const { kind } = call.method;
    const id = this.#nextId();
    let stream: ClientStream;
    try {
      const { templates, format } = (call.binding.wireState ??= this.#prepare(call.binding)) as PreparedMethod;
      stream = new ClientStream(this, id, attempt, templates, format);
      stream.begin();
    } catch (error) {
      attempt.fail(RpcError.from(error, "invalid_argument", { executed: "no", retriable: false }));
      return;
    }
    this.calls++;
    attempt.seq = id;
    attempt.sentMs = this.connection.loop.now();
    attempt.holder = stream;
    this.streams.set(id, stream);
    if (kind === "client_stream" || kind === "bidi_stream") call.outgoing?.attach(stream);
    else stream.sendOnly(call.request);
  }

  /** Throws an `RpcError` for a method whose messages no format carries. */
  #prepare({ method, caller, callee }: MethodBinding): PreparedMethod {
    const { formats } = this.options;
    const format = formatOf(formats, method.messages.format);
    if (format === undefined) throw noFormat(method, formats);
    const strings: StringPair[] = [
      [SERVICE_KEY, bareName(method.service)],
      [WINDOW_KEY, String(WINDOW_BYTES)],
    ];
    const ints: IntPair[] = [[KEY_TO_SERVICE, callee]];
    if (caller !== "") ints.push([KEY_FROM_SERVICE, caller]);
    return { format, templates: new FrameTemplates(format.protocolId, method.name, strings, ints) };
  }

  /** Never 0, which stands for the connection itself, and none that is in use. */
  #nextId(): number {
    do {
      this.#lastId = (this.#lastId + 1) | 0;
    } while (this.#lastId === 0 || this.streams.has(this.#lastId));
    return this.#lastId;
  }

  ended(id: number): void {
    this.streams.delete(id);
    if (this.closing) this.#endIfDone();
    else if (this.free) this.#owner.onFree(this);
  }

  drain(): void {
    if (this.closing) return;
    this.closing = true;
    this.#owner.onUnusable(this);
    this.#endIfDone();
  }

  #endIfDone(): void {
    if (this.streams.size === 0) this.connection.end();
  }

  protected override look({ sections: { strings } }: HeaderReader): void {
    this.#heard = true;
    if (!this.closing && strings?.get(CLOSING_KEY) === "1") this.drain();
  }

  /** The answer to a stream that was given up. */
  protected override open(): void {}

  protected override reject(error: Error): void {
    this.connection.destroy(RpcError.from(error, "internal"));
  }

  override onDrain(): void {
    super.onDrain();
    if (this.free) this.#owner.onFree(this);
  }

  onFlush(): void {
    this.#flushedId = this.#lastId;
  }

  onEnd(): void {
    // Whoever does not understand a protocol leaves without a word.
    const hint = this.#heard ? "" : " (it has said nothing on it: does it speak TTHeader's streaming? see the option protocol)";
    this.connection.destroy(new RpcError("unavailable", `the peer closed the connection${hint}`));
  }

  onClose(error: Error | undefined): void {
    this.closing = true;
    this.#owner.onUnusable(this);
    const streams = [...this.streams.values()];
    this.streams.clear();
    this.#owner.onClosed(this, error);
    for (const stream of streams) stream.lost(error, ((this.#flushedId - stream.id) | 0) >= 0);
  }
}

function noFormat({ fullName, messages: { format } }: Method, formats: readonly BareFormat[]): RpcError {
  const names = formats.map(({ name }) => name).join(" or ");
  return new RpcError("invalid_argument", `${fullName} has ${format} messages, which streams of ${names} do not carry`);
}
