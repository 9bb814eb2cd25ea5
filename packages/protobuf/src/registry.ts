/** Types by their names: for `Any`, for extensions, for whoever meets messages that the code does not name. */
import type { ProtoFile } from "./codec.ts";
import { extensionsOf, type EnumType, type Field, type FileType, type MessageType, type ServiceType } from "./schema/model.ts";
import { schemaOf } from "./schema/schema-of.ts";

export class Registry {
  readonly #files = new Map<string, FileType>();
  readonly #extensions = new Map<string, Field>();
  readonly #byExtendee = new Map<string, Map<number, Field>>();

  /** All files, by the names by which they are imported. */
  get files(): ReadonlyMap<string, FileType> {
    return this.#files;
  }

  /** Adds a file and all that it imports. */
  add(file: FileType): void {
    if (this.#files.has(file.name)) return;
    this.#files.set(file.name, file);
    for (const each of file.imports) this.add(each);
    for (const extension of extensionsOf(file)) {
      this.#extensions.set(extension.name, extension);
      const extendee = extension.extendee!.name;
      let numbers = this.#byExtendee.get(extendee);
      if (numbers === undefined) this.#byExtendee.set(extendee, (numbers = new Map<number, Field>()));
      numbers.set(extension.number, extension);
    }
  }

  message(name: string): MessageType | undefined {
    const found = this.#declared(name);
    return found?.kind === "message" ? found : undefined;
  }

  enum(name: string): EnumType | undefined {
    const found = this.#declared(name);
    return found?.kind === "enum" ? found : undefined;
  }

  service(name: string): ServiceType | undefined {
    for (const file of this.#files.values()) {
      const found = file.services.find((each) => each.name === name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  extension(name: string): Field | undefined {
    return this.#extensions.get(name);
  }

  /** The extensions of a message, by their numbers. */
  extensionsOf(message: string): ReadonlyMap<number, Field> | undefined {
    return this.#byExtendee.get(message);
  }

  #declared(name: string): MessageType | EnumType | undefined {
    for (const file of this.#files.values()) {
      const found = file.declared.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** A registry of what these files and those that they import declare. Generated modules export theirs as `file`. */
export function createRegistry(...files: readonly (ProtoFile | FileType)[]): Registry {
  const registry = new Registry();
  for (const file of files) registry.add("descriptor" in file ? schemaOf(file) : file);
  return registry;
}
