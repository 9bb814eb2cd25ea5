/** What the messages inside of gRPC's frames are: Protobuf as a rule, and whatever else has a codec (`application/grpc+NAME`). */
import type { BareFormat } from "@kiteline/net";
import type { ProtobufLimits } from "@kiteline/protobuf";
import { bareProtobuf } from "@kiteline/protobuf/formats";

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

/** A content type without its parameters, in lower case. */
export function mediaType(contentType: string): string {
  const semicolon = contentType.indexOf(";");
  return (semicolon < 0 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase();
}

/**
 * The payload that a content type names behind `prefix` and a `+`; `undefined` when it is none of these, or another's type.
 * Without a name it is the first of `payloads`.
 */
export function payloadOf<P extends GrpcPayload>(
  contentType: string | undefined,
  payloads: readonly P[],
  prefix = "application/grpc",
): P | undefined {
  if (contentType === prefix) return payloads[0];
  if (contentType === undefined) return undefined;
  const plain = mediaType(contentType);
  if (plain === prefix) return payloads[0];
  return payloads.find((payload) => plain === `${prefix}+${payload.name}`);
}
