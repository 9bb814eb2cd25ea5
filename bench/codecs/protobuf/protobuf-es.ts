/** protobuf-es, as it comes: bigint for 64-bit integers, unknown fields kept. */
import { type DescMessage, fromBinary, fromJson, type JsonValue, type MessageShape, toBinary } from "@bufbuild/protobuf";
import { toJson, type MessageCodec } from "@kiteline/protobuf";
import { FieldsCodec } from "../../gen/fields.ts";
import { GroupedCodec } from "../../gen/grouped.ts";
import { RecordCodec } from "../../gen/record.ts";
import { FieldsSchema } from "../../peers/protobuf-es/gen/fields.js";
import { GroupedSchema } from "../../peers/protobuf-es/gen/grouped.js";
import { RecordSchema } from "../../peers/protobuf-es/gen/record.js";
import type { Codec } from "../codec.ts";
import { FIELDS, GROUPED, RECORD } from "./values.ts";

export const protobufEs = {
  fields: (): Codec => make(FieldsSchema, FieldsCodec, FIELDS, (message) => message.normal),
  record: (): Codec => make(RecordSchema, RecordCodec, RECORD, (message) => message.size),
  grouped: (): Codec => make(GroupedSchema, GroupedCodec, GROUPED, (message) => message.entry.length),
};

function make<Desc extends DescMessage>(
  schema: Desc,
  codec: MessageCodec,
  init: unknown,
  look: (message: MessageShape<Desc>) => number,
): Codec {
  const value = fromJson(schema, toJson(codec, init) as JsonValue);
  const bytes = Buffer.from(toBinary(schema, value));
  return {
    encode: () => toBinary(schema, value).length,
    decode: () => look(fromBinary(schema, bytes)),
  };
}
