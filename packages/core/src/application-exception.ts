/** What Thrift and Kitex Protobuf say of a failed call, a type and a text, to our errors and back (Thrift's TApplicationException). */
import { RpcError, textOf, type Executed } from "./errors.ts";
import { codeOfThrift, thriftOfCode } from "./status-map.ts";

/** The reply came, but with neither a result nor an exception. */
const MISSING_RESULT = 5;
const INTERNAL_ERROR = 6;

/**
 * Types by which a peer says that it did not run the call: it has no such method or service (1, 20, 21) or could not
 * read the message (2, 7 to 10). A failed handler is 6, but so is Kitex's refusal of a call over its limit.
 */
const NOT_EXECUTED: ReadonlySet<number> = new Set([1, 2, 7, 8, 9, 10, 20, 21]);

/**
 * The type that tells of an error: the one it names itself, where that stands for less than its code does, else that of its code.
 * What a handler met in a call of its own (`ofCall`) says nothing of this method, which is there and could be read.
 */
export function exceptionType(error: Error): number {
  if (!(error instanceof RpcError) || error.ofCall) return INTERNAL_ERROR;
  const digits = /^thrift (\d+)$/.exec(error.foreignCode ?? "")?.[1];
  return digits === undefined ? thriftOfCode(error.code) : Number(digits);
}

/** The text that tells of an error. Well-formed, or telling of it would fail with another one. */
export function exceptionText(error: Error): string {
  return (error instanceof RpcError ? error.detail : textOf(error)).toWellFormed();
}

/** The error that a peer tells of. */
export function exceptionError(type: number, text: string, method: string): RpcError {
  return RpcError.withoutStack(codeOfThrift(type), text === "" ? `the peer gave no message with exception ${type}` : text, {
    executed: executed(type),
    method,
    foreignCode: `thrift ${type}`,
  });
}

function executed(type: number): Executed {
  if (NOT_EXECUTED.has(type)) return "no";
  return type === MISSING_RESULT ? "yes" : "maybe";
}
