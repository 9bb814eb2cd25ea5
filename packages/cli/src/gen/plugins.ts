/** Plugins of `kiteline gen`: modules whose default export is a function from the model and the files made so far to files. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { GeneratedFile } from "@kiteline/codegen";
import type { schema } from "@kiteline/protobuf";
import type { idl } from "@kiteline/thrift";
import { invalidInput } from "../failure.ts";
import type { Io } from "../io.ts";

/** As in `@kiteline/codegen`, but it may take its time. */
export type LoadedPlugin = (model: idl.DocumentSet | readonly schema.FileType[], files: readonly GeneratedFile[]) => Promise<readonly GeneratedFile[]>;

/** Loads a plugin from a path, or from a package that is installed where the user is. */
export async function loadPlugin(name: string, { cwd }: Io): Promise<LoadedPlugin> {
  const path = resolve(cwd, name);
  let loaded: { readonly default?: unknown };
  try {
    const file = existsSync(path) ? path : createRequire(join(cwd, "here.js")).resolve(name);
    loaded = (await import(pathToFileURL(file).href)) as { readonly default?: unknown };
  } catch (error) {
    throw invalidInput(`the plugin ${name} cannot be loaded: ${(error as Error).message}`, {
      hints: ["a plugin is the path of a module, or the name of an installed package"],
      cause: error,
    });
  }
  const plugin = loaded.default;
  if (typeof plugin !== "function") {
    throw invalidInput(`the plugin ${name} has no default export that is a function, got ${typeof plugin}`, {
      hints: ["expected: export default (model, files) => files"],
    });
  }
  return async (model, files) => {
    let made: unknown;
    try {
      made = await (plugin as (...args: unknown[]) => unknown)(model, files);
    } catch (error) {
      throw invalidInput(`the plugin ${name} failed: ${error instanceof Error ? error.message : String(error)}`, {
        ...(error instanceof Error && error.stack !== undefined ? { excerpt: error.stack } : {}),
        cause: error,
      });
    }
    if (Array.isArray(made) && made.every(isFile)) return made;
    throw invalidInput(`the plugin ${name} did not return files, an array of { path, text }`, { hints: ["to change nothing, return the files it was given"] });
  };
}

function isFile(value: unknown): value is GeneratedFile {
  const file = value as Partial<Record<"path" | "text", unknown>> | null;
  return typeof file === "object" && file !== null && typeof file.path === "string" && typeof file.text === "string";
}
