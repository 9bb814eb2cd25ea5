/** Walks messages of the compact protocol. */
import { DecodeError } from "@kiteline/net";
import { WIRE_OF_COMPACT } from "./compact-types.ts";
import { MessageScanner, MORE, NO_VALUE } from "./message-scanner.ts";
import { BOOL, BYTE, DOUBLE, I16, I32, I64, STRING, UUID, wireTypeName } from "./wire-types.ts";

export class CompactScanner extends MessageScanner {
  protected override head(): number {
    const start = this.at;
    if (this.walk(2) === MORE) return MORE;
    if (this.bytes[start] !== 0x82 || (this.bytes[start + 1]! & 0x1f) !== 1) {
      throw new DecodeError(`expected a compact Thrift message (0x82, version 1), got 0x${this.bytes.toString("hex", start, start + 2)}`);
    }
    return this.#integer() === MORE ? MORE : this.#string();
  }

  protected override fieldType(): number {
    const start = this.at;
    if (this.walk(1) === MORE) return MORE;
    const byte = this.bytes[start]!;
    if (byte === 0) return 0;
    const type = this.#type(byte & 0x0f);
    if (byte >>> 4 === 0 && this.#integer() === MORE) return MORE;
    return type === BOOL ? NO_VALUE : type;
  }

  protected override scalar(type: number): number {
    switch (type) {
      case I16:
      case I32:
      case I64:
        return this.#integer();
      case STRING:
        return this.#string();
      default: {
        const size = this.fixedBytes(type);
        if (size === 0) throw new DecodeError(`a value has ${wireTypeName(type)}`);
        return this.walk(size);
      }
    }
  }

  protected override listHeader(): number {
    const start = this.at;
    if (this.walk(1) === MORE) return MORE;
    const byte = this.bytes[start]!;
    const count = byte >>> 4 === 15 ? this.#length() : byte >>> 4;
    if (count > 0) this.first = this.#type(byte & 0x0f);
    return count;
  }

  protected override mapHeader(): number {
    const count = this.#length();
    if (count <= 0) return count;
    const start = this.at;
    if (this.walk(1) === MORE) return MORE;
    const byte = this.bytes[start]!;
    this.first = this.#type(byte >>> 4);
    this.second = this.#type(byte & 0x0f);
    return count;
  }

  protected override fixedBytes(type: number): number {
    if (type === BOOL || type === BYTE) return 1;
    if (type === DOUBLE) return 8;
    return type === UUID ? 16 : 0;
  }

  #type(compact: number): number {
    const type = WIRE_OF_COMPACT[compact]!;
    if (type === 0) throw new DecodeError(`a value has the unknown compact type ${compact}`);
    return type;
  }

  /** A varint of any length up to ten bytes. */
  #integer(): number {
    for (let i = 0; i < 10; i++) {
      const at = this.at;
      if (this.walk(1) === MORE) return MORE;
      if (this.bytes[at]! < 0x80) return 0;
    }
    throw new DecodeError("an integer takes more than 64 bits");
  }

  /** A varint that says how many; or `MORE`. */
  #length(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const at = this.at;
      if (this.walk(1) === MORE) return MORE;
      const byte = this.bytes[at]!;
      value |= (byte & 0x7f) << shift;
      if (byte >= 0x80) continue;
      if (value < 0 || (shift === 28 && byte > 7)) break;
      return value;
    }
    throw new DecodeError("a length or count takes more than 31 bits");
  }

  #string(): number {
    const length = this.#length();
    return length === MORE ? MORE : this.walk(length);
  }
}
