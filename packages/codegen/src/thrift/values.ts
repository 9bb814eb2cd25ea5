/** Values as they are written in TypeScript: constants, defaults, zeros. */
import { IdlError, type idl } from "@kiteline/thrift";
import { block, bracketed, fill, group, ifBroken, indent, softline, type Layout } from "../layout.ts";
import type { Module } from "./module.ts";
import { stringText, upperFirst } from "../words.ts";
import { propertyName } from "./names.ts";
import { isAlwaysPresent } from "./presence.ts";
import { fieldShape, type ListShape, type MapShape, type ScalarShape, type Shape } from "./shape.ts";
import { typeOf } from "./types.ts";

/** An expression. `at` is what to blame when the value cannot be written. */
export function valueText(module: Module, value: idl.Value, shape: Shape, at: idl.Named): Layout {
  switch (shape.kind) {
    case "scalar":
      return scalarText(module, value, shape, at);
    case "list":
      return listText(module, value, shape, at);
    case "set": {
      const elements = value.kind === "list" ? value.elements : [];
      return elements.length === 0 ? "new Set()" : ["new Set(", listText(module, value, shape, at), ")"];
    }
    case "map":
      return mapText(module, value, shape, at);
    case "struct":
      return structText(module, value.kind === "struct" ? value.fields : new Map(), shape.definition, at);
  }
}

function scalarText(module: Module, value: idl.Value, shape: ScalarShape, at: idl.Named): string {
  switch (value.kind) {
    case "bool":
      return String(value.value);
    case "double":
      return numberText(value.value);
    case "integer":
      return shape.wire === "I64" ? i64Text(value.value, shape, at) : String(value.value);
    case "enum":
      return value.member === undefined ? String(value.value) : `${module.ref(value.definition, "value")}.${value.member.name}`;
    case "string":
      if (shape.method !== "binary") return stringText(value.value);
      return value.value === "" ? `${module.value("noBytes")}()` : `new TextEncoder().encode(${stringText(value.value)})`;
    case "list":
    case "map":
    case "struct":
      throw new TypeError(`a ${value.kind} is no ${shape.method}`);
  }
}

function i64Text(value: bigint, shape: ScalarShape, at: idl.Named): string {
  if (shape.method === "i64") return `${value}n`;
  if (shape.method === "i64String") return `"${value}"`;
  if (Number.isSafeInteger(Number(value))) return String(value);
  const message = `${value} is no safe integer, which ${at.name} must be as a number: make it a bigint or string (js.type)`;
  throw new IdlError([{ ...at.location, message, text: "", length: 0 }]);
}

function listText(module: Module, value: idl.Value, shape: ListShape, at: idl.Named): Layout {
  const elements = value.kind === "list" ? value.elements : [];
  const items = elements.map((each) => valueText(module, each, shape.element, at));
  const { element } = shape;
  const numbers = element.kind === "scalar" && NUMBERS.has(element.method) && element.enum === undefined;
  // Formatters fill lines with numbers, and give objects and lists of more than one part each lines of their own.
  if (numbers && items.length > 1) return group(["[", indent([softline, fill(items), ifBroken(",")]), softline, "]"]);
  const apart = items.length > 1 && elements.every((each) => partsOf(each, element) > 1);
  return bracketed("[", items, "]", "", apart);
}

const NUMBERS: ReadonlySet<string> = new Set(["byte", "i16", "i32", "i64Number", "double"]);

/** How many elements or properties there are in the text of a value, if that is a list or object. */
function partsOf(value: idl.Value, shape: Shape): number {
  if (shape.kind === "list" && value.kind === "list") return value.elements.length;
  if (shape.kind !== "struct" || value.kind !== "struct" || shape.definition.kind === "exception") return 0;
  if (shape.definition.kind === "union") return 2;
  return shape.definition.fields.length;
}

function mapText(module: Module, value: idl.Value, shape: MapShape, at: idl.Named): Layout {
  const entries = value.kind === "map" ? value.entries : [];
  if (entries.length === 0) return "new Map()";
  const pairs = entries.map(([key, each]) =>
    bracketed("[", [valueText(module, key, shape.key, at), valueText(module, each, shape.value, at)], "]"),
  );
  return ["new Map(", bracketed("[", pairs, "]", "", pairs.length > 1), ")"];
}

function structText(module: Module, given: ReadonlyMap<idl.Field, idl.Value>, struct: idl.Struct, at: idl.Named): Layout {
  if (struct.kind === "union") {
    const [[field, value] = []] = given;
    if (field === undefined || value === undefined) throw new TypeError(`the union ${struct.name} has no empty value`);
    return bracketed(
      "{",
      [`case: "${field.name}"`, ["value: ", valueText(module, value, fieldShape(field, module.settings.i64), at)]],
      "}",
      " ",
    );
  }
  const properties = struct.fields.map((field): Layout => {
    const value = given.get(field);
    // As readers do: an object has all its properties, whatever is in them.
    if (value === undefined && !isAlwaysPresent(struct, field)) return `${propertyName(struct, field)}: undefined`;
    const text =
      value === undefined ? standIn(module, struct.name, field) : valueText(module, value, fieldShape(field, module.settings.i64), at);
    return [`${propertyName(struct, field)}: `, text];
  });
  const object = bracketed("{", properties, "}", " ");
  if (struct.kind !== "exception") return object;
  return [`new ${module.ref(struct, "value")}(`, struct.fields.length === 0 ? "" : object, ")"];
}

/** What stands in for a field that was not given: its default or zero. An expression. `owner` names what it is a field of. */
export function standIn(module: Module, owner: string, field: idl.Field): Layout {
  const shape = fieldShape(field, module.settings.i64);
  const { value } = field;
  if (value === undefined) return zeroText(module, shape);
  const empty = (value.kind === "list" && value.elements.length === 0) || (value.kind === "map" && value.entries.length === 0);
  if (shape.kind === "scalar" || empty) return valueText(module, value, shape, field);
  // Long ones have a function of their own, so that codecs stay readable.
  const name = module.own(field, `default${upperFirst(owner)}${upperFirst(field.name)}`, (own) =>
    block(`function ${own}(): ${typeOf(module, shape, "read")} {`, [["return ", valueText(module, value, shape, field), ";"]]),
  );
  return `${name}()`;
}

/** The value of a field that nobody gave. An expression. */
export function zeroText(module: Module, shape: Shape): string {
  switch (shape.kind) {
    case "scalar":
      return shape.method === "binary" ? `${module.value("noBytes")}()` : ZEROS[shape.method];
    case "list":
      return "[]";
    case "set":
      return "new Set()";
    case "map":
      return "new Map()";
    case "struct": {
      const { definition } = shape;
      const name = module.own(definition, `zero${upperFirst(definition.name)}`, (own) =>
        block(`function ${own}(): ${module.ref(definition, "type")} {`, [
          ["return ", structText(module, new Map(), definition, definition), ";"],
        ]),
      );
      return `${name}()`;
    }
  }
}

/** The zero of each scalar, as text. */
export const ZEROS = {
  bool: "false",
  byte: "0",
  i16: "0",
  i32: "0",
  i64: "0n",
  i64Number: "0",
  i64String: '"0"',
  double: "0",
  string: '""',
  binary: "new Uint8Array()",
  uuid: '"00000000-0000-0000-0000-000000000000"',
} as const;

function numberText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value).replace("e+", "e");
}
