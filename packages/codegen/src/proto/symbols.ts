/** Everything that has a full name, and how names are looked up: from the inside to the outside, as in C++. */
import type {
  DescriptorProto,
  EnumDescriptorProto,
  FieldDescriptorProto,
  Element,
  FileDescriptorProto,
  MethodDescriptorProto,
  ServiceDescriptorProto,
} from "./descriptor.ts";
import { resolvedFeatures, type ResolvedFeatures } from "./features.ts";
import { within } from "./names.ts";

type Defined =
  | { readonly kind: "message"; readonly descriptor: DescriptorProto }
  | { readonly kind: "enum"; readonly descriptor: EnumDescriptorProto }
  | { readonly kind: "field" | "extension"; readonly descriptor: FieldDescriptorProto }
  | { readonly kind: "service"; readonly descriptor: ServiceDescriptorProto }
  | { readonly kind: "method"; readonly descriptor: MethodDescriptorProto }
  | { readonly kind: "oneof" | "value"; readonly descriptor: object };

/** A thing with a name. `parent` is the full name of what it stands in. */
export type ProtoSymbol = Defined & { readonly fullName: string; readonly parent: string; readonly file: FileDescriptorProto };

/** What a name was found to be. */
export type Found = ProtoSymbol | { readonly kind: "package"; readonly fullName: string };

/** What a file sees: itself, what it imports, and what those import publicly. */
export type Visible = ReadonlySet<FileDescriptorProto>;

export class Symbols {
  readonly #byName = new Map<string, ProtoSymbol>();
  /** Packages, with the files that are in them or in packages below. */
  readonly #packages = new Map<string, Set<FileDescriptorProto>>();
  readonly #byDescriptor = new Map<object, ProtoSymbol>();
  readonly #features = new Map<FileDescriptorProto, ReadonlyMap<Element, ResolvedFeatures>>();
  readonly #extensions = new Map<string, Map<number, ProtoSymbol>>();

  /** Adds all of a file. `clash` is told of names that there are already. */
  addFile(file: FileDescriptorProto, clash: (descriptor: object, fullName: string, before: Found) => void): void {
    const scope = file.package ?? "";
    const parts = scope === "" ? [] : scope.split(".");
    for (let length = 1; length <= parts.length; length++) {
      const name = parts.slice(0, length).join(".");
      const other = this.#byName.get(name);
      if (other !== undefined) clash(file, name, other);
      const files = this.#packages.get(name);
      if (files === undefined) this.#packages.set(name, new Set([file]));
      else files.add(file);
    }
    const add = (parent: string, name: string, defined: Defined): string => {
      const fullName = within(parent, name);
      const before = this.#byName.get(fullName) ?? (this.#packages.has(fullName) ? ({ kind: "package", fullName } as const) : undefined);
      const symbol = { ...defined, fullName, parent, file };
      this.#byDescriptor.set(defined.descriptor, symbol);
      if (before === undefined) this.#byName.set(fullName, symbol);
      else clash(defined.descriptor, fullName, before);
      return fullName;
    };
    const addEnum = (parent: string, descriptor: EnumDescriptorProto): void => {
      add(parent, descriptor.name, { kind: "enum", descriptor });
      // Values of enums stand beside their enum, not in it, as in C++.
      for (const value of descriptor.value) add(parent, value.name, { kind: "value", descriptor: value });
    };
    const addMessage = (parent: string, descriptor: DescriptorProto): void => {
      const inside = add(parent, descriptor.name, { kind: "message", descriptor });
      for (const each of descriptor.field) add(inside, each.name, { kind: "field", descriptor: each });
      for (const each of descriptor.oneofDecl) add(inside, each.name, { kind: "oneof", descriptor: each });
      for (const each of descriptor.nestedType) addMessage(inside, each);
      for (const each of descriptor.enumType) addEnum(inside, each);
      for (const each of descriptor.extension) add(inside, each.name, { kind: "extension", descriptor: each });
    };
    for (const each of file.messageType) addMessage(scope, each);
    for (const each of file.enumType) addEnum(scope, each);
    for (const each of file.extension) add(scope, each.name, { kind: "extension", descriptor: each });
    for (const each of file.service) {
      const inside = add(scope, each.name, { kind: "service", descriptor: each });
      for (const method of each.method) add(inside, method.name, { kind: "method", descriptor: method });
    }
  }

