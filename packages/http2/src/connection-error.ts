import { errorCodeName } from "./error-codes.ts";

/** What makes the connection useless: it ends with a GOAWAY of this code. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  readonly code: number;
  /** The message without the code. */
  readonly detail: string;

  constructor(code: number, message: string) {
    // It tells of what the peer did: a stack would tell nothing, and cost a tenth of what an attacker's connection does.
    const { stackTraceLimit } = Error;
    Reflect.set(Error, "stackTraceLimit", 0);
    super(`${message} (${errorCodeName(code)})`);
    Reflect.set(Error, "stackTraceLimit", stackTraceLimit);
    this.code = code;
    this.detail = message;
  }
}
