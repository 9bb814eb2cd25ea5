/** The values of a method's messages, whatever stands around them: arguments, result, declared exceptions, messages of streams. */
import { RpcError, type Method } from "@kiteline/core";
import { DecodeError, type MessageHead } from "@kiteline/net";
import { explainWrite, type RootNames } from "./explain-write.ts";
import type { MessageReader } from "./message.ts";
import type { StructCodec, ThriftWriter } from "./protocol.ts";
import type { DeclaredException, ThriftMessages } from "./service.ts";
import { ValueError } from "./value-error.ts";
import { STRUCT, idOfKey, typeOfKey } from "./wire-types.ts";

/** The type of exception that says that a reply holds nothing. */
const MISSING_RESULT = 5;
/** The result is field 0, which nobody knows as such. */
const RESULT_NAMES: RootNames = { 0: "" };

export function messagesOf(method: Method): ThriftMessages {
  return method.messages as ThriftMessages;
}

export function writeArguments(writer: ThriftWriter, method: Method, request: unknown): void {
  const { args, parameters = {} } = messagesOf(method);
  try {
    args.write(writer, request);
  } catch (error) {
    throw explainWrite(error, `the request of ${method.fullName}`, request, (tracer, value) => args.write(tracer, value), parameters);
  }
}

export function readArguments(reader: MessageReader, method: Method): unknown {
  const request = messagesOf(method).args.read(reader);
  requireEnd(reader);
  return request;
}

/** The result; or an error, with `head.thrown` set: a declared exception, or that there is neither. */
export function readResult(inp: MessageReader, method: Method, head: MessageHead): unknown {
  const { result, exceptions, whole } = messagesOf(method);
  if (whole !== undefined) {
    const passed = whole.read(inp);
    requireEnd(inp);
    return passed;
  }
  let value: unknown;
  let found = result === undefined;
  inp.begin();
  for (let key: number; (key = inp.field()) !== 0; ) {
    if (result !== undefined && key === result.key) {
      value = result.read(inp);
      found = true;
      continue;
    }
    const exception = exceptions.length === 0 || typeOfKey(key) !== STRUCT ? undefined : exceptions.find(({ id }) => id === idOfKey(key));
    if (exception === undefined) {
      inp.skip(key);
      continue;
    }
    value = exception.codec.read(inp);
    head.thrown = true;
    found = true;
  }
  requireEnd(inp);
  if (found) return value;
  head.thrown = true;
  return new RpcError("internal", `the reply of ${method.fullName} holds neither a result nor a declared exception`, {
    executed: "yes",
    method: method.fullName,
    foreignCode: `thrift ${MISSING_RESULT}`,
  });
}

export function writeResult(writer: ThriftWriter, method: Method, value: unknown): void {
  const { result, whole } = messagesOf(method);
  if (whole !== undefined) {
    whole.write(writer, value);
    return;
  }
  writer.begin();
  if (result !== undefined) {
    if (value === undefined || value === null) {
      throw new ValueError(
        `the handler of ${method.fullName} returned ${String(value)}, which Thrift cannot say: return a value, or declare the method void`,
      );
    }
    try {
      result.write(writer, value);
    } catch (error) {
      const again = (tracer: ThriftWriter, observed: unknown): void => {
        tracer.begin();
        result.write(tracer, observed);
      };
      throw explainWrite(error, `the result of ${method.fullName}`, value, again, RESULT_NAMES);
    }
  }
  writer.end();
}

/** The exception that the method declares for this error, if it does. */
export function declaredFor(method: Method, error: Error): DeclaredException | undefined {
  if (error instanceof RpcError || method.messages.format !== "thrift") return undefined;
  return messagesOf(method).exceptions.find((each) => each.is(error));
}

/** Writes a result that holds the exception. */
export function writeDeclared(writer: ThriftWriter, method: Method, { id, codec }: DeclaredException, error: Error): void {
  writer.begin();
  writer.structField(id);
  try {
    codec.write(writer, error);
  } catch (failure) {
    throw explainWrite(failure, `the exception ${codec.name} of ${method.fullName}`, error, (tracer, value) => codec.write(tracer, value));
  }
  writer.end();
}

/** Writes a message of a stream. `what` is `request` or `response`. */
export function writeStreamed(writer: ThriftWriter, codec: StructCodec<unknown>, method: Method, what: string, message: unknown): void {
  try {
    codec.write(writer, message);
  } catch (error) {
    throw explainWrite(error, `a ${what} of ${method.fullName}`, message, (tracer, value) => codec.write(tracer, value));
  }
}

export function readStreamed(reader: MessageReader, codec: StructCodec<unknown>): unknown {
  const message = codec.read(reader);
  requireEnd(reader);
  return message;
}

export function requireEnd(reader: MessageReader): void {
  const { left } = reader;
  if (left !== 0) throw new DecodeError(`${left} bytes are left after the message`);
  reader.release();
}
