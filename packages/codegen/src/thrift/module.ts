/**
 * One generated file while it is being written: knows what it is called, what it imports, and the small functions that
 * it needs besides. What is asked for here is imported; so ask only for what is then written.
 */
import { posix } from "node:path";
import type { idl } from "@kiteline/thrift";
import { bracketed, lines, type Layout } from "../layout.ts";
import { isReserved } from "../words.ts";
import { Names, namesOf, type Definition, type Part } from "./names.ts";
import type { I64Form } from "./options.ts";
import { reachable } from "./presence.ts";
import { WIRE, type WireName } from "./shape.ts";

const RUNTIME = "@kiteline/thrift/gen";

type RuntimeFunction =
  | "defineService"
  | "emptyBytes"
  | "emptyMap"
  | "emptySet"
  | "emptyUnion"
  | "extendService"
  | "frozen"
  | "missingField"
  | "noArguments"
  | "noBytes"
  | "requireSome"
  | "requireStruct"
  | "wrongCase";
type RuntimeType = "CallOptions" | "ServerCall" | "ServiceDescription" | "StructCodec" | "UnknownFields";

/** What a module is written with: the options, without those that concern all files together. */
export interface ModuleSettings {
  readonly i64: I64Form;
  readonly importExtension: ".ts" | ".js";
  readonly keepUnknown: boolean;
  /** Where each file goes. */
  readonly pathOf: (document: idl.Document) => string;
}

export class Module {
  readonly document: idl.Document;
  readonly settings: ModuleSettings;
  readonly names: Names;
  readonly #values = new Map<string, string>();
  readonly #types = new Map<string, string>();
  /** Included files, also by included ones, whose zeros are made of theirs: the names they are imported under, and as what they are used, if at all. */
  readonly #included = new Map<idl.Document, { readonly name: string; used: "" | "type" | "value" }>();
  readonly #fieldNames: ReadonlySet<string>;
  readonly #functions = new Map<unknown, { readonly name: string; text: Layout | undefined }>();

  constructor(document: idl.Document, settings: ModuleSettings) {
    this.document = document;
    this.settings = settings;
    this.names = new Names(document);
    const fields = [
      ...document.structs.map((each) => each.fields),
      ...document.services.flatMap((each) => each.functions.map((one) => one.arguments)),
    ];
    this.#fieldNames = new Set(fields.flat().map((each) => each.name));
    // Now, so that no variable gets the name of one.
    for (const each of [...included(document), ...reachable(document, included)]) {
      if (!this.#included.has(each)) this.#included.set(each, { name: this.names.fresh(each.name), used: "" });
    }
  }

  /** A function or constant of the runtime. */
  value(name: RuntimeFunction | WireName): string {
    return this.#imported(this.#values, name);
  }

  /** A type of the runtime. */
  type(name: RuntimeType): string {
    return this.#imported(this.#types, name);
  }

  #imported(imports: Map<string, string>, name: string): string {
    let local = imports.get(name);
    if (local === undefined) imports.set(name, (local = this.names.fresh(name)));
    return local;
  }

  /** A definition, or a part of it, of this file or an included one. */
  ref(definition: Definition, as: "type" | "value", part: Part = "itself"): string {
    const { document } = definition;
    if (document === this.document) return this.names.of(definition, part);
    const included = this.#included.get(document);
    if (included === undefined) throw new TypeError(`${this.document.path} does not include ${document.path}`);
    if (included.used !== "value") included.used = as;
    return `${included.name}.${namesOf(document).of(definition, part)}`;
  }

  /**
   * The name of a function that this file has for `key`, such as one that makes a struct's zero. `write` gives its text
   * when it is asked for the first time.
   */
  own(key: unknown, wanted: string, write: (name: string) => Layout): string {
    const known = this.#functions.get(key);
    if (known !== undefined) return known.name;
    // No field may be called like it, or a variable of that name would hide it.
    let free = wanted;
    while (this.#fieldNames.has(free)) free += "_";
    const entry: { readonly name: string; text: Layout | undefined } = { name: this.names.fresh(free), text: undefined };
    this.#functions.set(key, entry);
    entry.text = write(entry.name);
    return entry.name;
  }

  /** Variables for fields or arguments: their names, but for those that mean something else where they are used. */
  variables(fields: readonly idl.Field[]): ReadonlyMap<idl.Field, string> {
    const taken = new Set(fields.map((field) => field.name));
    const variables = new Map<idl.Field, string>();
    for (const field of fields) {
      let { name } = field;
      if (this.#isTaken(name)) {
        do name += "_";
        while (this.#isTaken(name) || taken.has(name));
        taken.add(name);
      }
      variables.set(field, name);
    }
    return variables;
  }

  #isTaken(name: string): boolean {
    return isReserved(name) || this.names.has(name) || Object.hasOwn(WIRE, name) || OWN_VARIABLES.test(name);
  }

  /** The functions that were asked for. */
  functions(): Layout[] {
    return [...this.#functions.values()].flatMap((each) => (each.text === undefined ? [] : [each.text]));
  }

  /** The import statements, when all else is written. */
  imports(): Layout | undefined {
    const specifier = ([name, local]: [string, string]): string => (name === local ? name : `${name} as ${local}`);
    const values = [...this.#values].map(specifier).toSorted();
    const types = [...this.#types].map(specifier).toSorted();
    const found: Layout[] = [];
    if (values.length > 0) {
      const names = [...values, ...types.map((each) => `type ${each}`)];
      found.push([bracketed("import {", names, "}", " "), ` from "${RUNTIME}";`]);
    } else if (types.length > 0) {
      found.push([bracketed("import type {", types, "}", " "), ` from "${RUNTIME}";`]);
    }
    const from = posix.dirname(this.settings.pathOf(this.document));
    const included = [...this.#included].flatMap(([document, { name, used }]) => {
      if (used === "") return [];
      const path = posix.relative(from, this.settings.pathOf(document)).replace(/\.ts$/, this.settings.importExtension);
      return [`import ${used === "type" ? "type " : ""}* as ${name} from ${JSON.stringify(path.startsWith(".") ? path : `./${path}`)};`];
    });
    found.push(...included.toSorted());
    return found.length === 0 ? undefined : lines(found);
  }
}

function included(document: idl.Document): idl.Document[] {
  return document.includes.map((each) => each.document);
}

/** What generated functions call their own variables. */
const OWN_VARIABLES =
  /^(?:inp|out|value|request|error|options|call|\$unknown|(?:key|each|count|i)\d*|wrongCase|empty(?:Bytes|Map|Set|Union)|missingField|require(?:Some|Struct))$/;
