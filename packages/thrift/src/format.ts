/**
 * Whole Thrift messages, in either protocol: head and arguments, head and result, head and exception. One reader and
 * one writer serve all messages of a format, since neither ever waits.
 */
import { RpcError, type Method } from "@kiteline/core";
import { DecodeError, EXCEPTION, REPLY, CALL, ONEWAY, type Framer, type MessageHead, type Output, type PayloadFormat } from "@kiteline/net";
import { MISSING_RESULT, readApplicationException, writeApplicationException } from "./application-exception.ts";
import { explainWrite, type RootNames } from "./explain-write.ts";
import type { MessageScanner } from "./message-scanner.ts";
import type { MessageReader, MessageWriter } from "./message.ts";
import type { ThriftWriter } from "./protocol.ts";
import type { ThriftMessages } from "./service.ts";
import { ValueError } from "./value-error.ts";
import { STRUCT } from "./wire-types.ts";

/** The result is field 0, which nobody knows as such. */
const RESULT_NAMES: RootNames = { 0: "" };

export interface ThriftFormatParts {
  readonly name: string;
  readonly protocolId: number;
  readonly reader: MessageReader;
  readonly writer: MessageWriter;
  readonly recognise: (bytes: Buffer, start: number) => boolean;
  readonly makeScanner: () => MessageScanner;
}

export class ThriftFormat implements PayloadFormat {
  readonly name: string;
  readonly messagesFormat = "thrift";
  readonly protocolId: number;
  private readonly reader: MessageReader;
  private readonly writer: MessageWriter;
  private readonly recogniser: (bytes: Buffer, start: number) => boolean;
  private readonly scannerMaker: () => MessageScanner;

  constructor(parts: ThriftFormatParts) {
    this.name = parts.name;
    this.protocolId = parts.protocolId;
    this.reader = parts.reader;
    this.writer = parts.writer;
    this.recogniser = parts.recognise;
    this.scannerMaker = parts.makeScanner;
  }

  recognise(bytes: Buffer, start: number): boolean {
    return this.recogniser(bytes, start);
  }

  makeFramer(): Framer {
    const scanner = this.scannerMaker();
    return (bytes, start, end) => scanner.scan(bytes, start, end);
  }

  readHead(bytes: Buffer, start: number, end: number, head: MessageHead): void {
    head.thrown = false;
    this.reader.reset(bytes, start, end);
    this.reader.readHead(head);
  }

  readRequest(_head: MessageHead, method: Method): unknown {
    const request = messagesOf(method).args.read(this.reader);
    this.requireEnd();
    return request;
  }

  readReply(head: MessageHead, method: Method): unknown {
    if (head.kind === EXCEPTION) {
      const error = readApplicationException(this.reader, method.fullName);
      this.requireEnd();
      head.thrown = true;
      return error;
    }
    if (head.kind !== REPLY) throw new DecodeError(`expected a reply (kind ${REPLY}), got a message of kind ${head.kind}`);
    if (head.name !== method.name) throw new DecodeError(`expected a reply of ${method.name}, got one of ${head.name}`);
    return this.readResult(head, method);
  }

  private readResult(head: MessageHead, method: Method): unknown {
    const { result, exceptions, whole } = messagesOf(method);
    const inp = this.reader;
    if (whole !== undefined) {
      const passed = whole.read(inp);
      this.requireEnd();
      return passed;
    }
    let value: unknown;
    let found = result === undefined;
    inp.begin();
    for (let key = inp.field(); key !== 0; key = inp.field()) {
      if (result !== undefined && key === result.key) {
        value = result.read(inp);
        found = true;
        continue;
      }
      const exception = exceptions.length === 0 || (key & 0xff) !== STRUCT ? undefined : exceptions.find((each) => each.id === key >> 8);
      if (exception === undefined) {
        inp.skip(key);
        continue;
      }
      value = exception.codec.read(inp);
      head.thrown = true;
      found = true;
    }
    this.requireEnd();
    if (found) return value;
    head.thrown = true;
    return new RpcError("internal", `the reply of ${method.fullName} holds neither a result nor a declared exception`, {
      executed: "yes",
      method: method.fullName,
      foreignCode: `thrift ${MISSING_RESULT}`,
    });
  }

  writeRequest(out: Output, method: Method, seq: number, request: unknown): void {
    const writer = this.writer;
    const { args, parameters = {} } = messagesOf(method);
    writer.reset(out);
    writer.writeHead(method.kind === "oneway" ? ONEWAY : CALL, method.name, seq);
    try {
      args.write(writer, request);
    } catch (error) {
      throw explainWrite(error, `the request of ${method.fullName}`, request, (tracer, value) => args.write(tracer, value), parameters);
    }
  }

  writeReply(out: Output, method: Method, seq: number, value: unknown): void {
    const writer = this.writer;
    const { result, whole } = messagesOf(method);
    writer.reset(out);
    writer.writeHead(REPLY, method.name, seq);
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

  writeEmptyReply(out: Output, method: Method, seq: number): void {
    const writer = this.writer;
    writer.reset(out);
    writer.writeHead(REPLY, method.name, seq);
    writer.begin();
    writer.end();
  }

  writeError(out: Output, method: Method | undefined, name: string, seq: number, error: Error): void {
    const writer = this.writer;
    writer.reset(out);
    if (method !== undefined && !(error instanceof RpcError) && method.messages.format === "thrift") {
      const declared = messagesOf(method).exceptions.find((each) => each.is(error));
      if (declared !== undefined) {
        writer.writeHead(REPLY, method.name, seq);
        writer.begin();
        writer.structField(declared.id);
        try {
          declared.codec.write(writer, error);
        } catch (failure) {
          throw explainWrite(failure, `the exception ${declared.codec.name} of ${method.fullName}`, error, (tracer, value) =>
            declared.codec.write(tracer, value),
          );
        }
        writer.end();
        return;
      }
    }
    writer.writeHead(EXCEPTION, name, seq);
    writeApplicationException(writer, error);
  }

  private requireEnd(): void {
    const { left } = this.reader;
    if (left !== 0) throw new DecodeError(`${left} bytes are left after the message`);
    this.reader.release();
  }
}

function messagesOf(method: Method): ThriftMessages {
  return method.messages as ThriftMessages;
}
