/** A program that speaks JSON lines: what it says is read one line at a time, what it is told goes to its standard input. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

/** A peer that does not end when told is killed after this. */
const PATIENCE_MS = 10_000;

export class LineProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #what: string;
  readonly #ended: Promise<unknown>;

  /** Starts it. `onLine` gets each line; `onEnd` is called once, when no more will come. */
  constructor(program: string, args: readonly string[], onLine: (line: unknown) => void, onEnd: (reason: Error) => void) {
    this.#what = [program, ...args].join(" ");
    this.#child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.#ended = once(this.#child, "close");
    this.#child.on("error", onEnd);
    const lines = createInterface({ input: this.#child.stdout });
    lines.on("line", (line) => onLine(JSON.parse(line)));
    lines.on("close", () => onEnd(new Error(`${this.#what} has ended`)));
  }

  tell(line: object): void {
    this.#child.stdin.write(`${JSON.stringify(line)}\n`);
  }

  /** Ends its standard input, which ends the programs that read commands. */
  async finish(): Promise<void> {
    this.#child.stdin.end();
    await this.#gone();
  }

  async signal(signal: NodeJS.Signals): Promise<void> {
    this.#child.kill(signal);
    await this.#gone();
  }

  async #gone(): Promise<void> {
    const killed = setTimeout(() => this.#child.kill("SIGKILL"), PATIENCE_MS);
    await this.#ended;
    clearTimeout(killed);
  }
}
