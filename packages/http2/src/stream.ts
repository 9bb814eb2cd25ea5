/** One request and its response, as both ends see them. */
import type { Output } from "@kiteline/net";
import type { ExtraFields, Fields, PreparedFields } from "./fields.ts";
import type { StreamFailure } from "./stream-failure.ts";

/**
 * Who hears what comes on a stream. After the peer's end (`end` or `last` true, trailers) or after `onFailed` nothing more comes.
 * What these throw fails the stream with INTERNAL_ERROR.
 */
export interface StreamReceiver {
  /** Clients: the response begins. `end`: it is over, too. */
  onHeaders(fields: Fields, end: boolean): void;
  /** Clients: an informational response (1xx), any number of times before the response. */
  onInformational(fields: Fields): void;
  /**
   * Data, from `start` to `end` in `bytes`, as it comes and however it was cut; valid only until this returns. `last`: the peer
   * has said its last; the data may be empty then. Say `consumed` when it is no longer held.
   */
  onData(bytes: Buffer, start: number, end: number, last: boolean): void;
  /** Fields after the data; the peer has said its last. */
  onTrailers(fields: Fields): void;
  /** The stream is over before its end. Called at most once, also when everything was received and what is to be sent can no longer be. */
  onFailed(failure: StreamFailure): void;
  /** `writable` is true again after it was false. */
  onWritable(): void;
}

export interface Http2Stream {
  /** Odd when the client opened it; 0 while it waits for its turn to be opened. */
  readonly id: number;
  receiver: StreamReceiver;
  /**
   * Whether what is sent now leaves with this turn. If not, it is encoded and kept until windows open and the socket takes it:
   * send no more messages until `onWritable`.
   */
  readonly writable: boolean;
  /** Bytes kept for windows that are closed. */
  readonly queuedBytes: number;
  /** We have sent or queued our end of the stream. */
  readonly localEnded: boolean;
  /** The peer has sent its end. */
  readonly remoteEnded: boolean;
  /** Nothing can be sent or will come any more: both ends are said, or the stream failed or was reset. */
  readonly closed: boolean;

  /** Servers: the response's fields. Throws a `TypeError` for extra fields that cannot travel; nothing was sent then. */
  sendHeaders(fields: PreparedFields, extra: ExtraFields | undefined, end: boolean): void;
  /** Servers: an informational response, before the response's fields. */
  sendInformational(fields: PreparedFields): void;
  /**
   * Begins a piece of data. Its owner writes it into the returned output (`ensure` before each write) and then calls
   * `endMessage` or `abortMessage`, in the same turn and with no other use of the connection in between.
   */
  beginMessage(): Output;
  /** Sends what was written; in frames as large as the peer takes them, as far as the windows allow, the rest as they open. */
  endMessage(end: boolean): void;
  /** Forgets what was written since `beginMessage`. */
  abortMessage(): void;
  /** Sends data that was encoded elsewhere; copied. */
  sendData(bytes: Uint8Array, end: boolean): void;
  /** Fields after the data; ends our side. */
  sendTrailers(fields: PreparedFields, extra: ExtraFields | undefined): void;
  /** Ends the stream for both sides; what is queued is dropped. The receiver is told nothing. */
  reset(code: number): void;
  /** `bytes` that came by `onData` are no longer held: the peer may send as many more. */
  consumed(bytes: number): void;
}
