/** The world of the process: its streams, its signals. Made by `main.ts` alone. */
import { addAbortSignal } from "node:stream";
import type { Io, Output } from "./io.ts";

/** Signals by which a person or a supervisor ends a command. Windows knows the first and raises it for Ctrl-C. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export function processIo(): Io {
  let stopping: AbortController | undefined;
  return {
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    async *stdin(until) {
      const { stdin } = process;
      // In the stream itself: a character may come in two pieces.
      stdin.setEncoding("utf8");
      if (until !== undefined) addAbortSignal(until, stdin);
      try {
        for await (const piece of stdin) yield piece as string;
      } catch (error) {
        if (until?.aborted !== true) throw error;
      }
    },
    env: process.env,
    cwd: process.cwd(),
    stop() {
      if (stopping === undefined) {
        const controller = new AbortController();
        stopping = controller;
        for (const signal of SIGNALS) {
          process.on(signal, () => {
            // Whoever asks twice does not want to wait.
            if (controller.signal.aborted) process.exit(130);
            controller.abort();
          });
        }
      }
      return stopping.signal;
    },
  };
}

function output(stream: NodeJS.WriteStream): Output {
  // The reader of a pipe may leave early (`kiteline mock … | head -1`): that is its right and no failure of ours.
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  return { write: (text) => void stream.write(text), isTerminal: stream.isTTY };
}
