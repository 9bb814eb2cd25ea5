/** Thrift's TApplicationException, `{ 1: string message, 2: i32 type }`: how a call that failed is told to its caller. */
import { exceptionError, exceptionText, exceptionType, type RpcError } from "@kiteline/core";
import type { ThriftReader, ThriftWriter } from "./protocol.ts";

const MESSAGE = 0x0b0001;
const TYPE = 0x080002;

export function writeApplicationException(out: ThriftWriter, error: Error): void {
  out.begin("TApplicationException");
  out.stringField(1, exceptionText(error));
  out.i32Field(2, exceptionType(error));
  out.end();
}

export function readApplicationException(inp: ThriftReader, method: string): RpcError {
  let message = "";
  let type = 0;
  inp.begin();
  for (let key: number; (key = inp.field()) !== 0; ) {
    if (key === MESSAGE) message = inp.string();
    else if (key === TYPE) type = inp.i32();
    else inp.skip(key);
  }
  return exceptionError(type, message, method);
}
