/** TTHeader as servers speak it: any of its payloads, framed inside or not; answers go back the way the request came. */
import { BusinessError, codeNumber, RpcError, type Method } from "@kiteline/core";
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
import {
  beginHeader,
  endFrame,
  endHeader,
  makeTemplate,
  writeReplyMetadata,
  writeStringPairs,
  type StringPair,
  type Template,
} from "./header-writer.ts";
import {
  BUSINESS_EXTRA_KEY,
  BUSINESS_MESSAGE_KEY,
  BUSINESS_STATUS_KEY,
  CLOSING_KEY,
  FLAG_MULTIPLEXED,
  FLAG_STREAMING,
  KEY_MESSAGE_TYPE,
  MAGIC,
  STATUS_KEY,
} from "./layout.ts";

/** In `variant`: the payload had a length of its own. The rest is the format's place in the list. */
const FRAMED = 0x100;

export interface TTHeaderServerOptions {
  readonly formats: readonly PayloadFormat[];
  /** Whether replies say that this server answers in any order. */
  readonly multiplexed: boolean;
}

const CLOSING: readonly StringPair[] = [[CLOSING_KEY, "1"]];

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
    const { sections } = reader;
    const variant = this.#variant(bytes, reader.payload, end);
    const format = this.#formats[variant & ~FRAMED] as PayloadFormat;
    const head = this.#head;
    format.readHead(bytes, reader.payload + (variant & FRAMED ? 4 : 0), end, head);
    if (head.kind !== CALL && head.kind !== ONEWAY)
      throw new DecodeError(`expected a call (1) or a oneway call (4), got message type ${head.kind}`);
    frame.variant = variant;
    frame.seq = reader.seq === 0 ? head.seq : reader.seq;
    frame.oneway = head.kind === ONEWAY;
    frame.service = sections.service;
    frame.name = head.name;
    frame.caller = sections.caller;
    frame.timeoutMs = sections.timeoutMs;
    frame.multiplexed = (reader.flags & FLAG_MULTIPLEXED) !== 0;
    frame.metadata = sections.metadata;
  }

  read(frame: RequestFrame, method: Method): unknown {
    return this.#format(frame.variant, method).readRequest(this.#head, method);
  }

  writeReply(out: Output, to: Replying, value: unknown): void {
    const method = to.method as Method;
    this.#begin(out, this.#replies[to.variant & ~FRAMED] as Template, to);
    endHeader(out);
    const format = this.#format(to.variant, method);
    const lengthAt = this.#beginPayload(out, to);
    format.writeReply(out, method, to.seq, value);
    this.#endPayload(out, lengthAt);
  }

  writeError(out: Output, to: Replying, error: Error): void {
    const format = this.#formats[to.variant & ~FRAMED] as PayloadFormat;
    const { method } = to;
    if (error instanceof BusinessError && method !== undefined) {
      this.#begin(out, this.#replies[to.variant & ~FRAMED] as Template, to);
      const pairs: StringPair[] = [
        [BUSINESS_STATUS_KEY, String(error.status)],
        [BUSINESS_MESSAGE_KEY, error.detail],
      ];
      if (error.extra.size > 0) pairs.push([BUSINESS_EXTRA_KEY, JSON.stringify(Object.fromEntries(error.extra))]);
      writeStringPairs(out, pairs);
      endHeader(out);
      const lengthAt = this.#beginPayload(out, to);
      format.writeEmptyReply(out, method, to.seq);
      this.#endPayload(out, lengthAt);
      return;
    }
    this.#begin(out, this.#errors[to.variant & ~FRAMED] as Template, to);
    if (error instanceof RpcError) writeStringPairs(out, [[STATUS_KEY, `${codeNumber(error.code)} ${error.executed}`]]);
    endHeader(out);
    const lengthAt = this.#beginPayload(out, to);
    format.writeError(out, method, to.wireName, to.seq, error);
    this.#endPayload(out, lengthAt);
  }

  /** Kitex's control frame for multiplexing clients: an empty reply of the method "none", sequence id 0, with `crrst`. */
  writeGoingAway(out: Output): void {
    beginHeader(out, this.#replies[0] as Template, this.#flags, 0);
    writeStringPairs(out, CLOSING);
    endHeader(out);
    (this.#formats[0] as PayloadFormat).writeEmptyReply(out, CONTROL_METHOD, 0);
    endFrame(out);
  }

  #begin(out: Output, template: Template, to: Replying): void {
    beginHeader(out, template, this.#flags, to.seq);
    if (to.closing) writeStringPairs(out, CLOSING);
    if (to.replyEntries !== undefined) writeReplyMetadata(out, to.replyEntries);
  }

  /** Leaves room for the payload's own length where it has one; returns where, counted from the message's start. */
  #beginPayload(out: Output, to: Replying): number {
    if ((to.variant & FRAMED) === 0) return 0;
    out.ensure(4);
    out.position += 4;
    return out.position - out.messageStart;
  }

  #endPayload(out: Output, payloadAt: number): void {
    if (payloadAt > 0) {
      const at = out.messageStart + payloadAt;
      out.view.setUint32(at - 4, out.position - at);
    }
    endFrame(out);
  }

  /** Which format the payload has, and whether it is framed. */
  #variant(bytes: Buffer, at: number, end: number): number {
    for (let index = 0; index < this.#formats.length; index++) {
      const format = this.#formats[index] as PayloadFormat;
      if (end - at >= 4 && format.recognise(bytes, at)) return index;
      if (end - at >= 8 && format.recognise(bytes, at + 4)) return index | FRAMED;
    }
    throw new DecodeError(
      `expected a payload of ${this.#formats.map((format) => format.name).join(" or ")}, got ${bytes.toString("hex", at, Math.min(end, at + 8))}`,
    );
  }

  #format(variant: number, method: Method): PayloadFormat {
    const format = this.#formats[variant & ~FRAMED] as PayloadFormat;
    if (format.messagesFormat !== method.messages.format) {
      throw new DecodeError(`${method.fullName} has ${method.messages.format} messages, but the payload is ${format.name}`);
    }
    return format;
  }
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
