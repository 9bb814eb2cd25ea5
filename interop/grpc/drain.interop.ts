/** One of two Kiteline servers leaves while grpc-go's client is under load: no call and no stream is lost, whether it is still named or not. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { createServer, type Server } from "kiteline";
import { AskedProgram } from "../asked-program.ts";
import { grpcPrograms } from "./build.ts";
import { LoadReports } from "./load-reports.ts";
import { implemented, testHandler } from "./test-service.ts";

const CALLERS = 50;
/** The server leaves after so many calls of its own. */
const LEAVES_AFTER = 200;

interface Load {
  readonly kind: "unary" | "output" | "input" | "duplex";
  readonly calls: number;
  readonly messages: number;
}

const LOADS: readonly Load[] = [
  { kind: "unary", calls: 20_000, messages: 1 },
  { kind: "output", calls: 10_000, messages: 10 },
  { kind: "input", calls: 10_000, messages: 10 },
  { kind: "duplex", calls: 4000, messages: 10 },
];

async function serve(): Promise<{ readonly server: Server; readonly address: string }> {
  const server = createServer().add(implemented(), testHandler(new LoadReports()));
  return { server, address: await server.listen() };
}

async function loadWhile(
  load: Load,
  leave: (client: AskedProgram, leaving: Server, staying: string) => Promise<void>,
): Promise<{ readonly ok: number; readonly errors: object }> {
  const [leaving, staying] = [await serve(), await serve()];
  await using _leaving = leaving.server;
  await using _staying = staying.server;
  await using client = new AskedProgram(grpcPrograms.path("load"), []);
  await client.ask({ targets: [leaving.address, staying.address] });
  let over = false;
  const loaded = client.ask({ load: { ...load, concurrency: CALLERS } }).finally(() => (over = true));
  while (leaving.server.counters.started < LEAVES_AFTER && !over) await delay(1);
  const left = leave(client, leaving.server, staying.address);
  assert.ok(!over, "the load was over before the server left");
  await left;
  return ((await loaded) as { readonly load: { readonly ok: number; readonly errors: object } }).load;
}

for (const load of LOADS) {
  describe(`grpc-go's client under load, ${load.kind}`, () => {
    it("loses nothing when one of two Kiteline servers is not named any more, and drains", async () => {
      const leave = async (client: AskedProgram, leaving: Server, staying: string): Promise<void> => {
        await client.ask({ targets: [staying] });
        await leaving.close();
      };
      assert.deepEqual(await loadWhile(load, leave), { ok: load.calls, errors: {} });
    });

    it("loses nothing when one of two Kiteline servers drains that is still named", async () => {
      assert.deepEqual(await loadWhile(load, (_client, leaving) => leaving.close()), { ok: load.calls, errors: {} });
    });
  });
}
