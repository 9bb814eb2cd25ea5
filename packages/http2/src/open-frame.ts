/**
 * The DATA frame that was written last, while nothing stands behind it and it has not left: what its stream sends next becomes a part
 * of it. A stream of small messages is a few large frames then, which costs both ends less than a frame for each.
 */
import type { Output } from "@kiteline/net";
import { Flag, patchFrameLength } from "./frame.ts";

const NO_BYTES = Buffer.alloc(0);
const CLOSED = -1;

export class OpenFrame {
  #id = CLOSED;
  /** What its header stands in, and where. */
  #head: Buffer = NO_BYTES;
  #at = 0;
  length = 0;
  /** What its last byte stands in, which is other memory when the output has grown, and where it ends. */
  #tail: Buffer = NO_BYTES;
  #end = 0;

  /** A frame of a stream has been written, with its header at `at`. */
  open(output: Output, at: number, id: number, length: number): void {
    this.#id = id;
    this.#head = output.bytes;
    this.#at = at;
    this.#ends(output, length);
  }

  /** Whether what is written now stands right behind a frame of this stream. */
  precedes(output: Output, id: number): boolean {
    return this.#id === id && this.#tail === output.bytes && this.#end === output.position;
  }

  /** What was written since belongs to it. */
  extend(output: Output, length: number, end: boolean): void {
    this.#ends(output, this.length + length);
    patchFrameLength(this.#head, this.#at, this.length, end ? Flag.END_STREAM : 0);
    if (end) this.close();
  }

  /** It leaves. */
  close(): void {
    this.#id = CLOSED;
  }

  #ends(output: Output, length: number): void {
    this.length = length;
    this.#tail = output.bytes;
    this.#end = output.position;
  }
}
