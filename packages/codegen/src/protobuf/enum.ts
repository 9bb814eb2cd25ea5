/** An enum is an object of numbers, and a type that also admits numbers that have no name yet. */
import type { schema } from "@kiteline/protobuf";
import { block, lines, type Layout } from "../layout.ts";
import { docAt } from "./comment.ts";
import type { Module } from "./module.ts";
import { valueNames } from "./names.ts";

export function enumText(module: Module, type: schema.EnumType): Layout {
  const name = module.names.of(type);
  const names = valueNames(type);
  const members = type.values.map((value, index) =>
    lines([...docAt(type.file, [...type.path, 2, index], value.proto.options?.deprecated), `${names.get(value)!}: ${value.number},`]),
  );
  return lines([
    ...docAt(type.file, type.path, type.proto.options?.deprecated),
    block(`export const ${name} = {`, members, "} as const;"),
    `export type ${name} = (typeof ${name})[keyof typeof ${name}] | (number & {});`,
  ]);
}
