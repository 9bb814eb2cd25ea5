/** Against Apache Thrift for Node: the same values as the same bytes, both ways, in both protocols. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, it } from "node:test";
import fc from "fast-check";
import { encode, decode, PROTOCOLS } from "./bytes.fixture.ts";
import { makeMapCodec } from "./generic/codecs.ts";
import { plainType, type Struct, type Type } from "./idl/model.ts";
import { samplesWith } from "./random-idl.fixture.ts";

/** What is used here of the package `thrift`, which has no types. */
interface ApacheProtocol {
  writeStructBegin(name: string): void;
  writeStructEnd(): void;
  writeFieldBegin(name: string, type: number, id: number): void;
  writeFieldEnd(): void;
  writeFieldStop(): void;
  writeListBegin(type: number, count: number): void;
  writeListEnd(): void;
  writeSetBegin(type: number, count: number): void;
  writeSetEnd(): void;
  writeMapBegin(key: number, value: number, count: number): void;
  writeMapEnd(): void;
  writeBool(value: boolean): void;
  writeByte(value: number): void;
  writeI16(value: number): void;
  writeI32(value: number): void;
  writeI64(value: unknown): void;
  writeDouble(value: number): void;
  writeString(value: string): void;
  writeBinary(value: Buffer): void;
  readStructBegin(): void;
  readStructEnd(): void;
  readFieldBegin(): { readonly ftype: number; readonly fid: number };
  readFieldEnd(): void;
  readListBegin(): { readonly size: number };
  readListEnd(): void;
  readSetBegin(): { readonly size: number };
  readSetEnd(): void;
  readMapBegin(): { readonly size: number };
  readMapEnd(): void;
  readBool(): boolean;
  readByte(): number;
  readI16(): number;
  readI32(): number;
  readI64(): { readonly buffer: Buffer; readonly offset: number };
  readDouble(): number;
  readString(): string;
  readBinary(): Buffer;
}
type ProtocolClass = new (transport: unknown, strictRead?: boolean, strictWrite?: boolean) => ApacheProtocol;
interface Apache {
  TBinaryProtocol: ProtocolClass;
  TCompactProtocol: ProtocolClass;
  TFramedTransport: new (bytes: Buffer) => unknown;
  TBufferedTransport: new (bytes: undefined, done: (message: Buffer) => void) => { flush(): void };
}

const require = createRequire(import.meta.url);
const apache = require("thrift") as Apache;
const Int64 = require("node-int64") as new (bytes: Buffer) => unknown;

/** Apache takes doubles apart by hand: it loses the sign of zero and the smallest numbers. */
const samples = samplesWith(
  fc
    .oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
    .filter((each) => !Object.is(each, -0) && (each === 0 || Math.abs(each) > 1e-300)),
);

const WIRE_TYPE = {
  bool: 2,
  byte: 3,
  double: 4,
  i16: 6,
  i32: 8,
  enum: 8,
  i64: 10,
  string: 11,
  binary: 11,
  struct: 12,
  map: 13,
  set: 14,
  list: 15,
} as const;

function wireType(type: Type): number {
  return WIRE_TYPE[plainType(type).kind as keyof typeof WIRE_TYPE];
}

for (const protocol of PROTOCOLS) {
  const Protocol = protocol.name === "binary" ? apache.TBinaryProtocol : apache.TCompactProtocol;

  describe(`the ${protocol.name} protocol of Apache Thrift`, () => {
    it("has the bytes that we write", () => {
      fc.assert(
        fc.property(samples, ({ struct, value }) => {
          let theirs = Buffer.alloc(0);
          const transport = new apache.TBufferedTransport(undefined, (message) => {
            theirs = Buffer.from(message);
          });
          const out = new Protocol(transport);
          writeStruct(out, struct, value);
          transport.flush();
          const codec = makeMapCodec(struct, {});
          assert.deepEqual(encode(protocol, codec, value), theirs);
          assert.deepStrictEqual(decode(protocol, codec, theirs), value);
        }),
        { numRuns: 300 },
      );
    });

    it("reads what we write", () => {
      fc.assert(
        fc.property(samples, ({ struct, value }) => {
          const bytes = encode(protocol, makeMapCodec(struct, {}), value);
          const inp = new Protocol(new apache.TFramedTransport(bytes));
          assert.deepStrictEqual(readStruct(inp, struct), value);
        }),
        { numRuns: 300 },
      );
    });
  });
}

