/** What clients speak by default, Thrift's binary protocol under TTHeader, without the rest. */
import { wireSessions, type Loop } from "@kiteline/net";
import { thriftBinary } from "@kiteline/thrift/binary";
import { TTHeaderClientWire } from "@kiteline/ttheader/client-wire";
import type { ResolvedClientOptions } from "./client-options.ts";
import type { Transport } from "./connector.ts";
import { thriftLimits } from "./message-limits.ts";
export { resolved, Routing } from "./routing.ts";

export function callTransport(options: ResolvedClientOptions, loop: Loop): Transport {
  const { protocol, oldThrift, connections } = options;
  const format = thriftBinary({ ...thriftLimits(options), strict: !oldThrift });
  const wire = new TTHeaderClientWire({ format, framed: protocol === "ttheader-framed", loop });
  return { connections, canMultiplex: true, alpn: undefined, open: wireSessions(wire, connections) };
}
