/** Types as they are written in TypeScript. */
import { idl } from "@kiteline/thrift";
import type { Module } from "./module.ts";
import { isAlwaysPresent, mayBeLeftOut, reachable } from "./presence.ts";
import { fieldShape, typedefShape, type Shape } from "./shape.ts";

/** `read`: what a reader makes. `init`: what a writer accepts. `constant`: what nobody may change. */
export type Use = "read" | "init" | "constant";

const SCALARS = {
  bool: "boolean",
  byte: "number",
  i16: "number",
  i32: "number",
  i64: "bigint",
  i64Number: "number",
  i64String: "string",
  double: "number",
  string: "string",
  binary: "Uint8Array",
  uuid: "string",
} as const;

export function typeOf(module: Module, shape: Shape, use: Use): string {
  const { alias } = shape;
  if (alias !== undefined && (use !== "constant" || shape.kind === "scalar")) {
    return module.ref(alias, "type", use === "init" && initDiffers(shape) ? "Init" : "itself");
  }
  return ownTypeOf(module, shape, use);
}

/** The same, but not by the name of the shape's typedef. */
export function ownTypeOf(module: Module, shape: Shape, use: Use): string {
  switch (shape.kind) {
    case "scalar":
      return shape.enum === undefined ? SCALARS[shape.method] : module.ref(shape.enum, "type");
    case "list": {
      const element = typeOf(module, shape.element, use);
      if (use === "read") return `${element}[]`;
      return `readonly ${element.startsWith("readonly ") ? `(${element})` : element}[]`;
    }
    case "set":
      return `${use === "read" ? "Set" : "ReadonlySet"}<${typeOf(module, shape.element, use)}>`;
    case "map": {
      const [key, value] = [typeOf(module, shape.key, use), typeOf(module, shape.value, use)];
      return `${use === "read" ? "Map" : "ReadonlyMap"}<${key}, ${value}>`;
    }
    case "struct": {
      const { definition } = shape;
      const name = module.ref(definition, "type", use === "init" && initDiffers(shape) ? "Init" : "itself");
      return use === "constant" ? `Readonly<${name}>` : name;
    }
  }
}

/** Whether a writer accepts more than a reader makes, so that there are two types. */
export function initDiffers(shape: Shape): boolean {
  switch (shape.kind) {
    case "scalar":
      return false;
    case "list":
    case "set":
    case "map":
      return true; // also those that cannot be changed
    case "struct":
      return structInitDiffers(shape.definition);
  }
}

const STRUCT_INIT_DIFFERS = new WeakMap<idl.Struct, boolean>();

/** An exception is always given as an instance of its class. */
export function structInitDiffers(struct: idl.Struct): boolean {
  if (struct.kind === "exception") return false;
  let differs = STRUCT_INIT_DIFFERS.get(struct);
  if (differs === undefined) {
    differs = differsItself(struct) || [...reachable(struct, nested)].some(differsItself);
    STRUCT_INIT_DIFFERS.set(struct, differs);
  }
  return differs;
}

function nested(struct: idl.Struct): idl.Struct[] {
  return struct.fields.flatMap((field) => {
    const type = idl.plainType(field.type);
    return type.kind === "struct" && type.definition.kind !== "exception" ? [type.definition] : [];
  });
}

function differsItself(struct: idl.Struct): boolean {
  return struct.fields.some((field) => {
    const shape = fieldShape(field, "bigint");
    if (shape.kind !== "scalar" && shape.kind !== "struct") return true;
    return struct.kind !== "union" && isAlwaysPresent(struct, field) && mayBeLeftOut(field);
  });
}

/** Whether a typedef has a second type for what writers accept. */
export function typedefInitDiffers(typedef: idl.Typedef): boolean {
  return initDiffers(typedefShape(typedef, "bigint"));
}
