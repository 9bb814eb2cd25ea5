/** What a file of a scaffold imports: collected while its text is made, so that nothing is imported that is not used. */
import { isReserved } from "../words.ts";

interface Import {
  readonly name: string;
  readonly local: string;
  readonly type: boolean;
}

export class Imports {
  readonly #taken: Set<string>;
  readonly #notes = new Map<string, string>();
  readonly #modules = new Map<string, Import[]>();

  /** `taken` are names that the file uses for things of its own. */
  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set(taken);
  }

  /** Imports a value; returns what it is called here. `note` is written behind the statement. */
  value(module: string, name: string, note?: string): string {
    if (note !== undefined) this.#notes.set(module, note);
    return this.#add(module, name, name, false);
  }

  type(module: string, name: string): string {
    return this.#add(module, name, name, true);
  }

  /** Imports what a module exports by default. */
  whole(module: string, wanted: string): string {
    return this.#add(module, "default", wanted, false);
  }

  #add(module: string, name: string, wanted: string, type: boolean): string {
    const imports = this.#modules.get(module) ?? [];
    this.#modules.set(module, imports);
    const known = imports.find((each) => each.name === name && each.type === type);
    if (known !== undefined) return known.local;
    const local = this.fresh(wanted);
    imports.push({ name, local, type });
    return local;
  }

  /** A name that nothing in the file has yet. */
  fresh(wanted: string): string {
    let name = wanted;
    while (this.#taken.has(name) || isReserved(name)) name += "_";
    this.#taken.add(name);
    return name;
  }

  /** The import statements: modules of Node first, packages next, own files last. */
  lines(): string[] {
    const rank = (module: string): number => (module.startsWith("node:") ? 0 : module.startsWith(".") ? 2 : 1);
    const modules = [...this.#modules].toSorted(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
    return modules.map(([module, imports]) => {
      const note = this.#notes.get(module);
      return `${statement(module, imports)}${note === undefined ? "" : ` // ${note}`}`;
    });
  }
}

function statement(module: string, imports: readonly Import[]): string {
  const fallback = imports.find((each) => each.name === "default");
  if (fallback !== undefined) return `import ${fallback.local} from "${module}";`;
  const onlyTypes = imports.every((each) => each.type);
  const specifiers = imports
    .map(({ name, local, type }) => `${type && !onlyTypes ? "type " : ""}${name}${local === name ? "" : ` as ${local}`}`)
    .toSorted((a, b) => (a.replace("type ", "") < b.replace("type ", "") ? -1 : 1));
  return `import ${onlyTypes ? "type " : ""}{ ${specifiers.join(", ")} } from "${module}";`;
}
