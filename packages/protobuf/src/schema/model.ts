/**
 * A schema as the rest of this package and the code generator see it: descriptors, linked to one another, with the features
 * of their edition resolved, so that nobody below asks for the syntax of a file.
 */
import type { Idempotency, MethodKind } from "@kiteline/core";
import type { I64Form, ProtoFile } from "../codec.ts";
import type {
  DescriptorProtoInit,
  EnumDescriptorProtoInit,
  EnumValueDescriptorProtoInit,
  FieldDescriptorProtoInit,
  FileDescriptorProtoInit,
  MethodDescriptorProtoInit,
  ServiceDescriptorProtoInit,
} from "../gen/google/protobuf/descriptor.ts";

export type Scalar =
  | "double"
  | "float"
  | "int32"
  | "int64"
  | "uint32"
  | "uint64"
  | "sint32"
  | "sint64"
  | "fixed32"
  | "fixed64"
  | "sfixed32"
  | "sfixed64"
  | "bool"
  | "string"
  | "bytes";

/** What one value is: of a field, of each element of a repeated one, or of a map's values. */
export type Shape = ScalarShape | EnumShape | MessageShape;

export interface ScalarShape {
  readonly kind: "scalar";
  readonly scalar: Scalar;
  /** Of a string: whether bytes that are not UTF-8 are an error. */
  readonly utf8: boolean;
  /** Of a 64-bit integer: what it is in JavaScript. */
  readonly i64: I64Form;
}

export interface EnumShape {
  readonly kind: "enum";
  readonly enum: EnumType;
}

export interface MessageShape {
  readonly kind: "message";
  readonly message: MessageType;
  /** Between tags, as a group, instead of behind a length. */
  readonly delimited: boolean;
}

/** Something that stands in a file, where its comments are found by `path` (descriptor.proto, `SourceCodeInfo.Location`). */
interface Declared {
  readonly file: FileType;
  readonly path: readonly number[];
}

export interface Field extends Declared {
  /** As in the file; of an extension the full name. */
  readonly name: string;
  readonly number: number;
  readonly jsonName: string;
  /** What it is called in a message's object. */
  readonly property: string;
  readonly cardinality: "singular" | "repeated" | "map";
  readonly shape: Shape;
  /** Of a map. */
  readonly key: ScalarShape | undefined;
  /** Of singular fields. `implicit`: it is there, and written unless it is zero. */
  readonly presence: "explicit" | "implicit" | "required";
  /** Of repeated fields: whether they are written packed. */
  readonly packed: boolean;
  readonly oneof: Oneof | undefined;
  /** Of an extension. */
  readonly extendee: MessageType | undefined;
  readonly proto: FieldDescriptorProtoInit;
}

export interface Oneof {
  readonly name: string;
  readonly property: string;
  readonly fields: readonly Field[];
  readonly path: readonly number[];
}

export interface MessageType extends Declared {
  readonly kind: "message";
  /** The full name. */
  readonly name: string;
  /** The message around it. */
  readonly parent: MessageType | undefined;
  /** In the order of the file. */
  readonly fields: readonly Field[];
  readonly oneofs: readonly Oneof[];
  /** What an object of it has: fields, and oneofs where the first of their fields is. */
  readonly members: readonly (Field | Oneof)[];
  readonly isMapEntry: boolean;
  readonly messages: readonly MessageType[];
  readonly enums: readonly EnumType[];
  readonly extensions: readonly Field[];
  readonly byNumber: ReadonlyMap<number, Field>;
  readonly proto: DescriptorProtoInit;
}

export interface EnumValue {
  readonly name: string;
  readonly number: number;
  readonly proto: EnumValueDescriptorProtoInit;
}

export interface EnumType extends Declared {
  readonly kind: "enum";
  readonly name: string;
  readonly parent: MessageType | undefined;
  readonly values: readonly EnumValue[];
  /** Whether numbers without a name are values of it, too. Else they count as unknown fields. */
  readonly open: boolean;
  /** Of several names for one number the first. */
  readonly byNumber: ReadonlyMap<number, EnumValue>;
  readonly byName: ReadonlyMap<string, EnumValue>;
  readonly proto: EnumDescriptorProtoInit;
}

export interface ServiceType extends Declared {
  readonly kind: "service";
  readonly name: string;
  readonly methods: readonly MethodType[];
  readonly proto: ServiceDescriptorProtoInit;
}

export interface MethodType {
  readonly name: string;
  readonly kind: MethodKind;
  readonly idempotency: Idempotency;
  readonly input: MessageType;
  readonly output: MessageType;
  readonly path: readonly number[];
  readonly proto: MethodDescriptorProtoInit;
}

export interface FileType {
  readonly name: string;
  readonly package: string;
  readonly imports: readonly FileType[];
  readonly messages: readonly MessageType[];
  readonly enums: readonly EnumType[];
  readonly services: readonly ServiceType[];
  readonly extensions: readonly Field[];
  /** All its messages and enums, by their full names. */
  readonly declared: ReadonlyMap<string, MessageType | EnumType>;
  readonly proto: FileDescriptorProtoInit;
  /** The generated code that it is from, or what stands in for that. */
  readonly source: ProtoFile;
}

export function isOneof(member: Field | Oneof): member is Oneof {
  return "fields" in member;
}

/** All messages of a file, nested ones too, each after the one around it. Map entries are not among them. */
export function messagesOf(of: FileType | MessageType): MessageType[] {
  return of.messages.flatMap((each) => (each.isMapEntry ? [] : [each, ...messagesOf(each)]));
}

/** All enums of a file, nested ones too. */
export function enumsOf(of: FileType | MessageType): EnumType[] {
  return [...of.enums, ...of.messages.flatMap(enumsOf)];
}

/** All extensions that a file declares, nested ones too. */
export function extensionsOf(of: FileType | MessageType): Field[] {
  return [...of.extensions, ...of.messages.flatMap(extensionsOf)];
}
