/** A payload format for tests: the head of a strict Thrift message, and a body that is taken as it is. A body without zeros ends with one. */
import { RpcError, type Method } from "@kiteline/core";
import { CALL, DecodeError, EXCEPTION, ONEWAY, REPLY, type Framer, type MessageHead, type Output, type PayloadFormat } from "@kiteline/net";

export class RawFormat implements PayloadFormat {
  readonly name: string = "raw";
  readonly messagesFormat = "raw";
  readonly protocolId: number = 0;
  readonly #magic: number;
  #bytes: Buffer = Buffer.alloc(0);
  #body = 0;
  #end = 0;

  /** The first two bytes of its messages: strict Thrift's unless given. */
  constructor(magic = 0x8001) {
    this.#magic = magic;
  }

  recognise(bytes: Buffer, start: number): boolean {
    return bytes.readUInt16BE(start) === this.#magic;
  }

  makeFramer(): Framer {
    return (bytes, start, end) => {
      const terminator = bytes.subarray(0, end).indexOf(0, start + 12 + (end - start >= 8 ? bytes.readUInt32BE(start + 4) : 0));
      return terminator < 0 ? end - start + 1 : terminator + 1 - start;
    };
  }

  readHead(bytes: Buffer, start: number, end: number, head: MessageHead): void {
    if (end - start < 12) throw new DecodeError("no room for a head");
    const length = bytes.readUInt32BE(start + 4);
    if (length > end - start - 12) throw new DecodeError("no room for a name");
    head.kind = bytes[start + 3] as number;
    head.name = bytes.toString("utf8", start + 8, start + 8 + length);
    head.seq = bytes.readInt32BE(start + 8 + length);
    head.thrown = false;
    this.#bytes = bytes;
    this.#body = start + 12 + length;
    this.#end = end;
  }

  readRequest(): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#body, this.#end));
  }

  readReply(head: MessageHead): unknown {
    const body = this.readRequest();
    if (head.kind !== EXCEPTION) return body;
    head.thrown = true;
    return new RpcError("internal", body.toString(), { foreignCode: "raw 6" });
  }

  writeRequest(out: Output, method: Method, seq: number, request: unknown): void {
    write(out, this.#magic, method.kind === "oneway" ? ONEWAY : CALL, method.name, seq, request as Uint8Array);
  }

  writeReply(out: Output, method: Method, seq: number, value: unknown): void {
    if (!(value instanceof Uint8Array)) throw new TypeError("expected bytes");
    write(out, this.#magic, REPLY, method.name, seq, value);
  }

  writeEmptyReply(out: Output, method: Method, seq: number): void {
    write(out, this.#magic, REPLY, method.name, seq, Buffer.alloc(1));
  }

  writeError(out: Output, _method: Method | undefined, name: string, seq: number, error: Error): void {
    write(out, this.#magic, EXCEPTION, name, seq, Buffer.from(error instanceof RpcError ? error.detail : error.message));
  }
}

function write(out: Output, magic: number, kind: number, name: string, seq: number, body: Uint8Array): void {
  const bytes = message(kind, name, seq, body, magic);
  out.ensure(bytes.byteLength);
  out.bytes.set(bytes, out.position);
  out.position += bytes.byteLength;
}

/** A whole message. */
export function message(kind: number, name: string, seq: number, body: Uint8Array, magic = 0x8001): Buffer {
  const head = Buffer.alloc(12 + Buffer.byteLength(name));
  head.writeUInt16BE(magic);
  head[3] = kind;
  head.writeUInt32BE(Buffer.byteLength(name), 4);
  head.write(name, 8);
  head.writeInt32BE(seq, head.byteLength - 4);
  return Buffer.concat([head, body]);
}

export function rawMethod(name: string, kind: Method["kind"] = "unary"): Method {
  return { service: "Echo", name, fullName: `Echo.${name}`, kind, idempotency: "unknown", arity: 1, messages: { format: "raw" } };
}
