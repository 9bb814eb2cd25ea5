/** What a caller may learn of a call beside its result: pass a `CallInfo` in the call's options and read it when the promise has settled. */
import { Metadata } from "./metadata.ts";

export class CallInfo {
  /** Metadata that came with the reply (`backward`); for a stream, before its first message. */
  reply: Metadata = new Metadata();
  /** Metadata that came after the reply, from protocols that have a place for it there. */
  trailers: Metadata = new Metadata();
  /** How many messages of the reply came compressed. */
  compressedMessages = 0;
  /** Where the last attempt went: `host:port` or `unix:PATH`. */
  peer: string | undefined = undefined;
  /** The labels of the endpoint that was called last, such as `version` and `lane`. */
  labels: Readonly<Record<string, string>> | undefined = undefined;
  /** The name of the route that was chosen. */
  route: string | undefined = undefined;
  /** How many times the call was sent or tried to be. */
  attempts = 0;
  /** Milliseconds from the call's start until the last attempt had a connection and its request was written. */
  sentMs: number | undefined = undefined;
  /** Milliseconds that opening the connection took, where one was opened while the call waited: part of `sentMs`. */
  connectMs: number | undefined = undefined;
  /** Milliseconds that the TLS handshake took then, which follows. */
  tlsMs: number | undefined = undefined;
  /** Milliseconds from the call's start until it ended. */
  endedMs: number | undefined = undefined;
}
