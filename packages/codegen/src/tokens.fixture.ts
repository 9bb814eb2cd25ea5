/**
 * A Thrift protocol for tests: what generated code writes, call by call, and a reader of that. It has no bytes, so that
 * a test sees what was said, and in which order.
 */
import assert from "node:assert/strict";
import type { StructCodec, ThriftReader, ThriftWriter, UnknownFields } from "@kiteline/thrift";

/** A call of the writer: the method's name without `Field`, and what it was given, the field's id first, if any. */
export interface Token {
  readonly what: string;
  readonly id: number | undefined;
  readonly values: readonly unknown[];
}

/** What a codec writes of a value. */
export function tokensOf<Init>(codec: { write(out: ThriftWriter, value: Init): void }, value: Init): Token[] {
  const writer = new TokenWriter();
  codec.write(writer, value);
  return writer.tokens;
}

/** What a codec reads from tokens; all must be read. */
export function readTokens<T>(codec: { read(inp: ThriftReader): T }, tokens: readonly Token[]): T {
  const reader = new TokenReader(tokens);
  const value = codec.read(reader);
  assert.equal(reader.left, 0, "tokens are left");
  return value;
}

/** Written, and read again. */
export function roundTrip<T, Init>(codec: StructCodec<T, Init>, value: Init): T {
  return readTokens(codec, tokensOf(codec, value));
}

/** Written by one codec, and read by another. */
export function passedOn<T, Init>(from: StructCodec<unknown, Init>, to: StructCodec<T, unknown>, value: Init): T {
  return readTokens(to, tokensOf(from, value));
}

/** A token in few words: `i32 3 = 5`. */
export function inWords({ what, id, values }: Token): string {
  return [what, ...(id === undefined ? [] : [String(id)]), ...values.map(String)].join(" ");
}

const WIRE: Readonly<Record<string, number>> = {
  bool: 2,
  byte: 3,
  double: 4,
  i16: 6,
  i32: 8,
  i64: 10,
  i64Number: 10,
  i64String: 10,
  string: 11,
  binary: 11,
  struct: 12,
  map: 13,
  set: 14,
  list: 15,
  uuid: 16,
};

class TokenWriter implements ThriftWriter {
  readonly tokens: Token[] = [];

  #add(what: string, id: number | undefined, ...values: readonly unknown[]): void {
    this.tokens.push({ what, id, values });
  }

  begin(struct?: string): void {
    this.#add("begin", undefined, struct);
  }
  end(): void {
    this.#add("end", undefined);
  }
  boolField(id: number, value: boolean): void {
    this.#add("bool", id, value);
  }
  byteField(id: number, value: number): void {
    this.#add("byte", id, value);
  }
  i16Field(id: number, value: number): void {
    this.#add("i16", id, value);
  }
  i32Field(id: number, value: number): void {
    this.#add("i32", id, value);
  }
  i64Field(id: number, value: bigint): void {
    this.#add("i64", id, value);
  }
  i64NumberField(id: number, value: number): void {
    this.#add("i64Number", id, value);
  }
  i64StringField(id: number, value: string): void {
    this.#add("i64String", id, value);
  }
  doubleField(id: number, value: number): void {
    this.#add("double", id, value);
  }
  stringField(id: number, value: string): void {
    this.#add("string", id, value);
  }
  binaryField(id: number, value: Uint8Array): void {
    this.#add("binary", id, value);
  }
  uuidField(id: number, value: string): void {
    this.#add("uuid", id, value);
  }
  structField(id: number): void {
    this.#add("struct", id);
  }
  listField(id: number, elementType: number, count: number): void {
    this.#add("list", id, elementType, count);
  }
  setField(id: number, elementType: number, count: number): void {
    this.#add("set", id, elementType, count);
  }
  mapField(id: number, keyType: number, valueType: number, count: number): void {
    this.#add("map", id, keyType, valueType, count);
  }
  bool(value: boolean): void {
    this.#add("bool", undefined, value);
  }
  byte(value: number): void {
    this.#add("byte", undefined, value);
  }
  i16(value: number): void {
    this.#add("i16", undefined, value);
  }
  i32(value: number): void {
    this.#add("i32", undefined, value);
  }
  i64(value: bigint): void {
    this.#add("i64", undefined, value);
  }
  i64Number(value: number): void {
    this.#add("i64Number", undefined, value);
  }
  i64String(value: string): void {
    this.#add("i64String", undefined, value);
  }
  double(value: number): void {
    this.#add("double", undefined, value);
  }
  string(value: string): void {
    this.#add("string", undefined, value);
  }
  binary(value: Uint8Array): void {
    this.#add("binary", undefined, value);
  }
  uuid(value: string): void {
    this.#add("uuid", undefined, value);
  }
  list(elementType: number, count: number): void {
    this.#add("list", undefined, elementType, count);
  }
  set(elementType: number, count: number): void {
    this.#add("set", undefined, elementType, count);
  }
  map(keyType: number, valueType: number, count: number): void {
    this.#add("map", undefined, keyType, valueType, count);
  }
  /** What the reader of this file kept. */
  unknown(fields: UnknownFields | undefined): void {
    for (const field of fields ?? []) this.tokens.push(...(field as unknown as { tokens: Token[] }).tokens);
  }
}

