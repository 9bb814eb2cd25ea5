import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";

/** Stands in for npm: writes down how it was called and what npm writes when it is done. */
const NPM = `
  const fs = require("node:fs");
  fs.appendFileSync("npm-calls", process.argv.slice(2).join(" ") + "\\n");
  fs.mkdirSync("node_modules", { recursive: true });
  fs.copyFileSync("package-lock.json", "node_modules/.package-lock.json");
`;
const LOCK = (version: string): string =>
  JSON.stringify({ packages: { "": {}, "node_modules/a": { version }, "node_modules/b": { version: "1.0.0", optional: true } } });

describe("the launcher", () => {
  let root = "";
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const start = (...args: string[]): ChildProcess => {
    const env = { ...process.env, npm_execpath: join(root, "npm.js") };
    return spawn(process.execPath, [join(root, "scripts/run.mjs"), ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  };
  const run = async (...args: string[]): Promise<{ code: number; output: string }> => {
    const child = start(...args);
    let output = "";
    child.stdout?.on("data", (text: Buffer) => (output += text.toString()));
    child.stderr?.on("data", (text: Buffer) => (output += text.toString()));
    const [code] = (await once(child, "close")) as [number];
    return { code, output };
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "kiteline-run-"));
    mkdirSync(join(root, "scripts"));
    for (const file of ["run.mjs", "node-packages.mjs"]) copyFileSync(join(import.meta.dirname, file), join(root, "scripts", file));
    write("npm.js", NPM);
    write("package.json", "{}");
    write("package-lock.json", LOCK("1.0.0"));
    write(
      "examples/bookinfo/start.ts",
      "console.log(process.argv.slice(2).join(), process.execArgv.join()); process.exitCode = 7 as number;",
    );
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("installs what is missing, once, without running any install script", async () => {
    const first = await run("start");
    assert.match(first.output, /installing dependencies/);
    assert.doesNotMatch((await run("start")).output, /installing/);
    assert.equal(readFileSync(join(root, "npm-calls"), "utf8"), "ci --ignore-scripts --no-audit --no-fund --loglevel=error\n");
    assert.ok(!existsSync(join(root, ".cache/installing")));
  });

  it("installs again when the lock names another version", async () => {
    await run("start");
    write("package-lock.json", LOCK("1.0.1"));
    assert.match((await run("start")).output, /installing dependencies/);
  });

  it("does not install again for a package of another platform or a lock that was only touched", async () => {
    write("node_modules/.package-lock.json", JSON.stringify({ packages: { "node_modules/a": { version: "1.0.0" } } }));
    write("package-lock.json", LOCK("1.0.0"));
    assert.doesNotMatch((await run("start")).output, /installing/);
  });

  it("does not wait for an installation that was interrupted", async () => {
    const gone = spawn(process.execPath, ["--version"], { stdio: "ignore" });
    await once(gone, "exit");
    write(".cache/installing", String(gone.pid));
    assert.match((await run("start")).output, /installing dependencies/);
  });

  it("waits for an installation under way and does not repeat it", async () => {
    write(".cache/installing", String(process.pid));
    const child = start("start");
    await once(child.stderr as NodeJS.EventEmitter, "data"); // it says that it waits
    write("node_modules/.package-lock.json", LOCK("1.0.0"));
    rmSync(join(root, ".cache/installing"));
    await once(child, "exit");
    assert.ok(!existsSync(join(root, "npm-calls")));
  });

  it("says why when the installation fails, and fails", async () => {
    write("npm.js", "process.exitCode = 3;");
    const { code, output } = await run("start");
    assert.equal(code, 1);
    assert.match(output, /npm ci failed \(exit code 3\)/);
    assert.ok(!existsSync(join(root, ".cache/installing")), "the next try does not wait for this one");
  });

  it("passes arguments on, runs from source and keeps the exit code", async () => {
    const { code, output } = await run("start", "--lane", "red");
    assert.match(output, /^--lane,red --conditions=source/m);
    assert.equal(code, 7);
  });

  it("uses the Node it runs on where none was installed for this platform, and says so", async () => {
    assert.match((await run("start")).output, new RegExp(`no packaged Node for .*; using Node ${process.versions.node}`));
  });

  it("hands a signal on and returns what the program makes of it", async () => {
    write("examples/bookinfo/start.ts", 'process.on("SIGTERM", () => process.exit(9)); setInterval(() => {}, 1000); console.log("ready");');
    const child = start("start");
    await once(child.stdout as NodeJS.EventEmitter, "data");
    child.kill("SIGTERM");
    assert.deepEqual(await once(child, "exit"), [9, null]);
  });

  it("ends the program when the shell between npm and us dies of a signal", { skip: process.platform === "win32" }, async () => {
    write(
      "examples/bookinfo/start.ts",
      'process.on("SIGTERM", () => { console.log("ended"); process.exit(); }); setInterval(() => {}, 1000); console.log("ready");',
    );
    const env = { ...process.env, npm_execpath: join(root, "npm.js"), npm_lifecycle_event: "start" };
    const shell = spawn("sh", ["-c", `"${process.execPath}" "${join(root, "scripts/run.mjs")}" start; exit $?`], {
      env,
      stdio: ["ignore", "pipe", "ignore"],
    });
    await once(shell.stdout, "data");
    shell.kill("SIGTERM");
    const [last] = (await once(shell.stdout, "data")) as [Buffer];
    assert.equal(last.toString(), "ended\n");
  });

  it("names its commands when asked for one it does not have", async () => {
    const { code, output } = await run("strat");
    assert.equal(code, 2);
    assert.match(output, /no command named "strat"; there are start, test/);
  });

  it("refuses to test a file that is not there, instead of testing nothing", async () => {
    const { code, output } = await run("test", "nowhere.test.ts");
    assert.equal(code, 2);
    assert.match(output, /there is no nowhere\.test\.ts/);
  });
});
