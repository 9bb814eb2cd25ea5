/** Thrift messages in the compact protocol. */
import type { PayloadFormat } from "@kiteline/net";
import { CompactReader } from "./compact-reader.ts";
import { CompactScanner } from "./compact-scanner.ts";
import { CompactWriter } from "./compact-writer.ts";
import { ThriftFormat } from "./format.ts";
import { resolveLimits, SCANNED_DEPTH, type ThriftLimits } from "./limits.ts";

/** The compact protocol: smaller and slower than the binary one. Kitex does not speak it, Apache Thrift does. */
export function thriftCompact(options: ThriftLimits = {}): PayloadFormat {
  const limits = resolveLimits(options);
  return new ThriftFormat({
    name: "thrift-compact",
    protocolId: 2,
    reader: new CompactReader(limits),
    writer: new CompactWriter(limits.maxDepth),
    recognise: (bytes, start) => bytes[start] === 0x82 && (bytes[start + 1]! & 0x1f) === 1,
    makeScanner: () => new CompactScanner(SCANNED_DEPTH * limits.maxDepth),
  });
}
