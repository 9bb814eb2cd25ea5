/**
 * One process of Bookinfo, forked by the starter:
 * `run-instance.ts SERVICE VERSION [--lane LANE] --mesh FOLDER --run FOLDER [--port PORT]`.
 *
 * The starter's channel is its lifeline: when the starter closes it, or is gone without a word, the process ends too.
 */
import { parseArgs } from "node:util";
import type { Instance, Report } from "./instance.ts";
import { productpage } from "./productpage/server.ts";
import { serve } from "./services/serve.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { lane: { type: "string" }, mesh: { type: "string" }, run: { type: "string" }, port: { type: "string" } },
});
const [service = "", version = ""] = positionals;
const { lane, mesh = "", run = "", port } = values;
const instance: Instance = { name: `${service}-${version}`, service, version, lane };

// Ctrl-C reaches everybody in the terminal: it is the starter that ends things, in order.
process.on("SIGINT", () => undefined);
try {
  const start = service === "productpage" ? productpage : serve;
  const running = await start(instance, { mesh, run, port: port === undefined ? undefined : Number(port) });
  const end = (): void => void running.close().finally(() => process.exit());
  process.once("SIGTERM", end);
  process.once("disconnect", end);
  report({ kind: "ready", address: running.address });
  if (!process.connected) end(); // the starter has gone meanwhile
} catch (error) {
  report({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
  if (process.connected) process.disconnect?.();
}

/** Nobody hears it when the starter has gone. */
function report(message: Report): void {
  if (process.connected) process.send?.(message);
}
