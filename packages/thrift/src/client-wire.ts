/**
 * Bare Thrift as clients speak it: framed (a length of four bytes before each message) or buffered (nothing at all).
 * There is no place for metadata, deadlines or the caller's name: a peer learns the method and its arguments.
 */
import type { Attempt } from "@kiteline/core";
import { EXCEPTION, MessageHead, type ClientWire, type Framer, type Output, type PayloadFormat, type ReplyFrame } from "@kiteline/net";
import { framedBytes, LENGTH_BYTES } from "./framing.ts";

export interface ThriftWireOptions {
  readonly format: PayloadFormat;
  readonly framed: boolean;
}

export class ThriftClientWire implements ClientWire {
  readonly name: string;
  /** Sequence ids tell answers apart. Not every server answers many calls at once, but all keep their order. */
  readonly canMultiplex = true;
  readonly #format: PayloadFormat;
  readonly #framed: boolean;
  readonly #head = new MessageHead();

  constructor(options: ThriftWireOptions) {
    this.name = options.framed ? "framed" : "buffered";
    this.#format = options.format;
    this.#framed = options.framed;
  }

  makeFramer(): Framer {
    return this.#framed ? framedBytes : this.#format.makeFramer();
  }

  write(out: Output, attempt: Attempt, _multiplexed: boolean): void {
    const { method, request } = attempt.call;
    if (!this.#framed) {
      this.#format.writeRequest(out, method, attempt.seq, request);
      return;
    }
    out.ensure(LENGTH_BYTES);
    out.position += LENGTH_BYTES;
    this.#format.writeRequest(out, method, attempt.seq, request);
    out.view.setUint32(out.messageStart, out.position - out.messageStart - LENGTH_BYTES);
  }

  open(bytes: Buffer, start: number, end: number, frame: ReplyFrame): void {
    this.#format.readHead(bytes, this.#framed ? start + LENGTH_BYTES : start, end, this.#head);
    frame.seq = this.#head.seq;
    frame.exception = this.#head.kind === EXCEPTION;
  }

  read(frame: ReplyFrame, attempt: Attempt): unknown {
    const value = this.#format.readReply(this.#head, attempt.call.method);
    frame.thrown = this.#head.thrown;
    return value;
  }
}
