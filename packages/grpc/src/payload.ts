/** What the messages inside of gRPC's frames are: Protobuf as a rule, and whatever else has a codec (`application/grpc+NAME`). */
import type { Method } from "@kiteline/core";
import type { Output } from "@kiteline/net";
import { resolveLimits, type ProtobufLimits, type ProtobufMessages, type ResolvedLimits } from "@kiteline/protobuf";

/** Messages as bytes. Writing throws what the codec throws for a wrong value; reading happens in place and throws `DecodeError`. */
export interface GrpcPayload {
  /** What stands behind the `+` of the content type, such as `proto`. */
  readonly name: string;
  /** The content type that we send. */
  readonly contentType: string;
  /** Which `Messages` of a method it reads and writes. */
  readonly messagesFormat: string;
  writeRequest(out: Output, method: Method, request: unknown): void;
  readRequest(bytes: Buffer, start: number, end: number, method: Method): unknown;
  writeResponse(out: Output, method: Method, response: unknown): void;
  readResponse(bytes: Buffer, start: number, end: number, method: Method): unknown;
}

/** Protobuf, which a content type without a name means, too. */
export function protobufPayload(limits: ProtobufLimits = {}): GrpcPayload {
  return new ProtobufPayload(resolveLimits(limits));
}

class ProtobufPayload implements GrpcPayload {
  readonly name = "proto";
  readonly contentType = "application/grpc";
  readonly messagesFormat = "protobuf";
  readonly #limits: ResolvedLimits;

  constructor(limits: ResolvedLimits) {
    this.#limits = limits;
  }

  writeRequest(out: Output, { messages }: Method, request: unknown): void {
    (messages as ProtobufMessages).encodeRequest(out, request);
  }

  readRequest(bytes: Buffer, start: number, end: number, { messages }: Method): unknown {
    return (messages as ProtobufMessages).decodeRequest(bytes, start, end, this.#limits);
  }

  writeResponse(out: Output, { messages }: Method, response: unknown): void {
    (messages as ProtobufMessages).encodeResponse(out, response);
  }

  readResponse(bytes: Buffer, start: number, end: number, { messages }: Method): unknown {
    return (messages as ProtobufMessages).decodeResponse(bytes, start, end, this.#limits);
  }
}

const PREFIX = "application/grpc";

/**
 * The payload that a content type names; `undefined` when it is none of these, or not gRPC's at all. Parameters and the
 * case of letters do not matter. Without a name it is the first of `payloads`.
 */
export function payloadOf<P extends GrpcPayload>(contentType: string | undefined, payloads: readonly P[]): P | undefined {
  if (contentType === PREFIX) return payloads[0];
  if (contentType === undefined) return undefined;
  const [type = ""] = contentType.split(";", 1);
  const plain = type.trim().toLowerCase();
  if (plain === PREFIX) return payloads[0];
  return payloads.find((payload) => plain === `${PREFIX}+${payload.name}`);
}
