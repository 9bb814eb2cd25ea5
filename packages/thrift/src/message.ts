/** A protocol's reader and writer as whole messages use them: structs, and the head that stands before them. */
import type { MessageHead, Output } from "@kiteline/net";
import type { ThriftReader, ThriftWriter } from "./protocol.ts";

export interface MessageWriter extends ThriftWriter {
  /** Starts a message: all writes go to `out` until the next reset. */
  reset(out: Output): void;
  writeHead(kind: number, name: string, seq: number): void;
}

export interface MessageReader extends ThriftReader {
  /** Starts a message: what is read next lies in `bytes` from `start` to `end`. */
  reset(bytes: Buffer, start: number, end: number): void;
  readHead(head: MessageHead): void;
  /** Goes on after the head: meanwhile anything else may have been read or written, but by this reader. */
  resume(): void;
  /** Ends it: its bytes are not asked for again. */
  release(): void;
  /** Bytes not yet read. */
  readonly left: number;
}
