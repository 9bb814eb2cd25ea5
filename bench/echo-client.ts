/**
 * Load on an echo server, Kiteline's or another peer's: `--protocol thrift --target HOST:PORT --connections N --concurrency N
 * --bytes N --seconds N`. The target must be on this machine. The last line is one JSON object with `rps`, `p50Ms` and `p99Ms`.
 */
import { parseArgs } from "node:util";
import { closedLoop } from "./drive.ts";
import { parseLoopback } from "./loopback.ts";
import { requireNumber } from "./numbers.ts";
import { ACTION } from "./peer.ts";
import { peerOf } from "./protocols.ts";

/** Long enough for the hot code to be compiled; not part of what is measured. */
const WARMUP_MS = 1000;

try {
  await run();
  process.exit(0);
} catch (error) {
  console.error(`echo-client: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(2);
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      protocol: { type: "string" },
      target: { type: "string", default: "" },
      connections: { type: "string", default: "1" },
      concurrency: { type: "string", default: "100" },
      bytes: { type: "string", default: "1024" },
      seconds: { type: "string", default: "10" },
    },
  });
  const concurrency = requireNumber("--concurrency", values.concurrency, 1, 100_000);
  const seconds = requireNumber("--seconds", values.seconds, 1, 3600);
  const peer = await peerOf(values.protocol);
  const caller = await peer.connect({
    ...parseLoopback(values.target),
    connections: requireNumber("--connections", values.connections, 1, 10_000),
    bytes: requireNumber("--bytes", values.bytes, ACTION.length, 16_000_000),
  });
  await closedLoop(caller, concurrency, WARMUP_MS);
  const { calls, elapsedMs, p50Ms, p99Ms } = await closedLoop(caller, concurrency, seconds * 1000);
  console.log(JSON.stringify({ rps: Math.round((calls / elapsedMs) * 1000), p50Ms, p99Ms }));
}
