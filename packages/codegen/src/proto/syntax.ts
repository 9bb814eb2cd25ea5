/** What parsing leaves beside the descriptors: where everything stands, and options as they were written. */
import type { Source } from "@kiteline/thrift";
import type { Element, FileDescriptorProto } from "./descriptor.ts";
import type { Token, Word } from "./tokens.ts";

export interface ParsedFile {
  readonly source: Source;
  readonly tokens: readonly Token[];
  /** Names of types are as written, and types of fields that have such a name may be missing, until it is linked. */
  readonly file: FileDescriptorProto;
  readonly edition: number;
  readonly packageName: Word | undefined;
  readonly imports: readonly ImportSyntax[];
  readonly places: ReadonlyMap<object, Place>;
  readonly options: readonly OptionsSyntax[];
}

export interface ImportSyntax {
  readonly kind: "plain" | "public" | "weak" | "option";
  readonly path: string;
  readonly word: Word;
}

/** Where a thing stands. */
export interface Place {
  /** The indices of its first token, and of the one behind which comments about it stand: its `;` or `{`. */
  readonly first: number;
  opened: number;
  /** The index of its last token, where that is another than `opened`. */
  last?: number;
  /** What stands for it in messages, mostly its name. */
  readonly name: Word;
  readonly number?: Word;
  /** The type of a field; the request of a method. */
  readonly type?: Word;
  /** The response of a method. */
  readonly response?: Word;
  /** The message that is extended. */
  readonly extendee?: Word;
  /** The default as it was written. */
  defaultValue?: OptionValue;
  jsonName?: Word;
  /** Whether a range goes `to max`. */
  readonly toMax?: true;
}

/** Which message of descriptor.proto holds the options of a thing. */
export type OptionsKind =
  | "FileOptions"
  | "MessageOptions"
  | "FieldOptions"
  | "OneofOptions"
  | "EnumOptions"
  | "EnumValueOptions"
  | "ServiceOptions"
  | "MethodOptions"
  | "ExtensionRangeOptions";

/** The options of one thing, or of several that share them. */
export interface OptionsSyntax {
  readonly kind: OptionsKind;
  readonly targets: readonly Element[];
  /** The full name of what the things stand in: where the search for names of extensions begins. */
  readonly scope: string;
  readonly settings: OptionSyntax[];
}

export interface OptionSyntax {
  readonly name: readonly OptionNamePart[];
  readonly value: OptionValue;
}

export interface OptionNamePart {
  readonly word: Word;
  /** Whether it stood in round brackets. */
  readonly extension: boolean;
}

export type OptionValue =
  | { readonly kind: "identifier"; readonly text: string; readonly word: Word; readonly negative: boolean }
  | { readonly kind: "integer"; readonly value: bigint; readonly word: Word }
  | { readonly kind: "float"; readonly value: number; readonly word: Word }
  | { readonly kind: "string"; readonly value: Uint8Array; readonly word: Word }
  | { readonly kind: "list"; readonly elements: readonly OptionValue[]; readonly word: Word }
  | { readonly kind: "message"; readonly fields: readonly LiteralField[]; readonly word: Word };

export interface LiteralField {
  /** `field`, `[extension]` or `[prefix/type]` of a value in an `Any`. */
  readonly name: Word;
  readonly kind: "field" | "extension" | "any";
  readonly value: OptionValue;
}
