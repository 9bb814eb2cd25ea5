/** The command as a process: what only a process shows. */
import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcessWithoutNullStreams, type SpawnSyncReturns } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { temporaryFolder } from "./io.fixture.ts";

const COMMAND = ["--conditions=source", "--disable-warning=ExperimentalWarning", join(import.meta.dirname, "main.ts")];
const IDL = "struct Req { 1: string msg }\nservice Echo { Req echo(1: Req req) }\n";

function kiteline(cwd: string, ...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [...COMMAND, ...args], { cwd, encoding: "utf8", timeout: 30_000 });
}

/** What the process said, once it matches. */
function said(child: ChildProcessWithoutNullStreams, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += String(chunk);
      const found = pattern.exec(text);
      if (found !== null) resolve(found);
    });
    child.on("exit", () => reject(new Error(`it ended: ${text}`)));
  });
}

describe("the process", () => {
  it("mocks, is called, and ends on Ctrl-C with the exit codes that are promised", async (t) => {
    const cwd = temporaryFolder(t);
    writeFileSync(join(cwd, "echo.thrift"), IDL);
    const mock = spawn(process.execPath, [...COMMAND, "mock", "--idl", "echo.thrift", "--port", "0"], { cwd });
    t.after(() => mock.kill("SIGKILL"));
    const [, address = ""] = await said(mock, /listening on (\S+)\n/);

    const called = kiteline(cwd, "call", address, "Echo.echo", '{"req": {"msg": "hi"}}', "--idl", "echo.thrift", "--json");
    assert.deepEqual([called.status, called.stdout, called.stderr], [0, '{"msg":"hi"}\n', ""]);
    const wrong = kiteline(cwd, "call", address, "Echo.ecko", "{}", "--idl", "echo.thrift");
    assert.equal(wrong.status, 2);
    assert(!wrong.stderr.includes("\u001b"), "no colours in a pipe");

    if (process.platform === "win32") return; // a process there cannot be sent Ctrl-C
    const ended = new Promise((resolve) => mock.on("exit", (code, signal) => resolve(code ?? signal)));
    mock.kill("SIGINT");
    assert.equal(await ended, 0);
  });

  it("sends what comes on standard input as it comes, and ends with its call, although whoever feeds it goes on", async (t) => {
    const cwd = temporaryFolder(t);
    const methods = "rpc Chat(stream Line) returns (stream Line); rpc Leave(stream Line) returns (stream Line);";
    writeFileSync(join(cwd, "talk.proto"), `syntax = "proto3"; message Line { string text = 1; } service Talk { ${methods} }`);
    writeFileSync(join(cwd, "answers.json"), '{"Talk.Leave": {"replies": [{"text": "bye"}]}}');
    const mock = spawn(process.execPath, [...COMMAND, "mock", "--idl", "talk.proto", "--port", "0", "--reply", "answers.json"], { cwd });
    t.after(() => mock.kill("SIGKILL"));
    const [, address = ""] = await said(mock, /listening on (\S+)\n/);
    const call = (method: string): ChildProcessWithoutNullStreams => {
      const child = spawn(process.execPath, [...COMMAND, "call", address, method, "-"], { cwd });
      t.after(() => child.kill("SIGKILL"));
      return child;
    };

    const chat = call("Talk.Chat");
    const ended = new Promise((resolve) => chat.on("close", resolve));
    const bytes = Buffer.from('{"text": "one"}{"text": "ä"}');
    const within = bytes.indexOf(Buffer.from("ä")) + 1; // in the middle of a character
    chat.stdin.write(bytes.subarray(0, within));
    await said(chat, /^\{"text":"one"\}\n$/);
    const second = said(chat, /^\{"text":"ä"\}\n$/);
    chat.stdin.end(bytes.subarray(within));
    await second;
    assert.equal(await ended, 0);

    const left = call("Talk.Leave");
    assert.equal((await said(left, /\n$/))[0], "\n");
    // Its standard input is open still.
    assert.equal(await new Promise((resolve) => left.on("close", resolve)), 0);
  });

  it("ends quietly when whoever reads its output leaves", async (t) => {
    const cwd = temporaryFolder(t);
    const child = spawn(process.execPath, [...COMMAND, "completion", "bash"], { cwd });
    child.stdout.destroy();
    let err = "";
    child.stderr.on("data", (chunk) => (err += String(chunk)));
    const code = await new Promise((resolve) => child.on("close", resolve));
    assert.deepEqual([code, err], [0, ""]);
  });
});
