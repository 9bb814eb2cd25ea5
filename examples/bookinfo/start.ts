/** `npm start`: Bookinfo from nothing, one process per instance, until Ctrl-C. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { styleText } from "node:util";
import type { Instance } from "./instance.ts";
import { listenAt } from "./productpage/listen.ts";
import { Fleet, type Member } from "./starter/fleet.ts";
import { instanceOf, INSTANCES, PAGE } from "./starter/instances.ts";
import { HELP, readOptions, type StartOptions } from "./starter/options.ts";

const options = parse();
const { mesh } = options;
const run = options.join?.run ?? mkdtempSync(join(tmpdir(), "kiteline-bookinfo-"));
const fleet = new Fleet({ mesh, run, wrote: ({ name }, line) => say(`${styleText("dim", `${name} |`)} ${line}`), died });
let ending = false;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void end(0));
try {
  await (options.join === undefined ? startAll() : joinAs(instanceOf(options.join.name, options.join.lane)));
} catch (error) {
  if (!ending) console.error(`bookinfo: ${(error as Error).message}`);
  await end(1);
}

function parse(): StartOptions {
  try {
    const given = readOptions(process.argv.slice(2));
    if (given !== undefined) return given;
    console.log(HELP);
    process.exit(0);
  } catch (error) {
    console.error(`bookinfo: ${(error as Error).message}\n\nnpm start -- --help tells what there is.`);
    process.exit(2);
  }
}

async function startAll(): Promise<void> {
  await requireFree(options.port);
  const others = await Promise.all(INSTANCES.map((instance) => fleet.start(instance)));
  // Last, so that it knows all of them from its first request on.
  const page = await fleet.start(PAGE, options.port);
  summarize(page, [page, ...others]);
}

/** So that a port that is taken is noticed before anything has been started. Rejects as the page itself would. */
async function requireFree(port: number): Promise<void> {
  const probe = createServer();
  await listenAt(probe, port);
  await new Promise((resolve) => probe.close(resolve));
}

async function joinAs(instance: Instance): Promise<void> {
  const { pid, address } = await fleet.start(instance);
  say(`${instance.name} (process ${pid}) has joined at ${address}; Ctrl-C ends it`);
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
  Edit ${relative(process.cwd(), mesh) || "."}/*.yaml: the next request obeys.
  End any process but the page: the page goes on. Instances announce themselves in ${run}
  Ctrl-C ends everything; npm start -- --help tells more.
`);
}

function died({ name }: Instance, pid: number, cause: string): void {
  if (options.join !== undefined) {
    say(`${name} ${cause}`);
    void end(1);
  } else if (name === PAGE.name) {
    say(`the page itself ${cause}, so everything ends`);
    void end(1);
  } else {
    const again = `npm start -- --join ${name} --run ${run}${options.otherMesh ? ` --mesh ${mesh}` : ""}`;
    say(`${name} (process ${pid}) ${cause}; the page goes on without it. To start it again:\n         ${again}`);
  }
}

function say(text: string): void {
  console.log(`${styleText("dim", new Date().toTimeString().slice(0, 8))} ${text}`);
}

async function end(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  await fleet.end();
  if (options.join === undefined) rmSync(run, { recursive: true, force: true });
  process.exit(code);
}
