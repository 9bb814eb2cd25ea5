/** From descriptors of .proto files to TypeScript files. Reads and writes nothing: that is for whoever calls. */
import { schema } from "@kiteline/protobuf";
import type { GeneratedFile } from "./generated-file.ts";
import { fileText } from "./protobuf/file.ts";
import type { ProtoGenerateOptions } from "./protobuf/options.ts";
import { pathOf, wellKnownModule } from "./protobuf/paths.ts";

const RUNTIME = "@kiteline/protobuf/gen";

/**
 * One file for each of the .proto files, but for Google's well-known ones, which are imported from `@kiteline/protobuf`. `protos` are
 * complete: each file stands behind those that it imports. The same descriptors and options always give the same text.
 */
export function generateProto(
  protos: readonly schema.FileDescriptorProtoInit[],
  options: ProtoGenerateOptions = {},
): readonly GeneratedFile[] {
  const { i64 = "bigint", importExtension = ".ts", runtime = RUNTIME, plugins = [] } = options;
  const shared = runtime === RUNTIME;
  const linked = schema.linkDescriptors(protos, i64);
  const elsewhere = (file: schema.FileType): string | undefined => (shared ? wellKnownModule(file) : undefined);
  const files = linked.filter((file) => elsewhere(file) === undefined);
  const made: readonly GeneratedFile[] = files.map((file) => ({
    path: pathOf(file),
    text: fileText(file, { importExtension, runtime, elsewhere }),
  }));
  return plugins.reduce((before, plugin) => plugin(files, before), made);
}
