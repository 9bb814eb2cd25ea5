/** What a command sees of the world besides files and sockets. Passed in, so that commands run in tests without a process. */

/** Where text goes. */
export interface Output {
  write(text: string): void;
  /** Whether a person reads it: only then colours and timings appear unasked. */
  readonly isTerminal: boolean;
}

export interface Io {
  /** The result, and nothing else: what the next program in a pipe reads. */
  readonly stdout: Output;
  /** What is said about the result. */
  readonly stderr: Output;
  /** Standard input as it comes. `until` ends it before its time, so that nothing waits for what nobody needs any more. */
  stdin(until?: AbortSignal): AsyncIterable<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative paths start here. */
  readonly cwd: string;
  /** Aborted when the user wants the command to end (Ctrl-C). Asking for it is what keeps Ctrl-C from ending the process at once. */
  stop(): AbortSignal;
}
