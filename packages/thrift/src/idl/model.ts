/**
 * What Thrift IDL says, after every name in it was looked up: the one model that generated code and generic calls are
 * made of. Plain data, made by `load.ts`, changed by nobody.
 *
 * Definitions refer to one another directly, also in circles (a struct that holds a list of itself).
 */
import type { Idempotency, MethodKind } from "@kiteline/core";

/** Files that were loaded together. */
export interface DocumentSet {
  /** Every file once, each after those that it includes. */
  readonly documents: readonly Document[];
  /** The files that were asked for; the others were only included. */
  readonly roots: readonly Document[];
}

/** One IDL file. Lists are in the order of the file. */
export interface Document {
  /** As it was opened, with `/` between the folders. */
  readonly path: string;
  /** The file's name without folder and `.thrift`: what others write before the names that they use from it. */
  readonly name: string;
  /** The comment at the top of the file, when a blank line or a header such as `namespace` follows it. */
  readonly comment: string | undefined;
  readonly includes: readonly Include[];
  /** By scope: a language, or `*` for all. */
  readonly namespaces: ReadonlyMap<string, string>;
  readonly typedefs: readonly Typedef[];
  readonly constants: readonly Constant[];
  readonly enums: readonly Enum[];
  /** Structs, unions and exceptions. */
  readonly structs: readonly Struct[];
  readonly services: readonly Service[];
}

export interface Include {
  /** As written. */
  readonly path: string;
  readonly document: Document;
}

