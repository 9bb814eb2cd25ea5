/**
 * Types as codecs see them: typedefs looked through, enums are i32, and it is settled what an i64 is. A shape still
 * knows the typedef or enum it came from, so that types can be written by their names.
 */
import { idl } from "@kiteline/thrift";
import type { I64Form } from "./options.ts";

export type Shape = ScalarShape | ListShape | MapShape | StructShape;

interface Common {
  /** The typedef by whose name the type is written. */
  readonly alias: idl.Typedef | undefined;
  /** The constant of the runtime that names its type on the wire. */
  readonly wire: WireName;
}

export interface ScalarShape extends Common {
  readonly kind: "scalar";
  /** What reads and writes it is called. */
  readonly method: "bool" | "byte" | "i16" | "i32" | "i64" | "i64Number" | "i64String" | "double" | "string" | "binary" | "uuid";
  readonly enum: idl.Enum | undefined;
}

export interface ListShape extends Common {
  readonly kind: "list" | "set";
  readonly element: Shape;
}

export interface MapShape extends Common {
  readonly kind: "map";
  readonly key: Shape;
  readonly value: Shape;
}

export interface StructShape extends Common {
  readonly kind: "struct";
  readonly definition: idl.Struct;
}

/** Constants of `@kiteline/thrift/gen`, and the numbers they stand for. */
export const WIRE = {
  BOOL: 2,
  BYTE: 3,
  DOUBLE: 4,
  I16: 6,
  I32: 8,
  I64: 10,
  STRING: 11,
  STRUCT: 12,
  MAP: 13,
  SET: 14,
  LIST: 15,
  UUID: 16,
} as const;
export type WireName = keyof typeof WIRE;

const SCALARS: Readonly<Record<Exclude<idl.BaseType["kind"], "i64">, readonly [ScalarShape["method"], WireName]>> = {
  bool: ["bool", "BOOL"],
  byte: ["byte", "BYTE"],
  i16: ["i16", "I16"],
  i32: ["i32", "I32"],
  double: ["double", "DOUBLE"],
  string: ["string", "STRING"],
  binary: ["binary", "STRING"],
  uuid: ["uuid", "UUID"],
};

const I64_METHODS = { bigint: "i64", number: "i64Number", string: "i64String" } as const;

/** The shape of a field, whose own annotations say most about its i64s. */
export function fieldShape(field: idl.Field, i64: I64Form): Shape {
  return shapeOf(field.type, i64, formOf(field));
}

/** The shape of a type. `i64` is the form where nothing says another, `form` what a field or typedef around it says. */
export function shapeOf(type: idl.Type, i64: I64Form, form?: I64Form): Shape {
  switch (type.kind) {
    case "list":
      return { kind: "list", wire: "LIST", element: shapeOf(type.element, i64, form ?? formOf(type)), alias: undefined };
    case "set":
      return { kind: "set", wire: "SET", element: shapeOf(type.element, i64, form ?? formOf(type)), alias: undefined };
    case "map": {
      const inner = form ?? formOf(type);
      return { kind: "map", wire: "MAP", key: shapeOf(type.key, i64, inner), value: shapeOf(type.value, i64, inner), alias: undefined };
    }
    case "struct":
      return { kind: "struct", wire: "STRUCT", definition: type.definition, alias: undefined };
    case "enum":
      return { kind: "scalar", method: "i32", wire: "I32", enum: type.definition, alias: undefined };
    case "typedef": {
      const outer = form ?? formOf(type);
      const inner = shapeOf(type.definition.type, i64, outer ?? formOf(type.definition));
      // Under the typedef's name an i64 has the form that the typedef says.
      return { ...inner, alias: outer === undefined || !hasI64(inner) ? type.definition : undefined };
    }
    case "i64":
      return { kind: "scalar", method: I64_METHODS[form ?? formOf(type) ?? i64], wire: "I64", enum: undefined, alias: undefined };
    case "bool":
    case "byte":
    case "i16":
    case "i32":
    case "double":
    case "string":
    case "binary":
    case "uuid": {
      const [method, wire] = SCALARS[type.kind];
      return { kind: "scalar", method, wire, enum: undefined, alias: undefined };
    }
  }
}

/** What a typedef stands for. */
export function typedefShape(typedef: idl.Typedef, i64: I64Form): Shape {
  return shapeOf(typedef.type, i64, formOf(typedef));
}

/** What annotations say about i64s. Values of `js.type` that mean something to other tools are passed over. */
export function formOf(of: { readonly annotations: idl.Annotations }): I64Form | undefined {
  const named = idl.annotation(of, "js.type");
  if (named === "bigint" || named === "number" || named === "string") return named;
  // As Kitex has it: numbers in JavaScript cannot hold it, so that it becomes a string.
  const converted = idl.annotation(of, "api.js_conv");
  return converted === undefined || converted === "false" ? undefined : "string";
}

function hasI64(shape: Shape): boolean {
  switch (shape.kind) {
    case "scalar":
      return shape.wire === "I64";
    case "list":
    case "set":
      return hasI64(shape.element);
    case "map":
      return hasI64(shape.key) || hasI64(shape.value);
    case "struct":
      return false;
  }
}
