/** Copies values between protocols without knowing their IDL: what keeps unknown fields needs no more than wire types. */
import type { ThriftReader, ThriftWriter } from "./protocol.ts";
import { BOOL, BYTE, DOUBLE, I16, I32, I64, LIST, MAP, SET, STRING, STRUCT, UUID, fieldKey, idOfKey, typeOfKey } from "./wire-types.ts";

/** Copies the value of a field, whose key was read, with a header of its own. */
export function copyField(inp: ThriftReader, out: ThriftWriter, key: number): void {
  const id = idOfKey(key);
  switch (typeOfKey(key)) {
    case BOOL:
      return out.boolField(id, inp.bool());
    case BYTE:
      return out.byteField(id, inp.byte());
    case DOUBLE:
      return out.doubleField(id, inp.double());
    case I16:
      return out.i16Field(id, inp.i16());
    case I32:
      return out.i32Field(id, inp.i32());
    case I64:
      return out.i64Field(id, inp.i64());
    case STRING:
      // Not as text: it may be binary.
      return out.binaryField(id, inp.binary());
    case UUID:
      return out.uuidField(id, inp.uuid());
    case STRUCT:
      out.structField(id);
      return copyStruct(inp, out);
    case LIST: {
      const count = inp.list(0);
      out.listField(id, inp.elementType, count);
      return copyElements(inp, out, count, inp.elementType, 0);
    }
    case SET: {
      const count = inp.set(0);
      out.setField(id, inp.elementType, count);
      return copyElements(inp, out, count, inp.elementType, 0);
    }
    case MAP: {
      const count = inp.map(0, 0);
      out.mapField(id, inp.keyType, inp.valueType, count);
      return copyElements(inp, out, count, inp.keyType, inp.valueType);
    }
    default:
      inp.skip(key); // throws: there is no such type
  }
}

/** Copies a value that stands without a header, as elements do. */
export function copyValue(inp: ThriftReader, out: ThriftWriter, type: number): void {
  switch (type) {
    case BOOL:
      return out.bool(inp.bool());
    case BYTE:
      return out.byte(inp.byte());
    case DOUBLE:
      return out.double(inp.double());
    case I16:
      return out.i16(inp.i16());
    case I32:
      return out.i32(inp.i32());
    case I64:
      return out.i64(inp.i64());
    case STRING:
      return out.binary(inp.binary());
    case UUID:
      return out.uuid(inp.uuid());
    case STRUCT:
      return copyStruct(inp, out);
    case LIST: {
      const count = inp.list(0);
      out.list(inp.elementType, count);
      return copyElements(inp, out, count, inp.elementType, 0);
    }
    case SET: {
      const count = inp.set(0);
      out.set(inp.elementType, count);
      return copyElements(inp, out, count, inp.elementType, 0);
    }
    case MAP: {
      const count = inp.map(0, 0);
      out.map(inp.keyType, inp.valueType, count);
      return copyElements(inp, out, count, inp.keyType, inp.valueType);
    }
    default:
      inp.skip(fieldKey(0, type)); // throws: there is no such type
  }
}

export function copyStruct(inp: ThriftReader, out: ThriftWriter): void {
  inp.enter();
  inp.begin();
  out.begin();
  for (let key: number; (key = inp.field()) !== 0; ) copyField(inp, out, key);
  out.end();
  inp.leave();
}

/** `second` is 0 for anything but a map. */
function copyElements(inp: ThriftReader, out: ThriftWriter, count: number, first: number, second: number): void {
  inp.enter();
  for (let i = 0; i < count; i++) {
    copyValue(inp, out, first);
    if (second !== 0) copyValue(inp, out, second);
  }
  inp.leave();
}
