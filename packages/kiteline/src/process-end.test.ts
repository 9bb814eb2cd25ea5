/** A process that has nothing left but calls lives until they have ended: Node would end it in the middle of an `await`. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { createServer } from "./server.ts";

const run = promisify(execFile);

/** Runs a module that has these imports, and returns what it printed. */
async function output(program: string): Promise<string> {
  const source = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href);
  const text = `
    import { createClient } from ${source("./client.ts")};
    import { createServer } from ${source("./server.ts")};
    import { Streams } from ${source("./streams.fixture.ts")};
    ${program}`;
  const { stdout } = await run(process.execPath, ["--conditions=source", "--input-type=module", "--eval", text], { timeout: 60_000 });
  return stdout;
}

describe("a process that waits for calls alone", () => {
  it("lives until one that waits for a server is past its deadline, and no longer", async () => {
    const text = await output(`
      const client = createClient(Streams, { target: "127.0.0.1:1", log: () => undefined });
      const failed = await client.one({}, { waitForReady: true, timeoutMs: 300 }).catch((error) => error);
      console.log(failed.code);`);
    assert.equal(text, "deadline_exceeded\n");
  });

  it("lives until one in the process is past its deadline, or its server has closed", async () => {
    const text = await output(`
      const server = createServer({ log: () => undefined, exitWaitMs: 200 });
      server.add(Streams, { one: () => new Promise(() => undefined), collect() {}, count() {}, talk() {} });
      const client = createClient(Streams, { target: { inProcess: server.inProcess } });
      const late = await client.one({}, { timeoutMs: 300 }).catch((error) => error);
      const cut = client.one({}).catch((error) => error);
      await new Promise(setImmediate);
      await server.close();
      console.log(late.code, (await cut).code);`);
    assert.equal(text, "deadline_exceeded unavailable\n");
  });

  it("lives until those are over that are refused while their client closes", async (t) => {
    const server = createServer({ log: () => undefined, exitWaitMs: 0 });
    t.after(() => server.close());
    const target = await server.listen({ host: "127.0.0.1", port: 0 });
    const text = await output(`
      const codes = new Set();
      async function* requests() { yield {}; await new Promise(() => undefined); }
      for (let times = 0; times < 20; times++) {
        const client = createClient(Streams, { target: ${JSON.stringify(target)} });
        await Array.fromAsync(client.talk(requests())).catch((error) => codes.add(error.code));
        await client.close();
      }
      console.log([...codes].join());`);
    assert.equal(text, "unimplemented\n");
  });
});
