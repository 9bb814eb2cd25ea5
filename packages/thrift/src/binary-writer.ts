/**
 * The binary protocol, written. Big-endian throughout; a field is its type (1 byte), its id (2), its value; a struct
 * ends with a 0 byte (thrift-binary-protocol.md).
 *
 * A field's header is written as one 32-bit integer, whose last byte the value then is or overwrites.
 */
import { mostUtf8Bytes, Output, Slabs, writeUtf8 } from "@kiteline/net";
import { parseI64 } from "./i64.ts";
import { isList, isMap, isSet } from "./kinds.ts";
import type { MessageWriter } from "./message.ts";
import type { ThriftWriter, UnknownFields } from "./protocol.ts";
import { writeUuid } from "./uuid.ts";
import { BOOL, BYTE, DOUBLE, I16, I32, I64, LIST, MAP, SET, STRING, STRUCT, UUID, idOfKey, typeOfKey } from "./wire-types.ts";
import { tooDeep, wrongContainer, wrongValue } from "./value-error.ts";

const VERSION_1 = 0x8001_0000 | 0;

export class BinaryWriter implements ThriftWriter, MessageWriter {
  private out: Output = new Output(new Slabs(), 0);
  private depth = 0;
  private readonly maxDepth: number;

  constructor(maxDepth: number) {
    this.maxDepth = maxDepth;
  }

  reset(out: Output): void {
    this.out = out;
    this.depth = 0;
  }

  writeHead(kind: number, name: string, seq: number): void {
    const out = this.out;
    out.ensure(4);
    out.view.setInt32(out.position, VERSION_1 | kind);
    out.position += 4;
    this.string(name);
    this.i32(seq);
  }

  begin(_struct?: string): void {
    if (++this.depth > this.maxDepth) throw tooDeep(this.maxDepth);
  }

  end(): void {
    const out = this.out;
    out.ensure(1);
    out.bytes[out.position++] = 0;
    this.depth--;
  }

  boolField(id: number, value: boolean): void {
    if (typeof value !== "boolean") throw wrongValue("bool", value, id);
    const out = this.out;
    out.ensure(4);
    out.view.setInt32(out.position, header(BOOL, id) | (value ? 1 : 0));
    out.position += 4;
  }

  byteField(id: number, value: number): void {
    if ((value << 24) >> 24 !== value) throw wrongValue("byte", value, id);
    const out = this.out;
    out.ensure(4);
    out.view.setInt32(out.position, header(BYTE, id) | (value & 0xff));
    out.position += 4;
  }

  i16Field(id: number, value: number): void {
    if ((value << 16) >> 16 !== value) throw wrongValue("i16", value, id);
    const out = this.out;
    out.ensure(5);
    const at = out.position;
    out.view.setInt32(at, header(I16, id));
    out.view.setInt16(at + 3, value);
    out.position = at + 5;
  }

  i32Field(id: number, value: number): void {
    if ((value | 0) !== value) throw wrongValue("i32", value, id);
    const out = this.out;
    out.ensure(7);
    const at = out.position;
    out.view.setInt32(at, header(I32, id));
    out.view.setInt32(at + 3, value);
    out.position = at + 7;
  }

