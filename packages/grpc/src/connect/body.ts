/** A request's body that is one message, gathered until it is all there. */
import { RpcError } from "@kiteline/core";

const NOTHING = Buffer.alloc(0);

export class Body {
  readonly #maxBytes: number;
  #bytes: Buffer = NOTHING;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Memory that it takes, whether it is filled or not. */
  get reserved(): number {
    return this.#bytes.byteLength;
  }

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Throws an `RpcError` when it is larger than it may be. */
  add(bytes: Buffer, start: number, end: number): void {
    const length = this.#length + end - start;
    if (length > this.#maxBytes) {
      this.#bytes = NOTHING;
      throw new RpcError("resource_exhausted", `a message of more than ${this.#maxBytes} bytes (maxReceivedBytes, maxMessageBytes)`);
    }
    if (length > this.#bytes.byteLength) {
      // Twice what there was, or a body in small pieces would be copied for every piece.
      const grown = Buffer.allocUnsafe(Math.min(this.#maxBytes, Math.max(length, 2 * this.#length)));
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    bytes.copy(this.#bytes, this.#length, start, end);
    this.#length = length;
  }

  /** All of it, which is not kept here any longer. */
  take(): Buffer {
    const bytes = this.#bytes.subarray(0, this.#length);
    this.#bytes = NOTHING;
    return bytes;
  }
}
