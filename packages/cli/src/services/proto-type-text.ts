/** Types of Protobuf as a .proto file declares them, with names in full. */
import { schema } from "@kiteline/protobuf";

export function protoTypeText(type: schema.MessageType | schema.EnumType): string {
  const lines = type.kind === "enum" ? type.values.map(({ name, number }) => `${name} = ${number};`) : type.members.flatMap(memberLines);
  return [`${type.kind} ${type.name} {`, ...lines.map((line) => `  ${line}`), "}"].join("\n");
}

function memberLines(member: schema.Field | schema.Oneof): string[] {
  if (!schema.isOneof(member)) return [fieldLine(member)];
  return [`oneof ${member.name} {`, ...member.fields.map((field) => `  ${fieldLine(field)}`), "}"];
}

function fieldLine(field: schema.Field): string {
  const { name, number, shape, key, proto } = field;
  const type = key === undefined ? typeName(shape) : `map<${key.scalar}, ${typeName(shape)}>`;
  const fallback = proto.defaultValue === undefined ? "" : ` [default = ${proto.defaultValue}]`;
  return `${labelOf(field)}${type} ${name} = ${number}${fallback};`;
}

/** A message inside is there or not anyway, so that nothing has to say it. */
function labelOf({ cardinality, presence, oneof, shape }: schema.Field): string {
  if (cardinality === "repeated") return "repeated ";
  if (cardinality === "map" || oneof !== undefined) return "";
  if (presence === "required") return "required ";
  return presence === "explicit" && shape.kind !== "message" ? "optional " : "";
}

function typeName(shape: schema.Shape): string {
  return shape.kind === "scalar" ? shape.scalar : shape.kind === "enum" ? shape.enum.name : shape.message.name;
}
