/** Thrift messages in the binary protocol. */
import type { PayloadFormat } from "@kiteline/net";
import { BinaryReader } from "./binary-reader.ts";
import { BinaryScanner } from "./binary-scanner.ts";
import { BinaryWriter } from "./binary-writer.ts";
import { ThriftFormat } from "./format.ts";
import { resolveLimits, SCANNED_DEPTH, type ThriftLimits } from "./limits.ts";

export interface ThriftBinaryOptions extends ThriftLimits {
  /** `false` also reads messages of the old form, whose head has no version. What we write always has one. Defaults to true. */
  readonly strict?: boolean;
}

/** The binary protocol: what Kitex and nearly every Thrift peer speaks. */
export function thriftBinary(options: ThriftBinaryOptions = {}): PayloadFormat {
  const limits = resolveLimits(options);
  const strict = options.strict ?? true;
  return new ThriftFormat({
    name: "thrift",
    protocolId: 0,
    reader: new BinaryReader(limits, strict),
    writer: new BinaryWriter(limits.maxDepth),
    recognise: (bytes, start) => bytes[start] === 0x80 && bytes[start + 1] === 0x01,
    makeScanner: () => new BinaryScanner(SCANNED_DEPTH * limits.maxDepth, strict),
  });
}
