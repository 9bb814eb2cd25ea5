/**
 * The wires that a server understands, in the order in which they are tried, and the one that a client speaks. Loaded by
 * the first dial of a client that speaks another than the default, and by servers that listen.
 */
import type { ClientWire, PayloadFormat, ServerWire } from "@kiteline/net";
import { kitexProtobuf } from "@kiteline/protobuf/formats";
import { ThriftClientWire, ThriftServerWire, thriftBinary, thriftCompact } from "@kiteline/thrift/wires";
import { MeshHeaderServerWire, TTHeaderClientWire, TTHeaderServerWire } from "@kiteline/ttheader";
import type { ProtocolName } from "./protocols.ts";

export interface ClientWireOptions {
  readonly protocol: ProtocolName;
  readonly payload: "binary" | "compact";
  /** Of the service's messages. */
  readonly messagesFormat: string;
  readonly maxMessageBytes: number;
}

export function clientWire(options: ClientWireOptions, now: () => number): ClientWire {
  const { protocol } = options;
  const format = payloadFormat(options);
  if (protocol === "framed" || protocol === "buffered") return new ThriftClientWire({ format, framed: protocol === "framed" });
  // Kitex Protobuf always has a length of its own before it.
  return new TTHeaderClientWire({ format, framed: protocol === "ttheader-framed" || options.messagesFormat === "protobuf", now });
}

function payloadFormat({ payload, messagesFormat, maxMessageBytes }: ClientWireOptions): PayloadFormat {
  if (messagesFormat === "protobuf") return kitexProtobuf();
  const make = payload === "compact" ? thriftCompact : thriftBinary;
  return make({ maxStringBytes: maxMessageBytes });
}

export interface ServerWireOptions {
  readonly maxMessageBytes: number;
  readonly multiplexed: boolean;
  /** Also take Thrift messages of the old form, without a version. */
  readonly oldThrift: boolean;
}

export function serverWires({ maxMessageBytes, multiplexed, oldThrift }: ServerWireOptions): ServerWire[] {
  const limits = { maxStringBytes: maxMessageBytes };
  const formats = [thriftBinary({ ...limits, strict: !oldThrift }), thriftCompact(limits)];
  const all = [...formats, kitexProtobuf()];
  const strict = !oldThrift;
  return [
    new TTHeaderServerWire({ formats: all, multiplexed }), // known by its magic alone, so it is asked first
    new MeshHeaderServerWire({ formats: all }),
    new ThriftServerWire({ formats: all, strict, framed: true }),
    new ThriftServerWire({ formats, strict, framed: false }), // last: bytes of the old form are hard to tell from a length
  ];
}
