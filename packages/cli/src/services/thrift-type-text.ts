/** Types of Thrift as IDL declares them. */
import { idl } from "@kiteline/thrift";

export function thriftTypeText(type: idl.Struct | idl.Enum): string {
  const lines = type.kind === "enum" ? type.members.map(({ name, value }) => `${name} = ${value}`) : type.fields.map(fieldLine);
  return [`${type.kind} ${type.name} {`, ...lines.map((line) => `  ${line}`), "}"].join("\n");

  function fieldLine({ id, requiredness, type: each, name }: idl.Field): string {
    return `${id}: ${requiredness === "default" || type.kind === "union" ? "" : `${requiredness} `}${idl.typeText(each, type.document)} ${name}`;
  }
}
