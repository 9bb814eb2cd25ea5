/** Enums, typedefs and constants. */
import type { idl } from "@kiteline/thrift";
import { assignment, block, lines, type Layout } from "../layout.ts";
import { docOf } from "./comment.ts";
import type { Module } from "./module.ts";
import { formOf, shapeOf, typedefShape } from "./shape.ts";
import { initDiffers, ownTypeOf, typeOf } from "./types.ts";
import { valueText } from "./values.ts";

/** An enum is an object of numbers, and a type that also admits numbers that have no name yet. */
export function enumText(module: Module, one: idl.Enum): Layout[] {
  const name = module.names.of(one);
  const members = one.members.map((member) => lines([...docOf(member), `${member.name}: ${member.value},`]));
  return [
    lines([
      ...docOf(one),
      block(`export const ${name} = {`, members, "} as const;"),
      `export type ${name} = (typeof ${name})[keyof typeof ${name}] | (number & {});`,
    ]),
  ];
}

export function typedefText(module: Module, typedef: idl.Typedef): Layout[] {
  const shape = typedefShape(typedef, module.settings.i64);
  // By the name of another typedef, if it is one of that.
  const write = typedef.type.kind === "typedef" && shape.alias !== undefined ? typeOf : ownTypeOf;
  const texts: Layout[] = [lines([...docOf(typedef), `export type ${module.names.of(typedef)} = ${write(module, shape, "read")};`])];
  if (initDiffers(shape)) {
    texts.push(`export type ${module.names.of(typedef, "Init")} = ${write(module, shape, "init")};`);
  }
  return texts;
}

export function constantText(module: Module, constant: idl.Constant): Layout[] {
  const shape = shapeOf(constant.type, module.settings.i64, formOf(constant));
  const type = typeOf(module, shape, "constant");
  const value = valueText(module, constant.value, shape, constant);
  const head = `export const ${module.names.of(constant)}: ${type}`;
  if (shape.kind === "scalar") {
    // A long text stands on a line of its own.
    const isText = typeof value === "string" && /^["']/.test(value);
    return [lines([...docOf(constant), isText ? assignment(head, value) : [`${head} = `, value, ";"]])];
  }
  // Maps and sets cannot be frozen; their types say that they are not to be changed.
  const text =
    shape.kind === "map" || shape.kind === "set" ? [`${head} = `, value, ";"] : [`${head} = ${module.value("frozen")}(`, value, ");"];
  return [lines([...docOf(constant), text])];
}
