/** `kiteline completion SHELL`: a script that has the shell complete commands, options and their values. */
import { suggest } from "@kiteline/core";
import { COMMON_OPTIONS, requirePositionals, type OptionSpec } from "./args.ts";
import type { Command } from "./command.ts";
import { EXIT, usage } from "./failure.ts";

const SHELLS: Readonly<Record<string, (commands: readonly Command[]) => string>> = { bash, zsh, fish };

/** The command for these other commands. */
export function completion(others: readonly Command[]): Command {
  const names = Object.keys(SHELLS);
  const command: Command = {
    name: "completion",
    summary: "Print a script that completes command lines in your shell.",
    usage: "bash|zsh|fish",
    description: [
      "Prints a script to load where your shell starts:",
      "  bash   source <(kiteline completion bash)",
      "  zsh    source <(kiteline completion zsh)      # after compinit",
      "  fish   kiteline completion fish | source",
    ],
    options: [],
    examples: ["completion bash >> ~/.bashrc"],
    completes: names,
    async run(args, { printer }) {
      const [shell = ""] = requirePositionals(args, ["bash, zsh or fish"]);
      const write = SHELLS[shell];
      if (write === undefined) throw usage(`expected bash, zsh or fish, got "${shell}"`, ...suggest(shell, names));
      const script = write([...others, command]);
      printer.result(script, { shell, script });
      return EXIT.ok;
    },
  };
  return command;
}

function optionsOf(command: Command): readonly OptionSpec[] {
  return [...command.options, ...COMMON_OPTIONS];
}

function flagsOf(spec: OptionSpec): string[] {
  return spec.short === undefined ? [`--${spec.name}`] : [`-${spec.short}`, `--${spec.name}`];
}

/** Works in bash 3.2, which macOS has. An empty COMPREPLY makes readline complete file names (`-o default`). */
function bash(commands: readonly Command[]): string {
  const cases = commands.map((command) => {
    const values = optionsOf(command).filter((spec) => spec.value !== undefined);
    const chosen = values.filter((spec) => spec.choices !== undefined);
    const free = values.filter((spec) => spec.choices === undefined);
    const words = Array.isArray(command.completes) ? `words="${command.completes.join(" ")}"` : "words=";
    return [
      `    ${command.name})`,
      '      case "$previous" in',
      ...chosen.map((spec) => `        ${flagsOf(spec).join("|")}) words="${spec.choices?.join(" ")}" ;;`),
      ...(free.length === 0 ? [] : [`        ${free.flatMap(flagsOf).join("|")}) words= ;;`]),
      `        *) case "$current" in -*) words="${optionsOf(command).flatMap(flagsOf).join(" ")}" ;; *) ${words} ;; esac ;;`,
      "      esac ;;",
    ].join("\n");
  });
  return `# bash completion for kiteline
_kiteline() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map((each) => each.name).join(" ")} --help --version" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
  COMPREPLY=()
  if [ -n "$words" ]; then COMPREPLY=($(compgen -W "$words" -- "$current")); fi
}
complete -o default -F _kiteline kiteline`;
}

function zsh(commands: readonly Command[]): string {
  const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  const plain = (text: string): string => text.replace(/[[\]:\\]/g, "\\$&");
  const action = (spec: Pick<OptionSpec, "choices" | "completes">): string => {
    if (spec.choices !== undefined) return `(${spec.choices.join(" ")})`;
    return spec.completes === undefined ? " " : spec.completes === "directory" ? "_files -/" : "_files";
  };
  const cases = commands.map((command) => {
    const specs = optionsOf(command).map((spec) => {
      const value = spec.value === undefined ? "" : `:${plain(spec.value)}:${action(spec)}`;
      const flags = flagsOf(spec);
      const repeats = spec.multiple === true ? "*" : flags.length > 1 ? `(${flags.join(" ")})` : "";
      return flags.map((flag) => quote(`${repeats}${flag}[${plain(spec.help)}]${value}`)).join(" ");
    });
    const { completes } = command;
    const rest =
      completes === undefined ? [] : [quote(`*: :${typeof completes === "string" ? action({ completes }) : `(${completes.join(" ")})`}`)];
    return [`    ${command.name})`, "      _arguments -s \\", `        ${[...specs, ...rest].join(" \\\n        ")}`, "      ;;"].join(
      "\n",
    );
  });
  return `#compdef kiteline
_kiteline() {
  if (( CURRENT == 2 )); then
    local -a commands
    commands=(
${commands.map((each) => `      ${quote(`${each.name}:${plain(each.summary)}`)}`).join("\n")}
    )
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join("\n")}
  esac
}
if [ "$funcstack[1]" = _kiteline ]; then _kiteline "$@"; else compdef _kiteline kiteline; fi`;
}

function fish(commands: readonly Command[]): string {
  const quote = (text: string): string => `'${text.replace(/['\\]/g, "\\$&")}'`;
  const value = (spec: OptionSpec): string => {
    if (spec.choices !== undefined) return ` -x -a ${quote(spec.choices.join(" "))}`;
    if (spec.completes === "directory") return " -x -a '(__fish_complete_directories)'";
    return spec.value === undefined ? "" : spec.completes === undefined ? " -x" : " -r -F";
  };
  const lines = ["# fish completion for kiteline", "complete -c kiteline -f"];
  for (const command of commands) {
    const within = `-n '__fish_seen_subcommand_from ${command.name}'`;
    lines.push(`complete -c kiteline -n __fish_use_subcommand -a ${command.name} -d ${quote(command.summary)}`);
    for (const spec of optionsOf(command)) {
      const short = spec.short === undefined ? "" : ` -s ${spec.short}`;
      lines.push(`complete -c kiteline ${within} -l ${spec.name}${short}${value(spec)} -d ${quote(spec.help)}`);
    }
    if (Array.isArray(command.completes)) lines.push(`complete -c kiteline ${within} -a ${quote(command.completes.join(" "))}`);
    else if (command.completes !== undefined) lines.push(`complete -c kiteline ${within} -F`);
  }
  return lines.join("\n");
}
