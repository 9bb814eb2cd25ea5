/**
 * The headers of one method's requests. Besides flags and sequence id, a call's header differs from the last one's in its metadata
 * and in the time that is left, and mostly in neither: a header that comes for the second time is kept, and sent again as it is.
 */
import type { Metadata } from "@kiteline/core";
import type { Output } from "@kiteline/net";
import { beginHeader, endHeader, writeIntPair, writeMetadata, type Template } from "./header-writer.ts";
import { KEY_TIMEOUT } from "./layout.ts";

/** Longer ones are written anew each time. */
const MAX_KEPT_BYTES = 4096;

export class RequestHeader {
  readonly #template: Template;
  /** A whole header, with its size and padding; `undefined` while the last was like none before it. */
  #kept: Template | undefined;
  /** Of the last header: its metadata as they were encoded, which are encoded anew when they change, and the time. */
  #encoded: Uint8Array | undefined;
  #timeoutMs = Number.NaN;

  /** `template`: what all of them begin with. */
  constructor(template: Template) {
    this.#template = template;
  }

  /** Writes a whole header, but for the length of the frame. `timeoutMs` is `Infinity` for calls without a deadline. */
  write(out: Output, flags: number, seq: number, metadata: Metadata | undefined, timeoutMs: number): void {
    const plain = metadata === undefined || metadata.size === 0;
    const encoded = plain ? undefined : metadata.encoded?.bytes;
    const again = timeoutMs === this.#timeoutMs && encoded === this.#encoded && (plain || encoded !== undefined);
    if (again && this.#kept !== undefined) {
      beginHeader(out, this.#kept, flags, seq);
      return;
    }
    beginHeader(out, this.#template, flags, seq);
    if (!plain) writeMetadata(out, metadata);
    // Last, since it differs from call to call: what stands before it stays the same bytes.
    if (timeoutMs !== Infinity) writeIntPair(out, KEY_TIMEOUT, timeoutMs);
    endHeader(out);
    this.#kept = again ? copyOf(out) : undefined;
    this.#encoded = encoded;
    this.#timeoutMs = timeoutMs;
  }
}

function copyOf(out: Output): Template | undefined {
  if (out.position - out.messageStart > MAX_KEPT_BYTES) return undefined;
  return Buffer.from(out.bytes.subarray(out.messageStart, out.position));
}
