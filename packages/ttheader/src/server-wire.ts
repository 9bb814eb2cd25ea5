/** TTHeader as servers speak it: any of its payloads, framed inside or not; answers go back the way the request came. */
import { BusinessError, type Method } from "@kiteline/core";
import {
  CALL,
  DecodeError,
  EXCEPTION,
  MessageHead,
  ONEWAY,
  REPLY,
  type Output,
  type Framer,
  type PayloadFormat,
  type Replying,
  type RequestFrame,
  type ServerWire,
} from "@kiteline/net";
import { frameBytes, HeaderReader } from "./header-reader.ts";
import { beginHeader, endFrame, endHeader, makeTemplate, writeReplyMetadata, writeStringPairs, type Template } from "./header-writer.ts";
import { FLAG_MULTIPLEXED, FLAG_STREAMING, KEY_MESSAGE_TYPE, MAGIC } from "./layout.ts";
import { businessPairs, CLOSING, statusPairs } from "./outcome.ts";
import { beginPayload, endPayload, findVariant, formatFor, formatIndex, lengthBytes } from "./payload-variant.ts";

export interface TTHeaderServerOptions {
  readonly formats: readonly PayloadFormat[];
  /** Whether replies say that this server answers in any order. */
  readonly multiplexed: boolean;
}

export class TTHeaderServerWire implements ServerWire {
  readonly name = "ttheader";
  readonly delimited = true;
  readonly #formats: readonly PayloadFormat[];
  readonly #flags: number;
  readonly #reader = new HeaderReader();
  readonly #head = new MessageHead();
  readonly #replies: readonly Template[];
  readonly #errors: readonly Template[];

  constructor(options: TTHeaderServerOptions) {
    this.#formats = options.formats;
    this.#flags = options.multiplexed ? FLAG_MULTIPLEXED : 0;
    this.#replies = options.formats.map((format) => makeTemplate(format.protocolId, [], [[KEY_MESSAGE_TYPE, String(REPLY)]]));
    this.#errors = options.formats.map((format) => makeTemplate(format.protocolId, [], [[KEY_MESSAGE_TYPE, String(EXCEPTION)]]));
  }

  recognise(bytes: Buffer, start: number, end: number): boolean | undefined {
    if (end - start < 8) return undefined;
    const magic = ((bytes[start + 4] as number) << 8) | (bytes[start + 5] as number);
    return magic === MAGIC && ((bytes[start + 7] as number) & FLAG_STREAMING) === 0;
  }

  makeFramer(): Framer {
    return frameBytes; // what it says depends on nothing that came before
  }

  open(bytes: Buffer, start: number, end: number, frame: RequestFrame): void {
    const reader = this.#reader;
    reader.read(bytes, start, end);
    const { sections, payload } = reader;
    if ((reader.flags & FLAG_STREAMING) !== 0) throw new DecodeError("a frame of a TTHeader stream came on a connection for calls");
    const variant = findVariant(this.#formats, bytes, payload, end);
    const head = this.#head;
    (this.#formats[formatIndex(variant)] as PayloadFormat).readHead(bytes, payload + lengthBytes(variant), end, head);
    requireRequest(head);
    frame.variant = variant;
    frame.seq = reader.seq === 0 ? head.seq : reader.seq;
    frame.messageSeq = head.seq;
    frame.oneway = head.kind === ONEWAY;
    frame.service = sections.service;
    frame.name = head.name;
    frame.caller = sections.caller;
    frame.timeoutMs = reader.timeoutMs;
    frame.multiplexed = (reader.flags & FLAG_MULTIPLEXED) !== 0;
    frame.metadata = sections.metadata;
  }

  read(frame: RequestFrame, method: Method): unknown {
    return formatFor(this.#formats, frame.variant, method).readRequest(this.#head, method);
  }

  writeReply(out: Output, to: Replying, value: unknown): void {
    const method = to.method as Method;
    const format = formatFor(this.#formats, to.variant, method);
    this.#begin(out, this.#replies, to);
    endHeader(out);
    const payloadAt = beginPayload(out, to.variant);
    format.writeReply(out, method, to.messageSeq, value);
    endPayload(out, to.variant, payloadAt);
    endFrame(out);
  }

  writeError(out: Output, to: Replying, error: Error): void {
    const { method } = to;
    const format = this.#formats[formatIndex(to.variant)] as PayloadFormat;
    const business = error instanceof BusinessError && method !== undefined;
    this.#begin(out, business ? this.#replies : this.#errors, to);
    if (business) writeStringPairs(out, businessPairs(error));
    else if (method?.messages.declares?.(error) !== true) writeStringPairs(out, statusPairs(error));
    endHeader(out);
    const payloadAt = beginPayload(out, to.variant);
    if (business) format.writeEmptyReply(out, method, to.messageSeq);
    else format.writeError(out, method, to.wireName, to.messageSeq, error);
    endPayload(out, to.variant, payloadAt);
    endFrame(out);
  }

  /** Kitex's control frame for multiplexing clients: an empty reply of the method "none", sequence id 0, with `crrst`. */
  writeGoingAway(out: Output): void {
    beginHeader(out, this.#replies[0] as Template, this.#flags, 0);
    writeStringPairs(out, CLOSING);
    endHeader(out);
    (this.#formats[0] as PayloadFormat).writeEmptyReply(out, CONTROL_METHOD, 0);
    endFrame(out);
  }

  #begin(out: Output, templates: readonly Template[], to: Replying): void {
    beginHeader(out, templates[formatIndex(to.variant)] as Template, this.#flags, to.seq);
    if (to.closing) writeStringPairs(out, CLOSING);
    if (to.replyEntries !== undefined) writeReplyMetadata(out, to.replyEntries);
  }
}

/** Throws `DecodeError` for a message that is no request. */
export function requireRequest(head: MessageHead): void {
  if (head.kind === CALL || head.kind === ONEWAY) return;
  throw new DecodeError(`expected a call (${CALL}) or a oneway call (${ONEWAY}), got a message of kind ${head.kind}`);
}

const CONTROL_METHOD: Method = {
  service: "",
  name: "none",
  fullName: "none",
  kind: "unary",
  idempotency: "unknown",
  arity: 0,
  messages: { format: "" },
};
