/** The flags that the programs of gRPC's suite have in common, in every language: `--name value`, `--name=value`, `--name` for true. */

export class Flags {
  readonly #values = new Map<string, string>();

  /** Throws a `RangeError` for anything that is not a flag. Flags that a program does not ask for are allowed: suites give all to all. */
  constructor(args: readonly string[]) {
    for (let at = 0; at < args.length; at += 1) {
      const [, name, given] = /^--?([a-z0-9_]+)(?:=(.*))?$/s.exec(args[at] as string) ?? [];
      if (name === undefined) throw new RangeError(`expected a flag such as --server_port=8080, got "${args[at]}"`);
      const next = args[at + 1];
      if (given === undefined && next !== undefined && !next.startsWith("-")) at += 1;
      this.#values.set(name, given ?? (next?.startsWith("-") === false ? next : "true"));
    }
  }

  text(name: string, otherwise: string): string {
    return this.#values.get(name) ?? otherwise;
  }

  number(name: string, otherwise: number): number {
    const text = this.#values.get(name);
    const value = text === undefined ? otherwise : Number(text);
    if (!Number.isInteger(value) || value < 0) throw new RangeError(`--${name} must be a whole number, got "${text}"`);
    return value;
  }

  truth(name: string): boolean {
    const text = this.#values.get(name) ?? "false";
    if (text !== "true" && text !== "false") throw new RangeError(`--${name} must be true or false, got "${text}"`);
    return text === "true";
  }
}
