import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, it } from "node:test";
import { createClient } from "./client.ts";
import { Echo } from "./echo.fixture.ts";

/** Serves until SIGTERM. A call that comes before is answered only after: then the server must be closing already. */
const PROGRAM = `
  import { createServer } from "kiteline";
  import { Echo } from "./echo.fixture.ts";
  const server = createServer({ stopOn: ["SIGTERM"] }).add(Echo, {
    echo: (request) => new Promise((resolve) => {
      process.once("SIGTERM", () => setImmediate(() => resolve({ ...request, msg: "answered" })));
      console.log("called");
    }),
  });
  console.log(await server.listen());
`;

describe("a server that stops on a signal", () => {
  const skip = process.platform === "win32" && "Windows has no signals";
  it("answers the calls under way, takes no others, and ends the process", { skip }, async (t) => {
    const args = ["--conditions=source", "--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", PROGRAM];
    const program = spawn(process.execPath, args, { cwd: import.meta.dirname, stdio: ["ignore", "pipe", "inherit"] });
    t.after(() => program.kill("SIGKILL"));
    const ended = once(program, "exit");
    const lines = createInterface(program.stdout)[Symbol.asyncIterator]();
    const target = (await lines.next()).value as string;
    await using client = createClient(Echo, { target, retries: 0 });
    const call = client.echo({ action: "", msg: "" });
    assert.equal((await lines.next()).value, "called");
    program.kill("SIGTERM");
    assert.equal((await call).msg, "answered");
    assert.deepEqual(await ended, [0, null]);
    await assert.rejects(client.echo({ action: "", msg: "" }), { code: "unavailable", executed: "no" });
  });
});
