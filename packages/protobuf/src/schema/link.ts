/** Descriptors to a linked schema. Types refer to one another in circles: messages are made first and filled afterwards. */
import type { MethodKind } from "@kiteline/core";
import type { I64Form, ProtoFile } from "../codec.ts";
import type {
  DescriptorProtoInit,
  EnumDescriptorProtoInit,
  FieldDescriptorProtoInit,
  FileDescriptorProtoInit,
  MethodDescriptorProtoInit,
  ServiceDescriptorProtoInit,
} from "../gen/google/protobuf/descriptor.ts";
import { DELIMITED, featuresOf, IMPLICIT, LEGACY_REQUIRED, OPEN, override, PACKED, VERIFY, type Features } from "./features.ts";
import type { EnumType, Field, FileType, MessageType, MethodType, Oneof, Scalar, ScalarShape, ServiceType, Shape } from "./model.ts";
import { lowerCamel, propertyName } from "./property-names.ts";

/** By `FieldDescriptorProto.Type`. 10, 11 and 14 are groups, messages and enums. */
const SCALARS: readonly (Scalar | undefined)[] = [
  undefined,
  "double",
  "float",
  "int64",
  "uint64",
  "int32",
  "fixed64",
  "fixed32",
  "bool",
  "string",
  undefined,
  undefined,
  "bytes",
  "uint32",
  undefined,
  "sfixed32",
  "sfixed64",
  "sint32",
  "sint64",
];
const TYPE_GROUP = 10;
const TYPE_MESSAGE = 11;
const TYPE_ENUM = 14;
const LABEL_REQUIRED = 2;
const LABEL_REPEATED = 3;
/** By `FieldOptions.JSType`; 0 leaves it to the file's setting. */
const JS_TYPES: readonly (I64Form | undefined)[] = [undefined, "string", "number"];

/** By `MethodOptions.IdempotencyLevel`. */
const IDEMPOTENCY = ["unknown", "no_side_effects", "idempotent"] as const;

/** A schema that is not whole: a descriptor names a type that no file declares, say. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A message whose fields are still to be linked, once all names are known. */
type Unlinked = () => void;

/** Links one file to those that it imports, which are linked. Throws a `SchemaError` where a type is missing. */
export function linkFile(proto: FileDescriptorProtoInit, imports: readonly FileType[], source: ProtoFile): FileType {
  const file: Mutable<FileType> = {
    name: proto.name ?? "",
    package: proto.package ?? "",
    imports,
    messages: [],
    enums: [],
    services: [],
    extensions: [],
    declared: new Map(),
    proto,
    source,
  };
  new FileLinker(file).link();
  return file;
}

class FileLinker {
  readonly #file: Mutable<FileType>;
  readonly #own = new Map<string, MessageType | EnumType>();
  readonly #later: Unlinked[] = [];

  constructor(file: Mutable<FileType>) {
    this.#file = file;
    file.declared = this.#own;
  }

