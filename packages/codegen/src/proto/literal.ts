/** Values of options to values of fields. */
import { FieldLabel, FieldType, type DescriptorProto, type FieldDescriptorProto } from "./descriptor.ts";
import { numberOf } from "./defaults.ts";
import { DynamicMessage, isMessage, typeOf, type Single } from "./dynamic.ts";
import { integerRange } from "./integers.ts";
import { extensionNamed } from "./literal-names.ts";
import type { Linking } from "./linking.ts";
import { checkUse } from "./option-use.ts";
import type { LiteralField, OptionsKind, OptionValue } from "./syntax.ts";
import type { Symbols } from "./symbols.ts";
import type { Word } from "./tokens.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Where a value stands. `literal`: inside of a message in the text format, which may be written in more ways. */
export interface ValuePlace {
  readonly scope: string;
  readonly kind: OptionsKind;
  /** The name of what is set. */
  readonly word: Word;
  readonly literal?: true;
}

/** Sets a field of a message, or adds to one that is repeated; complains when it cannot be. */
export function putValue(
  linking: Linking,
  message: DynamicMessage,
  field: FieldDescriptorProto,
  value: OptionValue,
  place: ValuePlace,
): void {
  if (value.kind === "list") {
    if (field.label !== FieldLabel.REPEATED)
      return linking.complain(value.word, `${field.name} is not repeated: expected one value, got a list`);
    for (const each of value.elements) putValue(linking, message, field, each, place);
    return;
  }
  const rival = message.rivalOf(field);
  if (rival !== undefined) return linking.complain(place.word, `${rival.name} of the same oneof is set already`);
  if (field.label !== FieldLabel.REPEATED && message.values.has(field.number)) {
    return linking.complain(place.word, `${place.word.text} is set already`);
  }
  const single = isMessage(field) ? messageValue(linking, field, value, place) : scalarValue(linking, field, value, place.literal === true);
  if (single !== undefined) message.put(field, single);
}

function messageValue(linking: Linking, field: FieldDescriptorProto, value: OptionValue, place: ValuePlace): DynamicMessage | undefined {
  const type = typeOf(linking.symbols, field);
  if (type === undefined) return undefined;
  if (value.kind !== "message") {
    linking.complain(value.word, `${field.name} is a message: expected { ... }, got ${value.word.text}`);
    return undefined;
  }
  return literalMessage(linking, type, value.fields, value.word, place);
}

function literalMessage(
  linking: Linking,
  type: DescriptorProto,
  fields: readonly LiteralField[],
  word: Word,
  place: ValuePlace,
): DynamicMessage | undefined {
  const message = new DynamicMessage(type);
  for (const each of fields) {
    if (each.kind === "any") {
      putAny(linking, message, each, place);
      continue;
    }
    const field = each.kind === "extension" ? extensionNamed(linking, type, each.name, place.scope) : fieldNamed(type, each.name.text);
    if (field === undefined) {
      if (each.kind === "field") linking.complain(each.name, `${type.name} has no field ${each.name.text}`);
    } else if (checkUse(linking, field, place.kind, each.name)) {
      putValue(linking, message, field, each.value, { ...place, word: each.name, literal: true });
    }
  }
  const missing = type.field.filter((each) => each.label === FieldLabel.REQUIRED && !message.values.has(each.number));
  if (missing.length > 0)
    linking.complain(word, `${type.name} is missing ${missing.map((each) => each.name).join(", ")}, which it requires`);
  if (type.options?.mapEntry === true) completeEntry(linking, message);
  return message;
}

/** What an entry of a map leaves out is written all the same, as protoc does. */
function completeEntry({ symbols }: Linking, entry: DynamicMessage): void {
  for (const field of entry.type.field) {
    if (entry.values.has(field.number)) continue;
    const type = typeOf(symbols, field);
    entry.put(field, type === undefined ? zeroOf(symbols, field) : new DynamicMessage(type));
  }
}

function zeroOf(symbols: Symbols, field: FieldDescriptorProto): Single {
  if (field.type === FieldType.ENUM) return symbols.enum((field.typeName ?? "").slice(1))?.value[0]?.number ?? 0;
  if (field.type === FieldType.STRING) return "";
  if (field.type === FieldType.BYTES) return new Uint8Array();
  return field.type === FieldType.BOOL ? false : 0;
}

/** A field by a name that the text format knows it by: groups also have that of their message. */
function fieldNamed(type: DescriptorProto, name: string): FieldDescriptorProto | undefined {
  return type.field.find((each) => {
    if (each.name === name) return true;
    return each.type === FieldType.GROUP && each.typeName?.slice(each.typeName.lastIndexOf(".") + 1) === name;
  });
}

