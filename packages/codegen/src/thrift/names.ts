/**
 * What things are called in TypeScript: as in the IDL, with `_` behind names that mean something else there. All names
 * of a file are chosen before any of it is written, from nothing but that file, so that files which include it agree.
 */
import { idl } from "@kiteline/thrift";
import { freshName, upperFirst } from "../words.ts";

/** What a definition becomes: a type (or what is called like it), what is accepted for it, how it becomes bytes, and so on. */
export type Part = "itself" | "Init" | "Codec" | "Client" | "Handler";
export type Definition = idl.Typedef | idl.Constant | idl.Enum | idl.Struct | idl.Service;

/** The names at the top of one generated file. */
export class Names {
  readonly #taken = new Set<string>();
  readonly #names = new Map<idl.Named, Map<Part, string>>();

  constructor(document: idl.Document) {
    const { typedefs, constants, enums, structs, services } = document;
    const definitions: readonly Definition[] = [...enums, ...typedefs, ...structs, ...constants, ...services];
    for (const definition of definitions) this.#give(definition, "itself", definition.name);
    // After all that the IDL itself names, which goes first.
    for (const definition of definitions) for (const part of partsOf(definition)) this.#give(definition, part, definition.name + part);
    for (const service of services) {
      for (const method of service.functions) this.#give(method, "itself", `${service.name}${upperFirst(method.name)}Args`);
    }
  }

  /** The name of a definition or one of its parts; for a function, that of its arguments' codec. */
  of(named: Definition | idl.ServiceFunction, part: Part = "itself"): string {
    return this.#names.get(named)!.get(part)!;
  }

  /** A name that nothing has yet, for an import or a function of the file's own. */
  fresh(wanted: string): string {
    return freshName(wanted, this.#taken);
  }

  has(name: string): boolean {
    return this.#taken.has(name);
  }

  #give(named: idl.Named, part: Part, wanted: string): void {
    let parts = this.#names.get(named);
    if (parts === undefined) this.#names.set(named, (parts = new Map<Part, string>()));
    parts.set(part, this.fresh(wanted));
  }
}

function partsOf(definition: Definition): readonly Part[] {
  switch (definition.kind) {
    case "typedef":
      return ["Init"];
    case "struct":
    case "union":
    case "exception":
      return ["Init", "Codec"];
    case "service":
      return ["Client", "Handler"];
    case "constant":
    case "enum":
      return [];
  }
}

const NAMES = new WeakMap<idl.Document, Names>();

/** The names of a file as others see them. Who writes the file itself makes its own, to add to them. */
export function namesOf(document: idl.Document): Names {
  let names = NAMES.get(document);
  if (names === undefined) NAMES.set(document, (names = new Names(document)));
  return names;
}

/** What every `Error` has; a field of the same name would change it. */
const OF_ERRORS: ReadonlySet<string> = new Set(["name", "message", "stack", "cause"]);

/**
 * A field's name as a property: as it is, but for what every object has (`constructor`, `toString`, `__proto__`), which would be
 * found where the field was left out, and in exceptions for what every `Error` has. A `message` that is a string is the error's own.
 */
export function propertyName(struct: idl.Struct, field: idl.Field): string {
  let { name } = field;
  const taken = struct.kind === "exception" && OF_ERRORS.has(name) && !isErrorMessage(struct, field);
  if (!(name in Object.prototype) && !taken) return name;
  do name += "_";
  while (struct.fields.some((each) => each.name === name));
  return name;
}

/** Whether a field is the message that an error has anyway. */
export function isErrorMessage(struct: idl.Struct, field: idl.Field): boolean {
  return struct.kind === "exception" && field.name === "message" && idl.plainType(field.type).kind === "string";
}
