/**
 * The processes of Bookinfo: starts them, knows when they are ready and when one has died, ends them. A process that loses
 * its channel to us ends by itself, so nothing stays behind even if we are killed.
 */
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Instance, Report } from "../instance.ts";

const BOOKINFO = join(import.meta.dirname, "..");

/** How long an instance may take to end by itself before it is killed. */
const END_MS = 4000;

export interface FleetOptions {
  readonly mesh: string;
  readonly run: string;
  /** Called with a line that an instance wrote. */
  readonly wrote: (instance: Instance, line: string) => void;
  /** Called when an instance that had been ready has gone without having been told to. */
  readonly died: (instance: Instance, pid: number, cause: string) => void;
}

export interface Member {
  readonly instance: Instance;
  readonly pid: number;
  /** `host:port`. */
  readonly address: string;
}

export class Fleet {
  readonly #options: FleetOptions;
  readonly #processes = new Map<string, ChildProcess>();
  #ending = false;

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  isRunning(instance: Instance): boolean {
    return this.#processes.has(instance.name);
  }

  /** Resolves when the instance is ready; rejects with an `Error` that says why it could not start. */
  start(instance: Instance, port?: number): Promise<Member> {
    const { mesh, run, wrote, died } = this.#options;
    const { name, service, version, lane } = instance;
    const args = [service, version, "--mesh", mesh, "--run", run];
    if (lane !== undefined) args.push("--lane", lane);
    if (port !== undefined) args.push("--port", String(port));
    const child = fork(join(BOOKINFO, "run-instance.ts"), args, {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    const pid = child.pid ?? 0;
    this.#processes.set(name, child);
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface(stream).on("line", (line) => wrote(instance, line));
    }
    return new Promise((resolve, reject) => {
      let ready = false;
      child.on("message", (message) => {
        const report = message as Report;
        if (report.kind === "failed") {
          reject(new Error(report.reason));
        } else {
          ready = true;
          resolve({ instance, pid, address: report.address });
        }
      });
      child.on("error", reject);
      child.on("exit", (code, signal) => {
        this.#processes.delete(name);
        const cause = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
        if (ready && !this.#ending) died(instance, pid, cause);
        reject(new Error(`${name} ${cause} before it was ready`));
      });
    });
  }

  /** Ends all: each by itself, and those that do not by force. */
  async end(): Promise<void> {
    this.#ending = true;
    await Promise.all(
      [...this.#processes.values()].map((child) => {
        const gone = new Promise((resolve) => child.once("exit", resolve));
        const timer = setTimeout(() => child.kill("SIGKILL"), END_MS);
        if (child.connected) child.disconnect();
        return gone.finally(() => clearTimeout(timer));
      }),
    );
  }
}
