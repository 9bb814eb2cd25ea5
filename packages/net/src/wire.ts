/**
 * What a wire (TTHeader, framed, buffered, Kitex Protobuf) gives to the sessions that run calls over connections:
 * whole frames to heads and values, and back. The two sides are separate; one object serves all connections of a
 * client or server, since reading and writing a frame never waits.
 */
import type { Attempt, MetadataBlock, MetadataEntry, Method } from "@kiteline/core";
import type { Output } from "./output.ts";
import type { Framer } from "./payload.ts";

/** A reply's head. Reused for every frame. */
export class ReplyFrame {
  seq = 0;
  /** Whether an error message came, whose sequence id some peers leave at 0. */
  exception = false;
  /** The peer answers in any order and takes any number of calls at once. */
  multiplexed = false;
  /** The peer is going: send nothing more on this connection. */
  closing = false;
  /** The frame answers no call; it was sent for its header. */
  control = false;
  /** Set by `read`: the value is an error that the call rejects with. */
  thrown = false;
}

export interface ClientWire {
  readonly name: string;
  /** Whether its frames can carry many calls at once. */
  readonly canMultiplex: boolean;
  /** Makes what finds the ends of one connection's frames. */
  makeFramer(): Framer;
  /** Writes the frame of `attempt.call`, whose `seq` has been set. Throws what the codec throws. */
  write(out: Output, attempt: Attempt, multiplexed: boolean): void;
  /** Reads the head of a frame. Throws `DecodeError`. */
  open(bytes: Buffer, start: number, end: number, frame: ReplyFrame): void;
  /** Reads the value of the frame just opened, which answers `attempt`. Throws `DecodeError`. */
  read(frame: ReplyFrame, attempt: Attempt): unknown;
}

/** A request's head. Reused for every frame. */
export class RequestFrame {
  seq = 0;
  /** The sequence id inside the message, where the frame has one of its own: answered in kind. */
  messageSeq = 0;
  oneway = false;
  /** The service's name, where the wire carries one. */
  service: string | undefined = undefined;
  name = "";
  /** The caller's name as it says itself. */
  caller = "";
  /** What the caller gives us, in milliseconds; `Infinity` when it said nothing. */
  timeoutMs: number = Infinity;
  /** The caller takes answers in any order. */
  multiplexed = false;
  metadata: MetadataBlock | undefined = undefined;
  /** Whatever else the wire needs to answer in kind, as a number of its own meaning. */
  variant = 0;
}

/** What a reply needs to know of its request. */
export interface Replying {
  readonly seq: number;
  readonly messageSeq: number;
  readonly variant: number;
  readonly wireName: string;
  readonly method: Method | undefined;
  readonly multiplexed: boolean;
  /** Metadata for the caller. */
  readonly replyEntries: readonly MetadataEntry[] | undefined;
  /** Tell the caller to send nothing more on this connection. */
  readonly closing: boolean;
}

export interface ServerWire {
  readonly name: string;
  /** Whether connections speak this wire, by their first bytes; `undefined` when more are needed to know. */
  recognise(bytes: Buffer, start: number, end: number): boolean | undefined;
  /** As for clients. */
  makeFramer(): Framer;
  /** Whether a frame whose message cannot be decoded can be stepped over. */
  readonly delimited: boolean;
  /** Reads the head of a frame. Throws `DecodeError`. */
  open(bytes: Buffer, start: number, end: number, frame: RequestFrame): void;
  /** Reads the request of the frame just opened. Throws `DecodeError`. */
  read(frame: RequestFrame, method: Method): unknown;
  writeReply(out: Output, to: Replying, value: unknown): void;
  writeError(out: Output, to: Replying, error: Error): void;
  /** Writes a frame that says the server is going, for callers that multiplex. Absent where the wire has none. */
  writeGoingAway?(out: Output): void;
}
