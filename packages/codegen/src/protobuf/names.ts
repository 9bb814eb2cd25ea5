/**
 * What things are called in TypeScript: as in the file, nested ones behind what is around them, with `_` behind names that
 * mean something else. All names of a file are chosen from nothing but that file, so that files which import it agree.
 */
import { schema } from "@kiteline/protobuf";
import { freshName } from "../words.ts";

type Named = schema.MessageType | schema.EnumType | schema.ServiceType | schema.Field;
export type Part = "itself" | "Init" | "Codec" | "Defaults" | "Client" | "Handler";

/** The names at the top of one generated file. */
export class Names {
  readonly #taken = new Set<string>(["file", "descriptor"]);
  readonly #names = new Map<Named, Map<Part, string>>();

  constructor(file: schema.FileType) {
    const messages = schema.messagesOf(file);
    const definitions: readonly Named[] = [...messages, ...schema.enumsOf(file), ...file.services, ...schema.extensionsOf(file)];
    for (const each of definitions) this.#give(each, "itself", localName(file, each.name));
    // After all that the file itself names, which goes first.
    for (const each of messages) {
      for (const part of ["Init", "Codec", "Defaults"] as const) this.#give(each, part, localName(file, each.name) + part);
    }
    for (const each of file.services) {
      for (const part of ["Client", "Handler"] as const) this.#give(each, part, localName(file, each.name) + part);
    }
  }

  of(named: Named, part: Part = "itself"): string {
    return this.#names.get(named)!.get(part)!;
  }

  /** A name that nothing has yet, for an import or a function of the file's own. */
  fresh(wanted: string): string {
    return freshName(wanted, this.#taken);
  }

  #give(named: Named, part: Part, wanted: string): void {
    let parts = this.#names.get(named);
    if (parts === undefined) this.#names.set(named, (parts = new Map<Part, string>()));
    parts.set(part, this.fresh(wanted));
  }
}

/** `acme.Outer.Inner` of the package `acme` is `Outer_Inner`. */
function localName(file: schema.FileType, full: string): string {
  return full.slice(file.package === "" ? 0 : file.package.length + 1).replaceAll(".", "_");
}

const NAMES = new WeakMap<schema.FileType, Names>();

/** The names of a file as others see them. Who writes the file itself makes its own, to add to them. */
export function namesOf(file: schema.FileType): Names {
  let names = NAMES.get(file);
  if (names === undefined) NAMES.set(file, (names = new Names(file)));
  return names;
}

/**
 * The names of an enum's values: those of the file without what all of them begin with, if that is the enum's own name, as the
 * style guide has it (`COLOR_RED` of `Color` is `RED`).
 */
export function valueNames(type: schema.EnumType): ReadonlyMap<schema.EnumValue, string> {
  const own = type.name.slice(type.name.lastIndexOf(".") + 1);
  const prefix = `${own.replace(/([a-z0-9])(?=[A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$&_").toUpperCase()}_`;
  const short = type.values.every(({ name }) => name.startsWith(prefix) && /^[A-Za-z]/.test(name.slice(prefix.length)));
  return new Map(type.values.map((each) => [each, short ? each.name.slice(prefix.length) : each.name]));
}
