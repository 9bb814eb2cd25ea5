/** Messages of Protobuf by themselves, as gRPC and streams carry them. */
import type { Method } from "@kiteline/core";
import type { BareFormat, Output, Slab } from "@kiteline/net";
import { resolveLimits, type ProtobufLimits, type ResolvedLimits } from "./limits.ts";
import type { ProtobufMessages } from "./service.ts";

/** Throws a `RangeError` for limits out of bounds. */
export function bareProtobuf(limits: ProtobufLimits = {}): BareFormat {
  return new BareProtobuf(resolveLimits(limits));
}

class BareProtobuf implements BareFormat {
  readonly name = "protobuf";
  readonly messagesFormat = "protobuf";
  readonly protocolId = 0x11;
  readonly #limits: ResolvedLimits;

  constructor(limits: ResolvedLimits) {
    this.#limits = limits;
  }

  writeRequest(out: Output, { messages }: Method, request: unknown): void {
    (messages as ProtobufMessages).encodeRequest(out, request);
  }

  readRequest(bytes: Buffer, start: number, end: number, { messages }: Method, slab?: Slab): unknown {
    return (messages as ProtobufMessages).decodeRequest(bytes, start, end, this.#limits, slab);
  }

  writeResponse(out: Output, { messages }: Method, response: unknown): void {
    (messages as ProtobufMessages).encodeResponse(out, response);
  }

  readResponse(bytes: Buffer, start: number, end: number, { messages }: Method, slab?: Slab): unknown {
    return (messages as ProtobufMessages).decodeResponse(bytes, start, end, this.#limits, slab);
  }
}
