/** Fields: of messages, oneofs and extensions; maps and groups. */
import { Edition, FieldLabel, FieldType, type DescriptorProto, type FieldDescriptorProto } from "./descriptor.ts";
import { jsonNameOf, mapEntryNameOf } from "./names.ts";
import { parseNumber } from "./parse-numbers.ts";
import { parseOptionList, parseOptionValue } from "./parse-options.ts";
import type { Parsing } from "./parsing.ts";
import { textOf } from "./strings.ts";
import type { OptionsSyntax, Place } from "./syntax.ts";
import type { Token, Word } from "./tokens.ts";

const SCALARS: Readonly<Record<string, number>> = {
  double: FieldType.DOUBLE,
  float: FieldType.FLOAT,
  int64: FieldType.INT64,
  uint64: FieldType.UINT64,
  int32: FieldType.INT32,
  fixed64: FieldType.FIXED64,
  fixed32: FieldType.FIXED32,
  bool: FieldType.BOOL,
  string: FieldType.STRING,
  bytes: FieldType.BYTES,
  uint32: FieldType.UINT32,
  sfixed32: FieldType.SFIXED32,
  sfixed64: FieldType.SFIXED64,
  sint32: FieldType.SINT32,
  sint64: FieldType.SINT64,
};
const LABELS: Readonly<Record<string, number>> = {
  optional: FieldLabel.OPTIONAL,
  required: FieldLabel.REQUIRED,
  repeated: FieldLabel.REPEATED,
};

/** What a field stands in. */
export interface FieldHome {
  readonly scope: string;
  readonly kind: "message" | "oneof" | "extend";
  readonly fields: FieldDescriptorProto[];
  /** Where entries of maps, and groups, are put. */
  readonly messages: DescriptorProto[];
  readonly oneofIndex?: number;
  readonly extendee?: Word;
  /** Reads `{ ... }` of a group: messages hold fields, and fields of this old kind hold messages. */
  readonly parseBody: (parsing: Parsing, message: DescriptorProto, scope: string) => void;
}

/** What no message has yet. */
export function emptyMessage(name: string): DescriptorProto {
  return {
    name,
    field: [],
    nestedType: [],
    enumType: [],
    extensionRange: [],
    extension: [],
    oneofDecl: [],
    reservedRange: [],
    reservedName: [],
  };
}

/** Until the type is looked up, a field that names one has type 0. */
export const UNKNOWN_TYPE = 0;

export function parseField(parsing: Parsing, home: FieldHome): void {
  const { cursor } = parsing;
  const first = cursor.at;
  const label = Object.hasOwn(LABELS, cursor.next.text) ? cursor.take() : undefined;
  checkLabel(parsing, home, label);
  const isMap = cursor.is("map") && cursor.second.text === "<";
  const isGroup = cursor.is("group") && cursor.second.kind === "word";
  const type = isMap || isGroup ? cursor.take() : cursor.path(label === undefined ? expectedIn(home) : "a type", true);
  const entry = isMap ? parseMapTypes(parsing, home, label) : undefined;
  const name = cursor.name("the name of the field");
  cursor.expect("=");
  const number = parseNumber(cursor, "the number of the field");

  const field: FieldDescriptorProto = {
    name: isGroup ? name.text.toLowerCase() : name.text,
    number: number.value,
    label: entry === undefined ? LABELS[label?.text ?? "optional"]! : FieldLabel.REPEATED,
    type: UNKNOWN_TYPE,
    jsonName: "",
  };
  field.jsonName = jsonNameOf(field.name);
  if (home.extendee !== undefined) field.extendee = home.extendee.text;
  if (home.oneofIndex !== undefined) field.oneofIndex = home.oneofIndex;
  if (label?.text === "optional" && parsing.edition === Edition.EDITION_PROTO3) {
    // Extensions have presence anyway; marked they are all the same.
    field.proto3Optional = true;
  }
  if (entry !== undefined) {
    entry.name = mapEntryNameOf(name.text);
    field.typeName = entry.name;
    field.type = FieldType.MESSAGE;
    home.messages.push(entry);
    parsing.places.set(entry, { first, opened: cursor.at, name });
  } else if (Object.hasOwn(SCALARS, type.text)) field.type = SCALARS[type.text]!;
  else field.typeName = isGroup ? name.text : type.text;
  if (isGroup) field.type = FieldType.GROUP;

  const place: Place = {
    first,
    opened: cursor.at,
    name,
    number: number.word,
    type: isGroup ? name : type,
    ...(home.extendee === undefined ? {} : { extendee: home.extendee }),
  };
  parsing.places.set(field, place);
  const options = parsing.optionsOf("FieldOptions", home.scope, field);
  parseOptionList(cursor, options.settings, (each) => parseSpecial(parsing, each, field, place));
  parsing.keep(options);
  if (entry !== undefined) keepFeatures(parsing, options, entry);
  home.fields.push(field);
  place.opened = cursor.at;
  if (isGroup) parseGroup(parsing, home, name, first);
  else cursor.expect(";");
}

