/** A service with a method of each kind, written as generated code is: `message Note { string text = 1; int32 number = 2; }`. */
import {
  defineService,
  type CallOptions,
  type MessageCodec,
  type ProtobufService,
  type ProtoFile,
  type ServerCall,
} from "@kiteline/protobuf/gen";

export interface Note {
  text: string;
  number: number;
}

export type NoteInit = Partial<Note>;

/** What a stub takes where the IDL says `stream`. */
export type Messages<T> = AsyncIterable<T> | Iterable<T>;

export interface StreamsClient {
  one(request: NoteInit, options?: CallOptions): Promise<Note>;
  collect(requests: Messages<NoteInit>, options?: CallOptions): Promise<Note>;
  count(request: NoteInit, options?: CallOptions): AsyncIterable<Note>;
  talk(requests: Messages<NoteInit>, options?: CallOptions): AsyncIterable<Note>;
}

export interface StreamsHandler {
  one(request: Note, call: ServerCall): Promise<NoteInit> | NoteInit;
  collect(requests: AsyncIterable<Note>, call: ServerCall): Promise<NoteInit> | NoteInit;
  count(request: Note, call: ServerCall): Messages<NoteInit>;
  talk(requests: AsyncIterable<Note>, call: ServerCall): Messages<NoteInit>;
}

const file: ProtoFile = {
  name: "streams.proto",
  descriptor: () => "",
  imports: [],
  i64: "bigint",
  codecs: () => [NoteCodec],
  extensions: () => [],
};

export const NoteCodec: MessageCodec<Note, NoteInit> = {
  name: "test.Note",
  file,
  empty: () => ({ text: "", number: 0 }),
  write(out, { text = "", number = 0 }) {
    if (text !== "") out.stringField(10, text);
    if (number !== 0) out.int32Field(16, number);
  },
  read(inp, message = NoteCodec.empty()) {
    for (let tag: number; (tag = inp.tag()) !== 0; ) {
      if (tag === 10) message.text = inp.string();
      else if (tag === 16) message.number = inp.int32();
      else inp.skip(tag);
    }
    return message;
  },
};

const note = { request: NoteCodec, response: NoteCodec } as const;

export const Streams: ProtobufService<StreamsClient, StreamsHandler> = defineService("test.Streams", file, {
  one: { name: "One", ...note },
  collect: { name: "Collect", kind: "client_stream", ...note },
  count: { name: "Count", kind: "server_stream", ...note },
  talk: { name: "Talk", kind: "bidi_stream", ...note },
});
