/** Protobuf's messages as JSON (protobuf.dev, "ProtoJSON Format"), for callers that speak nothing else. */
import { isUtf8 } from "node:buffer";
import type { Method, ServiceDescription } from "@kiteline/core";
import { DecodeError, type BareFormat, type Output } from "@kiteline/net";
import {
  createRegistry,
  fromJsonText,
  isProtobufService,
  JsonTextCodec,
  toJsonText,
  type MessageCodec,
  type ProtobufLimits,
  type ProtobufMessages,
  type Registry,
} from "@kiteline/protobuf";
import type { GrpcPayload } from "./payload.ts";

/** `services` are those whose files declare the types that an `Any` may hold; more may come while it is used. */
export function jsonPayload(services: () => readonly ServiceDescription[], { maxDepth }: ProtobufLimits = {}): GrpcPayload {
  return { name: "json", contentType: "application/grpc+json", format: new JsonFormat(services, maxDepth) };
}

class JsonFormat implements BareFormat {
  readonly name = "json";
  readonly messagesFormat = "protobuf";
  /** TTHeader has none for it. */
  readonly protocolId: number = -1;
  readonly #services: () => readonly ServiceDescription[];
  readonly #maxDepth: number | undefined;
  #registry: Registry = createRegistry();
  /** How many services the registry was made of. */
  #registered = 0;

  constructor(services: () => readonly ServiceDescription[], maxDepth: number | undefined) {
    this.#services = services;
    this.#maxDepth = maxDepth;
  }

  writeRequest(out: Output, { messages }: Method, request: unknown): void {
    this.#write(out, (messages as ProtobufMessages).request, request);
  }

  readRequest(bytes: Buffer, start: number, end: number, { messages }: Method): unknown {
    return this.#read(bytes, start, end, (messages as ProtobufMessages).request);
  }

  writeResponse(out: Output, { messages }: Method, response: unknown): void {
    this.#write(out, (messages as ProtobufMessages).response, response);
  }

  readResponse(bytes: Buffer, start: number, end: number, { messages }: Method): unknown {
    return this.#read(bytes, start, end, (messages as ProtobufMessages).response);
  }

  #types(): Registry {
    const services = this.#services();
    if (services.length !== this.#registered) {
      this.#registered = services.length;
      this.#registry = createRegistry(...services.filter(isProtobufService).map(({ file }) => file));
    }
    return this.#registry;
  }

  #write(out: Output, codec: MessageCodec, value: unknown): void {
    const options = { registry: this.#types() };
    const text =
      codec instanceof JsonTextCodec
        ? toJsonText(codec.messages, codec.messageOf(value as string), options)
        : toJsonText(codec, value, options);
    const size = Buffer.byteLength(text);
    out.ensure(size);
    out.position += out.bytes.write(text, out.position);
  }

  #read(bytes: Buffer, start: number, end: number, codec: MessageCodec): unknown {
    if (!isUtf8(bytes.subarray(start, end))) throw new DecodeError("expected JSON, got text that is not UTF-8");
    // What newer callers know beyond us is passed over, as in Protobuf's own form.
    const text = bytes.toString("utf8", start, end);
    const options = { registry: this.#types(), ignoreUnknown: true, maxDepth: this.#maxDepth };
    return codec instanceof JsonTextCodec ? codec.textOf(fromJsonText(codec.messages, text, options)) : fromJsonText(codec, text, options);
  }
}
