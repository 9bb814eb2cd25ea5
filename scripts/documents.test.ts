import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { describe, it, type TestContext } from "node:test";

/** The programs that the documents show are run as they stand: a block whose first line is a comment with a path is that file. */
const ROOT = join(import.meta.dirname, "..");
const FROM_SOURCE = ["--conditions=source", "--disable-warning=ExperimentalWarning"];
const KITELINE = join(ROOT, "packages/cli/src/main.ts");
const TSC = join(ROOT, "node_modules/typescript/bin/tsc");
const FILE = /^(?:\/\/|#) ([\w./-]+\.(?:ts|yaml|thrift|proto))$/;

interface Block {
  readonly language: string;
  readonly text: string;
}

function blocksOf(document: string): Block[] {
  const text = readFileSync(join(ROOT, document), "utf8");
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = "", block = ""]) => ({ language, text: block }));
}

/** A folder below the repository, so that packages are found, with the document's files in it and what they are generated from. */
async function workspaceOf(document: string, context: TestContext, change: (text: string) => string = (text) => text): Promise<string> {
  mkdirSync(join(ROOT, ".cache"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, ".cache", "documents-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const idls: string[] = [];
  for (const { text } of blocksOf(document)) {
    const [, path] = FILE.exec(text.split("\n", 1)[0] ?? "") ?? [];
    if (path === undefined) continue;
    if (/\.(?:thrift|proto)$/.test(path)) idls.push(path);
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), change(text));
  }
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "tsconfig.json"), TSCONFIG);
  for (const idl of idls) await kiteline(folder, "gen", idl, "-o", "gen");
  return folder;
}

const TSCONFIG = JSON.stringify({
  extends: "../../tsconfig.base.json",
  compilerOptions: {
    composite: false,
    declaration: false,
    declarationMap: false,
    isolatedDeclarations: false,
    incremental: false,
    tsBuildInfoFile: null,
    noEmit: true,
    allowImportingTsExtensions: true,
    rewriteRelativeImportExtensions: false,
    rootDir: "../..",
  },
  include: ["**/*.ts"],
});

/** Runs Node in the folder; resolves with what it wrote to stdout. Rejects with all it wrote when it fails. */
async function run(folder: string, ...args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"], env: environment() });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => (out += String(chunk)));
  child.stderr.on("data", (chunk) => (err += String(chunk)));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`node ${args.join(" ")} ended with ${code}:\n${out}${err}`);
  return out;
}

/** Without what the test runner tells its own children: a test that is run by a program reports as any program does. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _, ...rest } = process.env;
  return rest;
}

const program = (folder: string, file: string): Promise<string> => run(folder, ...FROM_SOURCE, file);
const kiteline = (folder: string, ...args: readonly string[]): Promise<string> => run(folder, ...FROM_SOURCE, KITELINE, ...args);

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}

/** Starts a program that goes on, at most until the test ends. */
function start(context: TestContext, folder: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, [...FROM_SOURCE, ...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"], env: environment() });
  context.after(() => child.kill("SIGKILL"));
  return child;
}

describe("what the README shows", () => {
  it("runs as it stands: servers, clients, mesh, and the tool's commands", async (context) => {
    const port = String(await freePort());
    const stockPort = String(await freePort());
    const onFreePorts = (text: string): string => text.replaceAll("9081", port).replaceAll("9082", "0").replaceAll("9083", stockPort);
    const folder = await workspaceOf("README.md", context, onFreePorts);
    await run(folder, TSC, "-p", ".");
    const server = start(context, folder, "server.ts");
    await untilListening(Number(port));
    assert.equal(await program(folder, "client.ts"), "{ stars: 5 }\n2\n");
    assert.equal(await program(folder, "mesh.ts"), "{ stars: 5 }\n");
    const stockServer = start(context, folder, "stock-server.ts");
    await untilListening(Number(stockPort));
    assert.equal(await program(folder, "stock-client.ts"), "4\n2\n2\n");
    const commands = blocksOf("README.md")
      .filter(({ language }) => language === "sh")
      .flatMap(({ text }) => [...text.matchAll(/^npx kiteline (\w+) (.*)$/gm)].map(([, name = "", rest = ""]) => ({ name, rest })));
    assert.deepEqual(
      commands.map(({ name }) => name),
      ["gen", "gen", "call", "call", "mock", "new"],
    );
    for (const { name, rest } of commands) {
      const args = words(onFreePorts(rest));
      const expected = rest.includes("9083") ? { id: "1", count: 2 } : { stars: 5 };
      if (name === "call") assert.deepEqual(JSON.parse(await kiteline(folder, name, ...args)), expected);
      if (name === "new") await kiteline(folder, name, ...args);
      if (name === "mock") {
        const mock = start(context, folder, KITELINE, name, ...args);
        const [line] = (await once(mock.stdout, "data")) as [Buffer];
        assert.match(String(line), /^listening on /);
        mock.kill("SIGINT");
        await once(mock, "exit");
      }
    }
    const [, json = "", url = ""] =
      /^curl --json '(.*)' (\S+)$/m.exec(
        blocksOf("README.md")
          .map(({ text }) => text)
          .join(""),
      ) ?? [];
    const answer = await fetch(onFreePorts(url), { method: "POST", headers: { "content-type": "application/json" }, body: json });
    assert.deepEqual(await answer.json(), { id: "1", count: 2 });
    for (const each of [server, stockServer]) {
      each.kill("SIGTERM");
      assert.deepEqual(await once(each, "exit"), [0, null]);
    }
  });
});

describe("what the guide shows", () => {
  it("has types that fit, and every program in it runs and ends by itself", async (context) => {
    const folder = await workspaceOf("packages/kiteline/README.md", context);
    await run(folder, TSC, "-p", ".");
    assert.match(await program(folder, "calls.ts"), /^127\.0\.0\.1:\d+ 1 guide \d/);
    assert.equal(await program(folder, "orders.ts"), "tea\nmilk\nyes\n6\n");
    assert.match(await program(folder, "middleware.ts"), /^Ratings\.ratingOf ann \d/);
    await run(folder, ...FROM_SOURCE, "--test", "ratings.test.ts");
    assert.equal(await program(folder, "mesh.ts"), "{ stars: 3, text: 'green' }\n{ stars: 3, text: '' }\n");
    assert.match(await program(folder, "generic.ts"), /^\{"stars":5\}\n\{ stars: 5 \}\n$/);
  });
});

describe("what the README of gRPC shows", () => {
  it("has types that fit, and runs as it stands", async (context) => {
    const folder = await workspaceOf("packages/grpc/README.md", context);
    await run(folder, TSC, "-p", ".");
    assert.equal(await program(folder, "client.ts"), "buy milk\nbuy bread\nmemory 3\nhello, you say?\ntext\n");
  });
});

/** Tries to connect until somebody listens. */
async function untilListening(port: number): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const socket = connect(port, "127.0.0.1");
    const outcome = await new Promise<"connect" | "error">((resolve) => {
      socket.once("connect", () => resolve("connect"));
      socket.once("error", () => resolve("error"));
    });
    socket.destroy();
    if (outcome === "connect") return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`nobody listens on ${port}`);
}

/** The words of a command line, with what is between single quotes in one. */
function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "").filter((word) => word !== "");
}
