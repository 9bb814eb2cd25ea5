/** Walks messages of the binary protocol. */
import { DecodeError } from "@kiteline/net";
import { MessageScanner, MORE } from "./message-scanner.ts";
import { STRING, wireTypeName } from "./wire-types.ts";

/** The bytes of a value of each type that is always as long; 0 for all others. */
const FIXED = Uint8Array.of(0, 0, 1, 1, 8, 0, 2, 0, 4, 0, 8, 0, 0, 0, 0, 0, 16);

export class BinaryScanner extends MessageScanner {
  readonly #strict: boolean;

  constructor(maxDepth: number, strict: boolean) {
    super(maxDepth);
    this.#strict = strict;
  }

  protected override head(): number {
    const start = this.at;
    if (this.walk(4) === MORE) return MORE;
    const first = this.bytes.readInt32BE(start);
    if (first >= 0) {
      if (this.#strict)
        throw new DecodeError(
          `expected a Thrift message that begins with 0x8001, got 0x${first.toString(16).padStart(8, "0")}; peers of the old form, without a version, need the option oldThrift (of thriftBinary: strict: false)`,
        );
      return this.walk(first + 5);
    }
    if (first >>> 16 !== 0x8001) throw new DecodeError(`expected a Thrift message of version 0x8001, got 0x${(first >>> 16).toString(16)}`);
    return this.#string() === MORE ? MORE : this.walk(4);
  }

  protected override fieldType(): number {
    const start = this.at;
    if (this.walk(1) === MORE) return MORE;
    const type = this.bytes[start]!;
    return type !== 0 && this.walk(2) === MORE ? MORE : type;
  }

  protected override scalar(type: number): number {
    if (type === STRING) return this.#string();
    const size = this.fixedBytes(type);
    if (size === 0) throw new DecodeError(`a value has ${wireTypeName(type)}`);
    return this.walk(size);
  }

  protected override listHeader(): number {
    const start = this.at;
    if (this.walk(5) === MORE) return MORE;
    this.first = this.bytes[start]!;
    return notNegative(this.bytes.readInt32BE(start + 1));
  }

  protected override mapHeader(): number {
    const start = this.at;
    if (this.walk(6) === MORE) return MORE;
    this.first = this.bytes[start]!;
    this.second = this.bytes[start + 1]!;
    return notNegative(this.bytes.readInt32BE(start + 2));
  }

  protected override fixedBytes(type: number): number {
    return FIXED[type] ?? 0;
  }

  #string(): number {
    const start = this.at;
    return this.walk(4) === MORE ? MORE : this.walk(this.bytes.readInt32BE(start));
  }
}

function notNegative(count: number): number {
  if (count < 0) throw new DecodeError(`a container has the count ${count}`);
  return count;
}
