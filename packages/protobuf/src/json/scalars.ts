/** Scalars and enums in JSON. Throws `ValueError` for what is none. */
import { shown, ValueError } from "@kiteline/net";
import { formOf, scalarOf } from "../dynamic/scalars.ts";
import { toBigInt } from "../i64.ts";
import type { EnumType, ScalarShape } from "../schema/model.ts";
import { wrongValue } from "../value-errors.ts";
import type { JsonValue } from "./options.ts";

const INTEGER = /^-?[0-9]+$/;
const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;
const SPECIAL: ReadonlyMap<unknown, number> = new Map([
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
]);
const LARGEST_FLOAT = 3.402_823_466_385_288_6e38;

export function scalarToJson(shape: ScalarShape, value: unknown): JsonValue {
  switch (shape.scalar) {
    case "double":
    case "float":
      if (typeof value !== "number") throw wrongValue("number", value);
      return Number.isFinite(value) ? value : String(value);
    case "int32":
    case "sint32":
    case "sfixed32":
      if (typeof value !== "number" || (value | 0) !== value) throw wrongValue("int32", value);
      return value | 0;
    case "uint32":
    case "fixed32":
      if (typeof value !== "number" || value >>> 0 !== value) throw wrongValue("uint32", value);
      return value >>> 0;
    case "int64":
    case "sint64":
    case "sfixed64":
    case "uint64":
    case "fixed64":
      return String(checked64(shape, shape.i64 === "bigint" ? value : toBigInt(value as number | string)));
    case "bool":
      if (typeof value !== "boolean") throw wrongValue("bool", value);
      return value;
    case "string":
      if (typeof value !== "string") throw wrongValue("string", value);
      return value;
    case "bytes":
      if (!(value instanceof Uint8Array)) throw wrongValue("bytes", value);
      return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
  }
}

export function scalarFromJson(shape: ScalarShape, json: JsonValue): unknown {
  switch (shape.scalar) {
    case "double":
      return real(json);
    case "float": {
      const value = real(json);
      if (Number.isFinite(value) && Math.abs(value) > LARGEST_FLOAT) throw new ValueError(`expected a float, got ${shown(json)}`);
      return Math.fround(value);
    }
    case "int32":
    case "sint32":
    case "sfixed32": {
      const value = whole(json);
      if (value === undefined || BigInt.asIntN(32, value) !== value) throw wrongValue("int32", json);
      return Number(value);
    }
    case "uint32":
    case "fixed32": {
      const value = whole(json);
      if (value === undefined || BigInt.asUintN(32, value) !== value) throw wrongValue("uint32", json);
      return Number(value);
    }
    case "int64":
    case "sint64":
    case "sfixed64":
    case "uint64":
    case "fixed64":
      return formOf(shape, checked64(shape, whole(json) ?? json));
    case "bool":
      if (typeof json !== "boolean") throw wrongValue("bool", json);
      return json;
    case "string":
      if (typeof json !== "string") throw wrongValue("string", json);
      if (!json.isWellFormed()) throw wrongValue("wellFormed", json);
      return json;
    case "bytes":
      if (typeof json !== "string" || !BASE64.test(json)) throw new ValueError(`expected bytes in base64, got ${shown(json)}`);
      return Uint8Array.from(Buffer.from(json, "base64"));
  }
}

/** The key of a map, whose name in JSON is always text. */
export function keyFromJson(shape: ScalarShape, name: string): unknown {
  if (scalarOf(shape) !== "bool") return scalarFromJson(shape, name);
  if (name !== "true" && name !== "false") throw new ValueError(`expected "true" or "false", got ${shown(name)}`);
  return name === "true";
}

export function enumToJson(type: EnumType, value: unknown, asNumber: boolean): JsonValue {
  if (typeof value !== "number" || (value | 0) !== value) throw wrongValue("int32", value);
  if (type.name === "google.protobuf.NullValue") return null;
  return asNumber ? value : (type.byNumber.get(value)?.name ?? value);
}

/** Returns undefined for a name that the enum does not have, if those are to be ignored. */
export function enumFromJson(type: EnumType, json: JsonValue, ignoreUnknown: boolean): number | undefined {
  if (type.name === "google.protobuf.NullValue" && json === null) return 0;
  if (typeof json === "string") {
    const found = type.byName.get(json);
    if (found !== undefined) return found.number;
    if (ignoreUnknown) return undefined;
  } else if (typeof json === "number" && (json | 0) === json) {
    if (type.open || type.byNumber.has(json)) return json | 0;
    if (ignoreUnknown) return undefined;
  }
  throw new ValueError(`expected a value of ${type.name}, by name or number, got ${shown(json)}`);
}

/** As a number, or as text of one; undefined when it is neither, or not whole. */
function whole(json: JsonValue | bigint): bigint | undefined {
  if (typeof json === "bigint") return json;
  if (typeof json === "string") {
    if (INTEGER.test(json)) return json.length > 20 ? undefined : BigInt(json);
    if (!NUMBER.test(json)) return undefined;
    return whole(Number(json));
  }
  return typeof json === "number" && Number.isInteger(json) ? BigInt(json) : undefined;
}

function checked64(shape: ScalarShape, value: unknown): bigint {
  const unsigned = shape.scalar === "uint64" || shape.scalar === "fixed64";
  if (typeof value !== "bigint" || (unsigned ? BigInt.asUintN(64, value) : BigInt.asIntN(64, value)) !== value)
    throw wrongValue(unsigned ? "uint64" : "int64", value);
  return value;
}

function real(json: JsonValue | bigint): number {
  if (typeof json === "bigint") return Number(json);
  const special = SPECIAL.get(json);
  if (special !== undefined) return special;
  const value = typeof json === "number" ? json : typeof json === "string" && NUMBER.test(json) ? Number(json) : NaN;
  // JSON has no infinity: this is a number that is too large.
  if (!Number.isFinite(value)) throw wrongValue("number", json);
  return value;
}
