/** Values that pass through as bytes: always the binary protocol, whichever the message is in. */
import { DecodeError } from "@kiteline/net";
import { BinaryReader } from "../binary-reader.ts";
import { copyField, copyValue } from "../copy-value.ts";
import { UNLIMITED } from "../limits.ts";
import type { StructCodec, UnknownFields } from "../protocol.ts";
import { shown, ValueError } from "../value-error.ts";
import { STRUCT, fieldKey } from "../wire-types.ts";
import type { ValueCodec } from "./value-codec.ts";

export function rawCodec(wireType: number): ValueCodec {
  let reader: BinaryReader | undefined;
  /** Bytes from outside are believed no more than those of a peer. */
  const checked = (value: unknown): BinaryReader => {
    if (!(value instanceof Uint8Array)) throw new ValueError(`expected the bytes of a value (a Uint8Array), got ${shown(value)}`);
    reader ??= new BinaryReader(UNLIMITED, true);
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    reader.reset(bytes, 0, bytes.byteLength);
    try {
      reader.skip(fieldKey(0, wireType));
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      throw new ValueError(`expected the bytes of a value in the binary protocol, but ${error.message}`, { cause: error });
    }
    if (reader.left > 0) throw new ValueError(`expected the bytes of one value, but ${reader.left} bytes follow it`);
    reader.reset(bytes, 0, bytes.byteLength);
    return reader;
  };
  return {
    wireType,
    writeField(out, id, value) {
      copyField(checked(value), out, fieldKey(id, wireType));
    },
    write(out, value) {
      copyValue(checked(value), out, wireType);
    },
    read(inp) {
      const fields: UnknownFields = [];
      inp.unknown(fieldKey(0, wireType), fields);
      return fields[0]?.bytes;
    },
    zero: undefined,
  };
}

/** A struct as its bytes, from its first field to its stop. */
export function rawStruct(name: string): StructCodec<Uint8Array> {
  const codec = rawCodec(STRUCT);
  return { name, write: (out, value) => codec.write(out, value), read: (inp) => codec.read(inp) as Uint8Array };
}
