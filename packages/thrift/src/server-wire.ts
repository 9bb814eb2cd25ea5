/** Bare Thrift as servers speak it: framed or buffered, in any of the formats. Answers go back the way the request came. */
import type { Method } from "@kiteline/core";
import {
  CALL,
  DecodeError,
  MessageHead,
  ONEWAY,
  type Framer,
  type Output,
  type PayloadFormat,
  type Replying,
  type RequestFrame,
  type ServerWire,
} from "@kiteline/net";
import { framedBytes, LENGTH_BYTES } from "./framing.ts";

export interface ThriftServerWireOptions {
  /** Tried in this order. */
  readonly formats: readonly PayloadFormat[];
  readonly framed: boolean;
  /** `false` also takes messages of the old form, without a version, as the first format's. It must be made with the same. Defaults to true. */
  readonly strict?: boolean;
}

/** What a format needs to be recognised. */
const PROBE_BYTES = 4;

export class ThriftServerWire implements ServerWire {
  readonly name: string;
  /** Of a buffered message, too, the end is known before it is decoded. */
  readonly delimited = true;
  readonly #formats: readonly PayloadFormat[];
  readonly #framed: boolean;
  readonly #strict: boolean;
  readonly #head = new MessageHead();

  constructor(options: ThriftServerWireOptions) {
    this.name = options.framed ? "framed" : "buffered";
    this.#formats = options.formats;
    this.#framed = options.framed;
    this.#strict = options.strict ?? true;
  }

  recognise(bytes: Buffer, start: number, end: number): boolean | undefined {
    const at = this.#framed ? start + LENGTH_BYTES : start;
    if (end - at < PROBE_BYTES) return undefined;
    if (this.#formats.some((format) => format.recognise(bytes, at))) return true;
    // A frame's length never begins with a set bit, a version always does.
    if (this.#strict || !startsOld(bytes, at) || bytes[start]! >= 0x80) return false;
    // Without a frame, a name follows; four bytes that look old may also be the length of a frame.
    return this.#framed || (end - at > PROBE_BYTES ? startsName(bytes, at + PROBE_BYTES) : undefined);
  }

  makeFramer(): Framer {
    if (this.#framed) return framedBytes;
    const framers = this.#formats.map((format) => format.makeFramer());
    let current: Framer | undefined;
    return (bytes, start, end) => {
      if (current === undefined) {
        if (end - start < PROBE_BYTES) return 0;
        current = framers[this.#variant(bytes, start)] as Framer;
      }
      const length = current(bytes, start, end);
      if (length <= end - start) current = undefined;
      return length;
    };
  }

  open(bytes: Buffer, start: number, end: number, frame: RequestFrame): void {
    const at = this.#framed ? start + LENGTH_BYTES : start;
    const variant = this.#variant(bytes, at);
    const head = this.#head;
    (this.#formats[variant] as PayloadFormat).readHead(bytes, at, end, head);
    if (head.kind !== CALL && head.kind !== ONEWAY) {
      throw new DecodeError(`expected a call (${CALL}) or a oneway call (${ONEWAY}), got a message of kind ${head.kind}`);
    }
    frame.variant = variant;
    frame.seq = head.seq;
    frame.oneway = head.kind === ONEWAY;
    frame.service = undefined;
    frame.name = head.name;
    frame.caller = "";
    frame.timeoutMs = Infinity;
    frame.multiplexed = false;
    frame.metadata = undefined;
  }

  read(frame: RequestFrame, method: Method): unknown {
    const format = this.#formats[frame.variant] as PayloadFormat;
    if (format.messagesFormat !== method.messages.format) {
      throw new DecodeError(`${method.fullName} has ${method.messages.format} messages, but the call came as ${format.name}`);
    }
    return format.readRequest(this.#head, method);
  }

  writeReply(out: Output, to: Replying, value: unknown): void {
    this.#begin(out);
    this.#formatOf(to).writeReply(out, to.method as Method, to.seq, value);
    this.#end(out);
  }

  /** A business error becomes an exception like any other: there is no header to say more. */
  writeError(out: Output, to: Replying, error: Error): void {
    this.#begin(out);
    this.#formatOf(to).writeError(out, to.method, to.wireName, to.seq, error);
    this.#end(out);
  }

  #begin(out: Output): void {
    if (!this.#framed) return;
    out.ensure(LENGTH_BYTES);
    out.position += LENGTH_BYTES;
  }

  #end(out: Output): void {
    if (this.#framed) out.view.setUint32(out.messageStart, out.position - out.messageStart - LENGTH_BYTES);
  }

  #formatOf(to: Replying): PayloadFormat {
    return this.#formats[to.variant] as PayloadFormat;
  }

  #variant(bytes: Buffer, at: number): number {
    const variant = this.#formats.findIndex((format) => format.recognise(bytes, at));
    if (variant >= 0) return variant;
    if (!this.#strict && startsOld(bytes, at)) return 0;
    throw new DecodeError(
      `expected a message of ${this.#formats.map((format) => format.name).join(" or ")}, got 0x${bytes.toString("hex", at, at + PROBE_BYTES)}`,
    );
  }
}

/** Whether there could be the length of a method's name. */
function startsOld(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0 && bytes[at + 1] === 0 && (bytes[at + 2] !== 0 || bytes[at + 3] !== 0);
}

/** Whether there is a letter of ASCII. */
function startsName(bytes: Buffer, at: number): boolean {
  const byte = bytes[at]!;
  return byte > 0x20 && byte < 0x7f;
}
