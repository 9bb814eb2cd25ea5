/** Types as they are written in TypeScript. */
import { schema } from "@kiteline/protobuf";
import type { Module } from "./module.ts";

/** `read`: what a reader makes. `init`: what a writer accepts. */
export type Use = "read" | "init";

/** The type of one value. */
export function shapeType(module: Module, shape: schema.Shape, use: Use): string {
  switch (shape.kind) {
    case "scalar":
      return scalarType(shape);
    case "enum":
      return module.ref(shape.enum, "type");
    case "message":
      return module.ref(shape.message, "type", use === "init" && initDiffers(shape.message) ? "Init" : "itself");
  }
}

/** The type of a field that is there. */
export function fieldType(module: Module, field: schema.Field, use: Use): string {
  const one = shapeType(module, field.shape, use);
  switch (field.cardinality) {
    case "singular":
      return one;
    case "repeated":
      return use === "read" ? `${one}[]` : `readonly ${one}[]`;
    case "map":
      return `${use === "read" ? "Map" : "ReadonlyMap"}<${scalarType(field.key!)}, ${one}>`;
  }
}

export function scalarType(shape: schema.ScalarShape): string {
  switch (shape.scalar) {
    case "bool":
      return "boolean";
    case "string":
      return "string";
    case "bytes":
      return "Uint8Array";
    case "int64":
    case "uint64":
    case "sint64":
    case "fixed64":
    case "sfixed64":
      return shape.i64;
    case "double":
    case "float":
    case "int32":
    case "uint32":
    case "sint32":
    case "fixed32":
    case "sfixed32":
      return "number";
  }
}

/** Whether reading always gives a value for a singular field: it has no other state than that. */
export function isAlwaysThere(field: schema.Field): boolean {
  return field.cardinality !== "singular" || field.presence !== "explicit";
}

const INIT_DIFFERS = new WeakMap<schema.MessageType, boolean>();

/** Whether a writer accepts more than a reader makes, so that there are two types. */
export function initDiffers(message: schema.MessageType): boolean {
  let differs = INIT_DIFFERS.get(message);
  if (differs === undefined) {
    differs = [...reachable(message)].some(differsItself);
    INIT_DIFFERS.set(message, differs);
  }
  return differs;
}

function differsItself(message: schema.MessageType): boolean {
  return message.members.some((member) => schema.isOneof(member) || (isAlwaysThere(member) && member.presence !== "required"));
}

/** A message and all that may be in it. */
function reachable(message: schema.MessageType, found: Set<schema.MessageType> = new Set<schema.MessageType>()): Set<schema.MessageType> {
  if (found.has(message)) return found;
  found.add(message);
  for (const { shape } of message.fields) if (shape.kind === "message") reachable(shape.message, found);
  return found;
}
