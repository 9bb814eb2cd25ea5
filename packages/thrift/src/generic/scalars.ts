/** The codecs of types that hold no other. What is accepted is wider than what is read: every form that loses nothing. */
import { isUtf8 } from "node:buffer";
import { DecodeError } from "@kiteline/net";
import { isRawJson, rawJson } from "@kiteline/net/json-text";
import { parseI64 } from "../i64.ts";
import type { BaseType, Enum } from "../idl/model.ts";
import type { ThriftReader, ThriftWriter } from "../protocol.ts";
import { shown, ValueError, wrongValue } from "../value-error.ts";
import { BOOL, BYTE, DOUBLE, I16, I32, I64, STRING, UUID } from "../wire-types.ts";
import type { Dialect, ValueCodec } from "./value-codec.ts";

const NUMBER_KEY = { toText: String, fromText: numberOf };
const TEXT_KEY = { toText: String, fromText: (text: string): unknown => text };
const NUMBER = /^(?:-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|NaN|-?Infinity)$/;
/** Base64 of either alphabet, but for its length: an expression for groups would remember each of a long text. */
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

export function scalarCodec(kind: BaseType["kind"], dialect: Dialect): ValueCodec {
  switch (kind) {
    case "bool":
      return boolCodec;
    case "byte":
      return byteCodec;
    case "i16":
      return i16Codec;
    case "i32":
      return i32Codec;
    case "i64":
      return i64Codec(dialect.i64);
    case "double":
      return doubleCodec(dialect.nonFiniteText);
    case "string":
      return stringCodec;
    case "binary":
      return binaryCodec(dialect.binary);
    case "uuid":
      return uuidCodec;
  }
}

const boolCodec: ValueCodec = {
  wireType: BOOL,
  writeField: (out, id, value) => out.boolField(id, value as boolean),
  write: (out, value) => out.bool(value as boolean),
  read: (inp) => inp.bool(),
  zero: false,
  key: { toText: String, fromText: (text) => (text === "true" ? true : text === "false" ? false : text) },
};

const byteCodec: ValueCodec = {
  wireType: BYTE,
  writeField: (out, id, value) => out.byteField(id, integer("byte", value)),
  write: (out, value) => out.byte(integer("byte", value)),
  read: (inp) => inp.byte(),
  zero: 0,
  key: NUMBER_KEY,
};

const i16Codec: ValueCodec = {
  wireType: I16,
  writeField: (out, id, value) => out.i16Field(id, integer("i16", value)),
  write: (out, value) => out.i16(integer("i16", value)),
  read: (inp) => inp.i16(),
  zero: 0,
  key: NUMBER_KEY,
};

const i32Codec: ValueCodec = {
  wireType: I32,
  writeField: (out, id, value) => out.i32Field(id, integer("i32", value)),
  write: (out, value) => out.i32(integer("i32", value)),
  read: (inp) => inp.i32(),
  zero: 0,
  key: NUMBER_KEY,
};

const stringCodec: ValueCodec = {
  wireType: STRING,
  writeField: (out, id, value) => out.stringField(id, text(value)),
  write: (out, value) => out.string(text(value)),
  read: (inp) => inp.string(),
  zero: "",
  key: TEXT_KEY,
};

const uuidCodec: ValueCodec = {
  wireType: UUID,
  writeField: (out, id, value) => out.uuidField(id, value as string),
  write: (out, value) => out.uuid(value as string),
  read: (inp) => inp.uuid(),
  zero: "00000000-0000-0000-0000-000000000000",
  key: TEXT_KEY,
};

function i64Codec(form: Dialect["i64"]): ValueCodec {
  const read = {
    bigint: (inp: ThriftReader): unknown => inp.i64(),
    number: (inp: ThriftReader): unknown => inp.i64Number(),
    string: (inp: ThriftReader): unknown => inp.i64String(),
    exact: (inp: ThriftReader): unknown => exact(inp.i64()),
  }[form];
  return {
    wireType: I64,
    writeField: (out, id, value) => out.i64Field(id, i64(value)),
    write: (out, value) => out.i64(i64(value)),
    read,
    zero: 0n,
    key: { toText: (value) => (isRawJson(value) ? value.rawJSON : String(value)), fromText: (each) => each },
  };
}

