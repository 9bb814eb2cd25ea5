/** Header blocks to fields (RFC 7541). Knows nothing of what HTTP allows, except for the characters of fields. */
import { FIELD_OVERHEAD_BYTES } from "../fields.ts";
import { DynamicTable, INITIAL_TABLE_BYTES } from "./dynamic-table.ts";
import { KnownStrings } from "./known-strings.ts";
import { STATIC_ENTRIES, STATIC_NAMES, STATIC_VALUES } from "./static-table.ts";

/** Who gets the fields. `lawful`: name and value have only the characters they may have. */
export interface FieldSink {
  /** Bytes of fields that are still wanted. A longer string is passed over, without being decoded where the table does not need it. */
  readonly room: number;
  add(name: string, value: string, lawful: boolean): void;
  /** A field of at least so many bytes was passed over. */
  skip(bytes: number): void;
}

/** A block that cannot be decoded: the connection cannot go on (COMPRESSION_ERROR). */
export class HpackError extends Error {
  override readonly name = "HpackError";
}

/** No code of Huffman's is longer, in bytes: so much is a string at least. */
const LONGEST_CODE_BYTES = 30 / 8;
/** Larger integers than any length or index; more bytes than these do not come. */
const MAX_INTEGER_SHIFT = 21;

export class HpackDecoder {
  readonly table: DynamicTable = new DynamicTable(INITIAL_TABLE_BYTES);
  /** Whether the last block spoke of entries of the dynamic table. */
  usedTable = false;
  /** What we allow the peer's table to grow to. */
  #maxTableBytes: number = INITIAL_TABLE_BYTES;
  /** Made with the first: who connects and asks nothing shall cost little. */
  #strings: KnownStrings | undefined;
  #at = 0;
  #lawful = true;
  /** Bytes of the field's strings that were passed over. */
  #skipped = 0;

  /** Our SETTINGS_HEADER_TABLE_SIZE. What is more than before counts when it is sent, what is less when it is acknowledged. */
  allow(maxTableBytes: number): void {
    this.#maxTableBytes = maxTableBytes;
  }

  /** Decodes a whole block. Throws an `HpackError`; the table is of no use then. */
  decode(bytes: Buffer, start: number, end: number, sink: FieldSink): void {
    this.usedTable = false;
    this.#at = start;
    // A table that is larger than allowed by now must be made smaller before anything else (section 4.2).
    if (this.table.maxBytes > this.#maxTableBytes && ((bytes[start] as number) & 0xe0) !== 0x20)
      throw new HpackError(`the header block does not shrink the table to ${this.#maxTableBytes} bytes, as it was asked to`);
    let begun = false;
    while (this.#at < end) {
      const first = bytes[this.#at] as number;
      if (first >= 0x80) {
        const index = this.#integer(bytes, end, 0x7f);
        this.#lawful = true;
        sink.add(this.#name(index), this.#value(index), this.#lawful);
        begun = true;
      } else if (first >= 0x20 && first < 0x40) {
        // Only at the beginning, or it would not be the encoder's answer to our SETTINGS (section 4.2).
        if (begun) throw new HpackError("the header block changes the table's size after its first field");
        const size = this.#integer(bytes, end, 0x1f);
        if (size > this.#maxTableBytes)
          throw new HpackError(`the header table was to grow to ${size} bytes, more than ${this.#maxTableBytes} (headerTableBytes)`);
        this.table.resize(size);
      } else {
        const indexing = first >= 0x40;
        const index = this.#integer(bytes, end, indexing ? 0x3f : 0x0f);
        this.#lawful = true;
        this.#skipped = 0;
        const kept = indexing ? this.table.maxBytes - FIELD_OVERHEAD_BYTES : 0;
        const name = index === 0 ? this.#literal(bytes, end, true, sink.room, kept) : this.#name(index);
        const value = this.#literal(bytes, end, false, sink.room, kept);
        if (this.#skipped > 0) {
          if (indexing) this.table.clear();
          sink.skip(this.#skipped);
        } else {
          if (indexing) this.table.add(name, value, this.#lawful);
          sink.add(name, value, this.#lawful);
        }
        begun = true;
      }
    }
  }

  #name(index: number): string {
    if (index <= STATIC_ENTRIES && index > 0) return STATIC_NAMES[index] as string;
    const age = this.#age(index);
    this.#lawful = this.table.lawful(age);
    return this.table.name(age);
  }

  #value(index: number): string {
    return index <= STATIC_ENTRIES ? (STATIC_VALUES[index] as string) : this.table.value(this.#age(index));
  }

  #age(index: number): number {
    const age = index - STATIC_ENTRIES - 1;
    if (index === 0 || age >= this.table.entries) {
      throw new HpackError(`the header block speaks of entry ${index}, but the table has ${STATIC_ENTRIES + this.table.entries}`);
    }
    this.usedTable = true;
    return age;
  }

  /** One that is larger than `room` and than what the table may keep of it (`kept`) is passed over. */
  #literal(bytes: Buffer, end: number, isName: boolean, room: number, kept: number): string {
    if (this.#at >= end) throw new HpackError("the header block ends before a string");
    const huffman = (bytes[this.#at] as number) >= 0x80;
    const length = this.#integer(bytes, end, 0x7f);
    const start = this.#at;
    if (length > end - start)
      throw new HpackError(`a string of ${length} bytes does not fit into the ${end - start} left of the header block`);
    this.#at = start + length;
    if (length > room && (huffman ? length / LONGEST_CODE_BYTES : length) > kept) {
      this.#skipped += length;
      return "";
    }
    const strings = (this.#strings ??= new KnownStrings());
    const text = strings.read(bytes, start, start + length, huffman, isName);
    if (text === undefined) throw new HpackError("a string of the header block is not Huffman code");
    this.#lawful &&= isName ? strings.lawfulName : strings.lawfulValue;
    return text;
  }

  /** An integer whose first byte has the bits of `mask` (section 5.1). */
  #integer(bytes: Buffer, end: number, mask: number): number {
    let value = (bytes[this.#at++] as number) & mask;
    if (value < mask) return value;
    for (let shift = 0; ; shift += 7) {
      if (this.#at >= end) throw new HpackError("the header block ends within a number");
      const byte = bytes[this.#at++] as number;
      value += (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
      if (shift === MAX_INTEGER_SHIFT) throw new HpackError("a number of the header block is too large");
    }
  }
}
