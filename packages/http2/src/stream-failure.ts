/** Why a stream ended before its end. */
import { errorCodeName } from "./error-codes.ts";

/** Who ended it: the peer by RST_STREAM, the peer by GOAWAY, the loss of the connection, or this side for what the peer sent. */
export type FailureOrigin = "reset" | "goaway" | "connection" | "local";

/** Not an `Error`: thousands of streams may end at once, and whoever owns the stream makes the error that its caller sees. */
export class StreamFailure {
  readonly origin: FailureOrigin;
  /** The HTTP/2 code that came or was sent: one of `ErrorCode`, or a number nobody has named. */
  readonly code: number;
  /** One clause in words, without the peer's address. */
  readonly message: string;
  /**
   * Whether the peer may have processed the request. It has not when it was never sent, when the peer refused it
   * (REFUSED_STREAM), or when its GOAWAY named an earlier stream as its last (RFC 9113, sections 6.8 and 8.7).
   */
  readonly executed: "no" | "maybe";
  readonly cause: Error | undefined;

  constructor(origin: FailureOrigin, code: number, message: string, executed: "no" | "maybe", cause?: Error) {
    this.origin = origin;
    this.code = code;
    this.message = message;
    this.executed = executed;
    this.cause = cause;
  }

  toString(): string {
    return `${this.message} (${errorCodeName(this.code)})`;
  }
}