function doubleCodec(nonFiniteText: boolean): ValueCodec {
  return {
    wireType: DOUBLE,
    writeField: (out, id, value) => out.doubleField(id, double(value)),
    write: (out, value) => out.double(double(value)),
    read: nonFiniteText ? (inp) => finite(inp.double()) : (inp) => inp.double(),
    zero: 0,
    key: { toText: (value) => (isRawJson(value) ? value.rawJSON : Object.is(value, -0) ? "-0" : String(value)), fromText: numberOf },
  };
}

function binaryCodec(form: Dialect["binary"]): ValueCodec {
  const accept = form === "base64" ? fromBase64 : form === "text" ? fromText : bytes;
  const present = form === "base64" ? toBase64 : form === "text" ? toText : (value: Uint8Array): unknown => value;
  return {
    wireType: STRING,
    writeField: (out, id, value) => out.binaryField(id, accept(value)),
    write: (out, value) => out.binary(accept(value)),
    read: (inp) => present(inp.binary()),
    zero: new Uint8Array(0),
    key: form === "bytes" ? undefined : TEXT_KEY,
  };
}

/** Numbers both ways; names of members are accepted, numbers without a name are not refused. */
export function enumCodec(definition: Enum): ValueCodec {
  const byName = new Map(definition.members.map((member) => [member.name, member.value]));
  const number = (value: unknown): number => {
    if (typeof value !== "string") return integer("i32", value);
    const known = byName.get(value);
    if (known !== undefined) return known;
    throw new ValueError(`expected a member of ${definition.name} (${[...byName.keys()].join(", ")}) or its number, got ${shown(value)}`);
  };
  return {
    wireType: I32,
    writeField: (out: ThriftWriter, id, value) => out.i32Field(id, number(value)),
    write: (out: ThriftWriter, value) => out.i32(number(value)),
    read: (inp) => inp.i32(),
    zero: definition.members[0]?.value ?? 0,
    key: { toText: String, fromText: (each) => (byName.has(each) ? each : numberOf(each)) },
  };
}

function integer(kind: "byte" | "i16" | "i32", value: unknown): number {
  if (typeof value === "number") return value;
  throw wrongValue(kind, value);
}

function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw wrongValue("string", value);
}

function i64(value: unknown): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "string") return parseI64(value);
  if (typeof value === "number" && Number.isInteger(value)) {
    if (Number.isSafeInteger(value)) return BigInt(value);
    throw new ValueError(`expected an i64, got the number ${value}, which may have been rounded: give it as text or as a bigint`);
  }
  if (isRawJson(value)) return parseI64(value.rawJSON);
  throw new ValueError(`expected an i64 (a whole number of 64 bits, also as a bigint or decimal text), got ${shown(value)}`);
}

/** A number that JSON can say, whichever the value. */
function exact(value: bigint): unknown {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : rawJson(String(value));
}

function double(value: unknown): number {
  if (typeof value === "number") return value;
  // JSON texts hold them as integers when they are long and have no fraction.
  if (typeof value === "bigint") return Number(value);
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
  throw wrongValue("double", value);
}

function finite(value: number): unknown {
  if (!Number.isFinite(value)) return String(value);
  return Object.is(value, -0) ? rawJson("-0") : value; // JSON.stringify would drop the sign
}

function bytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw wrongValue("binary", value);
}

function fromBase64(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value; // a default of the IDL
  if (typeof value === "string" && isBase64(value)) return Buffer.from(value, "base64");
  throw new ValueError(`expected binary in base64, got ${shown(value)}`);
}

/** With its padding or without. */
function isBase64(text: string): boolean {
  if (!BASE64.test(text)) return false;
  const end = text.indexOf("=");
  return end < 0 ? text.length % 4 !== 1 : text.length % 4 === 0 && end % 4 > 1;
}

function toBase64(value: Uint8Array): string {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
}

function fromText(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === "string" && value.isWellFormed()) return Buffer.from(value);
  throw new ValueError(`expected binary as text, got ${shown(value)}`);
}

function toText(value: Uint8Array): string {
  if (!isUtf8(value)) throw new DecodeError("binary that is not UTF-8 cannot be shown as text: use base64");
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString();
}

/** The number that the text is, or the text, which will be refused. */
function numberOf(value: string): unknown {
  return NUMBER.test(value) ? Number(value) : value;
}
