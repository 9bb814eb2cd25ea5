/** From a model of Thrift IDL to TypeScript files. Reads and writes nothing: that is for whoever calls. */
import type { idl } from "@kiteline/thrift";
import type { GeneratedFile } from "./generated-file.ts";
import { fileText } from "./thrift/file.ts";
import type { GenerateOptions } from "./thrift/options.ts";
import { placesOf } from "./thrift/paths.ts";

/**
 * One file for each file of the model. The same model and options always give the same text. Throws an `IdlError` for
 * what is right as IDL but cannot be said in TypeScript with these options.
 */
export function generate(model: idl.DocumentSet, options: GenerateOptions = {}): readonly GeneratedFile[] {
  const { i64 = "bigint", importExtension = ".ts", keepUnknown = false, plugins = [] } = options;
  const places = placesOf(model);
  const settings = { i64, importExtension, keepUnknown, pathOf: (document: idl.Document): string => places.get(document)!.path };
  const files: readonly GeneratedFile[] = [...places].map(([document, { path, source }]) => ({
    path,
    text: fileText(document, source, settings),
  }));
  return plugins.reduce((made, plugin) => plugin(model, made), files);
}
