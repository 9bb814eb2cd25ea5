/** `message` and `extend`, and what only messages hold: oneofs, extension ranges. */
import {
  Edition,
  Visibility,
  type DescriptorProto,
  type ExtensionRange,
  type FieldDescriptorProto,
  type OneofDescriptorProto,
  type EnumDescriptorProto,
} from "./descriptor.ts";
import { within } from "./names.ts";
import { emptyMessage, parseField, type FieldHome } from "./parse-field.ts";
import { parseEnum, parseReserved } from "./parse-enum.ts";
import { MAX_FIELD_NUMBER, parseRanges } from "./parse-numbers.ts";
import { parseOptionList, parseOptionStatement } from "./parse-options.ts";
import type { Parsing } from "./parsing.ts";
import type { Place } from "./syntax.ts";

/** A message or an enum, with what editions may say before it about who may use it. */
export function parseType(parsing: Parsing, scope: string, messages: DescriptorProto[], enums: EnumDescriptorProto[]): void {
  const { cursor } = parsing;
  const first = cursor.at;
  const keyword = cursor.is("export") || cursor.is("local") ? cursor.take() : undefined;
  if (keyword !== undefined && parsing.edition < Edition.EDITION_2024) {
    cursor.complain(keyword, `${keyword.text} can be said from edition 2024 on`);
  }
  const visibility =
    keyword === undefined ? undefined : keyword.text === "local" ? Visibility.VISIBILITY_LOCAL : Visibility.VISIBILITY_EXPORT;
  if (cursor.accept("message")) messages.push(parseMessage(parsing, scope, first, visibility));
  else if (cursor.accept("enum")) enums.push(parseEnum(parsing, scope, first, visibility));
  else throw cursor.unexpected("message or enum");
}

/** Parses what follows the keyword. `first` is the index of the statement's first token. */
function parseMessage(parsing: Parsing, scope: string, first: number, visibility: number | undefined): DescriptorProto {
  const { cursor } = parsing;
  const name = cursor.name("the name of the message");
  const made = emptyMessage(name.text);
  if (visibility !== undefined) made.visibility = visibility;
  const place: Place = { first, opened: cursor.at, name };
  parsing.places.set(made, place);
  parseMessageBody(parsing, made, scope);
  place.last = cursor.at - 1;
  return made;
}

/** `{ ... }` of a message or group that stands in `scope`. */
function parseMessageBody(parsing: Parsing, made: DescriptorProto, scope: string): void {
  const { cursor } = parsing;
  const options = parsing.optionsOf("MessageOptions", scope, made);
  const inside = within(scope, made.name);
  const home: FieldHome = { scope: inside, fields: made.field, messages: made.nestedType, kind: "message", parseBody: parseMessageBody };
  cursor.nested(() =>
    cursor.body(() => {
      switch (cursor.next.text) {
        case ";":
          cursor.take();
          return;
        case "option":
          options.settings.push(parseOptionStatement(cursor));
          return;
        case "message":
        case "enum":
        case "export":
        case "local":
          return parseType(parsing, inside, made.nestedType, made.enumType);
        case "extend":
          return parseExtend(parsing, inside, made.extension, made.nestedType);
        case "extensions":
          return parseExtensionRanges(parsing, made, inside);
        case "reserved":
          return parseReserved(parsing, made, false);
        case "oneof":
          return parseOneof(parsing, made, home);
        default:
          parseField(parsing, home);
      }
    }),
  );
  addSyntheticOneofs(made);
  parsing.keep(options);
}

function parseOneof(parsing: Parsing, message: DescriptorProto, home: FieldHome): void {
  const { cursor } = parsing;
  const first = cursor.at;
  cursor.expect("oneof");
  const name = cursor.name("the name of the oneof");
  const made: OneofDescriptorProto = { name: name.text };
  const oneofIndex = message.oneofDecl.push(made) - 1;
  parsing.places.set(made, { first, opened: cursor.at, name });
  const options = parsing.optionsOf("OneofOptions", home.scope, made);
  cursor.body(() => {
    if (cursor.accept(";")) return;
    if (cursor.is("option")) options.settings.push(parseOptionStatement(cursor));
    else parseField(parsing, { ...home, kind: "oneof", oneofIndex });
  });
  parsing.keep(options);
}

/** `optional` in proto3 is a oneof of its own, so that everybody knows of its presence. They stand behind all others. */
function addSyntheticOneofs(message: DescriptorProto): void {
  const optional = message.field.filter((each) => each.proto3Optional === true);
  if (optional.length === 0) return;
  const taken = new Set([...message.field, ...message.oneofDecl].map((each) => each.name));
  for (const field of optional) {
    let name = field.name.startsWith("_") ? field.name : `_${field.name}`;
    while (taken.has(name)) name = `X${name}`;
    taken.add(name);
    field.oneofIndex = message.oneofDecl.push({ name }) - 1;
  }
}

function parseExtensionRanges(parsing: Parsing, message: DescriptorProto, scope: string): void {
  const { cursor } = parsing;
  const first = cursor.at;
  cursor.expect("extensions");
  const ranges = parseRanges(cursor, false).map(({ start, end, max, word }) => {
    // Message sets may have larger numbers, which is known when their options are.
    const range: ExtensionRange = { start, end: (max ? MAX_FIELD_NUMBER : end) + 1 };
    parsing.places.set(range, { first, opened: cursor.at, name: word, ...(max ? { toMax: true } : {}) });
    return range;
  });
  message.extensionRange.push(...ranges);
  const options = parsing.optionsOf("ExtensionRangeOptions", scope, ...ranges);
  parseOptionList(cursor, options.settings);
  cursor.expect(";");
  parsing.keep(options);
}

/** `extend Message { ... }`. Groups in it become messages of what it stands in. */
export function parseExtend(parsing: Parsing, scope: string, fields: FieldDescriptorProto[], messages: DescriptorProto[]): void {
  const { cursor } = parsing;
  cursor.expect("extend");
  const extendee = cursor.path("the message to extend", true);
  const before = fields.length;
  cursor.body(() => {
    if (!cursor.accept(";")) parseField(parsing, { scope, fields, messages, kind: "extend", extendee, parseBody: parseMessageBody });
  });
  if (fields.length === before) cursor.complain(extendee, "an extend must have fields");
}
