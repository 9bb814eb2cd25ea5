/**
 * Values by example, in the JSON form of generic calls: what the IDL's defaults say, and where they say nothing the zero of
 * the type. A mock answers with them, and an error about arguments shows them.
 */
import { idl } from "@kiteline/thrift";

type Field = idl.Field;
type Type = idl.Type;
type Struct = idl.Struct;
type Value = idl.Value;
const { plainType } = idl;

/** A value of a type. Of structs it has the fields that are not optional, and optional ones with a default. */
export function exampleOf(type: Type): unknown {
  return exampleWithin(type, []);
}

/** An object of arguments by name. */
export function exampleArguments(fields: readonly Field[]): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field.name, exampleField(field, [])]));
}

/**
 * A reply by example: fields that the request has by the same name and type are those of the request, the rest is
 * `exampleOf`. The request's fields are its arguments and the fields of arguments that are structs, in this order.
 */
export function exampleReply(returns: Type, parameters: readonly Field[], request: Readonly<Record<string, unknown>>): unknown {
  const reply = exampleOf(returns);
  const type = plainType(returns);
  if (type.kind !== "struct" || type.definition.kind === "union") return reply;
  const offered = offeredFields(parameters, request);
  const fields = reply as Record<string, unknown>;
  for (const field of type.definition.fields) {
    const found = offered.find((each) => each.field.name === field.name && isSameType(each.field.type, field.type));
    if (found !== undefined) fields[field.name] = found.value;
  }
  return fields;
}

/** What a request offers to a reply. What is absent is not offered. */
function offeredFields(parameters: readonly Field[], request: Readonly<Record<string, unknown>>): { field: Field; value: unknown }[] {
  const present = (fields: readonly Field[], values: Readonly<Record<string, unknown>>): { field: Field; value: unknown }[] =>
    fields.map((field) => ({ field, value: values[field.name] })).filter(({ value }) => value !== undefined && value !== null);
  const top = present(parameters, request);
  const inner = top.flatMap(({ field, value }) => {
    const type = plainType(field.type);
    return type.kind === "struct" ? present(type.definition.fields, value as Record<string, unknown>) : [];
  });
  return [...top, ...inner];
}

function isSameType(a: Type, b: Type): boolean {
  const [left, right] = [plainType(a), plainType(b)];
  switch (left.kind) {
    case "list":
    case "set":
      return right.kind === left.kind && isSameType(left.element, right.element);
    case "map":
      return right.kind === "map" && isSameType(left.key, right.key) && isSameType(left.value, right.value);
    case "enum":
      return right.kind === "enum" && left.definition === right.definition;
    case "struct":
      return right.kind === "struct" && left.definition === right.definition;
    default:
      return left.kind === right.kind;
  }
}

/** `within` are the structs that the value is a part of: what would hold itself stays away. */
function exampleWithin(type: Type, within: readonly Struct[]): unknown {
  const plain = plainType(type);
  switch (plain.kind) {
    case "bool":
      return false;
    case "byte":
    case "i16":
    case "i32":
    case "double":
      return 0;
    case "i64":
      return "0";
    case "string":
    case "binary":
      return "";
    case "uuid":
      return "00000000-0000-0000-0000-000000000000";
    case "list":
    case "set":
      return [];
    case "map":
      return hasTextKeys(plain.key) ? {} : [];
    case "enum":
      return (plain.definition.members.find((member) => member.value === 0) ?? plain.definition.members[0])?.value ?? 0;
    case "struct":
      return exampleStruct(plain.definition, within);
  }
}

function exampleStruct(struct: Struct, within: readonly Struct[]): Record<string, unknown> {
  const inside = [...within, struct];
  const holdsItself = (field: Field): boolean => {
    const type = plainType(field.type);
    return type.kind === "struct" && inside.includes(type.definition);
  };
  if (struct.kind === "union") {
    const member = struct.fields.find((field) => !holdsItself(field));
    return member === undefined ? {} : { [member.name]: exampleField(member, inside) };
  }
  const fields = struct.fields.filter((field) => field.value !== undefined || (field.requiredness !== "optional" && !holdsItself(field)));
  return Object.fromEntries(fields.map((field) => [field.name, exampleField(field, inside)]));
}

function exampleField(field: Field, within: readonly Struct[]): unknown {
  return field.value === undefined ? exampleWithin(field.type, within) : valueToJson(field.value, field.type);
}

/** A default as JSON. */
function valueToJson(value: Value, type: Type): unknown {
  const plain = plainType(type);
  switch (value.kind) {
    case "bool":
    case "double":
    case "enum":
      return value.value;
    case "integer":
      return plain.kind === "i64" ? value.value.toString() : Number(value.value);
    case "string":
      return plain.kind === "binary" ? Buffer.from(value.value).toString("base64") : value.value;
    case "list": {
      const element = plain.kind === "list" || plain.kind === "set" ? plain.element : type;
      return value.elements.map((each) => valueToJson(each, element));
    }
    case "map": {
      const [key, of] = plain.kind === "map" ? [plain.key, plain.value] : [type, type];
      const entries = value.entries.map(([k, v]) => [valueToJson(k, key), valueToJson(v, of)] as const);
      return hasTextKeys(key) ? Object.fromEntries(entries.map(([k, v]) => [String(k), v])) : entries;
    }
    case "struct": {
      const given = [...value.fields].map(([field, each]) => [field.name, valueToJson(each, field.type)] as const);
      return { ...(value.definition.kind === "union" ? {} : exampleStruct(value.definition, [])), ...Object.fromEntries(given) };
    }
  }
}

/** Whether a map is an object in JSON; others are arrays of pairs. */
function hasTextKeys(key: Type): boolean {
  return !["struct", "list", "set", "map"].includes(plainType(key).kind);
}
