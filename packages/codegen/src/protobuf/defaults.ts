/** Defaults that a file gives to fields (proto2 and editions). A field that has not come is undefined: these are for who asks. */
import { schema } from "@kiteline/protobuf";
import { block, lines, type Layout } from "../layout.ts";
import { stringText } from "../words.ts";
import type { Module } from "./module.ts";

/** The constant that holds a message's defaults, if it has any. */
export function defaultsText(module: Module, message: schema.MessageType): Layout[] {
  const values = message.fields.flatMap((field) => {
    const value = defaultValue(field);
    return value === undefined
      ? []
      : [`${field.property}: ${value},${field.shape.kind === "enum" ? ` // ${field.proto.defaultValue ?? ""}` : ""}`];
  });
  if (values.length === 0) return [];
  const name = module.names.of(message, "Defaults");
  const said = `/** What fields of ${module.names.of(message)} count as when they are not there. */`;
  return [lines([said, block(`export const ${name} = {`, values, "} as const;")])];
}

/** A field's default as the file writes it, in one line. */
export function defaultText(field: schema.Field): string | undefined {
  const { defaultValue: value } = field.proto;
  if (value === undefined) return undefined;
  return field.shape.kind === "scalar" && field.shape.scalar === "string" ? JSON.stringify(value) : value;
}

function defaultValue(field: schema.Field): string | undefined {
  const { shape } = field;
  const text = field.proto.defaultValue;
  if (text === undefined || shape.kind === "message") return undefined;
  if (shape.kind === "enum") {
    const value = shape.enum.byName.get(text);
    return value === undefined ? undefined : String(value.number);
  }
  const form = schema.i64Form(shape);
  if (form !== undefined) return { bigint: `${text}n`, number: text, string: JSON.stringify(text) }[form];
  switch (shape.scalar) {
    case "string":
      return stringText(text);
    case "bytes":
      return undefined; // an array of bytes cannot be a constant
    case "double":
    case "float":
      return { inf: "Infinity", "-inf": "-Infinity", nan: "NaN" }[text] ?? text;
    default:
      return text;
  }
}
