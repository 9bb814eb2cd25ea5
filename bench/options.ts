/** What `npm run bench` can be told, and what it says of itself. */
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";

export interface BenchOptions {
  readonly short: boolean;
  readonly json: boolean;
  /** The cases to run, in this order. */
  readonly cases: readonly string[];
  /** The attacks of case `attacks` to run; all when it is undefined. */
  readonly attacks: readonly string[] | undefined;
  /** The file that the report is also written to. */
  readonly out: string | undefined;
}

export function helpOf(cases: readonly string[]): string {
  return `Kiteline and its peers, measured in one run on this machine.

  npm run bench                       everything: about twenty minutes
  npm run bench -- --short            shorter rounds, and fewer of them: about four minutes
  npm run bench -- --case NAME,...    some of the cases: ${cases.join(", ")}
  npm run bench -- --attack NAME,...  some of the attacks of case attacks, such as "large headers,dials"
  npm run bench -- --json             the report as JSON, which is otherwise a table
  npm run bench -- --out FILE         writes the report there, too, as JSON
  npm run bench -- --help             this text

Progress goes to standard error. A missed target is reported and fails nothing: a busy machine misses some.
`;
}

/** `undefined` when only help is wanted. Throws an `Error` that says what was expected. */
export function readOptions(args: readonly string[], known: readonly string[], knownAttacks: readonly string[]): BenchOptions | undefined {
  const flag = { type: "boolean" } as const;
  const text = { type: "string" } as const;
  const options = { short: flag, json: flag, case: text, attack: text, out: text, help: { ...flag, short: "h" } } as const;
  const { values } = parseArgs({ args: [...args], options });
  if (values.help === true) return undefined;
  const attacks = chosen("attack", values.attack, knownAttacks);
  const cases = chosen("case", values.case, known) ?? (attacks === undefined ? known : ["attacks"]);
  // Said now, since it would otherwise be said after all was measured.
  if (values.out !== undefined && !existsSync(dirname(values.out))) {
    throw new RangeError(`--out must be a file in a folder that exists, got "${values.out}"`);
  }
  return { short: values.short === true, json: values.json === true, cases, attacks, out: values.out };
}

function chosen(what: string, list: string | undefined, known: readonly string[]): readonly string[] | undefined {
  const names = list?.split(",");
  const unknown = names?.filter((name) => !known.includes(name)) ?? [];
  if (unknown.length > 0) throw new RangeError(`there is no ${what} named ${unknown.join(", ")}; there are ${known.join(", ")}`);
  return names;
}
