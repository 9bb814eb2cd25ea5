/** The service of `streams.fixture.ts` in Thrift, written as generated code is: `struct Note { 1: string text, 2: i32 number }`. */
import type { ServiceDescription } from "@kiteline/core";
import { defineService, type MethodInit, type StructCodec } from "@kiteline/thrift/gen";
import type { Note, NoteInit, StreamsClient, StreamsHandler } from "./streams.fixture.ts";

const ThriftNoteCodec: StructCodec<Note, NoteInit> = {
  name: "Note",
  write(out, { text = "", number = 0 }) {
    out.begin("Note");
    out.stringField(1, text);
    out.i32Field(2, number);
    out.end();
  },
  read(inp) {
    let text = "";
    let number = 0;
    inp.begin();
    for (let key: number; (key = inp.field()) !== 0; ) {
      if (key === 0x0b0001) text = inp.string();
      else if (key === 0x080002) number = inp.i32();
      else inp.skip(key);
    }
    return { text, number };
  },
};

const ArgumentsCodec: StructCodec<Note, NoteInit> = {
  name: "note_args",
  write(out, note) {
    out.begin("note_args");
    out.structField(1);
    ThriftNoteCodec.write(out, note);
    out.end();
  },
  read(inp) {
    let note: Note = { text: "", number: 0 };
    inp.begin();
    for (let key: number; (key = inp.field()) !== 0; ) {
      if (key === 0x0c0001) note = ThriftNoteCodec.read(inp);
      else inp.skip(key);
    }
    return note;
  },
};

const note: Omit<MethodInit, "name"> = {
  arity: 1,
  args: ArgumentsCodec,
  parameters: { 1: "note" },
  result: {
    key: 0x0c0000,
    read: (inp) => ThriftNoteCodec.read(inp),
    write(out, value: NoteInit) {
      out.structField(0);
      ThriftNoteCodec.write(out, value);
    },
  },
};
const streamed = { request: ThriftNoteCodec, response: ThriftNoteCodec };

export const ThriftStreams: ServiceDescription<StreamsClient, StreamsHandler> = defineService("Streams", {
  one: { name: "one", ...note },
  collect: { name: "collect", kind: "client_stream", streamed, ...note },
  count: { name: "count", kind: "server_stream", streamed, ...note },
  talk: { name: "talk", kind: "bidi_stream", streamed, ...note },
});
