/** From generated code to the schema that it carries, and from a schema to codecs. */
import type { I64Form, MessageCodec, ProtoFile } from "../codec.ts";
import { DynamicCodec } from "../dynamic/dynamic-codec.ts";
import { decode } from "../encode.ts";
import { FileDescriptorProtoCodec, type FileDescriptorProtoInit } from "../gen/google/protobuf/descriptor.ts";
import { fileDescriptorBytes } from "./descriptor-bytes.ts";
import { linkFile, SchemaError } from "./link.ts";
import { messagesOf, type FileType, type MessageType } from "./model.ts";

/** What was linked once. A file's descriptor never changes. */
const FILES = new WeakMap<ProtoFile, FileType>();
const TYPES = new WeakMap<object, MessageType>();
const CODECS = new WeakMap<MessageType, MessageCodec>();

/** The schema of a file and of all that it imports. */
export function schemaOf(file: ProtoFile): FileType {
  let schema = FILES.get(file);
  if (schema === undefined) {
    const proto = decode(FileDescriptorProtoCodec, Buffer.from(file.descriptor(), "base64"));
    schema = linkFile(proto, file.imports.map(schemaOf), file);
    FILES.set(file, schema);
  }
  return schema;
}

/** The schema of a codec's message. */
export function typeOf(codec: Pick<MessageCodec, "name" | "file">): MessageType {
  let type = TYPES.get(codec);
  if (type === undefined) {
    const found = schemaOf(codec.file).declared.get(codec.name);
    if (found?.kind !== "message") throw new SchemaError(`${codec.file.name} declares no message ${codec.name}`);
    type = found;
    TYPES.set(codec, type);
  }
  return type;
}

/** The codec of a message: the generated one, or one that interprets the schema. */
export function codecOf(type: MessageType): MessageCodec {
  let codec = CODECS.get(type);
  if (codec === undefined) {
    codec = type.file.source.codecs().find((each) => each.name === type.name) ?? new DynamicCodec(type, codecOf);
    CODECS.set(type, codec);
  }
  return codec;
}

/**
 * Links descriptors that come without generated code (from a parser, from reflection). Each file must stand behind those that it
 * imports. Throws a `SchemaError` where a file or a type is missing.
 */
export function linkDescriptors(protos: readonly FileDescriptorProtoInit[], i64: I64Form = "bigint"): readonly FileType[] {
  const linked = new Map<string, FileType>();
  for (const proto of protos) {
    const imports = (proto.dependency ?? []).map((name) => {
      const found = linked.get(name);
      if (found === undefined) throw new SchemaError(`${proto.name ?? ""} imports ${name}, which does not stand before it`);
      return found;
    });
    const source = new DynamicFile(proto.name ?? "", imports, i64);
    const file = linkFile(proto, imports, source);
    source.schema = file;
    FILES.set(source, file);
    linked.set(source.name, file);
  }
  return [...linked.values()];
}

/** Stands in for the file's generated code. */
class DynamicFile implements ProtoFile {
  readonly name: string;
  readonly i64: I64Form;
  readonly imports: readonly ProtoFile[];
  schema: FileType | undefined;
  #codecs: readonly MessageCodec[] | undefined;

  constructor(name: string, imports: readonly FileType[], i64: I64Form) {
    this.name = name;
    this.i64 = i64;
    this.imports = imports.map((each) => each.source);
  }

  descriptor(): string {
    return Buffer.from(fileDescriptorBytes(this.schema!)).toString("base64");
  }

  codecs(): readonly MessageCodec[] {
    this.#codecs ??= messagesOf(this.schema!).map((each) => new DynamicCodec(each, codecOf));
    return this.#codecs;
  }

  extensions(): readonly [] {
    return [];
  }
}
