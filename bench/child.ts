/** A measured process: a question in as a line of JSON, its answer out as one. One question at a time. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";
import { onCore } from "./cores.ts";
import { programOf } from "./folder.ts";

/** Far longer than any measurement: a peer that hangs must not hang the run. */
const PATIENCE_MS = 120_000;

/**
 * What new objects may take before they are looked through the first time: V8's most, which it otherwise hardly comes to, since it begins
 * with 1 MB and only grows with what survives, of which calls have little. Go has as much where its collector begins at four times its 4 MB.
 */
const ROOM = { flags: ["--min-semi-space-size=16"], env: { GOGC: "400" } };

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
    const started = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, ...ROOM.env } });
    const child = new Child(given.join(" "), started, createInterface({ input: started.stdout }));
    const { ready } = (await child.#read()) as { ready: string };
    return { child, ready };
  }

  /** The same for one of our programs, by its name, in Node as it should be run (`kiteline`'s README). */
  static async startNode(
    name: string,
    given: readonly string[],
    core: number | undefined,
    place = onCore,
  ): Promise<{ child: Child; ready: string }> {
    return await Child.start(process.execPath, [...ROOM.flags, "--expose-gc", "--no-deprecation", programOf(name), ...given], core, place);
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
