/** A real Bookinfo for tests: the starter and its processes, on a free port, with a copy of the mesh that may be edited. */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Hop } from "./instance.ts";

/** Bounds every wait for something that is about to happen; on a machine that does nothing else nothing here takes nearly as long. */
const PATIENCE_MS = 60_000;

export interface Answer {
  readonly title: string;
  readonly lane: string;
  readonly stars?: number;
  readonly reviews?: readonly object[];
  readonly details?: object;
  readonly unavailable: Readonly<Record<string, string>>;
  readonly hops: readonly Hop[];
}

export class Bookinfo implements AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Where the instances announced themselves. */
  readonly run: string;
  /** Process ids by instance. */
  readonly pids: ReadonlyMap<string, number>;
  readonly starter: StarterProcess;
  readonly #mesh: string;

  constructor(starter: StarterProcess, mesh: string) {
    const { text } = starter;
    this.starter = starter;
    this.#mesh = mesh;
    this.url = /http:\S+/.exec(text)?.[0] ?? "";
    this.port = Number(new URL(this.url).port);
    this.run = /announce themselves in (\S+)/.exec(text)?.[1] ?? "";
    this.pids = new Map([...text.matchAll(/^ {2}(\S+-v\d) .*process (\d+)/gm)].map(([, name = "", pid]) => [name, Number(pid)]));
  }

  /** The page as JSON. Throws when its status is not 200. */
  async ask(headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const response = await fetch(this.url, { headers: { accept: "application/json", ...headers } });
    if (response.status !== 200) throw new Error(`${this.url} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  /** Asks until the answer is as wanted; throws with the last one when it never is. */
  async askUntil(wanted: (answer: Answer) => boolean, headers?: Readonly<Record<string, string>>): Promise<Answer> {
    let last: Answer | undefined;
    await until(
      async () => wanted((last = await this.ask(headers))),
      () => `the page to answer otherwise than ${JSON.stringify(last)}`,
    );
    return last as Answer;
  }

  /** Replaces text in a file of the mesh; returns what puts the old text back. */
  edit(file: string, find: string, replacement: string): () => void {
    const path = join(this.#mesh, file);
    const before = readFileSync(path, "utf8");
    if (!before.includes(find)) throw new Error(`${file} has no "${find}"`);
    writeFileSync(path, before.replace(find, replacement));
    return () => writeFileSync(path, before);
  }

  /** Ends an instance, with SIGKILL without warning, and waits until it has gone. */
  async end(name: string, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const pid = this.pids.get(name);
    if (pid === undefined) throw new Error(`there is no instance ${name}, only ${[...this.pids.keys()].join(", ")}`);
    process.kill(pid, signal);
    await until(
      () => !isAlive(pid),
      () => `${name} to end`,
    );
  }

  /**
   * Asks without a pause, several at once, from before `act` begins until well after it has ended; returns all answers.
   * Throws when a request fails.
   */
  async load(callers: readonly Readonly<Record<string, string>>[], act: () => Promise<void> | void): Promise<Answer[]> {
    const answers: Answer[] = [];
    const stop = new AbortController();
    const calling = Promise.all(
      callers.map(async (headers) => {
        while (!stop.signal.aborted) answers.push(await this.ask(headers));
      }),
    );
    const more = async (count: number): Promise<void> => {
      const enough = answers.length + count;
      await until(
        () => answers.length >= enough,
        () => `${count} more answers`,
      );
    };
    try {
      await Promise.race([calling, (async () => (await more(50), await act(), await more(200)))()]);
    } finally {
      stop.abort();
    }
    await calling;
    return answers;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.starter.stop("SIGTERM");
    // They end with the starter, unless it is that which failed.
    for (const pid of this.pids.values()) if (isAlive(pid)) process.kill(pid, "SIGKILL");
    for (const folder of [this.#mesh, this.run]) rmSync(folder, { recursive: true, force: true });
  }
}

/** Resolves when the page is ready. */
export async function startBookinfo(): Promise<Bookinfo> {
  const mesh = mkdtempSync(join(tmpdir(), "kiteline-mesh-"));
  cpSync(join(import.meta.dirname, "mesh"), mesh, { recursive: true });
  const starter = new StarterProcess("--port", "0", "--mesh", mesh);
  try {
    await until(
      () => starter.text.includes("Ctrl-C") || starter.child.exitCode !== null,
      () => `Bookinfo to start; it wrote:\n${starter.text}`,
    );
    if (starter.child.exitCode !== null) throw new Error(`Bookinfo did not start:\n${starter.text}`);
    return new Bookinfo(starter, mesh);
  } catch (error) {
    // Nobody else knows of it: the tests would wait for its end.
    await starter.stop("SIGTERM");
    rmSync(mesh, { recursive: true, force: true });
    throw error;
  }
}

/** `npm start` without npm: what it runs, and what that writes. */
export class StarterProcess implements AsyncDisposable {
  readonly child: ChildProcess;
  /** What it has written so far, errors included. */
  text = "";

  constructor(...args: readonly string[]) {
    this.child = spawn(process.execPath, ["--conditions=source", join(import.meta.dirname, "start.ts"), ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined, NODE_TEST_CONTEXT: undefined },
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.setEncoding("utf8").on("data", (chunk: string) => (this.text += chunk));
  }

  /** Sends the signal and resolves with the exit code, which is `null` when the signal itself ended it. */
  async stop(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    return this.ended();
  }

  async ended(): Promise<number | null> {
    await until(
      () => this.child.exitCode !== null || this.child.signalCode !== null,
      () => `Bookinfo to end; it wrote:\n${this.text}`,
    );
    return this.child.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop("SIGTERM");
  }
}

/** Waits in small steps; throws when it takes longer than anything here should. */
export async function until(holds: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`waited ${PATIENCE_MS} ms for ${what()}`);
    await delay(15);
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    // Ended, though nobody has asked for its exit code yet: whose parent is gone may wait long for that.
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return process.platform !== "linux";
  }
}

/** Whether anybody listens there. */
export function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
