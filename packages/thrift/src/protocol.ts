/**
 * What generated codecs write to and read from: one call per field or element, whichever protocol is behind it. A
 * field's header and its value are one call, so that they cost one bounds check.
 *
 * Wire types are the numbers of `wire-types.ts`, which also says what a field's *key* is. Every write checks its value and throws a `ValueError`; every read checks the bytes and
 * throws a `DecodeError`.
 */

/** How a struct becomes bytes and back. `Init` is what writing accepts: `T` with fields left out that have a default. */
export interface StructCodec<T, Init = T> {
  /** The struct's name in the IDL, for texts. */
  readonly name: string;
  /** Writes the struct's fields, from `out.begin()` to `out.end()`. */
  write(out: ThriftWriter, value: Init): void;
  /** Reads the struct's fields, from `inp.begin()` to the stop, and no other message meanwhile: all are read in the same memory. */
  read(inp: ThriftReader): T;
}

/** A field that the reader's IDL does not know, kept so that it can be written on. */
export interface UnknownField {
  /** Of the field: `(wire type << 16) | id`. */
  readonly key: number;
  /** The value in the binary protocol, whatever protocol it came in. */
  readonly bytes: Uint8Array;
}
export type UnknownFields = UnknownField[];

export interface ThriftWriter {
  /** Starts a struct. `struct` is its name, for texts only. Throws a `RangeError` when structs are nested too deep. */
  begin(struct?: string): void;
  /** Ends it. */
  end(): void;

  boolField(id: number, value: boolean): void;
  byteField(id: number, value: number): void;
  i16Field(id: number, value: number): void;
  i32Field(id: number, value: number): void;
  i64Field(id: number, value: bigint): void;
  /** A 64-bit integer held as a number: must be a safe integer. */
  i64NumberField(id: number, value: number): void;
  /** A 64-bit integer held as decimal text. */
  i64StringField(id: number, value: string): void;
  doubleField(id: number, value: number): void;
  stringField(id: number, value: string): void;
  binaryField(id: number, value: Uint8Array): void;
  /** Text of the form `8-4-4-4-12` in hexadecimal digits. */
  uuidField(id: number, value: string): void;
  /** The header only: the struct is written next. */
  structField(id: number): void;
  /**
   * The header and the container's: `count` elements are written next. They are those of `list`, where nobody has looked yet whether
   * it is one: a text has a length and elements, too.
   */
  listField(id: number, elementType: number, count: number, list?: unknown): void;
  setField(id: number, elementType: number, count: number, set?: unknown): void;
  mapField(id: number, keyType: number, valueType: number, count: number, map?: unknown): void;

  bool(value: boolean): void;
  byte(value: number): void;
  i16(value: number): void;
  i32(value: number): void;
  i64(value: bigint): void;
  i64Number(value: number): void;
  i64String(value: string): void;
  double(value: number): void;
  string(value: string): void;
  binary(value: Uint8Array): void;
  uuid(value: string): void;
  list(elementType: number, count: number, list?: unknown): void;
  set(elementType: number, count: number, set?: unknown): void;
  map(keyType: number, valueType: number, count: number, map?: unknown): void;

  /** Fields that were read by `ThriftReader.unknown`. */
  unknown(fields: UnknownFields | undefined): void;
}

export interface ThriftReader {
  /** What the last container header said; for code that has no IDL. */
  readonly elementType: number;
  readonly keyType: number;
  readonly valueType: number;

  /** Starts a struct. */
  begin(): void;
  /**
   * Goes one deeper, and back: around the fields of structs that can hold themselves, how deep is in the message and not in the IDL.
   * Throws a `DecodeError` where that is too deep.
   */
  enter(): void;
  leave(): void;
  /** The next field's key, or 0 when the struct ends. The value must be read or skipped before the next field is asked for. */
  field(): number;

  /** The value of the field whose key was read last, which must say this type. Others are read as elements are. */
  boolField(): boolean;
  byteField(): number;
  i16Field(): number;
  i32Field(): number;
  i64Field(): bigint;
  /** Throws when the integer is not safe. */
  i64NumberField(): number;
  i64StringField(): string;
  doubleField(): number;

  bool(): boolean;
  byte(): number;
  i16(): number;
  i32(): number;
  i64(): bigint;
  /** Throws when the integer is not safe. */
  i64Number(): number;
  i64String(): string;
  double(): number;
  string(): string;
  /** A copy: it stays when the bytes it was read from are used again. */
  binary(): Uint8Array;
  uuid(): string;
  /** The number of elements, no more than bytes are left: room may be made for as many. `elementType` 0 accepts any type. */
  list(elementType: number): number;
  set(elementType: number): number;
  /** The number of entries; whether they are there shows when they are read. */
  map(keyType: number, valueType: number): number;
  /**
   * Whether element `i` is among `count`: asked by loops that fill a set of numbers or a map with numbers as keys. Throws a
   * `DecodeError` when reading the message takes so long that the numbers must have been chosen to collide.
   */
  more(i: number, count: number): boolean;

  /** A whole list, its header too. */
  i32List(): number[];
  i64List(): bigint[];
  doubleList(): number[];

  /** Leaves out the value of the field whose key was read last. */
  skip(key: number): void;
  /** Like `skip`, but keeps it. */
  unknown(key: number, into: UnknownFields): void;
}
