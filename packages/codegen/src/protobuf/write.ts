/** Statements that write fields. */
import { schema } from "@kiteline/protobuf";
import { below, block, clause, type Layout } from "../layout.ts";
import type { Module } from "./module.ts";

/** Writes what a message's object has, in the order of the numbers. */
export function writeMembers(module: Module, message: schema.MessageType): Layout[] {
  const first = (member: schema.Field | schema.Oneof): number =>
    schema.isOneof(member) ? Math.min(...member.fields.map((each) => each.number)) : member.number;
  return message.members
    .toSorted((a, b) => first(a) - first(b))
    .map((member) => (schema.isOneof(member) ? writeOneof(module, message, member) : writeField(module, member)));
}

/** Writes the field of `value`, if it is to be written. */
export function writeField(module: Module, field: schema.Field): Layout {
  const { cardinality, shape, presence } = field;
  const value = `value.${field.property}`;
  switch (cardinality) {
    case "singular": {
      const statements = writeOne(module, field.number, shape, value);
      if (presence === "required") return statements.length === 1 ? statements[0]! : block("{", statements);
      const condition = presence === "explicit" ? `${value} !== undefined` : `${value} !== undefined && ${isNotZero(shape, value)}`;
      return statements.length === 1 ? clause(`if (${condition})`, statements[0]!) : block(`if (${condition}) {`, statements);
    }
    case "repeated":
      return field.packed ? writePacked(module, field, value) : writeRepeated(module, field, value);
    case "map":
      return writeMap(module, field, value);
  }
}

/** A value of implicit presence is written unless it is zero; that -0 is something else. */
function isNotZero(shape: schema.Shape, value: string): string {
  if (shape.kind !== "scalar") return `${value} !== 0`;
  switch (shape.scalar) {
    case "double":
    case "float":
      return `!Object.is(${value}, 0)`;
    case "bool":
      return `${value} !== false`;
    case "string":
      return `${value} !== ""`;
    case "bytes":
      // Of null it is none: the writer refuses that.
      return `${value}?.byteLength !== 0`;
    case "int64":
    case "uint64":
    case "sint64":
    case "fixed64":
    case "sfixed64":
      return `${value} !== ${{ bigint: "0n", number: "0", string: '"0"' }[shape.i64]}`;
    case "int32":
    case "uint32":
    case "sint32":
    case "fixed32":
    case "sfixed32":
      return `${value} !== 0`;
  }
}

/** Writes one value with its tag. */
function writeOne(module: Module, number: number, shape: schema.Shape, value: string): Layout[] {
  const tag = schema.tagOf(number, schema.wireType(shape));
  if (shape.kind !== "message") return [`out.${methodOf(shape)}Field(${tag}, ${converted(module, shape, value)});`];
  const codec = module.ref(shape.message, "value", "Codec");
  const write = `${codec}.write(out, ${value});`;
  if (shape.delimited) return [`const mark = out.beginGroup(${tag});`, write, `out.endGroup(mark, ${tag}, ${value}, ${codec});`];
  return [`const mark = out.begin(${tag});`, write, `out.endMessage(mark, ${value}, ${codec});`];
}

function methodOf(shape: schema.ScalarShape | schema.EnumShape): string {
  return shape.kind === "enum" ? "int32" : shape.scalar;
}

function converted(module: Module, shape: schema.Shape, value: string): string {
  return (schema.i64Form(shape) ?? "bigint") === "bigint" ? value : `${module.value("toBigInt")}(${value})`;
}

function writeRepeated(module: Module, field: schema.Field, value: string): Layout {
  const statements = writeOne(module, field.number, field.shape, "each");
  const isText = field.shape.kind === "scalar" && field.shape.scalar === "string";
  const list = isText ? `out.strings(${schema.tagOf(field.number, schema.LEN)}, ${value})` : value;
  const loop = `for (const each of ${list})`;
  const body = statements.length === 1 ? clause(loop, statements[0]!) : block(`${loop} {`, statements);
  return block(`if (${value} !== undefined) {`, [body]);
}

function writePacked(module: Module, field: schema.Field, value: string): Layout {
  const shape = field.shape as schema.ScalarShape | schema.EnumShape;
  return block(`if (${value} !== undefined && ${value}.length !== 0) {`, [
    `const mark = out.begin(${schema.tagOf(field.number, schema.LEN)});`,
    `for (const each of ${value}) out.${methodOf(shape)}(${converted(module, shape, "each")});`,
    "out.end(mark);",
  ]);
}

function writeMap(module: Module, field: schema.Field, value: string): Layout {
  const { shape } = field;
  const inner = writeOne(module, 2, shape, "each");
  const loop = block(`for (const [key, each] of ${value}) {`, [
    `const entry = out.begin(${schema.tagOf(field.number, schema.LEN)});`,
    ...writeOne(module, 1, field.key!, "key"),
    ...inner,
    "out.end(entry);",
  ]);
  return block(`if (${value} !== undefined) {`, [loop]);
}

function writeOneof(module: Module, message: schema.MessageType, oneof: schema.Oneof): Layout {
  const value = `value.${oneof.property}`;
  const cases = oneof.fields.map((field) => {
    const statements = writeOne(module, field.number, field.shape, `${value}.value`);
    const head = `case ${JSON.stringify(field.property)}:`;
    return statements.length === 1 ? below(head, [...statements, "break;"]) : block(`${head} {`, [...statements, "break;"]);
  });
  cases.push(below("default:", [`${module.value("requireCase")}(${JSON.stringify(`${message.name}.${oneof.name}`)}, ${value});`]));
  return block(`switch (${value}?.case) {`, cases);
}
