/** `google.protobuf.Any`: a message of any type, with its name. */
import { ValueError } from "@kiteline/net";
import type { MessageCodec } from "./codec.ts";
import { decode, encode } from "./encode.ts";
import type { ProtobufLimits } from "./limits.ts";
import type { Registry } from "./registry.ts";
import { codecOf } from "./schema/schema-of.ts";

/** As `google.protobuf.Any` has it. */
export interface AnyMessage {
  readonly typeUrl: string;
  readonly value: Uint8Array;
}

const PREFIX = "type.googleapis.com/";

/** Packs a message. Throws `ValueError` for a value that is not what the schema asks for. */
export function packAny<Init>(codec: MessageCodec<unknown, Init>, message: Init): { typeUrl: string; value: Uint8Array } {
  return { typeUrl: PREFIX + codec.name, value: encode(codec, message) };
}

/** Whether it holds a message of the codec's type. */
export function anyIs({ typeUrl }: AnyMessage, codec: Pick<MessageCodec, "name">): boolean {
  return typeNameOf(typeUrl) === codec.name;
}

/** The message, if it is of the codec's type, else undefined. Throws `DecodeError`. */
export function unpackAny<T>(any: AnyMessage, codec: MessageCodec<T, never>, limits?: ProtobufLimits): T | undefined {
  return anyIs(any, codec) ? decode(codec, any.value, limits) : undefined;
}

/** A message of whatever type the registry knows, with its codec. Throws `ValueError` for a type that it does not know, `DecodeError`. */
export function unpackAnyOf(any: AnyMessage, registry: Registry, limits?: ProtobufLimits): { codec: MessageCodec; message: unknown } {
  const name = typeNameOf(any.typeUrl);
  const type = registry.message(name);
  if (type === undefined) throw new ValueError(`the registry knows no message ${JSON.stringify(name)}, which the Any holds`);
  const codec = codecOf(type);
  return { codec, message: decode(codec, any.value, limits) };
}

/** `type.googleapis.com/acme.Person` to `acme.Person`. */
export function typeNameOf(url: string): string {
  return url.slice(url.lastIndexOf("/") + 1);
}
