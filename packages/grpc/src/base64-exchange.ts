/**
 * Data as base64 both ways, for browsers that hand their scripts nothing but text (gRPC-Web's text form). Groups of four
 * characters may be cut anywhere, and padding may stand wherever a sender flushed.
 */
import { RpcError } from "@kiteline/core";
import type { Fields, StreamFailure, StreamReceiver } from "@kiteline/http2";
import { Output } from "@kiteline/net";
import { ExchangeLayer, type Exchange } from "./http/exchange.ts";

const GROUP = 4;
const GROUP_BYTES = 3;
/** What is in no base64: other characters, and padding of nothing or of three. One look at each character, whatever comes. */
const NO_TEXT = /[^A-Za-z0-9+/=]|^=|===/;
const NO_BYTES = Buffer.alloc(0);

/** Who hears what the text holds. */
export interface TextReceiver extends StreamReceiver {
  /** The request cannot be read. */
  refuseRequest(error: RpcError): void;
}

export class Base64Exchange extends ExchangeLayer implements StreamReceiver {
  #receiver: TextReceiver | undefined;
  readonly #output: Output;
  /** Characters of a group whose rest has not come. */
  #rest = "";
  /** Characters that came and are held. */
  #held = 0;
  /** The bytes that they stand for. */
  #heldBytes = 0;

  constructor(inner: Exchange, maxMessageBytes: number) {
    super(inner);
    this.#output = new Output(inner.connection.loop.slabs, maxMessageBytes + GROUP);
  }

  /** Has `receiver` hear what comes. */
  attach(receiver: TextReceiver): void {
    this.#receiver = receiver;
  }

  // What is sent.

  override beginMessage(): Output {
    this.#output.begin();
    return this.#output;
  }

  override endMessage(end: boolean): void {
    const { slabs } = this.connection.loop;
    for (const { bytes, slab } of this.#output.take()) {
      this.sendData(bytes, end);
      slabs.giveBack(slab);
    }
  }

  override abortMessage(): void {
    this.#output.rollback();
  }

  override sendData(bytes: Uint8Array, end: boolean): void {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
    super.sendData(Buffer.from(text, "latin1"), end);
  }

  // What comes.

  onHeaders(): void {}
  onInformational(): void {}

  onData(bytes: Buffer, start: number, end: number, last: boolean): void {
    this.#held += end - start;
    const text = this.#rest + bytes.toString("latin1", start, end);
    const whole = text.length - (text.length % GROUP);
    this.#rest = text.slice(whole);
    if (NO_TEXT.test(text) || (last && this.#rest !== "")) {
      this.#receiver?.refuseRequest(new RpcError("internal", "its body is not the base64 that its content type says"));
      return;
    }
    const decoded = decode(text.slice(0, whole));
    this.#heldBytes += decoded.byteLength;
    if (decoded.byteLength > 0 || last) this.#receiver?.onData(decoded, 0, decoded.byteLength, last);
  }

  onTrailers(_fields: Fields): void {
    this.onData(NO_BYTES, 0, 0, true);
  }

  onFailed(failure: StreamFailure): void {
    this.#receiver?.onFailed(failure);
  }

  onWritable(): void {
    this.#receiver?.onWritable();
  }

  /** Four characters stand for three bytes, or for fewer where there is padding. */
  override consumed(bytes: number): void {
    this.#heldBytes -= bytes;
    const characters = this.#heldBytes === 0 ? this.#held : Math.min(this.#held, Math.floor((bytes * GROUP) / GROUP_BYTES));
    this.#held -= characters;
    super.consumed(characters);
  }
}

/** Whole groups. Node's decoder takes padding for the end. */
function decode(text: string): Buffer {
  if (!/=[^=]/.test(text)) return Buffer.from(text, "base64");
  return Buffer.concat(text.split(/(?<==)(?=[^=])/).map((part) => Buffer.from(part, "base64")));
}
