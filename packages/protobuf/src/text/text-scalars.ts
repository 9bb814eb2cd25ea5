/** Scalars and enums in text. Throws `ValueError` for what is none. */
import { shown } from "@kiteline/net";
import { formOf } from "../dynamic/scalars.ts";
import type { EnumShape, EnumType, ScalarShape } from "../schema/model.ts";
import { realOf, wholeOf, type TextTokens } from "./text-tokens.ts";

const BITS = {
  int32: { bits: 32, signed: true },
  sint32: { bits: 32, signed: true },
  sfixed32: { bits: 32, signed: true },
  uint32: { bits: 32, signed: false },
  fixed32: { bits: 32, signed: false },
  int64: { bits: 64, signed: true },
  sint64: { bits: 64, signed: true },
  sfixed64: { bits: 64, signed: true },
  uint64: { bits: 64, signed: false },
  fixed64: { bits: 64, signed: false },
} as const;
const BOOLS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["True", true],
  ["t", true],
  ["false", false],
  ["False", false],
  ["f", false],
]);
const SPECIAL: ReadonlyMap<string, number> = new Map([
  ["inf", Infinity],
  ["infinity", Infinity],
  ["nan", NaN],
]);
/** Of a number that is none. */
const MOST_SHOWN = 40;
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Takes a value of the shape. */
export function readScalar(tokens: TextTokens, shape: ScalarShape | EnumShape): unknown {
  if (shape.kind === "enum") return readEnum(tokens, shape.enum);
  switch (shape.scalar) {
    case "double":
      return readReal(tokens);
    case "float":
      return Math.fround(readReal(tokens));
    case "bool":
      return readBool(tokens);
    case "string":
      return readString(tokens, shape.utf8);
    case "bytes":
      return Uint8Array.from(readBytes(tokens, "bytes"));
    default: {
      const { bits, signed } = BITS[shape.scalar];
      const value = readWhole(tokens, shape.scalar, bits, signed);
      return bits === 32 ? Number(value) : formOf(shape, value);
    }
  }
}

function readWhole(tokens: TextTokens, what: string, bits: number, signed: boolean): bigint {
  const from = tokens.position;
  const negative = signed && tokens.take("-");
  const number = tokens.number();
  if (number === undefined) throw tokens.wrong(`a number (${what})`);
  const size = wholeOf(number);
  const value = size === undefined || !negative ? size : -size;
  if (value === undefined || (signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value)) !== value)
    throw tokens.fault(from, `expected a whole number of ${what}, got ${negative ? "-" : ""}${number.slice(0, MOST_SHOWN)}`);
  return value;
}

function readReal(tokens: TextTokens): number {
  const from = tokens.position;
  const sign = tokens.take("-") ? -1 : 1;
  const number = tokens.number();
  const name = number === undefined ? tokens.name() : undefined;
  if (number === undefined && name === undefined) throw tokens.wrong("a number");
  const value = number === undefined ? SPECIAL.get(name!.toLowerCase()) : realOf(number);
  if (value === undefined) throw tokens.fault(from, `expected a decimal number, inf or nan, got ${shown(number ?? name)}`);
  return sign * value;
}

function readBool(tokens: TextTokens): boolean {
  const from = tokens.position;
  const number = tokens.number();
  const name = number ?? tokens.name();
  if (name === undefined) throw tokens.wrong("true or false");
  const whole = number === undefined ? undefined : wholeOf(number);
  const value = whole === 0n ? false : whole === 1n ? true : BOOLS.get(name);
  if (value === undefined) throw tokens.fault(from, `expected true or false, got ${shown(name)}`);
  return value;
}

function readEnum(tokens: TextTokens, type: EnumType): number {
  const from = tokens.position;
  const name = tokens.name();
  const number = name === undefined ? Number(readWhole(tokens, type.name, 32, true)) : type.byName.get(name)?.number;
  if (number !== undefined && (name !== undefined || type.open || type.byNumber.has(number))) return number;
  throw tokens.fault(from, `expected a value of ${type.name}, by name or number, got ${shown(name ?? number)}`);
}

function readString(tokens: TextTokens, utf8: boolean): string {
  const from = tokens.position;
  const bytes = readBytes(tokens, "a string");
  if (!utf8) return bytes.toString("utf8");
  try {
    return UTF8.decode(bytes);
  } catch {
    throw tokens.fault(from, `expected a string of UTF-8, got ${shown(bytes.toString("latin1"))}`);
  }
}

function readBytes(tokens: TextTokens, what: string): Buffer {
  const bytes = tokens.string();
  if (bytes === undefined) throw tokens.wrong(`${what} in quotes`);
  return bytes;
}
