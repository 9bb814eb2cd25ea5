/**
 * Messages of Protobuf by example as TypeScript text: what a reader makes of one that has zeros, written out, with messages
 * inside, so that whoever is to replace it sees every field.
 */
import { schema } from "@kiteline/protobuf";
import { bracketed, type Layout } from "../layout.ts";
import { namesOf, valueNames } from "../protobuf/names.ts";
import { pathOf, wellKnownModule } from "../protobuf/paths.ts";
import { stringText } from "../words.ts";
import type { Imports } from "./imports.ts";
import { fromMethods } from "./service.ts";

/** Messages inside one another that are written; deeper ones are left out, since descriptors can be endless. */
const MAX_DEPTH = 4;

/** An expression for a message. `around` are those that it is a part of. */
export function exampleText(imports: Imports, message: schema.MessageType, around: readonly schema.MessageType[] = []): Layout {
  const inside = [...around, message];
  const properties = message.members.map((member): Layout => {
    return [`${member.property}: `, schema.isOneof(member) ? oneofText(imports, member, inside) : fieldText(imports, member, inside)];
  });
  return bracketed("{", properties, "}", " ");
}

/** The first field, where it can be there. */
function oneofText(imports: Imports, { fields: [first] }: schema.Oneof, inside: readonly schema.MessageType[]): Layout {
  if (first === undefined || isLeftOut(first, inside)) return "{ case: undefined }";
  return bracketed("{", [`case: ${stringText(first.property)}`, ["value: ", valueText(imports, first.shape, inside)]], "}", " ");
}

function fieldText(imports: Imports, field: schema.Field, inside: readonly schema.MessageType[]): Layout {
  const { cardinality, shape, presence } = field;
  if (cardinality === "map") return "new Map()";
  if (cardinality === "repeated") return "[]";
  if (isLeftOut(field, inside) || (presence === "explicit" && shape.kind !== "message")) return "undefined";
  return valueText(imports, shape, inside);
}

function isLeftOut({ shape, presence }: schema.Field, inside: readonly schema.MessageType[]): boolean {
  if (shape.kind !== "message") return false;
  return inside.includes(shape.message) || (presence !== "required" && inside.length >= MAX_DEPTH);
}

function valueText(imports: Imports, shape: schema.Shape, inside: readonly schema.MessageType[]): Layout {
  switch (shape.kind) {
    case "message":
      return exampleText(imports, shape.message, inside);
    case "enum":
      return enumText(imports, shape.enum);
    case "scalar":
      return zeroText(shape);
  }
}

function enumText(imports: Imports, type: schema.EnumType): string {
  const [first] = type.values;
  if (first === undefined) return "0";
  const module = wellKnownModule(type.file) ?? fromMethods(pathOf(type.file));
  return `${imports.value(module, namesOf(type.file).of(type))}.${valueNames(type).get(first)!}`;
}

function zeroText(shape: schema.ScalarShape): string {
  const form = schema.i64Form(shape);
  if (form !== undefined) return { bigint: "0n", number: "0", string: '"0"' }[form];
  switch (shape.scalar) {
    case "bool":
      return "false";
    case "string":
      return '""';
    case "bytes":
      return "new Uint8Array()";
    default:
      return "0";
  }
}
