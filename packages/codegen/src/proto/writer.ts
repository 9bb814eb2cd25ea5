/** The wire format of Protobuf, as far as writing options needs it. */
const utf8 = new TextEncoder();

/** Source: the encoding guide of Protobuf. */
export const WireType = { VARINT: 0, FIXED64: 1, LENGTH: 2, START_GROUP: 3, END_GROUP: 4, FIXED32: 5 } as const;

export class Writer {
  readonly #bytes: number[] = [];

  tag(number: number, wireType: (typeof WireType)[keyof typeof WireType]): void {
    this.varint((BigInt(number) << 3n) | BigInt(wireType));
  }

  /** Negative numbers are written as if they had 64 bits. */
  varint(value: bigint): void {
    let rest = BigInt.asUintN(64, value);
    for (; rest > 127n; rest >>= 7n) this.#bytes.push(Number(rest & 127n) | 128);
    this.#bytes.push(Number(rest));
  }

  zigzag(value: bigint): void {
    this.varint((value << 1n) ^ (value >> 63n));
  }

  fixed(value: bigint, size: 4 | 8): void {
    for (let shift = 0; shift < size; shift++) this.#bytes.push(Number((value >> BigInt(8 * shift)) & 255n));
  }

  float(value: number): void {
    this.#append(new Uint8Array(new Float32Array([value]).buffer));
  }

  double(value: number): void {
    this.#append(new Uint8Array(new Float64Array([value]).buffer));
  }

  bytes(value: Uint8Array): void {
    this.varint(BigInt(value.length));
    this.#append(value);
  }

  string(value: string): void {
    this.bytes(utf8.encode(value));
  }

  finish(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  // One by one: a spread of a large array would exhaust the stack.
  #append(value: Uint8Array): void {
    for (const byte of value) this.#bytes.push(byte);
  }
}
