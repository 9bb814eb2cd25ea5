/**
 * One generated file while it is being written: knows what it is called, what it imports, and the small functions that
 * it needs besides. What is asked for here is imported; so ask only for what is then written.
 */
import { posix } from "node:path";
import type { schema } from "@kiteline/protobuf";
import { bracketed, lines, type Layout } from "../layout.ts";
import { Names, namesOf, type Part } from "./names.ts";
import { pathOf } from "./paths.ts";

type RuntimeValue = "absent" | "defineService" | "noBytes" | "requireCase" | "requireMessage" | "safeNumber" | "toBigInt" | "unset";
type RuntimeType = "CallOptions" | "Extension" | "MessageCodec" | "ProtobufService" | "ProtoFile" | "ServerCall" | "UnknownFields";

export interface ModuleSettings {
  readonly importExtension: ".ts" | ".js";
  /** What the runtime is imported as. */
  readonly runtime: string;
  /** What a file that is not generated is imported as. */
  readonly elsewhere: (file: schema.FileType) => string | undefined;
}

export class Module {
  readonly file: schema.FileType;
  readonly names: Names;
  readonly #settings: ModuleSettings;
  readonly #values = new Map<string, string>();
  readonly #types = new Map<string, string>();
  readonly #imported = new Map<schema.FileType, { readonly name: string; used: "type" | "value" }>();
  readonly #functions = new Map<unknown, { readonly name: string; readonly text: Layout }>();

  constructor(file: schema.FileType, settings: ModuleSettings) {
    this.file = file;
    this.names = new Names(file);
    this.#settings = settings;
  }

  /** A function or constant of the runtime. */
  value(name: RuntimeValue): string {
    return this.#local(this.#values, name);
  }

  /** A type of the runtime. */
  type(name: RuntimeType): string {
    return this.#local(this.#types, name);
  }

  #local(imports: Map<string, string>, name: string): string {
    let local = imports.get(name);
    if (local === undefined) imports.set(name, (local = this.names.fresh(name)));
    return local;
  }

  /** A message or enum, or a part of it, of this file or another. */
  ref(type: schema.MessageType | schema.EnumType, as: "type" | "value", part: Part = "itself"): string {
    if (type.file === this.file) return this.names.of(type, part);
    return `${this.fileRef(type.file, as)}.${namesOf(type.file).of(type, part)}`;
  }

  /** What another file is imported as. */
  fileRef(file: schema.FileType, as: "type" | "value"): string {
    let imported = this.#imported.get(file);
    if (imported === undefined) {
      imported = { name: this.names.fresh(posix.basename(pathOf(file), ".ts")), used: as };
      this.#imported.set(file, imported);
    }
    if (as === "value") imported.used = as;
    return imported.name;
  }

  /** The name of a function that this file has for `key`. `write` gives its text when it is asked for the first time. */
  own(key: unknown, wanted: string, write: (name: string) => Layout): string {
    let made = this.#functions.get(key);
    if (made === undefined) {
      const name = this.names.fresh(wanted);
      made = { name, text: write(name) };
      this.#functions.set(key, made);
    }
    return made.name;
  }

  /** The functions that were asked for. */
  functions(): Layout[] {
    return [...this.#functions.values()].map((each) => each.text);
  }

  /** The import statements, when all else is written. */
  imports(): Layout {
    const specifier = ([name, local]: [string, string]): string => (name === local ? name : `${name} as ${local}`);
    const values = [...this.#values].map(specifier).toSorted();
    const types = [...this.#types].map(specifier).toSorted();
    const names = values.length > 0 ? [...values, ...types.map((each) => `type ${each}`)] : types;
    const keyword = values.length > 0 ? "import {" : "import type {";
    const from = posix.dirname(pathOf(this.file));
    const { runtime, elsewhere, importExtension } = this.#settings;
    const path = (to: string): string => {
      const found = posix.relative(from, to);
      return found.startsWith(".") ? found : `./${found}`;
    };
    const others = [...this.#imported].map(([file, { name, used }]) => {
      const found = elsewhere(file) ?? path(pathOf(file).replace(/\.ts$/, importExtension));
      return `import ${used === "type" ? "type " : ""}* as ${name} from ${JSON.stringify(found)};`;
    });
    const own = runtime.startsWith(".") ? path(runtime) : runtime;
    return lines([[bracketed(keyword, names, "}", " "), ` from ${JSON.stringify(own)};`], ...others.toSorted()]);
  }
}
