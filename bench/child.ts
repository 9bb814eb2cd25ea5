/** A measured process: a question in as a line of JSON, its answer out as one. One question at a time. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";
import { onCore } from "./cores.ts";

/** Far longer than any measurement: a peer that hangs must not hang the run. */
const PATIENCE_MS = 120_000;

export class Child {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #what: string;

  private constructor(what: string, child: ChildProcess, output: Interface) {
    this.#what = what;
    this.#process = child;
    this.#lines = output[Symbol.asyncIterator]();
  }

  /** Starts a program, on `core` if one is given and by `place` there, and waits for its first line, `{"ready": …}`, whose value is returned with it. */
  static async start(
    program: string,
    given: readonly string[],
    core: number | undefined,
    place = onCore,
  ): Promise<{ child: Child; ready: string }> {
    const { command, args } = place(core, program, given);
    const started = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
    const child = new Child(given.join(" "), started, createInterface({ input: started.stdout }));
    const { ready } = (await child.#read()) as { ready: string };
    return { child, ready };
  }

  async ask<Answer>(question: object): Promise<Answer> {
    this.#process.stdin?.write(`${JSON.stringify(question)}\n`);
    return (await this.#read()) as Answer;
  }

  async #read(): Promise<unknown> {
    const tired = setTimeout(() => this.#process.kill("SIGKILL"), PATIENCE_MS);
    const line = await this.#lines.next();
    clearTimeout(tired);
    if (line.done === true) throw new Error(`${this.#what} ended before it answered`);
    return JSON.parse(line.value);
  }

  /** Ends the process and waits until it is gone. */
  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#process.once("exit", resolve));
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.stdin?.end();
    // A server may hold connections of its own that keep it alive.
    const forced = setTimeout(() => this.#process.kill("SIGKILL"), 2000);
    await gone;
    clearTimeout(forced);
  }
}