  /** The features of all things in a file. */
  features(file: FileDescriptorProto): ReadonlyMap<Element, ResolvedFeatures> {
    return this.#features.get(file) ?? resolvedFeatures(file);
  }

  /** Notes that the standard options of a file, which its features depend on, no longer change. */
  settle(file: FileDescriptorProto): void {
    this.#features.set(file, resolvedFeatures(file));
  }

  /** What is known of a thing that was added. */
  of(descriptor: object): ProtoSymbol | undefined {
    return this.#byDescriptor.get(descriptor);
  }

  /** A message by its full name, wherever it is defined. */
  message(fullName: string): DescriptorProto | undefined {
    const found = this.#byName.get(fullName);
    return found?.kind === "message" ? found.descriptor : undefined;
  }

  enum(fullName: string): EnumDescriptorProto | undefined {
    const found = this.#byName.get(fullName);
    return found?.kind === "enum" ? found.descriptor : undefined;
  }

  /** Notes that a message has an extension; returns the one that has its number already. */
  extend(extendee: string, symbol: ProtoSymbol & { readonly descriptor: FieldDescriptorProto }): ProtoSymbol | undefined {
    const known = this.#extensions.get(extendee) ?? new Map<number, ProtoSymbol>();
    this.#extensions.set(extendee, known);
    const before = known.get(symbol.descriptor.number);
    if (before === undefined) known.set(symbol.descriptor.number, symbol);
    return before;
  }

  /**
   * Looks up a name that was written in `scope`. The innermost thing that its first part names is the one that is meant,
   * unless it holds nothing that the rest could name; with `typesOnly`, what is no message or enum hides nothing.
   */
  find(name: string, scope: string, visible: Visible, typesOnly: boolean): Found | undefined {
    if (name.startsWith(".")) return this.#visible(name.slice(1), visible);
    const dot = name.indexOf(".");
    const first = dot < 0 ? name : name.slice(0, dot);
    for (let outer = scope; ; outer = outer.slice(0, Math.max(0, outer.lastIndexOf(".")))) {
      const found = this.#visible(within(outer, first), visible);
      if (found !== undefined) {
        if (dot < 0) {
          if (!typesOnly || found.kind === "message" || found.kind === "enum") return found;
        } else if (found.kind === "message" || found.kind === "package" || found.kind === "enum" || found.kind === "service") {
          return this.#visible(within(outer, name), visible);
        }
      }
      if (outer === "") return undefined;
    }
  }

  /** What a name that was not found would be if everything were imported. */
  findAnywhere(name: string, scope: string): ProtoSymbol | undefined {
    for (let outer = scope; ; outer = outer.slice(0, Math.max(0, outer.lastIndexOf(".")))) {
      const found = this.#byName.get(name.startsWith(".") ? name.slice(1) : within(outer, name));
      if (found !== undefined || outer === "") return found;
    }
  }

  #visible(fullName: string, visible: Visible): Found | undefined {
    const found = this.#byName.get(fullName);
    if (found !== undefined) return visible.has(found.file) ? found : undefined;
    const files = this.#packages.get(fullName);
    if (files === undefined) return undefined;
    // Whichever of both are fewer are gone through.
    const inSight = files.size < visible.size ? some(files, (each) => visible.has(each)) : some(visible, (each) => files.has(each));
    return inSight ? { kind: "package", fullName } : undefined;
  }
}

/** A thing as texts speak of it. */
export function described(found: Found): string {
  const kind = found.kind === "value" ? "value of an enum" : found.kind;
  return `${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`;
}

function some<T>(all: Iterable<T>, test: (one: T) => boolean): boolean {
  for (const each of all) if (test(each)) return true;
  return false;
}
