/** What an IDL file says before names are looked up: what the parser makes and `resolve.ts` reads. Places are offsets. */
import type { Annotations } from "./model.ts";
import type { Source } from "./source.ts";

export interface FileSyntax {
  readonly source: Source;
  readonly comment: string | undefined;
  readonly includes: readonly IncludeSyntax[];
  readonly namespaces: ReadonlyMap<string, string>;
  readonly definitions: readonly DefinitionSyntax[];
}

/** Something as written, and where. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface IncludeSyntax {
  readonly path: Word;
}

export type DefinitionSyntax = ConstantSyntax | TypedefSyntax | EnumSyntax | StructSyntax | ServiceSyntax;

export interface NamedSyntax {
  readonly name: Word;
  readonly comment: string | undefined;
  readonly annotations: Annotations;
}

export interface ConstantSyntax extends NamedSyntax {
  readonly kind: "constant";
  readonly type: TypeSyntax;
  readonly value: ValueSyntax;
}

export interface TypedefSyntax extends NamedSyntax {
  readonly kind: "typedef";
  readonly type: TypeSyntax;
}

export interface EnumSyntax extends NamedSyntax {
  readonly kind: "enum";
  readonly members: readonly EnumMemberSyntax[];
}

export interface EnumMemberSyntax extends NamedSyntax {
  readonly value: Word | undefined;
}

export interface StructSyntax extends NamedSyntax {
  readonly kind: "struct" | "union" | "exception";
  readonly fields: readonly FieldSyntax[];
}

export interface FieldSyntax extends NamedSyntax {
  /** Absent when it was not written, which is an error that the resolver reports: it knows which ids are free. */
  readonly id: Word | undefined;
  readonly requiredness: "required" | "optional" | "default";
  readonly type: TypeSyntax;
  readonly value: ValueSyntax | undefined;
}

export interface ServiceSyntax extends NamedSyntax {
  readonly kind: "service";
  readonly extends: Word | undefined;
  readonly functions: readonly FunctionSyntax[];
}

export interface FunctionSyntax extends NamedSyntax {
  readonly oneway: boolean;
  /** Absent for `void`. */
  readonly returns: TypeSyntax | undefined;
  readonly arguments: readonly FieldSyntax[];
  readonly throws: readonly FieldSyntax[];
}

export type TypeSyntax =
  | { readonly kind: "name"; readonly name: Word; readonly annotations: Annotations }
  | { readonly kind: "list" | "set"; readonly element: TypeSyntax; readonly annotations: Annotations }
  | { readonly kind: "map"; readonly key: TypeSyntax; readonly value: TypeSyntax; readonly annotations: Annotations };

export type ValueSyntax =
  | { readonly kind: "integer" | "double" | "string" | "name"; readonly word: Word }
  | { readonly kind: "list"; readonly elements: readonly ValueSyntax[]; readonly word: Word }
  | { readonly kind: "map"; readonly entries: readonly (readonly [key: ValueSyntax, value: ValueSyntax])[]; readonly word: Word };
