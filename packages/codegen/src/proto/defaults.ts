/** Defaults of fields, from how they are written to the text that descriptors have. */
import { FieldLabel, FieldType, type FieldDescriptorProto } from "./descriptor.ts";
import { integerRange } from "./integers.ts";
import type { Linking } from "./linking.ts";
import { doubleText, floatText } from "./numbers.ts";
import { escaped } from "./strings.ts";
import type { OptionValue } from "./syntax.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The default as text; `undefined` after a complaint. */
export function defaultText(linking: Linking, field: FieldDescriptorProto, value: OptionValue): string | undefined {
  const complain = (message: string): undefined => linking.complain(value.word, message) as undefined;
  if (field.label === FieldLabel.REPEATED) return complain("repeated fields have no default but an empty list");
  switch (field.type) {
    case FieldType.MESSAGE:
    case FieldType.GROUP:
      return complain("messages have no default");
    case FieldType.BOOL:
      if (value.kind === "identifier" && !value.negative && (value.text === "true" || value.text === "false")) return value.text;
      return complain(`expected true or false, got ${value.word.text}`);
    case FieldType.STRING:
    case FieldType.BYTES: {
      if (value.kind !== "string") return complain(`expected a string in quotes, got ${value.word.text}`);
      if (field.type === FieldType.BYTES) return escaped(value.value);
      try {
        return utf8.decode(value.value);
      } catch {
        return complain("the default of a string must be UTF-8: use bytes for others");
      }
    }
    case FieldType.DOUBLE:
    case FieldType.FLOAT: {
      const number = numberOf(value);
      if (number === undefined) return complain(`expected a number, inf or nan, got ${value.word.text}`);
      return field.type === FieldType.FLOAT ? floatText(number) : doubleText(number);
    }
    case FieldType.ENUM: {
      if (value.kind !== "identifier" || value.negative) return complain(`expected the name of an enum's value, got ${value.word.text}`);
      const type = linking.symbols.enum((field.typeName ?? "").slice(1));
      if (type !== undefined && !type.value.some((each) => each.name === value.text)) {
        return complain(`${type.name} has no value ${value.text}; it has ${type.value.map((each) => each.name).join(", ")}`);
      }
      return value.text;
    }
    default: {
      const range = integerRange(field.type);
      // A type that was not found was complained about already.
      if (range === undefined) return undefined;
      const integer = value.kind === "float" && Object.is(value.value, -0) ? 0n : value.kind === "integer" ? value.value : undefined;
      if (integer === undefined) return complain(`expected a whole number, got ${value.word.text}`);
      if (integer < range.least || integer > range.greatest) {
        return complain(`expected a number between ${range.least} and ${range.greatest}, got ${value.word.text}`);
      }
      return String(integer);
    }
  }
}

/** A value as a number of floating point. */
export function numberOf(value: OptionValue): number | undefined {
  if (value.kind === "float") return value.value;
  if (value.kind === "integer") return Number(value.value);
  if (value.kind !== "identifier") return undefined;
  if (value.text === "inf") return value.negative ? -Infinity : Infinity;
  return value.text === "nan" ? NaN : undefined;
}
