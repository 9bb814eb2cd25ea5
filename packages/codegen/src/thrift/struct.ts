/** A struct: an interface for what is read, another for what may be written where they differ, and a codec. */
import type { idl } from "@kiteline/thrift";
import { block, bracketed, clause, lines, type Layout } from "../layout.ts";
import { docOf } from "./comment.ts";
import type { Module } from "./module.ts";
import { holdsItself } from "./presence.ts";
import { readRecord, structFields, writeRecordField, type RecordField } from "./record.ts";
import { structInitDiffers, typeOf, type Use } from "./types.ts";

export function structText(module: Module, struct: idl.Struct): Layout[] {
  const { keepUnknown } = module.settings;
  const fields = structFields(module, struct);
  const name = module.names.of(struct);
  const differs = structInitDiffers(struct);
  const init = differs ? module.names.of(struct, "Init") : name;
  const texts: Layout[] = [lines([...docOf(struct), interfaceText(module, name, fields, "read")])];
  if (differs) {
    const doc = `/** What may be written as ${name}: fields that have a default may be left out. */`;
    texts.push(lines([doc, interfaceText(module, init, fields, "init")]));
  }
  const result = (values: ReadonlyMap<RecordField, Layout>): Layout => objectText(values, keepUnknown);
  const read = readRecord(module, { name: struct.name, fields, keepUnknown, holdsItself: holdsItself(struct), result });
  texts.push(
    codecText(module, struct, differs ? `${name}, ${init}` : name, writeRecord(module, struct, fields), block("read(inp) {", read)),
  );
  return texts;
}

/** The codec of a struct, union or exception. `write` and `read` are its methods. */
export function codecText(module: Module, struct: idl.Struct, types: string, write: Layout, read: Layout): Layout {
  const head = `export const ${module.names.of(struct, "Codec")}: ${module.type("StructCodec")}<${types}> = {`;
  return block(head, [`name: ${JSON.stringify(struct.name)},`, [write, ","], [read, ","]], "};");
}

/** The method that writes the fields of `value`. */
export function writeRecord(module: Module, struct: idl.Struct, fields: readonly RecordField[]): Layout {
  const statements = fields.flatMap((one) => writeRecordField(module, one, `value.${one.property}`));
  if (module.settings.keepUnknown) statements.push("out.unknown(value.$unknown);");
  if (struct.kind === "struct") statements.unshift(kindText(module, struct), ...someText(module, struct, fields));
  if (struct.kind === "exception") statements.unshift(instanceText(module, struct));
  const parameters = statements.length === 0 ? "out" : "out, value";
  return block(`write(${parameters}) {`, [`out.begin(${JSON.stringify(struct.name)});`, ...statements, "out.end();"]);
}

/** Asked here and not by the runtime: where a codec's values are all made alike, this is compiled to nothing. */
function kindText(module: Module, struct: idl.Struct): Layout {
  return clause("if (value.constructor !== Object)", `${module.value("requireStruct")}(${JSON.stringify(struct.name)}, value);`);
}

/** An exception is an error, but not any; one that is thrown has been found to be of its class, one in a field has not. */
function instanceText(module: Module, struct: idl.Struct): Layout {
  const check = `${module.value("requireStruct")}(${JSON.stringify(struct.name)}, value);`;
  return clause(`if (!(value instanceof ${module.names.of(struct)}))`, check);
}

/**
 * All fields may be left out, but hardly anybody means something that has none of them. Looked at only where one that those who set
 * anything are likely to set is absent.
 */
function someText(module: Module, struct: idl.Struct, fields: readonly RecordField[]): Layout[] {
  if (!fields.every((one) => one.mayBeLeftOut)) return [];
  const likely = fields.find((one) => one.field.requiredness !== "optional") ?? fields[0];
  if (likely === undefined) return [];
  const check = `${module.value("requireSome")}(${module.names.of(struct, "Codec")}, value);`;
  return [clause(`if (value.${likely.property} === undefined)`, check)];
}

function interfaceText(module: Module, name: string, fields: readonly RecordField[], use: Use): Layout {
  const members = fields.map((one) => {
    const { field, property, shape, presence } = one;
    const optional = use === "init" ? one.mayBeLeftOut : presence === "optional";
    const type = typeOf(module, shape, use);
    const member = `${property}${optional ? `?: ${type} | undefined` : `: ${type}`};`;
    return lines(use === "init" ? [member] : [...docOf(field), member]);
  });
  if (module.settings.keepUnknown) members.push(unknownMember(module));
  return block(`export interface ${name} {`, members);
}

/** Where fields are kept that the IDL does not know. */
export function unknownMember(module: Module): Layout {
  return lines(["/** Fields that are not in the IDL, as they came. */", `$unknown?: ${module.type("UnknownFields")} | undefined;`]);
}

/** An object of the fields that were read. */
export function objectText(values: ReadonlyMap<RecordField, Layout>, keepUnknown: boolean): Layout {
  const properties = [...values].map(([{ property }, value]): Layout => (value === property ? value : [`${property}: `, value]));
  return bracketed("{", keepUnknown ? [...properties, "$unknown"] : properties, "}", " ");
}
