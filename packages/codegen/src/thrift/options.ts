/** What a generator can be told. */
import type { idl } from "@kiteline/thrift";
import type { GeneratedFile } from "../generated-file.ts";

/** Adds to what is generated, or changes it. */
export type Plugin = (model: idl.DocumentSet, files: readonly GeneratedFile[]) => readonly GeneratedFile[];

export interface GenerateOptions {
  /** What an i64 is, where no annotation (`js.type`, `api.js_conv`) says. Defaults to `bigint`. */
  readonly i64?: I64Form | undefined;
  /** How the names of imported files end: as run by Node from source, or as built. Defaults to `.ts`. */
  readonly importExtension?: ".ts" | ".js" | undefined;
  /** Keep fields that the IDL does not know, and write them back. Defaults to false: they are skipped. */
  readonly keepUnknown?: boolean | undefined;
  /** Each is given what those before it made. Defaults to none. */
  readonly plugins?: readonly Plugin[] | undefined;
}

/** As a number it must be a safe integer; any other is an error. */
export type I64Form = "bigint" | "number" | "string";
