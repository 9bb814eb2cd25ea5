/**
 * Kiteline's echo server as a program of its own, for load from other peers' clients: `--protocol thrift --port N`. Listens on
 * 127.0.0.1 and says where; ends on SIGINT and SIGTERM.
 */
import { parseArgs } from "node:util";
import { requireNumber } from "./numbers.ts";
import { peerOf } from "./protocols.ts";

try {
  const { values } = parseArgs({ options: { protocol: { type: "string" }, port: { type: "string", default: "0" } } });
  const address = await (await peerOf(values.protocol)).serve(requireNumber("--port", values.port, 0, 65_535));
  console.log(JSON.stringify({ listening: address }));
} catch (error) {
  console.error(`echo-server: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(2);
}
