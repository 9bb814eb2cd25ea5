/** How a service's methods look in Protobuf, and the description that generated code makes of them. */
import type { Idempotency, Messages, Method, MethodKind, ServiceDescription } from "@kiteline/core";
import type { Output, Slab } from "@kiteline/net";
import type { MessageCodec, ProtoFile } from "./codec.ts";
import { decodeFrom, encodeInto } from "./encode.ts";
import type { ResolvedLimits } from "./limits.ts";

/**
 * A method's messages as bytes: for gRPC, Kitex Protobuf, and whoever else carries them. Writing throws `ValueError` for a value
 * that is not what the schema asks for, and `TooLarge`; `out` holds a message begun, which the caller rolls back. Reading
 * happens in place, throws `DecodeError`, and nothing of what it makes refers to `bytes` afterwards, unless the `slab` that they lie
 * in is given: a field that is most of it stays there, and the slab is marked as `kept` then.
 */
export interface ProtobufMessages extends Messages {
  readonly format: "protobuf";
  readonly request: MessageCodec;
  readonly response: MessageCodec;
  encodeRequest(out: Output, request: unknown): void;
  decodeRequest(bytes: Buffer, start: number, end: number, limits?: ResolvedLimits, slab?: Slab): unknown;
  encodeResponse(out: Output, response: unknown): void;
  decodeResponse(bytes: Buffer, start: number, end: number, limits?: ResolvedLimits, slab?: Slab): unknown;
}

/** A service of Protobuf. Its methods' `messages` are `ProtobufMessages`. */
export interface ProtobufService<out Client = unknown, in Handler = never> extends ServiceDescription<Client, Handler> {
  /** The file that declares it. */
  readonly file: ProtoFile;
}

/** What is said of a method that differs from the usual. */
export interface MethodInit {
  /** The method's name on the wire. */
  readonly name: string;
  readonly request: MessageCodec;
  readonly response: MessageCodec;
  /** Defaults to `unary`. */
  readonly kind?: MethodKind | undefined;
  /** Defaults to `unknown`. */
  readonly idempotency?: Idempotency | undefined;
}

/** Describes a service. `name` is the full one; `methods` is by the stub's name: the method's with a lower first letter. */
export function defineService<Client, Handler>(
  name: string,
  file: ProtoFile,
  methods: Readonly<Record<string, MethodInit>>,
): ProtobufService<Client, Handler> {
  const described: Record<string, Method> = {};
  for (const [stub, init] of Object.entries(methods)) {
    described[stub] = {
      service: name,
      name: init.name,
      fullName: `${name}.${init.name}`,
      kind: init.kind ?? "unary",
      idempotency: init.idempotency ?? "unknown",
      arity: 1,
      messages: new CodecMessages(init.request, init.response),
    };
  }
  return { name, methods: described, file };
}

/** Whether a method's messages are Protobuf's. */
export function isProtobuf(messages: Messages): messages is ProtobufMessages {
  return messages.format === "protobuf";
}

/** Whether a service is Protobuf's. */
export function isProtobufService(description: ServiceDescription): description is ProtobufService {
  return "file" in description;
}

class CodecMessages implements ProtobufMessages {
  readonly format = "protobuf";
  readonly request: MessageCodec;
  readonly response: MessageCodec;

  constructor(request: MessageCodec, response: MessageCodec) {
    this.request = request;
    this.response = response;
  }

  encodeRequest(out: Output, request: unknown): void {
    encodeInto(out, this.request, request);
  }

  decodeRequest(bytes: Buffer, start: number, end: number, limits?: ResolvedLimits, slab?: Slab): unknown {
    return decodeFrom(bytes, start, end, this.request, limits, slab);
  }

  encodeResponse(out: Output, response: unknown): void {
    encodeInto(out, this.response, response);
  }

  decodeResponse(bytes: Buffer, start: number, end: number, limits?: ResolvedLimits, slab?: Slab): unknown {
    return decodeFrom(bytes, start, end, this.response, limits, slab);
  }
}
