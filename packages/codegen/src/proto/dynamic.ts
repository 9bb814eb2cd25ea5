/** Values of messages that are known by their descriptors only: options. */
import { FieldLabel, FieldType, type DescriptorProto, type FieldDescriptorProto } from "./descriptor.ts";
import type { Symbols } from "./symbols.ts";

/** 64-bit integers are bigint, enums numbers. Bytes may be a message that is yet to be encoded, as in an `Any`. */
export type Scalar = string | number | bigint | boolean | Uint8Array;
export type Single = Scalar | DynamicMessage;
export type DynamicValue = Single | Single[];

export class DynamicMessage {
  readonly type: DescriptorProto;
  /** By number. */
  readonly values: Map<number, { readonly field: FieldDescriptorProto; readonly value: DynamicValue }> = new Map();

  constructor(type: DescriptorProto) {
    this.type = type;
  }

  get(field: FieldDescriptorProto): DynamicValue | undefined {
    return this.values.get(field.number)?.value;
  }

  /** Sets a field, or adds to one that is repeated. */
  put(field: FieldDescriptorProto, value: Single): void {
    const before = this.get(field);
    if (Array.isArray(before)) before.push(value);
    else this.values.set(field.number, { field, value: field.label === FieldLabel.REPEATED ? [value] : value });
  }

  /** Another field of the same oneof that is set, if there is one. */
  rivalOf(field: FieldDescriptorProto): FieldDescriptorProto | undefined {
    if (field.oneofIndex === undefined || field.extendee !== undefined) return undefined;
    for (const each of this.values.values()) {
      if (each.field !== field && each.field.extendee === undefined && each.field.oneofIndex === field.oneofIndex) return each.field;
    }
    return undefined;
  }
}

export function isMessage(field: FieldDescriptorProto): boolean {
  return field.type === FieldType.MESSAGE || field.type === FieldType.GROUP;
}

/** The message that is the type of a field. */
export function typeOf(symbols: Symbols, field: FieldDescriptorProto): DescriptorProto | undefined {
  return symbols.message((field.typeName ?? "").slice(1));
}
