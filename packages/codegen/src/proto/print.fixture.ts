/** Descriptors back to `.proto` text, as far as random ones go: to see that parsing gives the same again. */
import type {
  DescriptorProto,
  EnumDescriptorProto,
  FieldDescriptorProto,
  FileDescriptorProto,
  MethodDescriptorProto,
} from "./descriptor.ts";

const TYPES = [
  "",
  "double",
  "float",
  "int64",
  "uint64",
  "int32",
  "fixed64",
  "fixed32",
  "bool",
  "string",
  "group",
  "",
  "bytes",
  "uint32",
  "",
  "sfixed32",
  "sfixed64",
  "sint32",
  "sint64",
];
const LABELS = ["", "optional ", "required ", "repeated "];

/** The words of a file; where a space stands, spaces and comments of any kind may. */
export function printed(file: FileDescriptorProto): string {
  const scope = file.package === undefined ? "" : `.${file.package}`;
  return [
    file.syntax === "editions" ? 'edition = "2023" ;' : `syntax = "${file.syntax ?? "proto2"}" ;`,
    ...(file.package === undefined ? [] : [`package ${file.package.replaceAll(".", " . ")} ;`]),
    ...file.enumType.map(enumText),
    ...file.messageType.map((each) => messageText(file, each, `${scope}.${each.name}`)),
    ...file.service.map((each) => `service ${each.name} { ${each.method.map(methodText).join(" ")} }`),
  ].join(" ");
}

function methodText(method: MethodDescriptorProto): string {
  const stream = (streams: boolean | undefined): string => (streams === true ? "stream " : "");
  return `rpc ${method.name} ( ${stream(method.clientStreaming)}${method.inputType} ) returns ( ${stream(method.serverStreaming)}${method.outputType} ) ;`;
}

function enumText(descriptor: EnumDescriptorProto): string {
  const alias = descriptor.options?.allowAlias === true ? "option allow_alias = true ; " : "";
  const values = descriptor.value.map(
    (each) => `${each.name} = ${each.number}${each.options?.deprecated === true ? " [ deprecated = true ]" : ""} ;`,
  );
  return `enum ${descriptor.name} { ${alias}${values.join(" ")} }`;
}

function messageText(file: FileDescriptorProto, message: DescriptorProto, fullName: string): string {
  const entries = new Map(
    message.nestedType.filter((each) => each.options?.mapEntry === true).map((each) => [`${fullName}.${each.name}`, each]),
  );
  const field = (each: FieldDescriptorProto): string => fieldText(file, each, entries.get(each.typeName ?? ""));
  const oneofs = message.oneofDecl.flatMap((oneof, index) => {
    const own = message.field.filter((each) => each.oneofIndex === index && each.proto3Optional !== true);
    return own.length === 0 ? [] : [`oneof ${oneof.name} { ${own.map(field).join(" ")} }`];
  });
  const reserved = message.reservedRange.map(({ start, end }) => `reserved ${start} to ${end - 1} ;`);
  return [
    `message ${message.name} {`,
    ...reserved,
    ...message.nestedType
      .filter((each) => each.options?.mapEntry !== true)
      .map((each) => messageText(file, each, `${fullName}.${each.name}`)),
    ...message.field.filter((each) => each.oneofIndex === undefined || each.proto3Optional === true).map(field),
    ...oneofs,
    "}",
  ].join(" ");
}

function fieldText(file: FileDescriptorProto, field: FieldDescriptorProto, entry: DescriptorProto | undefined): string {
  const options = [
    ...(field.defaultValue === undefined
      ? []
      : [
          `default = ${field.type === 9 ? quoted(field.defaultValue) : field.type === 12 ? `"${field.defaultValue.replaceAll(" ", "\\040")}"` : field.defaultValue}`,
        ]),
    ...(field.options?.deprecated === true ? ["deprecated = true"] : []),
    ...(field.options?.packed === undefined ? [] : [`packed = ${field.options.packed}`]),
  ];
  const [key, value] = entry?.field ?? [];
  const type = key !== undefined && value !== undefined ? `map < ${typeText(key)} , ${typeText(value)} >` : typeText(field);
  const labelled =
    entry === undefined &&
    (field.label === 3 || field.proto3Optional === true || (file.syntax === undefined && field.oneofIndex === undefined));
  const list = options.length === 0 ? "" : ` [ ${options.join(" , ")} ]`;
  return `${labelled ? LABELS[field.label] : ""}${type} ${field.name} = ${field.number}${list} ;`;
}

function typeText(field: FieldDescriptorProto): string {
  return field.typeName ?? TYPES[field.type]!;
}

function quoted(text: string): string {
  // A space is written as an escape: what stands between words is changed.
  return `"${text.replace(/["\\\n\r\t ]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`)}"`;
}
