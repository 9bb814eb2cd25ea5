/** What files are generated from: Thrift IDL, .proto files, or both. They are told apart by how their names end. */
import { existsSync } from "node:fs";
import { dirname, resolve, sep } from "node:path";
import { generate, generateProto, loadProto, type GeneratedFile, type GenerateOptions } from "@kiteline/codegen";
import { schema } from "@kiteline/protobuf";
import { expandPatterns, loadIdlFiles, readIfThere, withIdlFailures, withIdlFailuresAsync } from "../idl.ts";
import type { Io } from "../io.ts";
import type { LoadedPlugin } from "./plugins.ts";

/** What was asked for on the command line. */
export interface SourceOptions {
  readonly io: Io;
  readonly paths: readonly string[];
  readonly include: readonly string[];
  readonly options: Pick<GenerateOptions, "i64" | "importExtension" | "keepUnknown">;
  readonly plugins: readonly LoadedPlugin[];
}

export interface Sources {
  /** All files that were read; what is generated depends on them. */
  readonly paths: readonly string[];
  readonly files: readonly GeneratedFile[];
}

/** Loads and generates. Throws an input failure for what is wrong. */
export async function generateFrom(given: SourceOptions): Promise<Sources> {
  const paths = expandPatterns(given.paths, given.io);
  const protos = paths.filter(isProto);
  const others = paths.filter((each) => !isProto(each));
  const made: Sources[] = [];
  if (others.length > 0) made.push(await fromThrift({ ...given, paths: others }));
  if (protos.length > 0) made.push(await fromProto({ ...given, paths: protos }));
  return { paths: made.flatMap((each) => each.paths), files: made.flatMap((each) => each.files) };
}

function isProto(path: string): boolean {
  return path.endsWith(".proto");
}

async function fromThrift({ io, paths, include, options, plugins }: SourceOptions): Promise<Sources> {
  const documents = await loadIdlFiles(paths, include, io);
  let files: readonly GeneratedFile[] = withIdlFailures(() => generate(documents, options));
  for (const plugin of plugins) files = await plugin(documents, files);
  return { paths: documents.documents.map((document) => resolve(io.cwd, document.path)), files };
}

/** A file in none of the folders given is named from its own, as it is with Thrift. */
async function fromProto({ io, paths, include, options, plugins }: SourceOptions): Promise<Sources> {
  const folders = include.map((each) => resolve(io.cwd, each) + sep);
  const homeless = paths.filter((each) => !folders.some((folder) => resolve(io.cwd, each).startsWith(folder)));
  const includePaths = [...new Set([...include, ...homeless.map((each) => dirname(each))])];
  const read = new Set<string>();
  const { files: protos } = await withIdlFailuresAsync(() =>
    loadProto({
      files: paths,
      includePaths,
      read: (path) => {
        const full = resolve(io.cwd, path);
        if (existsSync(full)) read.add(full);
        return readIfThere(full);
      },
    }),
  );
  const { i64, importExtension } = options;
  let files = generateProto(protos, { i64, importExtension });
  if (plugins.length > 0) {
    const linked = schema.linkDescriptors(protos, i64);
    for (const plugin of plugins) files = await plugin(linked, files);
  }
  return { paths: [...read], files };
}
