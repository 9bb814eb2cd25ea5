/**
 * A command line, taken apart after what its command declares. Everything wrong is a usage failure that says what was
 * expected, what came, and the nearest thing that exists.
 */
import { parseArgs } from "node:util";
import { suggest } from "@kiteline/core";
import { usage } from "./failure.ts";

/** An option as a command declares it. */
export interface OptionSpec {
  /** Without the dashes. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** What stands for the value in help, such as `FILE`. An option without one is a flag. */
  readonly value?: string;
  /** May be given several times. */
  readonly multiple?: boolean;
  readonly choices?: readonly string[];
  /** For help: what it means, and its default. */
  readonly help: string;
  /** What a shell completes the value with. */
  readonly completes?: "file" | "directory";
}

/** Options that every command has. */
export const COMMON_OPTIONS: readonly OptionSpec[] = [
  { name: "json", help: "Speak JSON, one value a line; 64-bit integers are strings." },
  { name: "help", short: "h", help: "Show this." },
];

/** For a line that names no command. */
export const VERSION_OPTION: OptionSpec = { name: "version", help: "Show the version." };

/** The positional arguments and options of one command line. */
export class Args {
  readonly positionals: readonly string[];
  readonly #values: ReadonlyMap<string, readonly (string | true)[]>;
  readonly #specs: ReadonlyMap<string, OptionSpec>;

  constructor(
    positionals: readonly string[],
    values: ReadonlyMap<string, readonly (string | true)[]>,
    specs: ReadonlyMap<string, OptionSpec>,
  ) {
    this.positionals = positionals;
    this.#values = values;
    this.#specs = specs;
  }

  flag(name: string): boolean {
    return this.#of(name).length > 0;
  }

  text(name: string): string | undefined {
    return this.list(name).at(-1);
  }

  list(name: string): readonly string[] {
    return this.#of(name).filter((value) => value !== true);
  }

  /** The value of an option whose `choices` are the members of `T`: anything else was refused when the line was read. */
  choice<T extends string>(name: string): T | undefined {
    return this.text(name) as T | undefined;
  }

  /** Throws a usage failure for what is no whole number from `least` to `most`. */
  number(name: string, least: number, most: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (!(value >= least && value <= most)) throw usage(`--${name} expects a whole number from ${least} to ${most}, got "${text}"`);
    return value;
  }

  /** The values of `key=value` options, in order. */
  pairs(name: string): readonly (readonly [key: string, value: string])[] {
    return this.list(name).map((text) => {
      const split = text.indexOf("=");
      if (split <= 0) throw usage(`--${name} expects KEY=VALUE, got "${text}"`);
      return [text.slice(0, split), text.slice(split + 1)];
    });
  }

  #of(name: string): readonly (string | true)[] {
    if (!this.#specs.has(name)) throw new Error(`the option ${name} is read but not declared`);
    return this.#values.get(name) ?? [];
  }
}

/** Takes a command line apart. Throws a usage failure. */
export function readArgs(argv: readonly string[], declared: readonly OptionSpec[]): Args {
  const options = [...declared, ...COMMON_OPTIONS];
  const specs = new Map(options.map((spec) => [spec.name, spec]));
  const config = options.map(({ name, short, value }) => {
    const type = value === undefined ? ("boolean" as const) : ("string" as const);
    return [name, short === undefined ? { type } : { type, short }] as const;
  });
  const { tokens } = parseArgs({ args: [...argv], options: Object.fromEntries(config), strict: false, tokens: true });
  const positionals: string[] = [];
  const values = new Map<string, (string | true)[]>();
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const spec = specs.get(token.name);
    if (spec === undefined) throw unknownOption(token.rawName, options);
    const given = values.get(spec.name) ?? [];
    if (given.length > 0 && spec.value !== undefined && spec.multiple !== true) {
      throw usage(`${token.rawName} is given twice: "${given.join('", "')}" and "${token.value ?? ""}"`);
    }
    values.set(spec.name, [...given, valueOf(spec, token)]);
  }
  return new Args(positionals, values, specs);
}

function valueOf(spec: OptionSpec, token: { rawName: string; value: string | undefined; inlineValue: boolean | undefined }): string | true {
  const { rawName, value, inlineValue } = token;
  if (spec.value === undefined) {
    if (value !== undefined) throw usage(`${rawName} takes no value, got "${value}"`);
    return true;
  }
  if (value === undefined) throw usage(`${rawName} expects ${spec.value}, got nothing`);
  // `--idl --json` is a forgotten value; one that really begins with a dash can be written `--idl=--json`. `-` alone is standard input.
  if (inlineValue !== true && value.startsWith("-") && value.length > 1) {
    throw usage(
      `${rawName} expects ${spec.value}, got the option ${value}`,
      `a value that begins with a dash is written ${rawName}=${value}`,
    );
  }
  if (spec.choices !== undefined && !spec.choices.includes(value)) {
    throw usage(`${rawName} expects one of ${spec.choices.join(", ")}, got "${value}"`, ...suggest(value, spec.choices));
  }
  return value;
}

function unknownOption(rawName: string, options: readonly OptionSpec[]): Error {
  const meant = suggest(
    rawName.replace(/^-+/, ""),
    options.map((spec) => spec.name),
  ).map((hint) => hint.replace("mean ", "mean --"));
  return usage(`there is no option ${rawName}`, ...meant);
}

/** Exactly these positional arguments, by name. A name that begins with `[` may be missing, one that ends in `...` takes the rest. */
export function requirePositionals(args: Args, names: readonly string[]): readonly string[] {
  const { positionals } = args;
  const last = names.at(-1);
  const missing = names.filter((name, index) => !name.startsWith("[") && positionals[index] === undefined);
  if (missing.length > 0)
    throw usage(`expected ${missing.join(" and ")}, got ${positionals.length === 0 ? "nothing" : positionals.join(" ")}`);
  const extra = last?.endsWith("...") === true ? [] : positionals.slice(names.length);
  if (extra.length > 0) throw usage(`expected ${names.join(" ") || "no arguments"}, got also "${extra.join('" "')}"`);
  return positionals;
}
