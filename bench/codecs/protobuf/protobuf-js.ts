/** protobufjs: static code of its own compiler, 64-bit integers as it has them by default. */
import { toJson, type MessageCodec } from "@kiteline/protobuf";
import { FieldsCodec } from "../../gen/fields.ts";
import { GroupedCodec } from "../../gen/grouped.ts";
import { RecordCodec } from "../../gen/record.ts";
import { inBench } from "../../folder.ts";
import type { Codec } from "../codec.ts";
import { FIELDS, GROUPED, RECORD } from "./values.ts";

interface Type<T> {
  fromObject(value: unknown): T;
  encode(value: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
}
interface Module {
  readonly bench: Readonly<Record<string, Readonly<Record<string, Type<unknown>>>>>;
}

// What its compiler makes comes without types.
const load = async (name: string): Promise<Module> => (await import(inBench(`peers/protobufjs/gen/${name}.js`))) as Module;

export const protobufJs = {
  fields: async (): Promise<Codec> =>
    make<{ normal: number }>((await load("fields")).bench["fields"]?.["Fields"], FieldsCodec, FIELDS, (message) => message.normal),
  record: async (): Promise<Codec> =>
    make<{ size: number }>((await load("record")).bench["record"]?.["Record"], RecordCodec, RECORD, (message) => message.size),
  grouped: async (): Promise<Codec> =>
    make<{ entry: unknown[] }>(
      (await load("grouped")).bench["grouped"]?.["Grouped"],
      GroupedCodec,
      GROUPED,
      (message) => message.entry.length,
    ),
};

function make<T>(found: Type<unknown> | undefined, codec: MessageCodec, init: unknown, look: (message: T) => number): Codec {
  if (found === undefined) throw new TypeError(`protobufjs has no ${codec.name}`);
  const type = found as Type<T>;
  const value = type.fromObject(toJson(codec, init));
  const bytes = Buffer.from(type.encode(value).finish());
  return {
    encode: () => type.encode(value).finish().length,
    decode: () => look(type.decode(bytes)),
  };
}
