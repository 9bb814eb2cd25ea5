/** Which integers fit in a field. */
import { FieldType } from "./descriptor.ts";

interface IntegerRange {
  readonly least: bigint;
  readonly greatest: bigint;
}

const INT32: IntegerRange = { least: -(1n << 31n), greatest: (1n << 31n) - 1n };
const UINT32: IntegerRange = { least: 0n, greatest: (1n << 32n) - 1n };
const INT64: IntegerRange = { least: -(1n << 63n), greatest: (1n << 63n) - 1n };
const UINT64: IntegerRange = { least: 0n, greatest: (1n << 64n) - 1n };

/** The integers that a type holds; `undefined` for types that hold others. */
export function integerRange(type: number): IntegerRange | undefined {
  switch (type) {
    case FieldType.INT32:
    case FieldType.SINT32:
    case FieldType.SFIXED32:
      return INT32;
    case FieldType.UINT32:
    case FieldType.FIXED32:
      return UINT32;
    case FieldType.INT64:
    case FieldType.SINT64:
    case FieldType.SFIXED64:
      return INT64;
    case FieldType.UINT64:
    case FieldType.FIXED64:
      return UINT64;
    default:
      return undefined;
  }
}
