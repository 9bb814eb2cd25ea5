/** Runs a program to its end and keeps what it said. */
import { spawn } from "node:child_process";

export interface ToolResult {
  readonly ok: boolean;
  /** Standard output. */
  readonly output: string;
  /** Both streams, as they came. */
  readonly everything: string;
}

export interface ToolOptions {
  readonly cwd: string;
  /** Milliseconds until it is ended. Defaults to five minutes. */
  readonly timeoutMs?: number;
}

/** Runs a JavaScript program on the Node we run on. */
export function runNode(args: readonly string[], options: ToolOptions): Promise<ToolResult> {
  return runTool(process.execPath, args, options);
}

/** Runs npm: the one that started us where there is one, so that a second installation does not matter. */
export function runNpm(args: readonly string[], options: ToolOptions): Promise<ToolResult> {
  const npm = process.env["npm_execpath"];
  return npm?.endsWith(".js") ? runNode([npm, ...args], options) : runTool("npm", args, options);
}

/** Runs a program. Never rejects: one that does not start or takes too long has failed, and says so in `everything`. */
export function runTool(program: string, args: readonly string[], options: ToolOptions): Promise<ToolResult> {
  const { cwd, timeoutMs = 300_000 } = options;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: timeoutMs,
      shell: process.platform === "win32" && program === "npm",
    });
    let output = "";
    let everything = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      everything += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      everything += text;
    });
    child.on("error", (error) => resolve({ ok: false, output, everything: `${program} did not start: ${error.message}` }));
    child.on("close", (code, signal) => {
      if (signal !== null) everything += `\n${program} was ended by ${signal}; it may take ${timeoutMs} ms`;
      resolve({ ok: code === 0, output, everything });
    });
  });
}
