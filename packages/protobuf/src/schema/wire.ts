/** What fields look like on the wire. */
import type { I64Form } from "../codec.ts";
import { GROUP, LEN } from "../wire-types.ts";
import type { Scalar, Shape } from "./model.ts";

const WIRE_TYPES: Readonly<Record<Scalar, number>> = {
  double: 1,
  float: 5,
  int32: 0,
  int64: 0,
  uint32: 0,
  uint64: 0,
  sint32: 0,
  sint64: 0,
  fixed32: 5,
  fixed64: 1,
  sfixed32: 5,
  sfixed64: 1,
  bool: 0,
  string: 2,
  bytes: 2,
};

export function wireType(shape: Shape): number {
  switch (shape.kind) {
    case "scalar":
      return WIRE_TYPES[shape.scalar];
    case "enum":
      return 0;
    case "message":
      return shape.delimited ? GROUP : LEN;
  }
}

export function tagOf(number: number, type: number): number {
  return number * 8 + type;
}

/** Whether elements can be packed; whatever a file says, both forms are read. */
export function isPackable(shape: Shape): boolean {
  return shape.kind !== "message" && wireType(shape) !== LEN;
}

/** What a 64-bit integer is in JavaScript; undefined for all else. */
export function i64Form(shape: Shape): I64Form | undefined {
  return shape.kind === "scalar" && shape.scalar.endsWith("64") ? shape.i64 : undefined;
}
