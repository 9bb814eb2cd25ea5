/** Kiteline: generated code, into slabs as on a connection, in place as from a chunk. */
import { Output, Slabs } from "@kiteline/net";
import { decodeFrom, encode, encodeInto, type MessageCodec } from "@kiteline/protobuf";
import { FieldsCodec } from "../../gen/fields.ts";
import { GroupedCodec } from "../../gen/grouped.ts";
import { RecordCodec } from "../../gen/record.ts";
import type { Codec } from "../codec.ts";
import { FIELDS, GROUPED, RECORD } from "./values.ts";

/** Slabs go back to the pool after so many bytes, as they do when a turn's write is done. */
const TURN_BYTES = 32 * 1024;

export const kiteline = {
  fields: (): Codec => make(FieldsCodec, FIELDS, (message) => message.normal),
  record: (): Codec => make(RecordCodec, RECORD, (message) => message.size),
  grouped: (): Codec => make(GroupedCodec, GROUPED, (message) => message.entry.length),
};

function make<T, Init>(codec: MessageCodec<T, Init>, value: Init, look: (message: T) => number): Codec {
  const slabs = new Slabs();
  const out = new Output(slabs, 1 << 20);
  const bytes = Buffer.from(encode(codec, value));
  return {
    encode() {
      out.begin();
      encodeInto(out, codec, value);
      out.end();
      const length = out.position - out.messageStart;
      if (out.pendingBytes > TURN_BYTES) for (const { slab } of out.take()) slabs.giveBack(slab);
      return length;
    },
    decode: () => look(decodeFrom(bytes, 0, bytes.length, codec)),
  };
}
