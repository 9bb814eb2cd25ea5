/** What the generator of Protobuf code can be told. */
import type { I64Form, schema } from "@kiteline/protobuf";
import type { GeneratedFile } from "../generated-file.ts";

/** Adds to what is generated, or changes it. */
export type ProtoPlugin = (files: readonly schema.FileType[], made: readonly GeneratedFile[]) => readonly GeneratedFile[];

export interface ProtoGenerateOptions {
  /** What a 64-bit integer is, where no `jstype` says. Defaults to `bigint`. */
  readonly i64?: I64Form | undefined;
  /** How the names of imported files end: as run by Node from source, or as built. Defaults to `.ts`. */
  readonly importExtension?: ".ts" | ".js" | undefined;
  /** Each is given what those before it made. Defaults to none. */
  readonly plugins?: readonly ProtoPlugin[] | undefined;
  /**
   * Where generated code finds its runtime: a module, or the path of one from the output folder. Defaults to
   * `@kiteline/protobuf/gen`. Google's well-known types are imported from that package too, and otherwise generated.
   */
  readonly runtime?: string | undefined;
}