/** A place in a file; lines and columns count from 1. */
export interface Location {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** What is said in round brackets, by key. A key may be given several times, as Kitex allows; without a value it has `"1"`. */
export type Annotations = ReadonlyMap<string, readonly string[]>;

/** What all named things have in common. */
export interface Named {
  readonly name: string;
  /** The comments before it and behind it on its line, without their marks. */
  readonly comment: string | undefined;
  readonly annotations: Annotations;
  readonly location: Location;
}

/** Whatever has a name of its own in a file. */
export interface Definition extends Named {
  readonly document: Document;
}

export interface Typedef extends Definition {
  readonly kind: "typedef";
  readonly type: Type;
}

export interface Constant extends Definition {
  readonly kind: "constant";
  readonly type: Type;
  readonly value: Value;
}

export interface Enum extends Definition {
  readonly kind: "enum";
  readonly members: readonly EnumMember[];
}

export interface EnumMember extends Named {
  /** An i32. Two members may have the same. */
  readonly value: number;
}

export interface Struct extends Definition {
  readonly kind: "struct" | "union" | "exception";
  readonly fields: readonly Field[];
}

export interface Field extends Named {
  /** An i16, unique among the fields. */
  readonly id: number;
  /** `default` when the IDL says nothing. The fields of a union are all `optional`. */
  readonly requiredness: "required" | "optional" | "default";
  readonly type: Type;
  /** The default, which fits the type. */
  readonly value: Value | undefined;
}

export interface Service extends Definition {
  readonly kind: "service";
  readonly extends: Service | undefined;
  /** Its own; `functionsOf` also gives those it inherits. */
  readonly functions: readonly ServiceFunction[];
}

export interface ServiceFunction extends Named {
  /** `oneway`, or what the annotation `streaming.mode` says, or `unary`. */
  readonly kind: MethodKind;
  /** From the annotation `idempotent` (or `kiteline.idempotent`): `"true"`, or `"no_side_effects"`. */
  readonly idempotency: Idempotency;
  /** Nothing for `void`. */
  readonly returns: Type | undefined;
  readonly arguments: readonly Field[];
  /** The exceptions it declares: fields of 1 or more in its result, whose types are exceptions. */
  readonly throws: readonly Field[];
}

/** A type as it is used in one place, with the annotations that were written there. */
export type Type = BaseType | ListType | SetType | MapType | EnumType | StructType | TypedefType;

export interface BaseType {
  /** `byte` is also called i8 in IDL. */
  readonly kind: "bool" | "byte" | "i16" | "i32" | "i64" | "double" | "string" | "binary" | "uuid";
  readonly annotations: Annotations;
}

export interface ListType {
  readonly kind: "list";
  readonly element: Type;
  readonly annotations: Annotations;
}

export interface SetType {
  readonly kind: "set";
  readonly element: Type;
  readonly annotations: Annotations;
}

export interface MapType {
  readonly kind: "map";
  readonly key: Type;
  readonly value: Type;
  readonly annotations: Annotations;
}

export interface EnumType {
  readonly kind: "enum";
  readonly definition: Enum;
  readonly annotations: Annotations;
}

/** A struct, union or exception: the definition's `kind` says which. */
export interface StructType {
  readonly kind: "struct";
  readonly definition: Struct;
  readonly annotations: Annotations;
}

export interface TypedefType {
  readonly kind: "typedef";
  readonly definition: Typedef;
  readonly annotations: Annotations;
}

/** A constant or a default, checked against its type; other constants that it names are put in. */
export type Value =
  | { readonly kind: "bool"; readonly value: boolean }
  /** For `byte`, `i16`, `i32` and `i64`; fits the type. */
  | { readonly kind: "integer"; readonly value: bigint }
  | { readonly kind: "double"; readonly value: number }
  /** For `string`, `uuid` and `binary`, whose bytes are the text's in UTF-8. */
  | { readonly kind: "string"; readonly value: string }
  /** `member` is absent for a number that has no name. */
  | { readonly kind: "enum"; readonly definition: Enum; readonly value: number; readonly member: EnumMember | undefined }
  /** For lists and sets; those of a set differ from one another. */
  | { readonly kind: "list"; readonly elements: readonly Value[] }
  | { readonly kind: "map"; readonly entries: readonly (readonly [key: Value, value: Value])[] }
  /** The fields that were given; the others have their own defaults. Of a union exactly one is given. */
  | { readonly kind: "struct"; readonly definition: Struct; readonly fields: ReadonlyMap<Field, Value> };

/** The type behind any number of typedefs. */
export function plainType(type: Type): Exclude<Type, TypedefType> {
  let plain = type;
  while (plain.kind === "typedef") plain = plain.definition.type;
  return plain;
}

/** The last value of an annotation. */
export function annotation(of: { readonly annotations: Annotations }, key: string): string | undefined {
  return of.annotations.get(key)?.at(-1);
}

/** A service's functions, those it inherits first. */
export function functionsOf(service: Service): readonly ServiceFunction[] {
  return service.extends === undefined ? service.functions : [...functionsOf(service.extends), ...service.functions];
}

/**
 * The names of a service's stubs: those of its functions with a lower first letter, inherited ones first; with `_` behind them where
 * an object has something of that name anyway (`constructor`, `toString`), where it would be taken for a promise (`then`), and where
 * another function has the name already.
 */
export function stubNames(service: Service): ReadonlyMap<ServiceFunction, string> {
  const stubs = new Map<ServiceFunction, string>();
  const taken = new Set(["then"]);
  for (const fn of functionsOf(service)) {
    let name = fn.name.charAt(0).toLowerCase() + fn.name.slice(1);
    while (taken.has(name) || name in Object.prototype) name += "_";
    taken.add(name);
    stubs.set(fn, name);
  }
  return stubs;
}

/** A type as it would be written in the file `from`; names from other files have that file's name before them. */
export function typeText(type: Type, from?: Document): string {
  switch (type.kind) {
    case "list":
    case "set":
      return `${type.kind}<${typeText(type.element, from)}>`;
    case "map":
      return `map<${typeText(type.key, from)}, ${typeText(type.value, from)}>`;
    case "enum":
    case "struct":
    case "typedef": {
      const { name, document } = type.definition;
      return from === undefined || from === document ? name : `${document.name}.${name}`;
    }
    case "bool":
    case "byte":
    case "i16":
    case "i32":
    case "i64":
    case "double":
    case "string":
    case "binary":
    case "uuid":
      return type.kind;
  }
}