/** `[type.googleapis.com/a.b.Type] { ... }` in an `Any`. */
function putAny(linking: Linking, any: DynamicMessage, { name, value }: LiteralField, place: ValuePlace): void {
  const url = any.type.field.find((each) => each.number === 1);
  const bytes = any.type.field.find((each) => each.number === 2);
  const isAny = linking.symbols.of(any.type)?.fullName === "google.protobuf.Any";
  if (!isAny || url === undefined || bytes === undefined)
    return linking.complain(name, `${any.type.name} is no google.protobuf.Any, which alone holds any type`);
  if (!ANY_PREFIX.test(name.text)) return linking.complain(name, "the type of an Any is written as [type.googleapis.com/package.Type]");
  if (any.values.size > 0) return linking.complain(name, "this Any has a value already");
  const found = linking.symbols.find(`.${name.text.slice(name.text.lastIndexOf("/") + 1)}`, "", linking.visibleToOptions, true);
  if (found?.kind !== "message")
    return linking.complain(name, `no message is named ${name.text.slice(name.text.lastIndexOf("/") + 1)} here: is an import missing?`);
  if (value.kind !== "message") return linking.complain(value.word, `expected { ... }, got ${value.word.text}`);
  const inner = literalMessage(linking, found.descriptor, value.fields, value.word, place);
  any.put(url, name.text);
  if (inner !== undefined) any.put(bytes, inner);
}

/** Source: text format of Protobuf; other prefixes are for who resolves types at run time. */
const ANY_PREFIX = /^type\.google(?:apis|prod)\.com\/[^/]*$/;
const TRUE: ReadonlySet<string> = new Set(["true", "True", "t"]);
const FALSE: ReadonlySet<string> = new Set(["false", "False", "f"]);

function scalarValue(linking: Linking, field: FieldDescriptorProto, value: OptionValue, literal: boolean): Single | undefined {
  const complain = (expected: string): undefined => {
    const got = value.kind === "message" ? "a message" : value.word.text;
    return linking.complain(value.word, `expected ${expected} for ${field.name}, got ${got}`) as undefined;
  };
  switch (field.type) {
    case FieldType.BOOL:
      if (value.kind === "identifier" && !value.negative) {
        if (value.text === "true" || (literal && TRUE.has(value.text))) return true;
        if (value.text === "false" || (literal && FALSE.has(value.text))) return false;
      }
      if (literal && value.kind === "integer" && (value.value === 0n || value.value === 1n)) return value.value === 1n;
      return complain("true or false");
    case FieldType.STRING:
    case FieldType.BYTES:
      if (value.kind !== "string") return complain("a string in quotes");
      if (field.type === FieldType.BYTES) return value.value;
      try {
        return utf8.decode(value.value);
      } catch {
        return complain("UTF-8");
      }
    case FieldType.DOUBLE:
      return numberOf(value) ?? (literal ? literalFloat(value) : undefined) ?? complain("a number");
    case FieldType.FLOAT: {
      const number = numberOf(value) ?? (literal ? literalFloat(value) : undefined);
      return number === undefined ? complain("a number") : Math.fround(number);
    }
    case FieldType.ENUM:
      return enumValue(linking, field, value, literal, complain);
    default: {
      const range = integerRange(field.type);
      if (range === undefined) return undefined;
      const integer = value.kind === "float" && Object.is(value.value, -0) ? 0n : value.kind === "integer" ? value.value : undefined;
      if (integer === undefined) return complain("a whole number");
      if (integer < range.least || integer > range.greatest) return complain(`a number between ${range.least} and ${range.greatest}`);
      return range.greatest > 0xffff_ffffn ? integer : Number(integer);
    }
  }
}

/** The text format knows infinity by its whole name, and in any case. */
function literalFloat(value: OptionValue): number | undefined {
  if (value.kind !== "identifier") return undefined;
  const text = value.text.toLowerCase();
  if (text === "inf" || text === "infinity") return value.negative ? -Infinity : Infinity;
  return text === "nan" ? NaN : undefined;
}

function enumValue(
  { symbols }: Linking,
  field: FieldDescriptorProto,
  value: OptionValue,
  literal: boolean,
  complain: (expected: string) => undefined,
): number | undefined {
  const type = symbols.enum((field.typeName ?? "").slice(1));
  if (type === undefined) return undefined;
  const names = (): string => `one of ${type.value.map((each) => each.name).join(", ")}`;
  if (value.kind === "identifier" && !value.negative) {
    return type.value.find((each) => each.name === value.text)?.number ?? complain(names());
  }
  if (!literal || value.kind !== "integer") return complain(names());
  const number = Number(value.value);
  const known = type.value.some((each) => each.number === number);
  const file = symbols.of(type)?.file;
  const open = file !== undefined && symbols.features(file).get(type)?.enumType === "open";
  return known || (open && Math.abs(number) < 2 ** 31) ? number : complain(names());
}
