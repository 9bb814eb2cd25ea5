/** TTHeader's streams as one of the protocols that a port recognises. */
import { CallScope, RpcError, type Method } from "@kiteline/core";
import { DecodeError, type AcceptedSession, type CallHost, type Connection, type Protocol, type ServedMethod } from "@kiteline/net";
import { HeaderReader } from "../header-reader.ts";
import { beginHeader, endFrame, endHeader, writeStringPairs } from "../header-writer.ts";
import { FLAG_STREAMING, recogniseStreams } from "../layout.ts";
import { CLOSING } from "../outcome.ts";
import { FrameTemplates } from "./frames.ts";
import { ServerStream, type ServerStreamHost } from "./server-stream.ts";
import { formatOf, StreamConnection, WORK, type StreamingOptions } from "./stream-connection.ts";

/** Recognised before plain TTHeader or behind it: either leaves the other's connections alone. */
export function streamingProtocol(host: CallHost, options: StreamingOptions): Protocol {
  const reader = new HeaderReader();
  const templates = new Map<Method, FrameTemplates>();
  return {
    name: "ttheader-streaming",
    recognise: recogniseStreams,
    open: (connection) => new StreamServerSession(connection, host, options, reader, templates),
  };
}

/** What a stream of a method that there is not costs of a turn's work. */
const FAULT_WORK = 120;
/** Who gives up a stream that was open for so long means no harm: it costs no more than one that is answered. As in HTTP/2. */
const LOST_STREAM_AGE_MS = 10;

export class StreamServerSession extends StreamConnection<ServerStream> implements AcceptedSession, ServerStreamHost {
  readonly host: CallHost;
  readonly owed = false;
  /** Ours open no more streams when they are told, and close the connection; Kitex's pay no attention. */
  readonly untold = true;
  readonly scope: CallScope | undefined;
  /** By method: only those that there are, so that callers cannot fill it. */
  readonly #templates: Map<Method, FrameTemplates>;
  #peerEnded = false;

  constructor(
    connection: Connection,
    host: CallHost,
    options: StreamingOptions,
    reader: HeaderReader,
    templates: Map<Method, FrameTemplates>,
  ) {
    super(connection, options, reader);
    this.host = host;
    this.scope = host.inherit ? new CallScope() : undefined;
    this.#templates = templates;
  }

  /** Nor is more read while the caller does not take what it is answered. */
  protected override get full(): boolean {
    return super.full || this.connection.blocked;
  }

  protected override look(): void {}

  protected override countReset(stream: ServerStream | undefined): void {
    if (stream === undefined) super.countReset(stream);
    else if (this.connection.loop.now() - stream.openedMs >= LOST_STREAM_AGE_MS) this.work.serve(WORK.reset);
    else this.work.waste(WORK.reset, WORK.open);
  }

  protected override open(id: number, reader: HeaderReader): void {
    if (id === 0) throw new DecodeError("a stream was opened with the id 0, which stands for the connection");
    const { service, method: name } = reader.sections;
    const found = this.host.find(service, name);
    if (found instanceof RpcError) {
      this.work.waste(FAULT_WORK);
      this.#start(id, reader, { method: unknownMethod(service ?? "", name), serve: () => undefined }).fail(found);
      return;
    }
    const stream = this.#start(id, reader, found);
    stream.begin(this.#refusal(found, reader));
  }

  #start(id: number, reader: HeaderReader, served: ServedMethod): ServerStream {
    const { method } = served;
    const { formats } = this.options;
    const format = formatOf(formats, method.messages.format);
    let templates = this.#templates.get(method);
    if (templates === undefined) {
      templates = new FrameTemplates(format?.protocolId ?? reader.protocolId, method.name, [], []);
      if (format !== undefined) this.#templates.set(method, templates);
    }
    const stream = new ServerStream(this, id, reader, served, templates, format);
    this.streams.set(id, stream);
    return stream;
  }

  #refusal({ method }: ServedMethod, { protocolId }: HeaderReader): RpcError | undefined {
    const facts = { executed: "no", retriable: false } as const;
    const { formats, maxInFlight } = this.options;
    const { format } = method.messages;
    if (method.kind === "unary" || method.kind === "oneway") {
      return new RpcError("unimplemented", `${method.fullName} does not stream: call it over TTHeader without`, facts);
    }
    if (formatOf(formats, format)?.protocolId !== protocolId) {
      const got = formats.find((each) => each.protocolId === protocolId)?.name ?? `protocol id ${protocolId}`;
      return new RpcError("unimplemented", `${method.fullName} has ${format} messages, and the stream carries ${got}`, facts);
    }
    if (this.streams.size <= maxInFlight) return undefined;
    return new RpcError("resource_exhausted", `the connection has ${maxInFlight} streams already (maxInFlight)`, {
      ...facts,
      retriable: true,
    });
  }

  ended(id: number): void {
    this.streams.delete(id);
    if (this.#peerEnded && this.streams.size === 0) this.connection.end();
  }

  /** Tells the caller to open no more: the last frame of a stream that it does not know, to which Kitex pays no attention. */
  drain(): void {
    const { output, ended } = this.connection;
    if (ended) return;
    output.begin();
    beginHeader(output, GOING.trailer, FLAG_STREAMING, 0);
    writeStringPairs(output, CLOSING);
    endHeader(output);
    endFrame(output);
    this.connection.scheduleFlush();
  }

  /** What was answered before still leaves, then the connection ends. */
  protected override reject(error: Error): void {
    this.host.misbehaved(this.connection, error);
    this.connection.cut();
    this.#cancelAll(new RpcError("cancelled", "the caller sent what cannot be understood after it"));
  }

  /** The caller sends no more, and may still hear what it is answered. */
  onEnd(): void {
    this.#peerEnded = true;
    const reason = new RpcError("cancelled", "the caller closed its side of the connection before it had sent all");
    // Those that end are taken out, which iterating allows.
    for (const stream of this.streams.values()) if (!stream.requested) stream.cancel(reason);
    if (this.streams.size === 0) this.connection.end();
  }

  onFlush(): void {}

  onClose(): void {
    this.#cancelAll(new RpcError("cancelled", "the caller's connection was closed"));
  }

  #cancelAll(reason: RpcError): void {
    for (const stream of this.streams.values()) stream.cancel(reason);
  }
}

const GOING = new FrameTemplates(0x10, "", [], []);

/** Stands for a method that is not served, so that its caller can be answered. */
function unknownMethod(service: string, name: string): Method {
  return {
    service,
    name,
    fullName: `${service}.${name}`,
    kind: "bidi_stream",
    idempotency: "unknown",
    arity: 1,
    messages: { format: "" },
  };
}
