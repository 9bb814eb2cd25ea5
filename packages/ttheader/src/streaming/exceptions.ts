/** Exceptions as the payload of a stream's frame: whole messages, with a head. */
import { RpcError, type Method } from "@kiteline/core";
import { EXCEPTION, MessageHead, type Output, type PayloadFormat } from "@kiteline/net";

export function writeException(out: Output, format: PayloadFormat, method: string, stream: number, error: Error): void {
  format.writeError(out, undefined, method, stream, error);
}

/** What the peer says went wrong; that it cannot be read is an error, too. */
export function readException(format: PayloadFormat, bytes: Buffer, start: number, end: number, method: Method): RpcError {
  if (start === end) return new RpcError("internal", "the peer did not say why", { method: method.fullName });
  const head = new MessageHead();
  try {
    format.readHead(bytes, start, end, head);
    if (head.kind === EXCEPTION) {
      const error = format.readReply(head, method);
      if (error instanceof RpcError) return error;
    }
    return new RpcError(
      "internal",
      `the peer said how the stream ended in a message of kind ${head.kind}, where an exception was expected`,
    );
  } catch (error) {
    return RpcError.from(error, "internal");
  }
}
