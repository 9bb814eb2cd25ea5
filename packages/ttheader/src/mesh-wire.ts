/**
 * The mesh header, which Kitex's older proxies put before a bare Thrift message: understood by servers, written by
 * nobody. Integers are big-endian:
 *
 *     0   u16  magic 0xFFAF
 *     2   u16  size of the pairs
 *     4   u16  count; then u16 length and bytes of key and value each
 *     ..       a framed or buffered message
 *
 * Answers are framed or buffered as the request was, without a header.
 */
import type { Method } from "@kiteline/core";
import {
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
import { HeaderReader } from "./header-reader.ts";
import { beginPayload, endPayload, findVariant, formatFor, formatIndex, isFramed, lengthBytes, probeVariant } from "./payload-variant.ts";
import { requireRequest } from "./server-wire.ts";

const MESH_MAGIC = 0xffaf;
const PAIRS_AT = 4;

export interface MeshHeaderServerOptions {
  readonly formats: readonly PayloadFormat[];
}

export class MeshHeaderServerWire implements ServerWire {
  readonly name = "mesh-header";
  readonly delimited = true;
  readonly #formats: readonly PayloadFormat[];
  readonly #reader = new HeaderReader();
  readonly #head = new MessageHead();

  constructor(options: MeshHeaderServerOptions) {
    this.#formats = options.formats;
  }

  recognise(bytes: Buffer, start: number, end: number): boolean | undefined {
    return end - start < 2 ? undefined : magicAt(bytes, start) === MESH_MAGIC;
  }

  makeFramer(): Framer {
    const framers = this.#formats.map((format) => format.makeFramer());
    return (bytes, start, end) => {
      if (end - start < PAIRS_AT) return 0;
      const payload = payloadAt(bytes, start);
      const variant = probeVariant(this.#formats, bytes, payload, end);
      if (variant < 0) return 0;
      if (isFramed(variant)) return payload - start + lengthBytes(variant) + bytes.readUInt32BE(payload);
      const length = (framers[formatIndex(variant)] as Framer)(bytes, payload, end);
      return length === 0 ? 0 : payload - start + length;
    };
  }

  open(bytes: Buffer, start: number, end: number, frame: RequestFrame): void {
    const payload = payloadAt(bytes, start);
    const sections = this.#reader.readPairs(bytes, start + PAIRS_AT, payload);
    const variant = findVariant(this.#formats, bytes, payload, end);
    const head = this.#head;
    (this.#formats[formatIndex(variant)] as PayloadFormat).readHead(bytes, payload + lengthBytes(variant), end, head);
    requireRequest(head);
    frame.variant = variant;
    frame.seq = head.seq;
    frame.messageSeq = head.seq;
    frame.oneway = head.kind === ONEWAY;
    frame.service = sections.service;
    frame.name = head.name;
    frame.caller = sections.caller;
    frame.timeoutMs = Infinity;
    frame.multiplexed = false;
    frame.metadata = sections.metadata;
  }

  read(frame: RequestFrame, method: Method): unknown {
    return formatFor(this.#formats, frame.variant, method).readRequest(this.#head, method);
  }

  writeReply(out: Output, to: Replying, value: unknown): void {
    const method = to.method as Method;
    const format = formatFor(this.#formats, to.variant, method);
    const begin = beginPayload(out, to.variant);
    format.writeReply(out, method, to.messageSeq, value);
    endPayload(out, to.variant, begin);
  }

  /** A business error becomes an exception like any other: there is no header to say more. */
  writeError(out: Output, to: Replying, error: Error): void {
    const format = this.#formats[formatIndex(to.variant)] as PayloadFormat;
    const begin = beginPayload(out, to.variant);
    format.writeError(out, to.method, to.wireName, to.messageSeq, error);
    endPayload(out, to.variant, begin);
  }
}

function magicAt(bytes: Buffer, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

/** Where the message begins. Throws `DecodeError` where no mesh header is. */
function payloadAt(bytes: Buffer, start: number): number {
  const magic = magicAt(bytes, start);
  if (magic !== MESH_MAGIC) throw new DecodeError(`expected the mesh header's magic 0xffaf, got 0x${magic.toString(16).padStart(4, "0")}`);
  return start + PAIRS_AT + magicAt(bytes, start + 2);
}
