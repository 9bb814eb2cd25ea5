/** `npm start`: Bookinfo from nothing, one process per instance, until Ctrl-C. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { parseArgs, styleText } from "node:util";
import type { Instance } from "./instance.ts";
import { Fleet, type Member } from "./starter/fleet.ts";

const PORT = 9080;
const MESH = join(import.meta.dirname, "mesh");

const HELP = `Bookinfo in lanes: four services, seven processes, governed by Istio's YAML.

  npm start                       the page at http://127.0.0.1:${PORT}/productpage
  npm start -- --port 8080        the page on another port; 0 takes a free one
  npm start -- --mesh FOLDER      another folder of YAML than ${relative(process.cwd(), MESH)}
  npm start -- --help             this text

The page is answered by details, reviews v1 or v3 and ratings v1: 0 stars or 1 by turns. With the header or the cookie
uid=100 a request is in the lane "branch" and gets reviews v2 and ratings v2: 5 stars. The switch on the page sets the
cookie; as JSON, with the hops that a request took:

  curl -H 'accept: application/json' http://127.0.0.1:${PORT}/productpage
  curl -H 'accept: application/json' -H 'uid: 100' http://127.0.0.1:${PORT}/productpage

Edit a YAML file, and the next request obeys it. End a process, and the page goes on with what is left; Enter starts
again what has ended. Ctrl-C ends everything.
`;

const PAGE: Instance = { name: "productpage-v1", service: "productpage", version: "v1", lane: undefined };
const INSTANCES: readonly Instance[] = [
  { name: "details-v1", service: "details", version: "v1", lane: undefined },
  { name: "reviews-v1", service: "reviews", version: "v1", lane: undefined },
  { name: "reviews-v2", service: "reviews", version: "v2", lane: "branch" },
  { name: "reviews-v3", service: "reviews", version: "v3", lane: undefined },
  { name: "ratings-v1", service: "ratings", version: "v1", lane: undefined },
  { name: "ratings-v2", service: "ratings", version: "v2", lane: "branch" },
];

const options = readOptions();
const run = mkdtempSync(join(tmpdir(), "kiteline-bookinfo-"));
const fleet = new Fleet({
  mesh: options.mesh,
  run,
  wrote: ({ name }, line) => say(`${styleText("dim", `${name} |`)} ${line}`),
  died: ({ name }, pid, cause) => say(`${name} (process ${pid}) ${cause}; the page goes on without it. Enter starts it again.`),
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void end(0));

try {
  // First and alone: if its port is taken, nothing else has been started.
  const page = await fleet.start(PAGE, options.port);
  const others = await Promise.all(INSTANCES.map((instance) => fleet.start(instance)));
  summarize(page, [page, ...others]);
} catch (error) {
  console.error(`bookinfo: ${error instanceof Error ? error.message : String(error)}`);
  await end(1);
}
if (process.stdin.isTTY) process.stdin.on("data", () => void startMissing());

function readOptions(): { readonly port: number; readonly mesh: string } {
  try {
    const { values } = parseArgs({ options: { port: { type: "string" }, mesh: { type: "string" }, help: { type: "boolean", short: "h" } } });
    if (values.help === true) {
      console.log(HELP);
      process.exit(0);
    }
    const port = Number(values.port ?? PORT);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new RangeError(`--port must be a number from 0 to 65535, got "${values.port}"`);
    return { port, mesh: resolve(values.mesh ?? MESH) };
  } catch (error) {
    console.error(`bookinfo: ${(error as Error).message}\n\nnpm start -- --help tells what there is.`);
    process.exit(2);
  }
}

function summarize(page: Member, members: readonly Member[]): void {
  const url = `http://${page.address}/productpage`;
  console.log(`\n  ${styleText("bold", "Bookinfo in lanes")}   ${styleText(["cyan", "underline"], url)}\n`);
  for (const { instance, pid, address } of members) {
    const lane = instance.lane === undefined ? styleText("cyan", "baseline") : styleText("yellow", instance.lane.padEnd(8));
    console.log(`  ${instance.name.padEnd(15)} ${lane} process ${String(pid).padEnd(8)} ${address}`);
  }
  console.log(`
  The switch on the page, or the header uid: 100, takes a request into the lane branch.
  Edit ${relative(process.cwd(), options.mesh) || "."}/*.yaml: the next request obeys. Instances announce themselves in ${run}.
  Ctrl-C ends everything; npm start -- --help tells more.
`);
}

async function startMissing(): Promise<void> {
  for (const instance of INSTANCES) {
    if (fleet.isRunning(instance)) continue;
    await fleet.start(instance).then(
      ({ pid }) => say(`${instance.name} is back as process ${pid}`),
      (error: unknown) => say(`${instance.name} did not start: ${(error as Error).message}`),
    );
  }
}

function say(text: string): void {
  console.log(`${styleText("dim", new Date().toTimeString().slice(0, 8))} ${text}`);
}

async function end(code: number): Promise<void> {
  await fleet.end();
  rmSync(run, { recursive: true, force: true });
  process.exit(code);
}
