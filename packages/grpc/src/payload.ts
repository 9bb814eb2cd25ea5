/** What the messages inside of gRPC's frames are: Protobuf as a rule, and whatever else has a codec (`application/grpc+NAME`). */
import type { BareFormat } from "@kiteline/net";
import { bareProtobuf, type ProtobufLimits } from "@kiteline/protobuf";

export interface GrpcPayload {
  /** What stands behind the `+` of the content type, such as `proto`. */
  readonly name: string;
  /** The content type that we send. */
  readonly contentType: string;
  readonly format: BareFormat;
}

/** Protobuf, which a content type without a name means, too. */
export function protobufPayload(limits: ProtobufLimits = {}): GrpcPayload {
  return { name: "proto", contentType: "application/grpc", format: bareProtobuf(limits) };
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
