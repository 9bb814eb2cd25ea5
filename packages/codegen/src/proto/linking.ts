/** A parsed file among the others: what it sees, and where to complain. */
import type { Problems } from "@kiteline/thrift";
import type { FileDescriptorProto } from "./descriptor.ts";
import { described, type Symbols, type Visible } from "./symbols.ts";
import type { ParsedFile } from "./syntax.ts";
import type { Word } from "./tokens.ts";

export class Linking {
  readonly parsed: ParsedFile;
  readonly file: FileDescriptorProto;
  readonly symbols: Symbols;
  readonly visible: Visible;
  /** What is imported for options only, besides. */
  readonly visibleToOptions: Visible;
  readonly #problems: Problems;

  constructor(parsed: ParsedFile, symbols: Symbols, visible: Visible, visibleToOptions: Visible, problems: Problems) {
    this.parsed = parsed;
    this.file = parsed.file;
    this.symbols = symbols;
    this.visible = visible;
    this.visibleToOptions = visibleToOptions;
    this.#problems = problems;
  }

  complain(word: Word, message: string): void {
    this.#problems.add(this.parsed.source, word.start, word.end, message);
  }

  /** Complains about a thing, at a part of it where that is known, else at its name. */
  about(thing: object, message: string, part: "name" | "number" | "type" | "extendee" | "jsonName" | "response" = "name"): void {
    const place = this.parsed.places.get(thing);
    const word = place?.[part] ?? place?.name;
    if (word !== undefined) this.complain(word, message);
    else if (place === undefined) this.complain({ text: "", start: 0, end: 0 }, message);
  }
}

/** Why a name was not found. */
export function notFound({ symbols, visible, visibleToOptions }: Linking, name: string, scope: string, typesOnly: boolean): string {
  const elsewhere = symbols.findAnywhere(name, scope);
  if (elsewhere === undefined) return `nothing is named ${name} here: is an import missing?`;
  if (typesOnly && elsewhere.kind !== "message" && elsewhere.kind !== "enum") {
    return `expected a type, but ${name} is ${described(elsewhere)}`;
  }
  if ((typesOnly ? visible : visibleToOptions).has(elsewhere.file)) {
    return `${name} means something else here, which hides ${elsewhere.fullName}: write .${elsewhere.fullName}`;
  }
  return `${elsewhere.fullName} is defined in ${elsewhere.file.name}, which is not imported (or for options only)`;
}