function writeStruct(out: ApacheProtocol, struct: Struct, value: Record<string, unknown>): void {
  out.writeStructBegin(struct.name);
  for (const field of struct.fields) {
    if (!Object.hasOwn(value, field.name)) continue;
    out.writeFieldBegin(field.name, wireType(field.type), field.id);
    writeValue(out, field.type, value[field.name]);
    out.writeFieldEnd();
  }
  out.writeFieldStop();
  out.writeStructEnd();
}

function writeValue(out: ApacheProtocol, type: Type, value: unknown): void {
  const plain = plainType(type);
  switch (plain.kind) {
    case "bool":
      return out.writeBool(value as boolean);
    case "byte":
      return out.writeByte(value as number);
    case "i16":
      return out.writeI16(value as number);
    case "i32":
    case "enum":
      return out.writeI32(value as number);
    case "i64": {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64BE(value as bigint);
      return out.writeI64(new Int64(bytes));
    }
    case "double":
      return out.writeDouble(value as number);
    case "string":
      return out.writeString(value as string);
    case "binary":
      return out.writeBinary(Buffer.from(value as Uint8Array));
    case "list":
      out.writeListBegin(wireType(plain.element), (value as unknown[]).length);
      for (const each of value as unknown[]) writeValue(out, plain.element, each);
      return out.writeListEnd();
    case "set":
      out.writeSetBegin(wireType(plain.element), (value as unknown[]).length);
      for (const each of value as unknown[]) writeValue(out, plain.element, each);
      return out.writeSetEnd();
    case "map": {
      const entries =
        value instanceof Map
          ? [...(value as Map<unknown, unknown>)]
          : Object.entries(value as object).map(([k, v]) => [fromText(plain.key, k), v]);
      out.writeMapBegin(wireType(plain.key), wireType(plain.value), entries.length);
      for (const [k, v] of entries) {
        writeValue(out, plain.key, k);
        writeValue(out, plain.value, v);
      }
      return out.writeMapEnd();
    }
    case "struct":
      return writeStruct(out, plain.definition, value as Record<string, unknown>);
    case "uuid":
      throw new TypeError("not in these samples");
  }
}

function readStruct(inp: ApacheProtocol, struct: Struct): Record<string, unknown> {
  const entries: [string, unknown][] = [];
  inp.readStructBegin();
  for (;;) {
    const { ftype, fid } = inp.readFieldBegin();
    if (ftype === 0) break;
    const field = struct.fields.find((each) => each.id === fid);
    assert.ok(field !== undefined && wireType(field.type) === ftype);
    entries.push([field.name, readValue(inp, field.type, false)]);
    inp.readFieldEnd();
  }
  inp.readStructEnd();
  return Object.fromEntries(entries);
}

function readValue(inp: ApacheProtocol, type: Type, element = true): unknown {
  const plain = plainType(type);
  switch (plain.kind) {
    case "bool":
      // Its compact protocol reads every bool of a container as false.
      return element && inp instanceof apache.TCompactProtocol ? inp.readByte() === 1 : inp.readBool();
    case "byte":
      return (inp.readByte() << 24) >> 24;
    case "i16":
      return inp.readI16();
    case "i32":
    case "enum":
      return inp.readI32();
    case "i64": {
      const { buffer, offset } = inp.readI64();
      return buffer.readBigInt64BE(offset);
    }
    case "double":
      return inp.readDouble();
    case "string":
      return inp.readString().toString();
    case "binary":
      return new Uint8Array(inp.readBinary());
    case "list": {
      const list = Array.from({ length: inp.readListBegin().size }, () => readValue(inp, plain.element));
      inp.readListEnd();
      return list;
    }
    case "set": {
      const set = Array.from({ length: inp.readSetBegin().size }, () => readValue(inp, plain.element));
      inp.readSetEnd();
      return set;
    }
    case "map": {
      const { size } = inp.readMapBegin();
      const entries = Array.from({ length: size }, () => [readValue(inp, plain.key), readValue(inp, plain.value)] as const);
      inp.readMapEnd();
      if (["list", "set", "map", "struct", "binary"].includes(plainType(plain.key).kind)) return new Map(entries);
      const object = Object.create(null) as Record<string, unknown>;
      for (const [k, v] of entries) object[Object.is(k, -0) ? "-0" : String(k)] = v;
      return object;
    }
    case "struct":
      return readStruct(inp, plain.definition);
    case "uuid":
      throw new TypeError("not in these samples");
  }
}

function fromText(type: Type, text: string): unknown {
  switch (plainType(type).kind) {
    case "bool":
      return text === "true";
    case "i64":
      return BigInt(text);
    case "string":
      return text;
    default:
      return Number(text);
  }
}
