/** Extensions in messages, where they are among the unknown fields until somebody asks. */
import type { Extension, MessageCodec } from "./codec.ts";
import { decode, encode } from "./encode.ts";
import type { Unknowing, UnknownFields } from "./unknown-fields.ts";

/** What reads and writes a field as `value` of a message that has no other. */
type FieldCodec = Pick<Extension<unknown, never>, "number" | "codec">;

/** An extension's value; what it is when it is not there is undefined, or an empty array. Throws `DecodeError`. */
export function getExtension<T>(message: Unknowing, extension: Extension<T, never>): T {
  return readExtension(message, extension.number, extension.codec).value;
}

export function hasExtension(message: Unknowing, extension: FieldCodec): boolean {
  return message.$unknown?.some((each) => each.tag >>> 3 === extension.number) ?? false;
}

/** Sets an extension, or removes it when `value` is undefined. Throws `ValueError`. */
export function setExtension<Init>(message: Unknowing, extension: Extension<unknown, Init>, value: Init): void {
  writeExtension(message, extension.number, extension.codec, { value });
}

export function readExtension<T>(message: Unknowing, number: number, codec: MessageCodec<T, never>): T {
  const own = message.$unknown?.filter((each) => each.tag >>> 3 === number) ?? [];
  return decode(codec, encode(kept, { $unknown: own }));
}

export function writeExtension<Init>(message: Unknowing, number: number, codec: MessageCodec<unknown, Init>, value: Init): void {
  const others = message.$unknown?.filter((each) => each.tag >>> 3 !== number) ?? [];
  const added = decode(kept, encode(codec, value)).$unknown ?? [];
  const all = [...others, ...added];
  if (all.length > 0) message.$unknown = all;
  else delete message.$unknown;
}

/** The fields of a message of which nothing is known. Throws `DecodeError`. */
export function fieldsIn(bytes: Uint8Array): UnknownFields {
  return decode(kept, bytes).$unknown ?? [];
}

/** A message of which nothing is known. */
const kept: MessageCodec<Unknowing> = {
  name: "",
  file: { name: "", descriptor: () => "", imports: [], i64: "bigint", codecs: () => [], extensions: () => [] },
  empty: () => ({}),
  write: (out, { $unknown }) => out.unknown($unknown),
  read(inp, message = {}) {
    for (let tag: number; (tag = inp.tag()) !== 0; ) inp.unknown(tag, message);
    return message;
  },
};
