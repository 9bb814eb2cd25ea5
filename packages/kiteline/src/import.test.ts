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
  const { createClient, createServer } = await import("kiteline");
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
  /^(grpc|http2|protobuf|thrift|ttheader|router|balance|lanes|discovery|resilience)\//,
  /^policy\/(index|cluster|share|match|regex|regex-syntax)$/,
  /^net\/(connection|connection-set|client-session|dial|listener|server-session|stream-call|in-process|tls)$/,
  /^kiteline\/(routing|connector|endpoint-connections|grpc|client-wire|default-transport|serving|server-wires|http-protocols|server-host|ttheader-streams)$/,
];

describe("importing kiteline", () => {
  it("loads neither what routes, connects and listens nor any protocol", async () => {
    const files = await loaded();
    assert.ok(files.includes("kiteline/client") && files.includes("kiteline/server"), "what is called first is there");
    assert.deepEqual(
      files.filter((file) => LATER.some((pattern) => pattern.test(file))),
      [],
    );
  });

  // Each costs a third of a millisecond at every start. What is beyond that belongs to what is loaded when it is used.
  it("loads at most 50 files", async () => {
    const files = await loaded();
    assert.ok(files.length <= 50, `${files.length} files: ${files.join(" ")}`);
  });

  it("loads nothing of Node that opens sockets", async () => {
    const builtin = ["net", "tls", "http", "http2", "dns", "dns/promises", "stream"];
    const now = await loaded(`files.push(...process.moduleLoadList.filter((name) => name.startsWith("NativeModule ")))`);
    assert.deepEqual(
      builtin.filter((name) => now.includes(`NativeModule ${name}`)),
      [],
    );
  });
});

/** What a client loads until its first call has come back, and what its second call does. */
async function loadedByCalls(options = ""): Promise<{ first: string[]; second: string[] }> {
  await using server = createServer().add(Echo, { echo: (request) => request });
  const target = await server.listen();
  const files = await loaded(`
    const { Echo } = await import("./echo.fixture.ts");
    files.length = 0;
    const client = createClient(Echo, { target: "${target}", ${options} });
    await Promise.all(Array.from({ length: 8 }, () => client.echo({ action: "", msg: "hi" })));
    files.push("second");
    await client.echo({ action: "", msg: "hi" });
    await client.close();
  `);
  const second = files.indexOf("second");
  return { first: files.slice(0, second), second: files.slice(second + 1) };
}

describe("a client whose files cannot be read for a moment", () => {
  it("fails the calls of that moment, none of which was executed, and no others", async () => {
    await using server = createServer().add(Echo, { echo: (request) => request });
    const outcomes = await loaded(`
      const { Echo } = await import("./echo.fixture.ts");
      let full = true;
      registerHooks({
        load(url, context, next) {
          if (full && url.endsWith("/connector.ts")) throw new Error("too many open files");
          return next(url, context);
        },
      });
      await using client = createClient(Echo, { target: "${await server.listen()}" });
      const call = () => client.echo({ action: "", msg: "hi" }).then(({ msg }) => msg, ({ executed, message }) => executed + " " + message);
      files.length = 0;
      const failed = await call();
      full = false;
      files.splice(0, Infinity, failed, await call(), await call());
    `);
    assert.deepEqual(outcomes, ["no [internal] too many open files", "hi", "hi"]);
  });
});

describe("a client of the default protocol", () => {
  it("loads that and no other by its first call, once for all that begin together", async () => {
    const { first, second } = await loadedByCalls();
    assert.ok(first.includes("ttheader/client-wire"));
    assert.deepEqual(
      first.filter((file) =>
        /^(grpc|http2|protobuf)\/|^ttheader\/(streaming\/|server)|^thrift\/(compact|client-wire|server|generic\/|idl\/)/.test(file),
      ),
      [],
    );
    assert.equal(new Set(first).size, first.length);
    assert.deepEqual(second, []);
  });
});

describe("a client of another protocol", () => {
  it("loads it with its first call, once for all that begin together", async () => {
    const { first, second } = await loadedByCalls('protocol: "framed", payload: "compact", connection: "pooled"');
    assert.ok(first.includes("thrift/compact-reader"));
    assert.equal(new Set(first).size, first.length);
    assert.deepEqual(second, []);
  });
});

describe("a client of gRPC", () => {
  it("loads what it needs for calls, and neither Thrift nor descriptors, JSON and what serves", async () => {
    await using server = createServer();
    const target = await server.listen();
    const files = await loaded(`
      const { Shelf } = await import("./shelf.fixture.ts");
      const client = createClient(Shelf, { target: "${target}" });
      await client.look({}).then(() => { throw new Error("nobody has it"); }, (error) => { if (error.code !== "unimplemented") throw error; });
      await client.close();
    `);
    assert.ok(files.includes("grpc/client-stream"));
    assert.deepEqual(
      files.filter((file) =>
        /^(thrift|ttheader)\/|^grpc\/(http\/|connect\/|health|reflection|json)|^protobuf\/(json\/|dynamic\/|schema\/schema)/.test(file),
      ),
      [],
    );
  });
});

describe("a server that listens", () => {
  it("loads streams, HTTP and what only clients need when somebody asks for them", async () => {
    const files = await loaded("await using server = createServer(); await server.listen()");
    assert.ok(files.includes("ttheader/server-wire"));
    assert.deepEqual(
      files.filter((file) => /^(grpc|http2)\/|^ttheader\/(streaming\/|client)|^thrift\/(bare-format|client-wire|idl\/)/.test(file)),
      [],
    );
  });
});
