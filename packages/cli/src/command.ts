/** What a command is: its words for help and completion, and what it does. One file each. */
import type { Args, OptionSpec } from "./args.ts";
import type { ExitCode } from "./failure.ts";
import type { Io } from "./io.ts";
import type { Printer } from "./printer.ts";

export interface Context {
  readonly io: Io;
  readonly printer: Printer;
}

export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What follows the command's name, such as `TARGET SERVICE.METHOD [JSON] --idl FILE`. */
  readonly usage: string;
  /** What it does, in a few lines of at most 100 characters. */
  readonly description: readonly string[];
  readonly options: readonly OptionSpec[];
  /** Lines to try, without the leading `kiteline`. */
  readonly examples: readonly string[];
  /** What a shell completes positional arguments with. */
  readonly completes?: "file" | "directory" | readonly string[];
  /** Throws a `Failure` for what the user can mend. */
  run(args: Args, context: Context): Promise<ExitCode>;
}
