/**
 * Structs without a head, as gRPC and streams carry them (Kitex): where a method streams, the messages themselves; where it
 * does not, the struct of arguments and that of the result, which may hold a declared exception.
 */
import type { Method } from "@kiteline/core";
import { DeclaredError, DecodeError, MessageHead, ValueError, type BareFormat, type Output } from "@kiteline/net";
import { BinaryReader } from "./binary-reader.ts";
import { BinaryWriter } from "./binary-writer.ts";
import { resolveLimits, type ResolvedLimits, type ThriftLimits } from "./limits.ts";
import type { DeclaredException } from "./service.ts";
import {
  declaredFor,
  messagesOf,
  readArguments,
  readResult,
  readStreamed,
  writeArguments,
  writeDeclared,
  writeResult,
  writeStreamed,
} from "./values.ts";

/** In the binary protocol, the only one that anybody carries so. Throws a `RangeError` for limits out of bounds. */
export function bareThrift(limits: ThriftLimits = {}): BareFormat {
  return new BareThrift(resolveLimits(limits));
}

class BareThrift implements BareFormat {
  readonly name = "thrift";
  readonly messagesFormat = "thrift";
  readonly protocolId = 0x10;
  readonly #reader: BinaryReader;
  readonly #writer: BinaryWriter;
  readonly #head = new MessageHead();

  constructor(limits: ResolvedLimits) {
    this.#reader = new BinaryReader(limits, true);
    this.#writer = new BinaryWriter(limits.maxDepth);
  }

  writeRequest(out: Output, method: Method, request: unknown): void {
    const { streamed } = messagesOf(method);
    const writer = this.#writer;
    writer.reset(out);
    if (streamed !== undefined) writeStreamed(writer, streamed.request, method, "request", request);
    else if (streams(method)) throw new ValueError(unknownStream(method));
    else writeArguments(writer, method, request);
  }

  readRequest(bytes: Buffer, start: number, end: number, method: Method): unknown {
    const { streamed } = messagesOf(method);
    const reader = this.#reader;
    reader.reset(bytes, start, end);
    if (streamed !== undefined) return readStreamed(reader, streamed.request);
    if (streams(method)) throw new DecodeError(unknownStream(method));
    return readArguments(reader, method);
  }

  writeResponse(out: Output, method: Method, response: unknown): void {
    const { streamed } = messagesOf(method);
    this.#writer.reset(out);
    if (streamed !== undefined) writeStreamed(this.#writer, streamed.response, method, "response", response);
    else writeResult(this.#writer, method, response);
  }

  readResponse(bytes: Buffer, start: number, end: number, method: Method): unknown {
    const { streamed } = messagesOf(method);
    const reader = this.#reader;
    reader.reset(bytes, start, end);
    if (streamed !== undefined) return readStreamed(reader, streamed.response);
    const head = this.#head;
    head.thrown = false;
    const value = readResult(reader, method, head);
    return head.thrown ? new DeclaredError(value as Error) : value;
  }

  declares(method: Method, error: Error): boolean {
    return messagesOf(method).streamed === undefined && declaredFor(method, error) !== undefined;
  }

  writeDeclared(out: Output, method: Method, error: Error): void {
    this.#writer.reset(out);
    writeDeclared(this.#writer, method, declaredFor(method, error) as DeclaredException, error);
  }
}

function streams({ kind }: Method): boolean {
  return kind !== "unary" && kind !== "oneway";
}

function unknownStream({ fullName }: Method): string {
  return `nothing says what the messages of ${fullName} are: generate its code again`;
}