class TokenReader implements ThriftReader {
  readonly elementType = 0;
  readonly keyType = 0;
  readonly valueType = 0;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get left(): number {
    return this.#tokens.length - this.#at;
  }

  #take(what: string): readonly unknown[] {
    const token = this.#tokens[this.#at++];
    // What an i64 is in JavaScript is not on the wire.
    assert.equal(token === undefined ? undefined : (WIRE[token.what] ?? token.what), WIRE[what] ?? what);
    return token!.values;
  }

  begin(): void {
    this.#take("begin");
  }
  enter(): void {}
  leave(): void {}
  field(): number {
    const token = this.#tokens[this.#at]!;
    if (token.what === "end") {
      this.#at++;
      return 0;
    }
    assert.notEqual(token.id, undefined, "expected a field");
    if (token.what === "struct") this.#at++; // a header without a value: its fields come next
    return (WIRE[token.what]! << 16) | (token.id! & 0xffff);
  }
  more(i: number, count: number): boolean {
    return i < count;
  }
  boolField(): boolean {
    return this.bool();
  }
  byteField(): number {
    return this.byte();
  }
  i16Field(): number {
    return this.i16();
  }
  i32Field(): number {
    return this.i32();
  }
  i64Field(): bigint {
    return this.i64();
  }
  i64NumberField(): number {
    return this.i64Number();
  }
  i64StringField(): string {
    return this.i64String();
  }
  doubleField(): number {
    return this.double();
  }
  bool(): boolean {
    return this.#take("bool")[0] as boolean;
  }
  byte(): number {
    return this.#take("byte")[0] as number;
  }
  i16(): number {
    return this.#take("i16")[0] as number;
  }
  i32(): number {
    return this.#take("i32")[0] as number;
  }
  i64(): bigint {
    return BigInt(this.#take("i64")[0] as bigint);
  }
  i64Number(): number {
    return Number(this.#take("i64")[0]);
  }
  i64String(): string {
    return String(this.#take("i64")[0]);
  }
  double(): number {
    return this.#take("double")[0] as number;
  }
  string(): string {
    return this.#take("string")[0] as string;
  }
  binary(): Uint8Array {
    return Uint8Array.from(this.#take("binary")[0] as Uint8Array);
  }
  uuid(): string {
    return this.#take("uuid")[0] as string;
  }
  i32List(): number[] {
    return Array.from({ length: this.list(WIRE["i32"]!) }, () => this.i32());
  }
  i64List(): bigint[] {
    return Array.from({ length: this.list(WIRE["i64"]!) }, () => this.i64());
  }
  doubleList(): number[] {
    return Array.from({ length: this.list(WIRE["double"]!) }, () => this.double());
  }
  list(elementType: number): number {
    return this.#container("list", elementType);
  }
  set(elementType: number): number {
    return this.#container("set", elementType);
  }
  map(keyType: number, valueType: number): number {
    return this.#container("map", keyType, valueType);
  }
  #container(what: string, ...types: readonly number[]): number {
    const values = this.#take(what);
    assert.deepEqual(values.slice(0, -1), types);
    return values.at(-1) as number;
  }
  skip(_key: number): void {
    const { what, values } = this.#tokens[this.#at++]!;
    if (what === "begin") {
      for (let key: number; (key = this.field()) !== 0; ) this.skip(key);
      return;
    }
    const elements = what === "map" ? 2 * (values[2] as number) : what === "list" || what === "set" ? (values[1] as number) : 0;
    for (let i = 0; i < elements; i++) this.skip(0);
  }
  unknown(key: number, into: UnknownFields): void {
    const start = this.#tokens[this.#at]?.what === "begin" ? this.#at - 1 : this.#at;
    this.skip(key);
    const kept = { key, bytes: new Uint8Array(), tokens: this.#tokens.slice(start, this.#at) };
    into.push(kept);
  }
}
