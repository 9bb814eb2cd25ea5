/** The wire of clients that speak another than the default. */
import { wireSessions, type ClientWire, type Loop, type PayloadFormat } from "@kiteline/net";
import { kitexProtobuf } from "@kiteline/protobuf/formats";
import { ThriftClientWire, thriftBinary, thriftCompact } from "@kiteline/thrift/wires";
import { TTHeaderClientWire } from "@kiteline/ttheader/client-wire";
import type { ResolvedClientOptions } from "./client-options.ts";
import type { Transport } from "./connector.ts";
import { thriftLimits, type ReceivedLimits } from "./message-limits.ts";
import type { ProtocolName } from "./protocols.ts";
export { resolved, Routing } from "./routing.ts";

export interface ClientWireOptions extends ReceivedLimits {
  readonly protocol: ProtocolName;
  readonly payload: "binary" | "compact";
  /** Of the service's messages. */
  readonly messagesFormat: string;
  /** Also read binary messages of the old form, without a version. */
  readonly oldThrift: boolean;
}

export function callTransport(options: ResolvedClientOptions, loop: Loop): Transport {
  const { connections } = options;
  return { connections, canMultiplex: true, alpn: undefined, open: wireSessions(clientWire(options, loop), connections) };
}

export function clientWire(options: ClientWireOptions, loop: Loop): ClientWire {
  const { protocol } = options;
  const format = payloadFormat(options);
  if (protocol === "framed" || protocol === "buffered") return new ThriftClientWire({ format, framed: protocol === "framed" });
  // Kitex Protobuf always has a length of its own before it.
  return new TTHeaderClientWire({ format, framed: protocol === "ttheader-framed" || options.messagesFormat === "protobuf", loop });
}

function payloadFormat(options: ClientWireOptions): PayloadFormat {
  const { payload, messagesFormat, oldThrift } = options;
  if (messagesFormat === "protobuf") return kitexProtobuf(options.limits);
  const limits = thriftLimits(options);
  return payload === "compact" ? thriftCompact(limits) : thriftBinary({ ...limits, strict: !oldThrift });
}
