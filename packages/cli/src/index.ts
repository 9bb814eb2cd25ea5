/** The `kiteline` command as a function: `run` takes a command line and what it may touch of the world. */
export { run } from "./run.ts";
export type { Io, Output } from "./io.ts";
export { EXIT, type ExitCode } from "./failure.ts";
