import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { Echo } from "./echo.fixture.ts";
import { createServer } from "./server.ts";

/** Notes which files are loaded, as `package/file`, and imports kiteline. */
const IMPORT = `
  import { registerHooks } from "node:module";
  const files = [];
  registerHooks({
    load(url, context, next) {
      const path = /\\/packages\\/([^/]+)\\/(?:src|dist)\\/(.*)\\.[jt]s$/.exec(url);
      if (path !== null) files.push(path[1] + "/" + path[2]);
      return next(url, context);
    },
  });
  const { createClient } = await import("kiteline");
`;

/** The files that a process of its own had loaded after the import or, where there is one, by the program after it. */
async function loaded(program = ""): Promise<string[]> {
  const text = `${IMPORT}; ${program}; console.log(JSON.stringify(files));`;
  const args = ["--conditions=source", "--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", text];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname });
  return JSON.parse(stdout) as string[];
}

/** What programs pay for only when they use it. */
const LATER = [
  /^(grpc|http2|protobuf)\//,
  /^ttheader\/(streaming\/|mesh-wire|server-wire)/,
  /^thrift\/(compact|server-wire|client-wire|bare-format|generic\/|idl\/)/,
  /^net\/(listener|server-session|stream-call|in-process)$/,
  /^kiteline\/(grpc|wires|serving|http-protocols|thrift-payload|server-host|unknown-methods|ttheader-streams)$/,
];

describe("importing kiteline", () => {
  it("loads nothing that only servers or other protocols than the default need", async () => {
    const files = await loaded();
    assert.ok(files.includes("ttheader/client-wire"), "the default is there");
    assert.deepEqual(
      files.filter((file) => LATER.some((pattern) => pattern.test(file))),
      [],
    );
  });

  // Each costs a third of a millisecond at every start. What is beyond that belongs to what is loaded when it is used.
  it("loads at most 110 files", async () => {
    const files = await loaded();
    assert.ok(files.length <= 110, `${files.length} files: ${files.join(" ")}`);
  });
});

describe("a client of the default protocol", () => {
  it("loads nothing more for its first call", async () => {
    await using server = createServer().add(Echo, { echo: (request) => request });
    const target = await server.listen();
    const files = await loaded(`
      const { Echo } = await import("./echo.fixture.ts");
      files.length = 0;
      const client = createClient(Echo, { target: "${target}" });
      await client.echo({ action: "", msg: "hi" });
      await client.close();
    `);
    assert.deepEqual(files, []);
  });
});

describe("a client of another protocol", () => {
  it("loads it for its first call, and once for all that begin together", async () => {
    await using server = createServer().add(Echo, { echo: (request) => request });
    const target = await server.listen();
    const files = await loaded(`
      const { Echo } = await import("./echo.fixture.ts");
      const client = createClient(Echo, { target: "${target}", protocol: "framed", payload: "compact", connection: "pooled" });
      const before = files.filter((file) => file.includes("compact"));
      if (before.length > 0) throw new Error("loaded before the call: " + before);
      await Promise.all(Array.from({ length: 8 }, () => client.echo({ action: "", msg: "hi" })));
      await client.close();
    `);
    assert.ok(files.includes("thrift/compact-reader"));
    assert.equal(new Set(files).size, files.length);
  });
});
