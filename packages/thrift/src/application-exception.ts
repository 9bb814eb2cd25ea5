/** Thrift's TApplicationException, `{ 1: string message, 2: i32 type }`: how a call that failed is told to its caller. */
import { codeOfThrift, RpcError, thriftOfCode, type Executed } from "@kiteline/core";
import type { ThriftReader, ThriftWriter } from "./protocol.ts";

const MESSAGE = 0x010b;
const TYPE = 0x0208;

/** The reply came, but with neither a result nor an exception. */
export const MISSING_RESULT = 5;

/**
 * Types by which a peer says that it did not run the call: it has no such method or service (1, 20, 21) or could not
 * read the message (2, 7 to 10). A failed handler is 6, but so is Kitex's refusal of a call over its limit.
 */
const NOT_EXECUTED: ReadonlySet<number> = new Set([1, 2, 7, 8, 9, 10, 20, 21]);

export function writeApplicationException(out: ThriftWriter, error: Error): void {
  out.begin("TApplicationException");
  // Well-formed, or telling of an error would fail with another one.
  out.stringField(1, (error instanceof RpcError ? error.detail : error.message).toWellFormed());
  out.i32Field(2, error instanceof RpcError ? (ownType(error) ?? thriftOfCode(error.code)) : 6);
  out.end();
}

export function readApplicationException(inp: ThriftReader, method: string): RpcError {
  let message = "";
  let type = 0;
  inp.begin();
  for (let key = inp.field(); key !== 0; key = inp.field()) {
    if (key === MESSAGE) message = inp.string();
    else if (key === TYPE) type = inp.i32();
    else inp.skip(key);
  }
  return new RpcError(codeOfThrift(type), message === "" ? `the peer gave no message with exception ${type}` : message, {
    executed: executed(type),
    method,
    foreignCode: `thrift ${type}`,
  });
}

/** The type that the error names itself, where it stands for less than its code does. */
function ownType({ foreignCode }: RpcError): number | undefined {
  const digits = /^thrift (\d+)$/.exec(foreignCode ?? "")?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function executed(type: number): Executed {
  if (NOT_EXECUTED.has(type)) return "no";
  return type === MISSING_RESULT ? "yes" : "maybe";
}
