/** An exception: an `Error` class with the exception's fields, and a codec. */
import type { idl } from "@kiteline/thrift";
import { block, lines, type Layout } from "../layout.ts";
import { docOf } from "./comment.ts";
import type { Module } from "./module.ts";
import { isErrorMessage } from "./names.ts";
import { holdsItself } from "./presence.ts";
import { readRecord, structFields, type RecordField } from "./record.ts";
import { codecText, objectText, unknownMember, writeRecord } from "./struct.ts";
import { typeOf } from "./types.ts";

export function exceptionText(module: Module, exception: idl.Struct): Layout[] {
  const { keepUnknown } = module.settings;
  const name = module.names.of(exception);
  const init = module.names.of(exception, "Init");
  // An instance has whatever its constructor could put in, and an error always has a message.
  const fields = structFields(module, exception).map((one): RecordField => {
    const presence = isErrorMessage(exception, one.field) && one.presence === "optional" ? "default" : one.presence;
    return { ...one, presence };
  });
  const bare = fields.length === 0 && !keepUnknown;
  const result = (values: ReadonlyMap<RecordField, Layout>): Layout => [`new ${name}(`, bare ? "" : objectText(values, keepUnknown), ")"];
  const read = readRecord(module, { name: exception.name, fields, keepUnknown, holdsItself: holdsItself(exception), result });
  const instance = fields.map((one) => ({ ...one, mayBeLeftOut: one.presence === "optional" }));
  return [
    ...(bare ? [] : [lines([`/** What makes a ${name}. */`, initText(module, init, fields)])]),
    lines([...docOf(exception), classText(module, exception, fields)]),
    codecText(module, exception, name, writeRecord(module, exception, instance), block("read(inp) {", read)),
  ];
}

function initText(module: Module, init: string, fields: readonly RecordField[]): Layout {
  const members: Layout[] = fields.map(({ property, shape, mayBeLeftOut }) => {
    const type = typeOf(module, shape, "read");
    return mayBeLeftOut ? `${property}?: ${type} | undefined;` : `${property}: ${type};`;
  });
  if (module.settings.keepUnknown) members.push(unknownMember(module));
  return block(`export interface ${init} {`, members);
}

function classText(module: Module, exception: idl.Struct, fields: readonly RecordField[]): Layout {
  const { keepUnknown } = module.settings;
  const name = module.names.of(exception);
  const own = fields.filter((one) => !isErrorMessage(exception, one.field));
  const members: Layout[] = [`override readonly name = ${JSON.stringify(exception.name)};`];
  for (const { field, property, shape, presence } of own) {
    const type = typeOf(module, shape, "read");
    members.push(lines([...docOf(field), `${property}: ${presence === "optional" ? `${type} | undefined` : type};`]));
  }
  if (keepUnknown) members.push(unknownMember(module));
  if (fields.length > 0 || keepUnknown) members.push("", constructorText(module, exception, fields, own));
  return block(`export class ${name} extends Error {`, members);
}

function constructorText(module: Module, exception: idl.Struct, fields: readonly RecordField[], own: readonly RecordField[]): Layout {
  const given = (one: RecordField): Layout => {
    const from = `init.${one.property}`;
    return one.mayBeLeftOut && one.presence !== "optional" ? [`${from} ?? `, one.standIn()] : from;
  };
  const message = fields.find((one) => isErrorMessage(exception, one.field));
  const statements: Layout[] = [
    message === undefined ? "super();" : ["super(", given(message), ");"],
    ...own.map((one): Layout => [`this.${one.property} = `, given(one), ";"]),
  ];
  if (module.settings.keepUnknown) statements.push("this.$unknown = init.$unknown;");
  const init = module.names.of(exception, "Init");
  const parameter = fields.every((one) => one.mayBeLeftOut) ? `init: ${init} = {}` : `init: ${init}`;
  return block(`constructor(${parameter}) {`, statements);
}
