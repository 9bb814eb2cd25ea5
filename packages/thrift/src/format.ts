/**
 * Whole Thrift messages, in either protocol: head and arguments, head and result, head and exception. One reader and
 * one writer serve all messages of a format, since neither ever waits.
 */
import type { Method } from "@kiteline/core";
import { CALL, DecodeError, EXCEPTION, ONEWAY, REPLY, type Framer, type MessageHead, type Output, type PayloadFormat } from "@kiteline/net";
import { readApplicationException, writeApplicationException } from "./application-exception.ts";
import type { MessageScanner } from "./message-scanner.ts";
import type { MessageReader, MessageWriter } from "./message.ts";
import { declaredFor, readArguments, readResult, requireEnd, writeArguments, writeDeclared, writeResult } from "./values.ts";

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
    this.reader.resume();
    return readArguments(this.reader, method);
  }

  readReply(head: MessageHead, method: Method): unknown {
    this.reader.resume();
    if (head.kind === EXCEPTION) {
      const error = readApplicationException(this.reader, method.fullName);
      requireEnd(this.reader);
      head.thrown = true;
      return error;
    }
    if (head.kind !== REPLY) throw new DecodeError(`expected a reply (kind ${REPLY}), got a message of kind ${head.kind}`);
    if (head.name !== method.name) throw new DecodeError(`expected a reply of ${method.name}, got one of ${head.name}`);
    return readResult(this.reader, method, head);
  }

  writeRequest(out: Output, method: Method, seq: number, request: unknown): void {
    const writer = this.writer;
    writer.reset(out);
    writer.writeHead(method.kind === "oneway" ? ONEWAY : CALL, method.name, seq);
    writeArguments(writer, method, request);
  }

  writeReply(out: Output, method: Method, seq: number, value: unknown): void {
    const writer = this.writer;
    writer.reset(out);
    writer.writeHead(REPLY, method.name, seq);
    writeResult(writer, method, value);
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
    const declared = method === undefined ? undefined : declaredFor(method, error);
    if (method !== undefined && declared !== undefined) {
      writer.writeHead(REPLY, method.name, seq);
      writeDeclared(writer, method, declared, error);
      return;
    }
    writer.writeHead(EXCEPTION, name, seq);
    writeApplicationException(writer, error);
  }
}
