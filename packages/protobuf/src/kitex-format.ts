/**
 * Kitex Protobuf: messages with a head, always behind a length (Kitex, `pkg/remote/codec/protobuf`). Integers are big-endian:
 *
 *     0   u16  magic 0x9001
 *     2   u16  kind: call, reply, exception, oneway, as in Thrift
 *     4   u32  length of the method's name, then the name
 *     ..  i32  sequence id
 *     ..       the request or the response; of an exception `{ 1: int32 type, 2: string text }`
 */
import { exceptionError, exceptionText, exceptionType, type Method } from "@kiteline/core";
import {
  CALL,
  DecodeError,
  EXCEPTION,
  Interner,
  ONEWAY,
  REPLY,
  type Framer,
  type MessageHead,
  type Output,
  type PayloadFormat,
} from "@kiteline/net";
import type { MessageCodec, ProtoFile } from "./codec.ts";
import { decodeFrom, encodeInto } from "./encode.ts";
import { resolveLimits, type ProtobufLimits, type ResolvedLimits } from "./limits.ts";
import type { ProtobufMessages } from "./service.ts";

const MAGIC = 0x9001;
/** The head without the name. */
const HEAD_BYTES = 12;

/** Throws a `RangeError` for limits out of bounds. */
export function kitexProtobuf(limits: ProtobufLimits = {}): PayloadFormat {
  return new KitexProtobuf(resolveLimits(limits));
}

class KitexProtobuf implements PayloadFormat {
  readonly name = "protobuf";
  readonly messagesFormat = "protobuf";
  /** It has one of its own, 4, but Kitex writes that of Thrift and looks at the magic. */
  readonly protocolId = 0;
  readonly #limits: ResolvedLimits;
  readonly #names = new Interner();
  /** Where the body of the message lies whose head was read last. */
  #bytes: Buffer = NOTHING;
  #start = 0;
  #end = 0;

  constructor(limits: ResolvedLimits) {
    this.#limits = limits;
  }

  recognise(bytes: Buffer, start: number): boolean {
    return bytes[start] === MAGIC >> 8 && bytes[start + 1] === (MAGIC & 0xff);
  }

  makeFramer(): Framer {
    return () => {
      throw new DecodeError("a message of Kitex Protobuf came without a length before it");
    };
  }

  readHead(bytes: Buffer, start: number, end: number, head: MessageHead): void {
    head.thrown = false;
    if (end - start < HEAD_BYTES)
      throw new DecodeError(`a message of Kitex Protobuf has a head of ${HEAD_BYTES} bytes, got ${end - start}`);
    const length = bytes.readUInt32BE(start + 4);
    const name = start + 8;
    if (length > end - start - HEAD_BYTES) throw new DecodeError(`a method's name of ${length} bytes does not fit its message`);
    head.kind = bytes.readUInt16BE(start + 2);
    head.name = this.#names.read(bytes, name, name + length);
    head.seq = bytes.readInt32BE(name + length);
    this.#bytes = bytes;
    this.#start = name + length + 4;
    this.#end = end;
  }

  readRequest(_head: MessageHead, { messages }: Method): unknown {
    return (messages as ProtobufMessages).decodeRequest(this.#take(), this.#start, this.#end, this.#limits);
  }

  readReply(head: MessageHead, method: Method): unknown {
    if (head.kind === EXCEPTION) {
      const { type, text } = decodeFrom(this.#take(), this.#start, this.#end, ExceptionCodec, this.#limits);
      head.thrown = true;
      return exceptionError(type, text, method.fullName);
    }
    if (head.kind !== REPLY) throw new DecodeError(`expected a reply (kind ${REPLY}), got a message of kind ${head.kind}`);
    if (head.name !== method.name) throw new DecodeError(`expected a reply of ${method.name}, got one of ${head.name}`);
    return (method.messages as ProtobufMessages).decodeResponse(this.#take(), this.#start, this.#end, this.#limits);
  }

  /** The bytes are not asked for again. */
  #take(): Buffer {
    const bytes = this.#bytes;
    this.#bytes = NOTHING;
    return bytes;
  }

  writeRequest(out: Output, method: Method, seq: number, request: unknown): void {
    writeHead(out, method.kind === "oneway" ? ONEWAY : CALL, method.name, seq);
    (method.messages as ProtobufMessages).encodeRequest(out, request);
  }

  writeReply(out: Output, method: Method, seq: number, value: unknown): void {
    writeHead(out, REPLY, method.name, seq);
    (method.messages as ProtobufMessages).encodeResponse(out, value);
  }

  writeEmptyReply(out: Output, method: Method, seq: number): void {
    writeHead(out, REPLY, method.name, seq);
  }

  writeError(out: Output, _method: Method | undefined, name: string, seq: number, error: Error): void {
    writeHead(out, EXCEPTION, name, seq);
    encodeInto(out, ExceptionCodec, { type: exceptionType(error), text: exceptionText(error) });
  }
}

const NOTHING = Buffer.alloc(0);

function writeHead(out: Output, kind: number, name: string, seq: number): void {
  // A character takes three bytes at most.
  out.ensure(HEAD_BYTES + 3 * name.length);
  const { bytes, view, position } = out;
  const length = bytes.write(name, position + 8);
  view.setUint16(position, MAGIC);
  view.setUint16(position + 2, kind);
  view.setUint32(position + 4, length);
  view.setInt32(position + 8 + length, seq);
  out.position = position + HEAD_BYTES + length;
}

interface ExceptionMessage {
  type: number;
  text: string;
}

const file: ProtoFile = {
  name: "kitex.exception",
  descriptor: () => "",
  imports: [],
  i64: "bigint",
  codecs: () => [],
  extensions: () => [],
};

const ExceptionCodec: MessageCodec<ExceptionMessage> = {
  name: "Exception",
  file,
  empty: () => ({ type: 0, text: "" }),
  write(out, { type, text }) {
    if (type !== 0) out.int32Field(8, type);
    if (text !== "") out.stringField(18, text);
  },
  read(inp, message = ExceptionCodec.empty()) {
    for (let tag: number; (tag = inp.tag()) !== 0; ) {
      if (tag === 8) message.type = inp.int32();
      else if (tag === 18) message.text = inp.string();
      else inp.skip(tag);
    }
    return message;
  },
};