  i64Field(id: number, value: bigint): void {
    if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) throw wrongValue("i64", value, id);
    const out = this.out;
    out.ensure(11);
    const at = out.position;
    out.view.setInt32(at, header(I64, id));
    out.view.setBigInt64(at + 3, value);
    out.position = at + 11;
  }

  i64NumberField(id: number, value: number): void {
    if (!Number.isSafeInteger(value)) throw wrongValue("i64Number", value, id);
    const out = this.out;
    out.ensure(11);
    const at = out.position;
    out.view.setInt32(at, header(I64, id));
    out.view.setInt32(at + 3, Math.floor(value / 0x1_0000_0000));
    out.view.setInt32(at + 7, value | 0);
    out.position = at + 11;
  }

  i64StringField(id: number, value: string): void {
    this.i64Field(id, parseI64(value, id));
  }

  doubleField(id: number, value: number): void {
    if (typeof value !== "number") throw wrongValue("double", value, id);
    const out = this.out;
    out.ensure(11);
    const at = out.position;
    out.view.setInt32(at, header(DOUBLE, id));
    out.view.setFloat64(at + 3, value);
    out.position = at + 11;
  }

  stringField(id: number, value: string): void {
    if (typeof value !== "string") throw wrongValue("string", value, id);
    const out = this.out;
    const most = mostUtf8Bytes(value);
    out.ensure(7 + most);
    const at = out.position;
    const written = writeUtf8(out.bytes, at + 7, value, most);
    if (written < 0) throw wrongValue("wellFormed", value, id);
    out.view.setInt32(at, header(STRING, id));
    out.view.setInt32(at + 3, written);
    out.position = at + 7 + written;
  }

  binaryField(id: number, value: Uint8Array): void {
    if (!(value instanceof Uint8Array)) throw wrongValue("binary", value, id);
    const out = this.out;
    const length = value.byteLength;
    out.ensure(7 + length);
    const at = out.position;
    out.view.setInt32(at, header(STRING, id));
    out.view.setInt32(at + 3, length);
    out.bytes.set(value, at + 7);
    out.position = at + 7 + length;
  }

  uuidField(id: number, value: string): void {
    this.header(UUID, id);
    this.uuid(value);
  }

  structField(id: number): void {
    this.header(STRUCT, id);
  }

  listField(id: number, elementType: number, count: number, list?: unknown): void {
    if ((count | 0) !== count || !isList(list)) throw wrongContainer("list", list, id);
    const out = this.out;
    out.ensure(8);
    const at = out.position;
    out.view.setInt32(at, header(LIST, id) | elementType);
    out.view.setInt32(at + 4, count);
    out.position = at + 8;
  }

  setField(id: number, elementType: number, count: number, set?: unknown): void {
    if ((count | 0) !== count || !isSet(set)) throw wrongContainer("set", set, id);
    const out = this.out;
    out.ensure(8);
    const at = out.position;
    out.view.setInt32(at, header(SET, id) | elementType);
    out.view.setInt32(at + 4, count);
    out.position = at + 8;
  }

  mapField(id: number, keyType: number, valueType: number, count: number, map?: unknown): void {
    if ((count | 0) !== count || !isMap(map)) throw wrongContainer("map", map, id);
    const out = this.out;
    out.ensure(9);
    const at = out.position;
    out.view.setInt32(at, header(MAP, id) | keyType);
    out.bytes[at + 4] = valueType;
    out.view.setInt32(at + 5, count);
    out.position = at + 9;
  }

  bool(value: boolean): void {
    if (typeof value !== "boolean") throw wrongValue("bool", value);
    const out = this.out;
    out.ensure(1);
    out.bytes[out.position++] = value ? 1 : 0;
  }

  byte(value: number): void {
    if ((value << 24) >> 24 !== value) throw wrongValue("byte", value);
    const out = this.out;
    out.ensure(1);
    out.bytes[out.position++] = value;
  }

  i16(value: number): void {
    if ((value << 16) >> 16 !== value) throw wrongValue("i16", value);
    const out = this.out;
    out.ensure(2);
    out.view.setInt16(out.position, value);
    out.position += 2;
  }

  i32(value: number): void {
    if ((value | 0) !== value) throw wrongValue("i32", value);
    const out = this.out;
    out.ensure(4);
    out.view.setInt32(out.position, value);
    out.position += 4;
  }

  i64(value: bigint): void {
    if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) throw wrongValue("i64", value);
    const out = this.out;
    out.ensure(8);
    out.view.setBigInt64(out.position, value);
    out.position += 8;
  }

  i64Number(value: number): void {
    if (!Number.isSafeInteger(value)) throw wrongValue("i64Number", value);
    const out = this.out;
    out.ensure(8);
    const at = out.position;
    out.view.setInt32(at, Math.floor(value / 0x1_0000_0000));
    out.view.setInt32(at + 4, value | 0);
    out.position = at + 8;
  }

  i64String(value: string): void {
    this.i64(parseI64(value));
  }

  double(value: number): void {
    if (typeof value !== "number") throw wrongValue("double", value);
    const out = this.out;
    out.ensure(8);
    out.view.setFloat64(out.position, value);
    out.position += 8;
  }

  string(value: string): void {
    if (typeof value !== "string") throw wrongValue("string", value);
    const out = this.out;
    const most = mostUtf8Bytes(value);
    out.ensure(4 + most);
    const at = out.position;
    const written = writeUtf8(out.bytes, at + 4, value, most);
    if (written < 0) throw wrongValue("wellFormed", value);
    out.view.setInt32(at, written);
    out.position = at + 4 + written;
  }

  binary(value: Uint8Array): void {
    if (!(value instanceof Uint8Array)) throw wrongValue("binary", value);
    const out = this.out;
    const length = value.byteLength;
    out.ensure(4 + length);
    out.view.setInt32(out.position, length);
    out.bytes.set(value, out.position + 4);
    out.position += 4 + length;
  }

  uuid(value: string): void {
    const out = this.out;
    out.ensure(16);
    writeUuid(out.bytes, out.position, value);
    out.position += 16;
  }

  list(elementType: number, count: number, list?: unknown): void {
    if ((count | 0) !== count || !isList(list)) throw wrongContainer("list", list);
    const out = this.out;
    out.ensure(5);
    out.bytes[out.position] = elementType;
    out.view.setInt32(out.position + 1, count);
    out.position += 5;
  }

  set(elementType: number, count: number, set?: unknown): void {
    if ((count | 0) !== count || !isSet(set)) throw wrongContainer("set", set);
    this.list(elementType, count);
  }

  map(keyType: number, valueType: number, count: number, map?: unknown): void {
    if ((count | 0) !== count || !isMap(map)) throw wrongContainer("map", map);
    const out = this.out;
    out.ensure(6);
    out.bytes[out.position] = keyType;
    out.bytes[out.position + 1] = valueType;
    out.view.setInt32(out.position + 2, count);
    out.position += 6;
  }

  unknown(fields: UnknownFields | undefined): void {
    if (fields === undefined) return;
    for (const { key, bytes } of fields) {
      this.header(typeOfKey(key), idOfKey(key));
      this.raw(bytes);
    }
  }

  /** Bytes that are already in the binary protocol. */
  raw(bytes: Uint8Array): void {
    const out = this.out;
    out.ensure(bytes.byteLength);
    out.bytes.set(bytes, out.position);
    out.position += bytes.byteLength;
  }

  private header(type: number, id: number): void {
    const out = this.out;
    out.ensure(4); // one byte more than is taken
    out.view.setInt32(out.position, header(type, id));
    out.position += 3;
  }
}

/** A field's three bytes, and a fourth of zero. */
function header(type: number, id: number): number {
  return (type << 24) | ((id & 0xffff) << 8);
}
