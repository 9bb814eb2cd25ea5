/** The wires that a server understands, in the order in which they are tried. */
import type { ServerWire } from "@kiteline/net";
import { kitexProtobuf } from "@kiteline/protobuf/formats";
import { thriftBinary, thriftCompact, ThriftServerWire } from "@kiteline/thrift/server";
import { MeshHeaderServerWire, TTHeaderServerWire } from "@kiteline/ttheader/server";
import { thriftLimits, type ReceivedLimits } from "./message-limits.ts";

export interface ServerWireOptions extends ReceivedLimits {
  readonly multiplexed: boolean;
  /** Also take Thrift messages of the old form, without a version. */
  readonly oldThrift: boolean;
}

export function serverWires(options: ServerWireOptions): ServerWire[] {
  const { multiplexed, oldThrift } = options;
  const limits = thriftLimits(options);
  const formats = [thriftBinary({ ...limits, strict: !oldThrift }), thriftCompact(limits)];
  const all = [...formats, kitexProtobuf(options.limits)];
  const strict = !oldThrift;
  return [
    new TTHeaderServerWire({ formats: all, multiplexed }), // known by its magic alone, so it is asked first
    new MeshHeaderServerWire({ formats: all }),
    new ThriftServerWire({ formats: all, strict, framed: true }),
    new ThriftServerWire({ formats, strict, framed: false }), // last: bytes of the old form are hard to tell from a length
  ];
}
