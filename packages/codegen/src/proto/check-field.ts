/** Rules of fields, in messages and as extensions. */
import { Edition, FieldLabel, FieldType, type FieldDescriptorProto } from "./descriptor.ts";
import { isMessage, typeOf } from "./dynamic.ts";
import { isPackable } from "./encode.ts";
import type { Linking } from "./linking.ts";
import type { ResolvedFeatures } from "./features.ts";

const KEY_TYPES: ReadonlySet<number> = new Set([
  FieldType.INT32,
  FieldType.INT64,
  FieldType.UINT32,
  FieldType.UINT64,
  FieldType.SINT32,
  FieldType.SINT64,
  FieldType.FIXED32,
  FieldType.FIXED64,
  FieldType.SFIXED32,
  FieldType.SFIXED64,
  FieldType.BOOL,
  FieldType.STRING,
]);
const LONG_TYPES: ReadonlySet<number> = new Set([
  FieldType.INT64,
  FieldType.UINT64,
  FieldType.SINT64,
  FieldType.FIXED64,
  FieldType.SFIXED64,
]);

/** Checks a field of a message. */
export function checkField(linking: Linking, field: FieldDescriptorProto): void {
  const features = linking.symbols.features(linking.file).get(field);
  checkMap(linking, field);
  checkOptions(linking, field);
  if (features === undefined) return;
  checkEnumType(linking, field, features);
  checkFeatures(linking, field);
  if (linking.parsed.edition === Edition.EDITION_PROTO3 && field.defaultValue !== undefined) {
    linking.about(field, "proto3 has no defaults: a field that is not set is zero or empty");
  }
}

function checkMap(linking: Linking, field: FieldDescriptorProto): void {
  const entry = typeOf(linking.symbols, field);
  if (entry?.options?.mapEntry !== true) return;
  const [key, value] = entry.field;
  if (linking.symbols.of(entry)?.file !== linking.file || key === undefined || value === undefined) return;
  if (!KEY_TYPES.has(key.type)) linking.about(key, "keys of maps may be integers, bool or string", "type");
  const values = linking.symbols.enum((value.typeName ?? "").slice(1));
  if (values !== undefined && values.value[0]?.number !== 0) {
    linking.about(value, `an enum in a map must begin with a value of number 0, but ${values.name} begins with another`, "type");
  }
}

function checkOptions(linking: Linking, field: FieldDescriptorProto): void {
  const { ctype, packed, lazy, unverifiedLazy, jstype } = field.options ?? {};
  if (packed !== undefined && linking.parsed.edition >= Edition.EDITION_2023) {
    linking.about(field, "editions have no packed: write [features.repeated_field_encoding = PACKED or EXPANDED]");
  } else if (packed === true && !isPackable(field)) {
    linking.about(field, "packed is for repeated fields of numbers, bool or enums");
  }
  if (ctype !== undefined && linking.parsed.edition >= Edition.EDITION_2024) {
    linking.about(field, "edition 2024 has no ctype: write [features.(pb.cpp).string_type = VIEW, CORD or STRING]");
  }
  if ((lazy === true || unverifiedLazy === true) && !isMessage(field)) linking.about(field, "lazy is for fields that hold messages");
  if (jstype !== undefined && jstype !== 0 && !LONG_TYPES.has(field.type)) {
    linking.about(field, "jstype is for integers of 64 bits: int64, uint64, sint64, fixed64, sfixed64");
  }
}

/** A field without presence must know a zero, which closed enums (those of proto2) need not have. */
function checkEnumType(linking: Linking, field: FieldDescriptorProto, features: ResolvedFeatures): void {
  const { symbols } = linking;
  const type = symbols.enum((field.typeName ?? "").slice(1));
  const file = type === undefined ? undefined : symbols.of(type)?.file;
  if (type === undefined || file === undefined || features.fieldPresence !== "implicit" || field.label === FieldLabel.REPEATED) return;
  if (field.oneofIndex !== undefined || field.extendee !== undefined) return;
  if (symbols.features(file).get(type)?.enumType === "closed") {
    linking.about(
      field,
      `${type.name} is a closed enum (of proto2), which a field without presence cannot hold: use an open one, or give the field presence`,
      "type",
    );
  }
}

/** Features that are set on a field to which they mean nothing. */
function checkFeatures(linking: Linking, field: FieldDescriptorProto): void {
  const { features } = field.options ?? {};
  if (features === undefined) return;
  const inOneof = field.oneofIndex !== undefined && field.proto3Optional !== true;
  if (features.fieldPresence !== undefined) {
    if (field.label === FieldLabel.REPEATED) linking.about(field, "repeated fields have no presence");
    else if (inOneof) linking.about(field, "fields of a oneof always know their presence");
    else if (field.extendee !== undefined && features.fieldPresence !== 1) linking.about(field, "extensions always know their presence");
    else if (features.fieldPresence === 2 && isMessage(field)) linking.about(field, "fields that hold messages always know their presence");
    else if (features.fieldPresence === 2 && field.defaultValue !== undefined)
      linking.about(field, "a field without presence has no default");
  }
  if (features.repeatedFieldEncoding !== undefined && !isPackable(field)) {
    linking.about(field, "repeated_field_encoding is for repeated fields of numbers, bool or enums");
  }
  if (
    features.messageEncoding !== undefined &&
    (field.type !== FieldType.MESSAGE || typeOf(linking.symbols, field)?.options?.mapEntry === true)
  ) {
    linking.about(field, "message_encoding is for fields that hold messages");
  }
  const holdsText = (one: FieldDescriptorProto): boolean => one.type === FieldType.STRING;
  if (features.utf8Validation !== undefined && !holdsText(field)) {
    const entry = typeOf(linking.symbols, field);
    if (entry?.options?.mapEntry !== true || !entry.field.some(holdsText)) linking.about(field, "utf8_validation is for strings");
  }
}
