/** What structs, exceptions and arguments have in common: fields that are written and read one after the other. */
import type { idl } from "@kiteline/thrift";
import { assignment, type Layout } from "../layout.ts";
import type { Module } from "./module.ts";
import { propertyName } from "./names.ts";
import { isAlwaysPresent, mayBeLeftOut } from "./presence.ts";
import { readFieldInto, readFields } from "./read.ts";
import { fieldShape, type Shape } from "./shape.ts";
import { typeOf } from "./types.ts";
import { standIn } from "./values.ts";
import { loop, writeField } from "./write.ts";

export interface RecordField {
  readonly field: idl.Field;
  readonly shape: Shape;
  /** Its name in the object. */
  readonly property: string;
  /** The variable it is read into. */
  readonly variable: string;
  /** Once read: there, or the whole could not be read; there, since something stands in for it; there or not. */
  readonly presence: "required" | "default" | "optional";
  /** What stands in for it, when `presence` is `default` or it may be left out; an expression. */
  standIn(): Layout;
  /** Whether writing accepts that it is not there, though it is written then. */
  readonly mayBeLeftOut: boolean;
}

export function structFields(module: Module, struct: idl.Struct): RecordField[] {
  const variables = module.variables(struct.fields);
  return struct.fields.map((field) => ({
    field,
    shape: fieldShape(field, module.settings.i64),
    property: propertyName(struct, field),
    variable: variables.get(field)!,
    presence: field.requiredness === "required" ? "required" : isAlwaysPresent(struct, field) ? "default" : "optional",
    standIn: () => standIn(module, struct.name, field),
    mayBeLeftOut: mayBeLeftOut(field),
  }));
}

/** Writes one field of a record. `from` is the expression that gives it. */
export function writeRecordField(module: Module, one: RecordField, from: string): Layout[] {
  const { field, shape, variable, presence } = one;
  if (!one.mayBeLeftOut) return writeField(module, field.id, shape, from);
  const unset = field.requiredness === "optional" || presence === "optional" || (shape.kind === "struct" && field.value === undefined);
  if (unset) return [loop(`if (${from} !== undefined)`, writeField(module, field.id, shape, from))];
  if (shape.kind === "scalar") return writeField(module, field.id, shape, `${from} ?? ${String(emptyText(module, one) ?? one.standIn())}`);
  const empty = field.value === undefined;
  const type = empty && shape.kind !== "list" ? `: ${typeOf(module, shape, "init")}` : "";
  return [
    assignment(`const ${variable}${type}`, [`${from} ?? `, emptyText(module, one) ?? one.standIn()]),
    ...writeField(module, field.id, shape, variable),
  ];
}

/** What is written for a field without a default of its own, if it need not be made anew. */
function emptyText(module: Module, { field, shape }: RecordField): string | undefined {
  if (field.value !== undefined) return undefined;
  if (shape.kind === "set") return module.value("emptySet");
  if (shape.kind === "map") return module.value("emptyMap");
  return shape.kind === "scalar" && shape.method === "binary" ? module.value("emptyBytes") : undefined;
}

/** A record that is read. */
export interface RecordToRead {
  /** For the error when a required field does not come. */
  readonly name: string;
  readonly fields: readonly RecordField[];
  /** Whether fields that the IDL does not know are kept, in the variable `$unknown`. */
  readonly keepUnknown: boolean;
  readonly holdsItself: boolean;
  /** The expression that is returned, made of one for each field. */
  result(values: ReadonlyMap<RecordField, Layout>): Layout;
}

/** The statements that read a record. */
export function readRecord(module: Module, record: RecordToRead): Layout[] {
  const { name, fields, keepUnknown, holdsItself } = record;
  const toRead = fields.map(({ field, shape, variable }) => ({ field, shape, statements: readFieldInto(module, shape, variable, false) }));
  return [
    ...fields.map((one) => declaration(module, one)),
    ...(keepUnknown ? [`let $unknown: ${module.type("UnknownFields")} | undefined;`] : []),
    ...readFields(module, toRead, keepUnknown ? "inp.unknown(key, ($unknown ??= []));" : "inp.skip(key);", holdsItself),
    ...fields.filter((one) => one.presence === "required").map(({ field, variable }) => missing(module, name, field, variable)),
    ["return ", record.result(new Map(fields.map((one) => [one, valueOf(one)]))), ";"],
  ];
}

function missing(module: Module, name: string, field: idl.Field, variable: string): Layout {
  const error = `${module.value("missingField")}(${JSON.stringify(name)}, ${field.id}, ${JSON.stringify(field.name)})`;
  return loop(`if (${variable} === undefined)`, [`throw ${error};`]);
}

/** Scalars begin with what stands in for them; what would have to be made begins with nothing. */
function declaration(module: Module, one: RecordField): Layout {
  const { shape, variable } = one;
  if (!startsWithStandIn(one)) return `let ${variable}: ${typeOf(module, shape, "read")} | undefined;`;
  const type = shape.kind === "scalar" && shape.enum !== undefined ? `: ${typeOf(module, shape, "read")}` : "";
  return [`let ${variable}${type} = `, one.standIn(), ";"];
}

function startsWithStandIn({ presence, shape }: RecordField): boolean {
  return presence === "default" && shape.kind === "scalar" && shape.method !== "binary";
}

function valueOf(one: RecordField): Layout {
  const { variable, presence } = one;
  return presence === "default" && !startsWithStandIn(one) ? [`${variable} ?? `, one.standIn()] : variable;
}
