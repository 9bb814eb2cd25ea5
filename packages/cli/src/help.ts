/** The text of `--help`: of the tool, and of each command. */
import { COMMON_OPTIONS, VERSION_OPTION, type OptionSpec } from "./args.ts";
import type { Command } from "./command.ts";
import type { Paint } from "./printer.ts";

export function toolHelp(commands: readonly Command[], paint: Paint): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  return [
    `${paint.bold("kiteline")} COMMAND [OPTION...]`,
    "",
    "Writes code from IDL, makes services, calls them and plays them.",
    "",
    paint.bold("Commands"),
    ...commands.map((command) => `  ${paint.cyan(command.name.padEnd(width))}  ${command.summary}`),
    "",
    paint.bold("Options"),
    ...optionLines([VERSION_OPTION, ...COMMON_OPTIONS], paint),
    "",
    "kiteline COMMAND --help tells all about a command.",
    "",
    paint.bold("Exit codes"),
    "  0 done   1 the call failed   2 wrong command line   3 wrong input (IDL, JSON, file, port)",
    "  4 gen --check: not fresh   5 the call was answered with an exception or a business status",
  ].join("\n");
}

export function commandHelp(command: Command, paint: Paint): string {
  return [
    `${paint.bold(`kiteline ${command.name}`)} ${command.usage}`,
    "",
    ...command.description,
    "",
    paint.bold("Options"),
    ...optionLines([...command.options, ...COMMON_OPTIONS], paint),
    ...(command.examples.length === 0 ? [] : ["", paint.bold("Examples"), ...command.examples.map((line) => `  kiteline ${line}`)]),
  ].join("\n");
}

function optionLines(options: readonly OptionSpec[], paint: Paint): string[] {
  const written = options.map((spec) => {
    const short = spec.short === undefined ? "    " : `-${spec.short}, `;
    return `${short}--${spec.name}${spec.value === undefined ? "" : ` ${spec.value}`}`;
  });
  const width = Math.max(...written.map((each) => each.length));
  return options.map((spec, index) => `  ${paint.cyan((written[index] ?? "").padEnd(width))}  ${spec.help}`);
}
