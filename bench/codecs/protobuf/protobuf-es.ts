/** protobuf-es, as it comes: bigint for 64-bit integers, unknown fields kept. */
import { type DescMessage, fromBinary, fromJson, type JsonValue, type MessageShape, toBinary } from "@bufbuild/protobuf";
import { toJson, type MessageCodec } from "@kiteline/protobuf";
import { FieldsCodec } from "../../gen/fields.ts";
import { GroupedCodec } from "../../gen/grouped.ts";
import { RecordCodec } from "../../gen/record.ts";
import { inBench } from "../../folder.ts";
import type * as Fields from "../../peers/protobuf-es/gen/fields.js";
import type * as Grouped from "../../peers/protobuf-es/gen/grouped.js";
import type * as Record from "../../peers/protobuf-es/gen/record.js";
import type { Codec } from "../codec.ts";
import { FIELDS, GROUPED, RECORD } from "./values.ts";

export const protobufEs = {
  fields: async (): Promise<Codec> =>
    make((await load<typeof Fields>("fields")).FieldsSchema, FieldsCodec, FIELDS, (message) => message.normal),
  record: async (): Promise<Codec> =>
    make((await load<typeof Record>("record")).RecordSchema, RecordCodec, RECORD, (message) => message.size),
  grouped: async (): Promise<Codec> =>
    make((await load<typeof Grouped>("grouped")).GroupedSchema, GroupedCodec, GROUPED, (message) => message.entry.length),
};

const load = async <Module>(name: string): Promise<Module> => (await import(inBench(`peers/protobuf-es/gen/${name}.js`))) as Module;

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