function expectedIn(home: FieldHome): string {
  return home.kind === "message" ? "a field, message, enum, extend, extensions, reserved, oneof or option" : "a field";
}

function checkLabel({ cursor, edition, hasFeatures }: Parsing, home: FieldHome, label: Token | undefined): void {
  if (home.kind === "oneof") {
    if (label !== undefined) cursor.complain(label, "fields of a oneof have no label: at most one of them is set");
    return;
  }
  if (hasFeatures) {
    if (label?.text === "optional")
      cursor.complain(label, "editions have no optional: every field knows its presence unless features say otherwise");
    if (label?.text === "required") cursor.complain(label, "editions have no required: write [features.field_presence = LEGACY_REQUIRED]");
  } else if (edition === Edition.EDITION_PROTO3) {
    if (label?.text === "required") cursor.complain(label, "proto3 has no required fields");
  } else if (label === undefined && !(cursor.is("map") && cursor.second.text === "<") && cursor.next.kind === "word") {
    const follows = cursor.second;
    if (follows.kind === "word" || follows.text === ".")
      cursor.complain(cursor.next, "expected optional, required or repeated: proto2 fields have a label");
  }
}

function parseMapTypes(parsing: Parsing, home: FieldHome, label: Token | undefined): DescriptorProto {
  const { cursor } = parsing;
  if (label !== undefined) throw cursor.report(label, "a map has no label: it is repeated by nature");
  if (home.kind === "oneof") throw cursor.report(cursor.last, "a oneof cannot hold maps: wrap the map in a message");
  if (home.kind === "extend") throw cursor.report(cursor.last, "an extension cannot be a map: wrap the map in a message");
  const entry = emptyMessage("");
  entry.options = { mapEntry: true, uninterpretedOption: [] };
  cursor.expect("<");
  const keyType = cursor.path("the type of the keys", true);
  cursor.expect(",");
  const valueType = cursor.path("the type of the values", true);
  cursor.expect(">");
  for (const [index, type] of [keyType, valueType].entries()) {
    const name = index === 0 ? "key" : "value";
    const field: FieldDescriptorProto = { name, number: index + 1, label: FieldLabel.OPTIONAL, type: UNKNOWN_TYPE, jsonName: name };
    if (Object.hasOwn(SCALARS, type.text)) field.type = SCALARS[type.text]!;
    else field.typeName = type.text;
    parsing.places.set(field, { first: cursor.at, opened: cursor.at, name: type, type });
    entry.field.push(field);
  }
  return entry;
}

/** Features of a map are those of its keys and values, too. */
function keepFeatures(parsing: Parsing, { scope, settings }: OptionsSyntax, entry: DescriptorProto): void {
  const features = settings.filter(({ name: [first] }) => first?.word.text === "features" && !first.extension);
  parsing.keep({ ...parsing.optionsOf("FieldOptions", scope, ...entry.field), settings: features });
}

function parseGroup(parsing: Parsing, home: FieldHome, name: Token, first: number): void {
  const { cursor } = parsing;
  if (parsing.edition !== Edition.EDITION_PROTO2) {
    cursor.complain(name, "only proto2 has groups: write a message, in editions with [features.message_encoding = DELIMITED]");
  }
  if (!/^[A-Z]/.test(name.text)) cursor.complain(name, "the name of a group must begin with a capital letter");
  const message = emptyMessage(name.text);
  home.messages.push(message);
  parsing.places.set(message, { first, opened: cursor.at, name });
  home.parseBody(parsing, message, home.scope);
}

/** `default` and `json_name` are written like options, and are none. */
function parseSpecial(parsing: Parsing, name: Token, field: FieldDescriptorProto, place: Place): boolean {
  const { cursor } = parsing;
  if (cursor.second.text !== "=") return false;
  if (name.text === "default") {
    cursor.take();
    cursor.expect("=");
    if (place.defaultValue !== undefined) throw cursor.report(name, `${field.name} has two defaults`);
    place.defaultValue = parseOptionValue(cursor);
    return true;
  }
  if (name.text !== "json_name") return false;
  cursor.take();
  cursor.expect("=");
  const { text, word } = textOf(cursor, "the name in JSON in quotes");
  if (place.jsonName !== undefined) throw cursor.report(name, `${field.name} has two names in JSON`);
  if (field.extendee !== undefined) throw cursor.report(name, "extensions have no name of their own in JSON");
  place.jsonName = word;
  field.jsonName = text;
  return true;
}
