/** `run`: one command line from start to exit code. Whatever goes wrong becomes one message and a code here, nowhere else. */
import { suggest } from "@kiteline/core";
import { readArgs, VERSION_OPTION } from "./args.ts";
import { call } from "./call.ts";
import type { Command } from "./command.ts";
import { completion } from "./completion.ts";
import { EXIT, Failure, usage, type ExitCode } from "./failure.ts";
import { gen } from "./gen.ts";
import { commandHelp, toolHelp } from "./help.ts";
import type { Io } from "./io.ts";
import { mock } from "./mock.ts";
import { newService } from "./new.ts";
import { ownVersion } from "./own-version.ts";
import { Printer } from "./printer.ts";

const WORKING: readonly Command[] = [gen, newService, call, mock];

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [...WORKING, completion(WORKING)];

/** Runs a command line without the program's name. Never rejects. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  const printer = new Printer(io, wantsJson(argv));
  const [first] = argv;
  const command = COMMANDS.find((each) => each.name === first);
  try {
    if (command !== undefined) return await runCommand(command, argv.slice(1), io, printer);
    return runBare(argv, printer);
  } catch (error) {
    const failure = asFailure(error);
    printer.failure(command === undefined ? "kiteline" : `kiteline ${command.name}`, failure);
    return failure.exit;
  }
}

async function runCommand(command: Command, argv: readonly string[], io: Io, printer: Printer): Promise<ExitCode> {
  try {
    // Before anything is checked: whoever asks for help has the rest of the line not yet right.
    if (beforeDashes(argv).some((each) => each === "--help" || each === "-h")) {
      printer.result(commandHelp(command, printer.paint), describe(command));
      return EXIT.ok;
    }
    return await command.run(readArgs(argv, command.options), { io, printer });
  } catch (error) {
    if (!(error instanceof Failure) || error.exit !== EXIT.usage) throw error;
    throw usage(
      error.message,
      ...error.hints,
      `usage: kiteline ${command.name} ${command.usage}`,
      `kiteline ${command.name} --help tells more`,
    );
  }
}

/** A line that names no command. */
function runBare(argv: readonly string[], printer: Printer): ExitCode {
  const [first] = argv;
  if (first !== undefined && !first.startsWith("-")) {
    const names = COMMANDS.map((each) => each.name);
    const meant = first === "help" ? ["help is written kiteline --help, or kiteline COMMAND --help"] : suggest(first, names);
    throw usage(`there is no command "${first}"`, ...meant, `there are ${names.join(", ")}`);
  }
  const args = readArgs(argv, [VERSION_OPTION]);
  if (args.flag("version")) {
    const version = ownVersion();
    printer.result(version, { name: "kiteline", version, node: process.versions.node });
    return EXIT.ok;
  }
  printer.result(toolHelp(COMMANDS, printer.paint), COMMANDS.map(describe));
  return args.flag("help") ? EXIT.ok : EXIT.usage;
}

function describe(command: Command): unknown {
  const { name, summary, usage: line, description, options, examples } = command;
  return { name, summary, usage: `kiteline ${name} ${line}`, description: description.join("\n"), options, examples };
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new Failure(EXIT.bug, "internal", "this is a fault in kiteline; please report it", {
    excerpt: stack,
    fields: { stack },
    cause: error,
  });
}

/** Also where the line is wrong, so that the failure is in the form that was asked for. */
function wantsJson(argv: readonly string[]): boolean {
  return beforeDashes(argv).includes("--json");
}

function beforeDashes(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf("--");
  return end < 0 ? argv : argv.slice(0, end);
}
