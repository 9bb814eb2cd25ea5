/** Scalars by their type's name: for who knows a schema only at run time. */
import { noBytes } from "@kiteline/net";
import { safeNumber, toBigInt } from "../i64.ts";
import type { ProtobufReader } from "../reader.ts";
import type { EnumShape, Scalar, ScalarShape } from "../schema/model.ts";
import type { ProtobufWriter } from "../writer.ts";

export function scalarOf(shape: ScalarShape | EnumShape): Scalar {
  return shape.kind === "enum" ? "int32" : shape.scalar;
}

/** Writes a value with its tag. */
export function writeScalar(out: ProtobufWriter, tag: number, shape: ScalarShape | EnumShape, value: unknown): void {
  switch (scalarOf(shape)) {
    case "double":
      return out.doubleField(tag, value as number);
    case "float":
      return out.floatField(tag, value as number);
    case "int32":
      return out.int32Field(tag, value as number);
    case "uint32":
      return out.uint32Field(tag, value as number);
    case "sint32":
      return out.sint32Field(tag, value as number);
    case "fixed32":
      return out.fixed32Field(tag, value as number);
    case "sfixed32":
      return out.sfixed32Field(tag, value as number);
    case "int64":
      return out.int64Field(tag, bigintOf(shape, value));
    case "uint64":
      return out.uint64Field(tag, bigintOf(shape, value));
    case "sint64":
      return out.sint64Field(tag, bigintOf(shape, value));
    case "fixed64":
      return out.fixed64Field(tag, bigintOf(shape, value));
    case "sfixed64":
      return out.sfixed64Field(tag, bigintOf(shape, value));
    case "bool":
      return out.boolField(tag, value as boolean);
    case "string":
      return out.stringField(tag, value as string);
    case "bytes":
      return out.bytesField(tag, value as Uint8Array);
  }
}

/** Writes one of packed values. */
export function packScalar(out: ProtobufWriter, shape: ScalarShape | EnumShape, value: unknown): void {
  switch (scalarOf(shape)) {
    case "double":
      return out.double(value as number);
    case "float":
      return out.float(value as number);
    case "int32":
      return out.int32(value as number);
    case "uint32":
      return out.uint32(value as number);
    case "sint32":
      return out.sint32(value as number);
    case "fixed32":
      return out.fixed32(value as number);
    case "sfixed32":
      return out.sfixed32(value as number);
    case "int64":
      return out.int64(bigintOf(shape, value));
    case "uint64":
      return out.uint64(bigintOf(shape, value));
    case "sint64":
      return out.sint64(bigintOf(shape, value));
    case "fixed64":
      return out.fixed64(bigintOf(shape, value));
    case "sfixed64":
      return out.sfixed64(bigintOf(shape, value));
    case "bool":
      return out.bool(value as boolean);
    case "string":
    case "bytes":
      throw new TypeError("strings and bytes are never packed");
  }
}

export function readScalar(inp: ProtobufReader, shape: ScalarShape | EnumShape): unknown {
  switch (scalarOf(shape)) {
    case "double":
      return inp.double();
    case "float":
      return inp.float();
    case "int32":
      return inp.int32();
    case "uint32":
      return inp.uint32();
    case "sint32":
      return inp.sint32();
    case "fixed32":
      return inp.fixed32();
    case "sfixed32":
      return inp.sfixed32();
    case "int64":
      return formOf(shape, inp.int64());
    case "uint64":
      return formOf(shape, inp.uint64());
    case "sint64":
      return formOf(shape, inp.sint64());
    case "fixed64":
      return formOf(shape, inp.fixed64());
    case "sfixed64":
      return formOf(shape, inp.sfixed64());
    case "bool":
      return inp.bool();
    case "string":
      return shape.kind === "scalar" && shape.utf8 ? inp.string() : inp.looseString();
    case "bytes":
      return inp.byteString();
  }
}

/** A 64-bit integer in the form that its field has in JavaScript. */
export function formOf(shape: ScalarShape | EnumShape, value: bigint): bigint | number | string {
  if (shape.kind === "enum" || shape.i64 === "bigint") return value;
  return shape.i64 === "number" ? safeNumber(value) : String(value);
}

function bigintOf(shape: ScalarShape | EnumShape, value: unknown): bigint {
  return shape.kind === "enum" || shape.i64 === "bigint" ? (value as bigint) : toBigInt(value as number | string);
}

/** What a value is that has not come. A closed enum's is its first value. */
export function zeroOf(shape: ScalarShape | EnumShape): unknown {
  if (shape.kind === "enum") return shape.enum.values[0]?.number ?? 0;
  switch (shape.scalar) {
    case "bool":
      return false;
    case "string":
      return "";
    case "bytes":
      return noBytes();
    case "int64":
    case "uint64":
    case "sint64":
    case "fixed64":
    case "sfixed64":
      return formOf(shape, 0n);
    case "double":
    case "float":
    case "int32":
    case "uint32":
    case "sint32":
    case "fixed32":
    case "sfixed32":
      return 0;
  }
}

/** Whether a value of implicit presence is not written; -0 is. */
export function isZero(shape: ScalarShape | EnumShape, value: unknown): boolean {
  if (value instanceof Uint8Array) return value.byteLength === 0;
  return Object.is(value, zeroOf(shape));
}
