import { errorCodeName } from "./error-codes.ts";

/** What makes the connection useless: it ends with a GOAWAY of this code. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  readonly code: number;
  /** The message without the code. */
  readonly detail: string;

  constructor(code: number, message: string) {
    super(`${message} (${errorCodeName(code)})`);
    this.code = code;
    this.detail = message;
  }
}
