/** A world for commands under test: what they write is kept, nothing is a terminal unless the test says so. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Io } from "./io.ts";
import { run } from "./run.ts";

export interface FakeIo extends Io {
  /** What was written so far. */
  readonly out: string;
  readonly err: string;
  /** Both, in the order in which they were written. */
  readonly all: string;
  /** Presses Ctrl-C. */
  interrupt(): void;
  /** Resolves when what was written after the first `from` characters matches; rejects after ten seconds with what was. */
  until(pattern: RegExp, from?: number): Promise<RegExpMatchArray>;
}

export interface FakeIoOptions {
  readonly cwd?: string;
  /** In pieces, if they come one after the other. */
  readonly stdin?: string | AsyncIterable<string>;
  readonly terminal?: boolean;
  readonly env?: Record<string, string>;
}

export function fakeIo(options: FakeIoOptions = {}): FakeIo {
  const { cwd = process.cwd(), stdin = "", terminal = false, env = {} } = options;
  const stopping = new AbortController();
  const text = { out: "", err: "", all: "" };
  const watchers = new Set<() => void>();
  const output = (to: "out" | "err") => ({
    write(written: string) {
      text[to] += written;
      text.all += written;
      for (const watcher of watchers) watcher();
    },
    isTerminal: terminal,
  });
  return {
    stdout: output("out"),
    stderr: output("err"),
    async *stdin() {
      if (typeof stdin === "string") yield stdin;
      else yield* stdin;
    },
    env,
    cwd,
    stop: () => stopping.signal,
    get out() {
      return text.out;
    },
    get err() {
      return text.err;
    },
    get all() {
      return text.all;
    },
    interrupt: () => stopping.abort(),
    until(pattern, from = 0) {
      return new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(text.all.slice(from));
          if (found === null) return;
          watchers.delete(look);
          clearTimeout(timer);
          resolve(found);
        };
        const timer = setTimeout(() => {
          watchers.delete(look);
          reject(new Error(`${pattern} never came: ${text.all.slice(from)}`));
        }, 10_000);
        watchers.add(look);
        look();
      });
    },
  };
}

/** Runs a command line to its end. */
export async function runLine(argv: readonly string[], options: FakeIoOptions = {}): Promise<{ code: number; out: string; err: string }> {
  const io = fakeIo(options);
  const code = await run(argv, io);
  return { code, out: io.out, err: io.err };
}

/** An empty folder that is gone when the test, or the suite whose `after` is given, has ended. */
export function temporaryFolder(test: { after(task: () => void): void }): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "kiteline-cli-")));
  test.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}
