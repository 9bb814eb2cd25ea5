/** What files are generated from: Thrift IDL, .proto files, or both. They are told apart by how their names end. */
import { distinct, generate, generateProto, type GeneratedFile, type GenerateOptions } from "@kiteline/codegen";
import { schema } from "@kiteline/protobuf";
import { loadIdlFiles, withIdlFailures } from "../idl.ts";
import type { Io } from "../io.ts";
import type { LoadedPlugin } from "./plugins.ts";

/** What was asked for on the command line. */
export interface SourceOptions {
  readonly io: Io;
  readonly paths: readonly string[];
  readonly include: readonly string[];
  readonly options: Pick<GenerateOptions, "i64" | "importExtension" | "keepUnknown">;
  readonly plugins: readonly LoadedPlugin[];
  /** Told the full path of each file that is sought, there or not: what is generated depends on it. */
  readonly looked?: ((path: string) => void) | undefined;
}

/** Loads and generates. Throws an input failure for what is wrong. */
export async function generateFrom({ io, paths, include, options, plugins, looked }: SourceOptions): Promise<readonly GeneratedFile[]> {
  const { thrift, proto } = await loadIdlFiles(paths, include, io, looked);
  const made: GeneratedFile[] = [];
  if (thrift !== undefined) {
    const files = withIdlFailures(() => generate(thrift, options));
    made.push(...(await changed(files, thrift, plugins)));
  }
  if (proto !== undefined) {
    const { i64, importExtension } = options;
    const files = generateProto(proto.files, { i64, importExtension });
    made.push(...(plugins.length === 0 ? files : await changed(files, schema.linkDescriptors(proto.files, i64), plugins)));
  }
  return withIdlFailures(() => distinct(made));
}

/** What the plugins make of files. */
async function changed(
  files: readonly GeneratedFile[],
  model: Parameters<LoadedPlugin>[0],
  plugins: readonly LoadedPlugin[],
): Promise<readonly GeneratedFile[]> {
  let made = files;
  for (const plugin of plugins) made = await plugin(model, made);
  return made;
}
