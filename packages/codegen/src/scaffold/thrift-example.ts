/**
 * Values by example as TypeScript text: what a reader makes of a value that has its defaults and zeros, written out, so
 * that whoever is to replace it sees every field.
 */
import { idl } from "@kiteline/thrift";
import { bracketed, type Layout } from "../layout.ts";
import { namesOf, propertyName } from "../thrift/names.ts";
import { isAlwaysPresent } from "../thrift/presence.ts";
import { fieldShape, type ScalarShape, type Shape } from "../thrift/shape.ts";
import { ZEROS } from "../thrift/values.ts";
import { stringText } from "../words.ts";
import type { Imports } from "./imports.ts";

/** Where an example is written: what it imports, and where generated files are from there. */
export interface ExamplePlace {
  readonly imports: Imports;
  readonly moduleOf: (document: idl.Document) => string;
}

/** An expression for a value of a type. `within` are the structs that it is a part of. */
export function exampleText(place: ExamplePlace, shape: Shape, within: readonly idl.Struct[] = []): Layout {
  switch (shape.kind) {
    case "scalar":
      return scalarText(place, shape);
    case "list":
      return "[]";
    case "set":
      return "new Set()";
    case "map":
      return "new Map()";
    case "struct":
      return structText(place, shape.definition, new Map(), within);
  }
}

/** The example of a field or an argument: its default, if the IDL gives it one. */
export function exampleOfField(place: ExamplePlace, field: idl.Field, within: readonly idl.Struct[] = []): Layout {
  const shape = fieldShape(field, "bigint");
  return field.value === undefined ? exampleText(place, shape, within) : valueText(place, field.value, shape, within);
}

function structText(
  place: ExamplePlace,
  struct: idl.Struct,
  given: ReadonlyMap<idl.Field, idl.Value>,
  within: readonly idl.Struct[],
): Layout {
  const inside = [...within, struct];
  const text = (field: idl.Field): Layout => {
    const value = given.get(field);
    return value === undefined ? exampleOfField(place, field, inside) : valueText(place, value, fieldShape(field, "bigint"), inside);
  };
  if (struct.kind === "union") {
    const member = struct.fields.find((field) => given.has(field)) ?? struct.fields.find((field) => !holdsAny(field, inside));
    if (member === undefined) return "{}";
    return bracketed("{", [`case: ${stringText(member.name)}`, ["value: ", text(member)]], "}", " ");
  }
  const isGiven = (field: idl.Field): boolean => given.has(field) || (isAlwaysPresent(struct, field) && !holdsAny(field, inside));
  const properties = struct.fields.map((field) => [`${propertyName(struct, field)}: `, isGiven(field) ? text(field) : "undefined"]);
  const object = bracketed("{", properties, "}", " ");
  return struct.kind === "exception" ? [`new ${reference(place, struct)}(`, object, ")"] : object;
}

function holdsAny(field: idl.Field, structs: readonly idl.Struct[]): boolean {
  const type = idl.plainType(field.type);
  return type.kind === "struct" && structs.includes(type.definition);
}

function scalarText(place: ExamplePlace, { method, enum: definition }: ScalarShape): string {
  const member = definition?.members.find((each) => each.value === 0) ?? definition?.members[0];
  if (definition !== undefined && member !== undefined) return `${reference(place, definition)}.${member.name}`;
  return ZEROS[method];
}

function valueText(place: ExamplePlace, value: idl.Value, shape: Shape, within: readonly idl.Struct[]): Layout {
  switch (value.kind) {
    case "bool":
    case "double":
      return String(value.value);
    case "integer":
      if (shape.kind !== "scalar" || shape.wire !== "I64") return String(value.value);
      return { i64: `${value.value}n`, i64String: `"${value.value}"` }[shape.method as "i64" | "i64String"] ?? String(value.value);
    case "enum":
      return value.member === undefined ? String(value.value) : `${reference(place, value.definition)}.${value.member.name}`;
    case "string":
      return shape.kind === "scalar" && shape.method === "binary"
        ? `new TextEncoder().encode(${stringText(value.value)})`
        : stringText(value.value);
    case "list": {
      const element = shape.kind === "list" || shape.kind === "set" ? shape.element : shape;
      const elements = bracketed(
        "[",
        value.elements.map((each) => valueText(place, each, element, within)),
        "]",
      );
      return shape.kind === "set" ? ["new Set(", elements, ")"] : elements;
    }
    case "map": {
      const [key, held] = shape.kind === "map" ? [shape.key, shape.value] : [shape, shape];
      const pairs = value.entries.map(([k, v]) =>
        bracketed("[", [valueText(place, k, key, within), valueText(place, v, held, within)], "]"),
      );
      return ["new Map(", bracketed("[", pairs, "]"), ")"];
    }
    case "struct":
      return structText(place, value.definition, value.fields, within);
  }
}

function reference({ imports, moduleOf }: ExamplePlace, definition: idl.Enum | idl.Struct): string {
  return imports.value(moduleOf(definition.document), namesOf(definition.document).of(definition));
}