  link(): void {
    const file = this.#file;
    const { proto } = file;
    const features = featuresOf(proto);
    const scope = file.package === "" ? "" : `${file.package}.`;
    file.enums = (proto.enumType ?? []).map((each, index) => this.#enum(each, scope, undefined, features, [5, index]));
    file.messages = (proto.messageType ?? []).map((each, index) => this.#message(each, scope, undefined, features, [4, index]));
    for (const link of this.#later) link();
    file.extensions = (proto.extension ?? []).map((each, index) => this.#extension(each, scope, features, [7, index]));
    file.services = (proto.service ?? []).map((each, index) => this.#service(each, scope, [6, index]));
  }

  #enum(
    proto: EnumDescriptorProtoInit,
    scope: string,
    parent: MessageType | undefined,
    above: Features,
    path: readonly number[],
  ): EnumType {
    const values = (proto.value ?? []).map((each) => ({ name: each.name ?? "", number: each.number ?? 0, proto: each }));
    const type: EnumType = {
      kind: "enum",
      name: scope + (proto.name ?? ""),
      parent,
      values,
      open: override(above, proto.options?.features).enumType === OPEN,
      byNumber: new Map(values.toReversed().map((each) => [each.number, each])),
      byName: new Map(values.map((each) => [each.name, each])),
      proto,
      file: this.#file,
      path,
    };
    this.#own.set(type.name, type);
    return type;
  }

  #message(
    proto: DescriptorProtoInit,
    scope: string,
    parent: MessageType | undefined,
    above: Features,
    path: readonly number[],
  ): MessageType {
    const features = override(above, proto.options?.features);
    const name = scope + (proto.name ?? "");
    const type: Mutable<MessageType> = {
      kind: "message",
      name,
      parent,
      fields: [],
      oneofs: [],
      members: [],
      isMapEntry: proto.options?.mapEntry ?? false,
      messages: [],
      enums: [],
      extensions: [],
      byNumber: new Map(),
      proto,
      file: this.#file,
      path,
    };
    this.#own.set(name, type);
    const inner = `${name}.`;
    type.enums = (proto.enumType ?? []).map((each, index) => this.#enum(each, inner, type, features, [...path, 4, index]));
    type.messages = (proto.nestedType ?? []).map((each, index) => this.#message(each, inner, type, features, [...path, 3, index]));
    this.#later.push(() => {
      this.#fields(type, features);
      type.extensions = (proto.extension ?? []).map((each, index) => this.#extension(each, inner, features, [...path, 6, index]));
    });
    return type;
  }

  #fields(type: Mutable<MessageType>, features: Features): void {
    const { proto, path } = type;
    // That of an optional field of proto3 is there for old compilers only.
    const synthetic = new Set((proto.field ?? []).filter((each) => each.proto3Optional === true).map((each) => each.oneofIndex));
    const taken = new Set<string>();
    const oneofs = (proto.oneofDecl ?? []).map((each, index) => {
      const fields: Field[] = [];
      const own = override(features, each.options?.features);
      return { name: each.name ?? "", fields, property: "", path: [...path, 8, index], features: own, used: !synthetic.has(index) };
    });
    const fields: Field[] = [];
    const members: (Field | Oneof)[] = [];
    for (const [index, each] of (proto.field ?? []).entries()) {
      const oneof = each.oneofIndex === undefined ? undefined : oneofs[each.oneofIndex];
      const real = oneof?.used === true ? oneof : undefined;
      if (real?.fields.length === 0) {
        real.property = propertyName(real.name, taken);
        members.push(real);
      }
      // The names of a oneof's fields are values of its `case`; they share no object with the rest.
      const property = real === undefined ? propertyName(each.name ?? "", taken) : lowerCamel(each.name ?? "");
      const field = this.#field(each, property, real, real?.features ?? features, [...path, 2, index], type.isMapEntry);
      fields.push(field);
      if (real === undefined) members.push(field);
      else real.fields.push(field);
    }
    type.fields = fields;
    type.members = members;
    type.oneofs = oneofs.filter((each) => each.fields.length > 0);
    type.byNumber = new Map(fields.map((each) => [each.number, each]));
  }

  #extension(proto: FieldDescriptorProtoInit, scope: string, above: Features, path: readonly number[]): Field {
    const name = scope + (proto.name ?? "");
    const field = this.#field(proto, "value", undefined, above, path, false);
    const presence = field.presence === "implicit" ? "explicit" : field.presence;
    return { ...field, name, jsonName: `[${name}]`, presence, extendee: this.#type(proto.extendee, "message", name) };
  }

  #field(
    proto: FieldDescriptorProtoInit,
    property: string,
    oneof: Oneof | undefined,
    above: Features,
    path: readonly number[],
    inEntry: boolean,
  ): Field {
    const name = proto.name ?? "";
    const features = override(above, proto.options?.features);
    const shape = this.#shape(proto, features, inEntry);
    const repeated = proto.label === LABEL_REPEATED;
    const entry = repeated && shape.kind === "message" && shape.message.isMapEntry ? shape.message : undefined;
    const packable = shape.kind === "enum" || (shape.kind === "scalar" && shape.scalar !== "string" && shape.scalar !== "bytes");
    const required = proto.label === LABEL_REQUIRED || features.fieldPresence === LEGACY_REQUIRED;
    const implicit =
      shape.kind !== "message" && oneof === undefined && proto.proto3Optional !== true && features.fieldPresence === IMPLICIT;
    return {
      name,
      number: proto.number ?? 0,
      jsonName: proto.jsonName ?? lowerCamel(name),
      property,
      cardinality: entry !== undefined ? "map" : repeated ? "repeated" : "singular",
      shape: entry === undefined ? shape : this.#entryShape(entry, 2),
      key: entry === undefined ? undefined : (this.#entryShape(entry, 1) as ScalarShape),
      presence: required && !repeated && oneof === undefined ? "required" : implicit ? "implicit" : "explicit",
      packed: repeated && packable && (proto.options?.packed ?? features.repeatedFieldEncoding === PACKED),
      oneof,
      extendee: undefined,
      proto,
      file: this.#file,
      path,
    };
  }

  /** Of a map's entry, which may not have been linked yet. */
  #entryShape(entry: MessageType, number: number): Shape {
    const linked = entry.byNumber.get(number);
    if (linked !== undefined) return linked.shape;
    const proto = (entry.proto.field ?? []).find((each) => each.number === number);
    if (proto === undefined) throw new SchemaError(`${entry.name} is a map's entry without field ${number}`);
    let features = featuresOf(this.#file.proto);
    const around: MessageType[] = [];
    for (let each: MessageType | undefined = entry; each !== undefined; each = each.parent) around.unshift(each);
    for (const each of around) features = override(features, each.proto.options?.features);
    return this.#shape(proto, override(features, proto.options?.features), true);
  }

  #shape(proto: FieldDescriptorProtoInit, features: Features, inEntry: boolean): Shape {
    const type = proto.type ?? this.#typeOfName(proto);
    const where = `${this.#file.name}: ${proto.name ?? ""}`;
    switch (type) {
      case TYPE_ENUM:
        return { kind: "enum", enum: this.#type(proto.typeName, "enum", where) };
      case TYPE_GROUP:
      case TYPE_MESSAGE: {
        const message = this.#type(proto.typeName, "message", where);
        // Maps and what is in them always have lengths.
        const delimited = type === TYPE_GROUP || (features.messageEncoding === DELIMITED && !inEntry && !message.isMapEntry);
        return { kind: "message", message, delimited };
      }
      default: {
        const scalar = SCALARS[type];
        if (scalar === undefined) throw new SchemaError(`${where} has the type ${type}, which does not exist`);
        const i64 = JS_TYPES[proto.options?.jstype ?? 0] ?? this.#file.source.i64;
        return { kind: "scalar", scalar, utf8: features.utf8Validation === VERIFY, i64 };
      }
    }
  }

  #typeOfName(proto: FieldDescriptorProtoInit): number {
    return this.#find(proto.typeName ?? "")?.kind === "enum" ? TYPE_ENUM : TYPE_MESSAGE;
  }

  #service(proto: ServiceDescriptorProtoInit, scope: string, path: readonly number[]): ServiceType {
    const name = scope + (proto.name ?? "");
    const methods = (proto.method ?? []).map((each, index): MethodType => {
      const where = `${name}.${each.name ?? ""}`;
      const [input, output] = [this.#type(each.inputType, "message", where), this.#type(each.outputType, "message", where)];
      const idempotency = IDEMPOTENCY[each.options?.idempotencyLevel ?? 0] ?? "unknown";
      return { name: each.name ?? "", kind: kindOf(each), idempotency, input, output, path: [...path, 2, index], proto: each };
    });
    return { kind: "service", name, methods, proto, file: this.#file, path };
  }

  #type<Kind extends "message" | "enum">(
    name: string | undefined,
    kind: Kind,
    where: string,
  ): Extract<MessageType | EnumType, { kind: Kind }> {
    const found = this.#find(name ?? "");
    if (found?.kind !== kind) throw new SchemaError(`${where}: there is no ${kind} ${name ?? ""} in the files that are imported`);
    return found as Extract<MessageType | EnumType, { kind: Kind }>;
  }

  #find(dotted: string): MessageType | EnumType | undefined {
    const name = dotted.replace(/^\./, "");
    return this.#own.get(name) ?? findImported(this.#file.imports, name, new Set());
  }
}

function findImported(files: readonly FileType[], name: string, seen: Set<FileType>): MessageType | EnumType | undefined {
  for (const file of files) {
    if (seen.has(file)) continue;
    seen.add(file);
    const found = file.declared.get(name) ?? findImported(file.imports, name, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

function kindOf({ clientStreaming, serverStreaming }: MethodDescriptorProtoInit): MethodKind {
  if (clientStreaming === true) return serverStreaming === true ? "bidi_stream" : "client_stream";
  return serverStreaming === true ? "server_stream" : "unary";
}
