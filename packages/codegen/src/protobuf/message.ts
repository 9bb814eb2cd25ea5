/** A message: an interface for what is read, another for what may be written where they differ, and a codec. */
import { schema } from "@kiteline/protobuf";
import { block, bracketed, clause, group, ifBroken, indent, join, line, lines, typeArguments, type Layout } from "../layout.ts";
import { commentAt, docAt } from "./comment.ts";
import { defaultsText, defaultText } from "./defaults.ts";
import type { Module } from "./module.ts";
import { readFields, zero } from "./read.ts";
import { fieldType, initDiffers, isAlwaysThere, type Use } from "./types.ts";
import { writeMembers } from "./write.ts";

export function messageText(module: Module, message: schema.MessageType): Layout[] {
  const name = module.names.of(message);
  const differs = initDiffers(message);
  const init = differs ? module.names.of(message, "Init") : name;
  const doc = docAt(message.file, message.path, message.proto.options?.deprecated);
  const texts: Layout[] = [lines([...doc, interfaceText(module, name, message, "read")])];
  if (differs) {
    const said = `/** What may be written as ${name}: fields that have a default may be left out. */`;
    texts.push(lines([said, interfaceText(module, init, message, "init")]));
  }
  texts.push(codecText(module, message, differs ? [name, init] : [name]));
  texts.push(...defaultsText(module, message));
  return texts;
}

function interfaceText(module: Module, name: string, message: schema.MessageType, use: Use): Layout {
  const members = message.members.map((member) => {
    if (schema.isOneof(member)) return lines([...(use === "init" ? [] : oneofDoc(message.file, member)), oneofMember(module, member, use)]);
    const type = fieldType(module, member, use);
    const optional = use === "init" ? member.presence !== "required" : !isAlwaysThere(member);
    const text = `${member.property}${optional ? `?: ${type} | undefined` : `: ${type}`};`;
    return use === "init" ? text : lines([...fieldDoc(member), text]);
  });
  const kept = `$unknown?: ${module.type("UnknownFields")} | undefined;`;
  members.push(use === "init" ? kept : lines(["/** Fields that the schema does not know, as they came. */", kept]));
  return block(`export interface ${name} {`, members);
}

function fieldDoc(field: schema.Field): Layout[] {
  const value = field.presence === "explicit" ? defaultText(field) : undefined;
  return docAt(field.file, field.path, field.proto.options?.deprecated, value === undefined ? [] : [`@defaultValue ${value}`]);
}

/** What is said about a oneof's fields stands above them all. */
function oneofDoc(file: schema.FileType, oneof: schema.Oneof): Layout[] {
  const said = oneof.fields.flatMap((field) => {
    const comment = commentAt(file, field.path);
    return comment.length === 0 ? [] : [`- \`${field.property}\`: ${comment.join("\n  ")}`];
  });
  return docAt(
    file,
    oneof.path,
    false,
    said.flatMap((each) => each.split("\n")),
  );
}

function oneofMember(module: Module, oneof: schema.Oneof, use: Use): Layout {
  const cases = [
    ...oneof.fields.map((field) => `{ case: ${JSON.stringify(field.property)}; value: ${fieldType(module, field, use)} }`),
    "{ case: undefined; value?: undefined }",
    ...(use === "init" ? ["undefined"] : []),
  ];
  const parts = cases.map((each, index): Layout => [index === 0 ? ifBroken("| ") : "| ", each]);
  return group([`${oneof.property}${use === "init" ? "?" : ""}:`, indent([line, join(line, parts)]), ";"]);
}

function codecText(module: Module, message: schema.MessageType, types: readonly string[]): Layout {
  const codec = module.names.of(message, "Codec");
  const write = [kindText(module), ...writeMembers(module, message), "out.unknown(value.$unknown);"];
  const read = [...readFields(module, message, "inp.unknown(tag, message);"), ...requiredChecks(message), "return message;"];
  return block(
    [`export const ${codec}: ${module.type("MessageCodec")}`, typeArguments(types), " = {"],
    [
      `name: ${JSON.stringify(message.name)},`,
      "file,",
      ["empty: () => (", emptyText(module, message), "),"],
      block("write(out, value) {", write, "},"),
      block(`read(inp, message = ${codec}.empty()) {`, read, "},"),
    ],
    "};",
  );
}

/** Asked here and not by the runtime: where a codec's values are all made alike, this is compiled to nothing. */
function kindText(module: Module): Layout {
  return clause("if (value.constructor !== Object)", `${module.value("requireMessage")}(value);`);
}

function emptyText(module: Module, message: schema.MessageType): Layout {
  const properties = message.members.map((member) => `${member.property}: ${emptyValue(module, member)}`);
  return bracketed("{", properties, "}", " ");
}

function emptyValue(module: Module, member: schema.Field | schema.Oneof): string {
  if (schema.isOneof(member)) return module.value("unset");
  if (member.cardinality === "repeated") return "[]";
  if (member.cardinality === "map") return "new Map()";
  if (member.presence === "required") return module.value("absent");
  return member.presence === "explicit" ? "undefined" : zero(module, member.shape);
}

function requiredChecks(message: schema.MessageType): Layout[] {
  return message.fields
    .filter((field) => field.presence === "required")
    .map(({ property, number }) => {
      const lacks = `inp.lacks(message, ${JSON.stringify(property)}, ${JSON.stringify(message.name)}, ${number});`;
      return clause(`if (message.${property} === undefined)`, lacks);
    });
}
