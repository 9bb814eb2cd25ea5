/** Messages to bytes, by their descriptors. Fields are written in the order of their numbers, as protoc does. */
import type { UnknownFields } from "@kiteline/protobuf";
import { FieldLabel, FieldType, type FieldDescriptorProto } from "./descriptor.ts";
import { DynamicMessage, isMessage, typeOf, type DynamicValue, type Single } from "./dynamic.ts";
import type { Symbols } from "./symbols.ts";
import { WireType, Writer } from "./writer.ts";

/** A message. */
export function encodeMessage(symbols: Symbols, message: DynamicMessage): Uint8Array {
  const writer = new Writer();
  write(symbols, message, writer);
  return writer.finish();
}

/** The extensions that are set in a message, as those have them who do not know of them. */
export function encodeExtensions(symbols: Symbols, message: DynamicMessage): UnknownFields {
  return inOrder(message)
    .filter(({ field }) => field.extendee !== undefined)
    .flatMap(({ field, value }) => {
      const parts = Array.isArray(value) && !isPacked(symbols, field) ? value : [value];
      return parts.map((part) => {
        const writer = new Writer();
        const wireType = Array.isArray(part) ? WireType.LENGTH : wireTypeOf(symbols, field);
        if (Array.isArray(part)) writePacked(symbols, field, part, writer);
        else writeValue(symbols, field, part, writer);
        return { tag: field.number * 8 + wireType, bytes: writer.finish() };
      });
    });
}

function inOrder(message: DynamicMessage): { readonly field: FieldDescriptorProto; readonly value: DynamicValue }[] {
  return [...message.values.values()].toSorted((a, b) => a.field.number - b.field.number);
}

function write(symbols: Symbols, message: DynamicMessage, writer: Writer): void {
  for (const { field, value } of inOrder(message)) writeField(symbols, field, value, writer);
}

function writeField(symbols: Symbols, field: FieldDescriptorProto, value: DynamicValue, writer: Writer): void {
  if (!Array.isArray(value)) {
    writer.tag(field.number, wireTypeOf(symbols, field));
    writeValue(symbols, field, value, writer);
  } else if (isPacked(symbols, field)) {
    writer.tag(field.number, WireType.LENGTH);
    writePacked(symbols, field, value, writer);
  } else {
    for (const each of value) {
      writer.tag(field.number, wireTypeOf(symbols, field));
      writeValue(symbols, field, each, writer);
    }
  }
}

function writePacked(symbols: Symbols, field: FieldDescriptorProto, values: readonly Single[], writer: Writer): void {
  const packed = new Writer();
  for (const each of values) writeValue(symbols, field, each, packed);
  writer.bytes(packed.finish());
}

function writeValue(symbols: Symbols, field: FieldDescriptorProto, value: Single, writer: Writer): void {
  if (value instanceof DynamicMessage) {
    if (isDelimited(symbols, field)) {
      write(symbols, value, writer);
      writer.tag(field.number, WireType.END_GROUP);
    } else {
      writer.bytes(encodeMessage(symbols, value));
    }
    return;
  }
  switch (field.type) {
    case FieldType.DOUBLE:
      return writer.double(value as number);
    case FieldType.FLOAT:
      return writer.float(value as number);
    case FieldType.BOOL:
      return writer.varint(value === true ? 1n : 0n);
    case FieldType.STRING:
      return writer.string(value as string);
    case FieldType.BYTES:
      return writer.bytes(value as Uint8Array);
    case FieldType.SINT32:
    case FieldType.SINT64:
      return writer.zigzag(BigInt(value as number | bigint));
    case FieldType.FIXED32:
    case FieldType.SFIXED32:
      return writer.fixed(BigInt(value as number), 4);
    case FieldType.FIXED64:
    case FieldType.SFIXED64:
      return writer.fixed(value as bigint, 8);
    default:
      return writer.varint(BigInt(value as number | bigint));
  }
}

function wireTypeOf(symbols: Symbols, field: FieldDescriptorProto): (typeof WireType)[keyof typeof WireType] {
  switch (field.type) {
    case FieldType.DOUBLE:
    case FieldType.FIXED64:
    case FieldType.SFIXED64:
      return WireType.FIXED64;
    case FieldType.FLOAT:
    case FieldType.FIXED32:
    case FieldType.SFIXED32:
      return WireType.FIXED32;
    case FieldType.STRING:
    case FieldType.BYTES:
      return WireType.LENGTH;
    case FieldType.MESSAGE:
    case FieldType.GROUP:
      return isDelimited(symbols, field) ? WireType.START_GROUP : WireType.LENGTH;
    default:
      return WireType.VARINT;
  }
}

function isDelimited(symbols: Symbols, field: FieldDescriptorProto): boolean {
  if (field.type === FieldType.GROUP) return true;
  if (field.type !== FieldType.MESSAGE || typeOf(symbols, field)?.options?.mapEntry === true) return false;
  const file = symbols.of(field)?.file;
  return file !== undefined && symbols.features(file).get(field)?.messageEncoding === "delimited";
}

function isPacked(symbols: Symbols, field: FieldDescriptorProto): boolean {
  if (!isPackable(field)) return false;
  const file = symbols.of(field)?.file;
  return file !== undefined && symbols.features(file).get(field)?.repeatedFieldEncoding === "packed";
}

/** Whether elements of a repeated field may stand in one block. */
export function isPackable(field: FieldDescriptorProto): boolean {
  return field.label === FieldLabel.REPEATED && field.type !== FieldType.STRING && field.type !== FieldType.BYTES && !isMessage(field);
}
