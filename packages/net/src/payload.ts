/**
 * What a payload format (Thrift binary, Thrift compact, Kitex Protobuf) gives to the wires that carry it: whole
 * messages with their head, between bytes and values. Formats see bytes and methods, never sockets or frames.
 */
import type { Method } from "@kiteline/core";
import type { Output } from "./output.ts";
import type { Slab } from "./slabs.ts";

/** The kinds of message, by their number in Thrift and in Kitex Protobuf. */
export const CALL = 1;
export const REPLY = 2;
export const EXCEPTION = 3;
export const ONEWAY = 4;

/** What stands before the values of a message. One object per reader, used again for every message. */
export class MessageHead {
  /** CALL, REPLY, EXCEPTION or ONEWAY. */
  kind = 0;
  name = "";
  seq = 0;
  /** Set by `readReply`: the value is an error that the call rejects with. */
  thrown = false;
}

/** A message that cannot be read. The peer's connection is not to be trusted any more unless the message's length is known. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
}

/**
 * Finds where messages or frames end: the length of the one that begins at `start`; 0 when more bytes are needed to
 * know. Where only a walk through the message tells, a length that it has at the least, which is more than is there.
 * Until it is all there, it is asked again for the same one with more bytes. Throws `DecodeError`.
 */
export type Framer = (bytes: Buffer, start: number, end: number) => number;

export interface PayloadFormat {
  /** For texts and options: `thrift`, `thrift-compact`, `protobuf`. */
  readonly name: string;
  /** Which `Messages` of a method it reads and writes. */
  readonly messagesFormat: string;
  /** The TTHeader protocol id that names it. */
  readonly protocolId: number;

  /** Whether a message of this format begins at `start`. At least 4 bytes are there. */
  recognise(bytes: Buffer, start: number): boolean;

  /** Makes what finds the ends of one connection's messages on wires without a length of their own. */
  makeFramer(): Framer;

  /**
   * Begins to read the message in `start` to `end` and fills `head`. The values are read next, by `readRequest` or
   * `readReply`, before another one of this format is begun. Names that recur come back as the same string. Throws `DecodeError`.
   */
  readHead(bytes: Buffer, start: number, end: number, head: MessageHead): void;

  /** Throws `DecodeError`. */
  readRequest(head: MessageHead, method: Method): unknown;

  /**
   * The reply's value. Declared exceptions and the peer's error messages come back as Error objects with
   * `head.thrown` set. Throws `DecodeError`.
   */
  readReply(head: MessageHead, method: Method): unknown;

  /** Writes the whole message. Throws what the codec throws for a value of the wrong type; the caller rolls back. */
  writeRequest(out: Output, method: Method, seq: number, request: unknown): void;
  writeReply(out: Output, method: Method, seq: number, value: unknown): void;
  /** A reply without a result, whose meaning stands in the wire's header (Kitex's business errors). */
  writeEmptyReply(out: Output, method: Method, seq: number): void;
  /** A declared exception of `method` becomes a reply that holds it; any other error an EXCEPTION message. */
  writeError(out: Output, method: Method | undefined, name: string, seq: number, error: Error): void;
}

/** A response that is a declared exception: the call rejects with it. */
export class DeclaredError {
  readonly error: Error;

  constructor(error: Error) {
    this.error = error;
  }
}

/**
 * Messages without a head: gRPC and the streams of TTHeader say around a message what it is. Writing throws what the codec
 * throws, for the caller to roll back; reading throws `DecodeError`, and nothing of what it makes refers to `bytes` afterwards, unless
 * the `slab` that they lie in is given: what is most of it may stay there, and the slab is marked as `kept` then.
 */
export interface BareFormat {
  /** For texts. */
  readonly name: string;
  /** Which `Messages` of a method it reads and writes. */
  readonly messagesFormat: string;
  /** The TTHeader protocol id that names it. */
  readonly protocolId: number;
  writeRequest(out: Output, method: Method, request: unknown): void;
  readRequest(bytes: Buffer, start: number, end: number, method: Method, slab?: Slab): unknown;
  writeResponse(out: Output, method: Method, response: unknown): void;
  /** A declared exception comes back as a `DeclaredError`. */
  readResponse(bytes: Buffer, start: number, end: number, method: Method, slab?: Slab): unknown;
  /** Whether a response of the method can be this error. Absent where no error is declared. */
  declares?(method: Method, error: Error): boolean;
  /** Writes the response that is the error, which the method declares. */
  writeDeclared?(out: Output, method: Method, error: Error): void;
}
