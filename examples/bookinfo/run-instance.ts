/**
 * One process of Bookinfo: `run-instance.ts SERVICE VERSION [--lane LANE] --mesh FOLDER --run FOLDER [--port PORT]`.
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

try {
  const start = service === "productpage" ? productpage : serve;
  const running = await start(instance, { mesh, run, port: port === undefined ? undefined : Number(port) });
  endWith(() => running.close());
  report({ kind: "ready", address: running.address });
} catch (error) {
  report({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
  if (process.connected) process.disconnect?.();
}

function report(message: Report): void {
  if (process.send === undefined) console.log(message);
  else process.send(message);
}

function endWith(close: () => Promise<void>): void {
  const end = (): void => {
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once("SIGTERM", end);
  // Ctrl-C reaches everybody in the terminal: whoever has a starter leaves it to the starter to end things in order.
  if (process.connected) {
    process.on("SIGINT", () => undefined);
    process.once("disconnect", end);
  } else {
    process.once("SIGINT", end);
  }
}
