/** What generated code offers: codecs of messages, extensions, and the file that declares them. */
import type { ProtobufReader } from "./reader.ts";
import type { ProtobufWriter } from "./writer.ts";

/**
 * Turns messages into bytes and back. `T` is what reading gives, `Init` what may be written: there, fields that have a
 * default may be left out.
 */
export interface MessageCodec<T = unknown, Init = T> {
  /** The message's full name, such as `google.protobuf.Timestamp`. */
  readonly name: string;
  /** The file that declares it. */
  readonly file: ProtoFile;
  /** Set where `Init` is not the message's object but something else that stands for it. */
  readonly foreign?: true;
  /** A new message, all of whose fields have their defaults. */
  empty(): T;
  /** Writes the fields; neither a tag nor a length before them. Throws `ValueError`. */
  write(out: ProtobufWriter, value: Init): void;
  /**
   * Reads fields up to where the reader must stop. Into `message`, when given: what comes is merged into it as the
   * specification says (scalars and oneofs are replaced, messages merged, repeated fields appended to). Throws `DecodeError`.
   */
  read(inp: ProtobufReader, message?: T): T;
}

/** An extension: a field that some file adds to a message, which carries it among its unknown fields. */
export interface Extension<T = unknown, Init = T> {
  /** Its full name. */
  readonly name: string;
  /** The full name of the message that it extends. */
  readonly extendee: string;
  readonly number: number;
  /** Writes and reads it as the field `value` of a message that has no other. */
  readonly codec: MessageCodec<{ value: T }, { value: Init }>;
}

/** What a 64-bit integer is in JavaScript. As a number it must be a safe integer; any other is an error. */
export type I64Form = "bigint" | "number" | "string";

/** A .proto file as generated code carries it. */
export interface ProtoFile {
  /** As files import it: `google/protobuf/timestamp.proto`. */
  readonly name: string;
  /** The file's `FileDescriptorProto`, encoded, in base64: for who asks (reflection, JSON, `Any`). */
  descriptor(): string;
  /** The files that it imports. */
  readonly imports: readonly ProtoFile[];
  /** What its 64-bit integers are where a field's `jstype` does not say. */
  readonly i64: I64Form;
  /** The codecs of its messages, nested ones too. */
  codecs(): readonly MessageCodec[];
  extensions(): readonly Extension[];
}
