/**
 * How a command speaks: to people in lines, to programs (`--json`) in one JSON value a line. The result goes to stdout and
 * everything said about it to stderr, in both forms.
 */
import type { Failure } from "./failure.ts";
import type { Io, Output } from "./io.ts";

const STYLES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39] } as const;

/** Colours a text, or leaves it as it is where nobody would see colours. */
export type Paint = Readonly<Record<keyof typeof STYLES, (text: string) => string>>;

export class Printer {
  readonly json: boolean;
  /** For what goes to stdout. */
  readonly paint: Paint;
  /** For what goes to stderr. */
  readonly paintNotes: Paint;
  /** Whether a person reads the notes. */
  readonly notesAreRead: boolean;
  readonly #io: Io;

  constructor(io: Io, json: boolean) {
    this.#io = io;
    this.json = json;
    this.paint = paintFor(io.stdout, io);
    this.paintNotes = paintFor(io.stderr, io);
    this.notesAreRead = io.stderr.isTerminal;
  }

  /** A result, or a part of one. */
  result(text: string, value: unknown): void {
    this.#io.stdout.write(`${this.json ? toJson(value) : text}\n`);
  }

  /** Something said about the result. The JSON form has a `type`. */
  note(text: string, value: { readonly type: string; readonly [key: string]: unknown }): void {
    this.#io.stderr.write(`${this.json ? toJson(value) : text}\n`);
  }

  failure(command: string, failure: Failure): void {
    const { red, bold, dim } = this.paintNotes;
    const lines = [`${bold(command)}: ${red(failure.message)}`];
    if (failure.excerpt !== undefined) lines.push(failure.excerpt);
    for (const hint of failure.hints) lines.push(dim(`  ${hint}`));
    this.#io.stderr.write(`${this.json ? toJson(failure) : lines.join("\n")}\n`);
  }
}

/** JSON on one line, or indented. 64-bit integers become strings, since JSON readers would round them. */
export function toJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === "bigint" ? each.toString() : each), indent);
}

/** Colours only where a person looks and has not said no (https://no-color.org). */
function paintFor(output: Output, { env }: Io): Paint {
  const colours = output.isTerminal && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
  const entries = Object.entries(STYLES).map(([name, [on, off]]) => {
    const paint = colours ? (text: string): string => `\u001b[${on}m${text}\u001b[${off}m` : (text: string): string => text;
    return [name, paint] as const;
  });
  return Object.fromEntries(entries) as Paint;
}

/** `1 file`, `2 files`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
