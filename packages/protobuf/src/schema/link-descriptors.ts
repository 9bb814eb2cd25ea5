/** Descriptors that come without generated code: from a parser, from reflection. */
import type { I64Form, ProtoFile } from "../codec.ts";
import type { FileDescriptorProtoInit } from "../gen/google/protobuf/descriptor.ts";
import { linkFile, SchemaError } from "./link.ts";
import type { FileType } from "./model.ts";

/**
 * Links files to one another. Each must stand behind those that it imports. Throws a `SchemaError` where a file or a type is
 * missing.
 */
export function linkDescriptors(protos: readonly FileDescriptorProtoInit[], i64: I64Form = "bigint"): readonly FileType[] {
  const linked = new Map<string, FileType>();
  for (const proto of protos) {
    const imports = (proto.dependency ?? []).map((name) => {
      const found = linked.get(name);
      if (found === undefined) throw new SchemaError(`${proto.name ?? ""} imports ${name}, which does not stand before it`);
      return found;
    });
    const source: ProtoFile = {
      name: proto.name ?? "",
      descriptor: () => "",
      imports: imports.map((each) => each.source),
      i64,
      codecs: () => [],
      extensions: () => [],
    };
    linked.set(source.name, linkFile(proto, imports, source));
  }
  return [...linked.values()];
}
