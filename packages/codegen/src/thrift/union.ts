/** A union: `{ case, value }`, told apart by `case`, and a codec. */
import type { idl } from "@kiteline/thrift";
import { below, block, bracketed, group, ifBroken, indent, join, line, lines, type Layout } from "../layout.ts";
import { docOf } from "./comment.ts";
import type { Module } from "./module.ts";
import { holdsItself } from "./presence.ts";
import { isExpression, readFieldExpression, readFieldInto, readFields } from "./read.ts";
import { fieldShape, type Shape } from "./shape.ts";
import { codecText } from "./struct.ts";
import { structInitDiffers, typeOf, type Use } from "./types.ts";
import { writeField } from "./write.ts";

interface Member {
  readonly field: idl.Field;
  readonly shape: Shape;
}

export function unionText(module: Module, union: idl.Struct): Layout[] {
  const members = union.fields.map((field) => ({ field, shape: fieldShape(field, module.settings.i64) }));
  const name = module.names.of(union);
  const differs = structInitDiffers(union);
  const texts: Layout[] = [lines([...docOf(union, memberDocs(union)), typeText(module, name, members, "read")])];
  if (differs) {
    const doc = `/** What may be written as ${name}: fields that have a default may be left out. */`;
    texts.push(lines([doc, typeText(module, module.names.of(union, "Init"), members, "init")]));
  }
  const types = differs ? `${name}, ${module.names.of(union, "Init")}` : name;
  texts.push(
    codecText(module, union, types, writeText(module, union, members), block("read(inp) {", readStatements(module, union, members))),
  );
  return texts;
}

/** What is said about members stands above them all: formatters have their own mind about comments between cases. */
function memberDocs(union: idl.Struct): string[] {
  return union.fields.flatMap((field) =>
    field.comment === undefined ? [] : [`- \`${field.name}\`: ${field.comment.replaceAll("\n", "\n  ")}`],
  );
}

function typeText(module: Module, name: string, members: readonly Member[], use: Use): Layout {
  const cases: Layout[] = members.map(({ field, shape }, index) => [
    index === 0 ? ifBroken("| ") : "| ",
    `{ case: ${JSON.stringify(field.name)}; value: ${typeOf(module, shape, use)} }`,
  ]);
  if (module.settings.keepUnknown)
    cases.push(`${cases.length === 0 ? "" : "| "}{ case: "$unknown"; value: ${module.type("UnknownFields")} }`);
  if (cases.length === 0) return `export type ${name} = never;`;
  return group([`export type ${name} =`, indent([line, join(line, cases)]), ";"]);
}

function writeText(module: Module, union: idl.Struct, members: readonly Member[]): Layout {
  const cases = members.map(({ field, shape }) => {
    const statements = writeField(module, field.id, shape, "value.value");
    return below(`case ${JSON.stringify(field.name)}:`, [...statements, "break;"]);
  });
  if (module.settings.keepUnknown) cases.push(below('case "$unknown":', ["out.unknown(value.value);", "break;"]));
  const wrong: Layout = ["throw ", bracketed(`${module.value("wrongCase")}(`, wrongCaseArguments(union.name, members), ")"), ";"];
  cases.push(below("default:", [wrong]));
  const statements = [`out.begin(${JSON.stringify(union.name)});`, block("switch (value.case) {", cases), "out.end();"];
  if (members.length > 0 || module.settings.keepUnknown) return block("write(out, value) {", statements);
  return block("write(_out, value) {", [wrong]);
}

function wrongCaseArguments(name: string, members: readonly Member[]): Layout[] {
  const given = [JSON.stringify(name), "value"];
  return members.length === 0
    ? given
    : [
        ...given,
        bracketed(
          "[",
          members.map(({ field }) => JSON.stringify(field.name)),
          "]",
        ),
      ];
}

/** Of several members the last one counts, as elsewhere. */
function readStatements(module: Module, union: idl.Struct, members: readonly Member[]): Layout[] {
  const { keepUnknown } = module.settings;
  const toRead = members.map(({ field, shape }) => {
    const assign = (value: string): string => `value = { case: ${JSON.stringify(field.name)}, value: ${value} };`;
    if (isExpression(shape)) return { field, shape, statements: [assign(readFieldExpression(module, shape))] };
    return { field, shape, statements: [...readFieldInto(module, shape, "member", true), assign("member")] };
  });
  const end = [`if (value === undefined) throw ${module.value("emptyUnion")}(${JSON.stringify(union.name)});`, "return value;"];
  const variable = `let value: ${module.names.of(union)} | undefined;`;
  if (!keepUnknown) return [variable, ...readFields(module, toRead, "inp.skip(key);", holdsItself(union)), ...end];
  return [
    variable,
    `let $unknown: ${module.type("UnknownFields")} | undefined;`,
    ...readFields(module, toRead, "inp.unknown(key, ($unknown ??= []));", holdsItself(union)),
    'if (value === undefined && $unknown !== undefined) value = { case: "$unknown", value: $unknown };',
    ...end,
  ];
}
