/** What a name means in a file: one of its own, `file.Name` of one that it includes, `Enum.VALUE`, `file.Enum.VALUE`. */
import type { Constant, Document, Enum, EnumMember, Service, Struct, Typedef } from "./model.ts";

export type Declared = Typedef | Constant | Enum | Struct | Service;

export class Scope {
  readonly #document: Document;
  readonly #own = new Map<string, Declared>();
  /** Several files may have the same name, in different folders. */
  readonly #included = new Map<string, ReadonlyMap<string, Declared>[]>();

  constructor(document: Document) {
    this.#document = document;
    for (const include of document.includes) {
      const { name } = include.document;
      this.#included.set(name, [...(this.#included.get(name) ?? []), definitionsOf(include.document)]);
    }
  }

  /** Adds a definition. Returns the one that has its name already. */
  declare(definition: Declared): Declared | undefined {
    const other = this.#own.get(definition.name);
    if (other === undefined) this.#own.set(definition.name, definition);
    return other;
  }

  find(text: string): Declared | undefined {
    const own = this.#own.get(text);
    if (own !== undefined) return own;
    // From the last dot: files may have dots in their names.
    const dot = text.lastIndexOf(".");
    const found = dot < 0 ? [] : this.#inIncluded(text.slice(0, dot), text.slice(dot + 1));
    return found.length === 1 ? found[0] : undefined;
  }

  #inIncluded(file: string, name: string): Declared[] {
    return (this.#included.get(file) ?? []).flatMap((each) => each.get(name) ?? []);
  }

  /** `Enum.VALUE` or `file.Enum.VALUE`. */
  findMember(text: string): { readonly definition: Enum; readonly member: EnumMember } | undefined {
    const dot = text.lastIndexOf(".");
    if (dot < 0) return undefined;
    const definition = this.find(text.slice(0, dot));
    if (definition?.kind !== "enum") return undefined;
    const member = definition.members.find((each) => each.name === text.slice(dot + 1));
    return member === undefined ? undefined : { definition, member };
  }

  /** Why `find` and `findMember` found nothing, and what to do. */
  whyUnknown(text: string): string {
    const dot = text.lastIndexOf(".");
    const before = text.slice(0, Math.max(0, dot));
    const name = text.slice(dot + 1);
    if (dot >= 0 && this.find(before)?.kind === "enum") return `the enum ${before} has no ${name}`;
    const [first, second] = this.#inIncluded(before, name);
    if (first !== undefined && second !== undefined) {
      return `both ${first.location.path} and ${second.location.path} have one: give one of these files another name`;
    }
    const elsewhere = this.#document.includes.find((each) => definitionsOf(each.document).has(name));
    if (elsewhere !== undefined && elsewhere.document.name !== before) return `did you mean ${elsewhere.document.name}.${name}?`;
    const candidates = dot < 0 ? [this.#own] : this.#included.get(before);
    if (candidates === undefined) return `no file named ${before}.thrift is included`;
    const close = candidates.flatMap((each) => [...each.keys()]).find((each) => each.toLowerCase() === name.toLowerCase());
    if (close !== undefined) return `did you mean ${dot < 0 ? close : `${before}.${close}`}?`;
    return dot < 0 ? "nothing here has this name" : `${before}.thrift has nothing of this name`;
  }
}

const DEFINITIONS = new WeakMap<Document, ReadonlyMap<string, Declared>>();

/** By name; read once per file, however many include it. */
function definitionsOf(document: Document): ReadonlyMap<string, Declared> {
  let found = DEFINITIONS.get(document);
  if (found === undefined) {
    const { typedefs, constants, enums, structs, services } = document;
    found = new Map([...typedefs, ...constants, ...enums, ...structs, ...services].map((each) => [each.name, each]));
    DEFINITIONS.set(document, found);
  }
  return found;
}
