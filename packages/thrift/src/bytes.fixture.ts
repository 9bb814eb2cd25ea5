/** Encoding and decoding by hand, for tests. */
import { Output, Slabs } from "@kiteline/net";
import { BinaryReader } from "./binary-reader.ts";
import { BinaryWriter } from "./binary-writer.ts";
import { CompactReader } from "./compact-reader.ts";
import { CompactWriter } from "./compact-writer.ts";
import { resolveLimits, type ThriftLimits } from "./limits.ts";
import type { MessageReader, MessageWriter } from "./message.ts";
import type { StructCodec, ThriftReader, ThriftWriter } from "./protocol.ts";

export interface Protocol {
  readonly name: string;
  writer(): MessageWriter;
  reader(limits?: ThriftLimits): MessageReader;
}

export const PROTOCOLS: readonly Protocol[] = [
  { name: "binary", writer: () => new BinaryWriter(64), reader: (limits = {}) => new BinaryReader(resolveLimits(limits), true) },
  { name: "compact", writer: () => new CompactWriter(64), reader: (limits = {}) => new CompactReader(resolveLimits(limits)) },
];

export const [BINARY, COMPACT] = PROTOCOLS as readonly [Protocol, Protocol];

/** What `write` puts into an output. */
export function written(write: (out: Output) => void, maxMessageBytes = 64 * 1024 * 1024): Buffer {
  const out = new Output(new Slabs(), maxMessageBytes);
  out.begin();
  write(out);
  return Buffer.concat(out.take().map((each) => each.bytes));
}

export function writtenBy(protocol: Protocol, write: (out: ThriftWriter) => void): Buffer {
  return written((out) => {
    const writer = protocol.writer();
    writer.reset(out);
    write(writer);
  });
}

/** A reader of bytes that lie inside of a larger buffer, as those of a message do. */
export function readerOf(protocol: Protocol, bytes: Uint8Array, limits?: ThriftLimits): MessageReader {
  const around = Buffer.concat([Buffer.from([0x0b, 0, 1]), bytes, Buffer.from([0x0c, 0, 1, 0])]);
  const reader = protocol.reader(limits);
  reader.reset(around, 3, 3 + bytes.byteLength);
  return reader;
}

export function encode<T, Init>(protocol: Protocol, codec: Pick<StructCodec<T, Init>, "write">, value: Init): Buffer {
  return writtenBy(protocol, (out) => codec.write(out, value));
}

export function decode<T>(protocol: Protocol, codec: { read(inp: ThriftReader): T }, bytes: Uint8Array, limits?: ThriftLimits): T {
  const reader = readerOf(protocol, bytes, limits);
  const value = codec.read(reader);
  if (reader.left !== 0) throw new Error(`${reader.left} bytes left`);
  return value;
}
