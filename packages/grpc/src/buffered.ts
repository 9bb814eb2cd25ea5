/**
 * What a connection holds of messages that are not with their readers and that no window bounds: pieces of those that have not come
 * whole, whose peers were told to go on as though they were read, and what compressed ones have become.
 *
 * Who goes beyond the bound is refused. To keep back its credit would end in a standstill: those that wait have used up the
 * connection's window, and those that they wait for need it to become whole.
 */
import { RpcError } from "@kiteline/core";
import type { ResolvedHttp2Options } from "@kiteline/http2";
import { PREFIX_BYTES } from "./message-reader.ts";

/** How much it may be; the same for all connections of a client or server. */
export class BufferLimits {
  readonly maxBytes: number;
  /** A message of no more fits any stream's window, even where its peer has not been told of the half that was read last. */
  readonly fitBytes: number;
  /** And may still come when larger ones may not: others would stop calls that need no credit ahead. */
  readonly maxFitBytes: number;

  constructor({ maxBufferedBytes, initialWindowBytes, connectionWindowBytes }: ResolvedHttp2Options, maxReceivedBytes: number) {
    // One message has to find room, with its prefix.
    this.maxBytes = Math.max(maxBufferedBytes, maxReceivedBytes + PREFIX_BYTES);
    this.fitBytes = initialWindowBytes / 2;
    this.maxFitBytes = this.maxBytes + connectionWindowBytes;
  }
}

export class Buffered {
  readonly #limits: BufferLimits;
  #bytes = 0;

  constructor(limits: BufferLimits) {
    this.#limits = limits;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * A stream holds so many bytes now instead of so many, for the sake of a message of `messageBytes`; returns how many it holds. Throws an
   * `RpcError` when that is more and there is no room for it.
   */
  change(from: number, to: number, messageBytes: number = 0): number {
    const bytes = this.#bytes + to - from;
    const { maxBytes, fitBytes, maxFitBytes } = this.#limits;
    if (to > from && bytes > (messageBytes > fitBytes ? maxBytes : maxFitBytes)) {
      throw RpcError.withoutStack(
        "resource_exhausted",
        `there is no room for a message of ${messageBytes} bytes: others of the connection that come in pieces or wait to be read hold ` +
          `${this.#bytes - from} of ${maxBytes} (maxBufferedBytes); let fewer come at a time, or raise the limit where they are received`,
        { retriable: true },
      );
    }
    this.#bytes = bytes;
    return to;
  }
}
