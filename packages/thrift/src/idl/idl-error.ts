/** What is said about IDL that is wrong. */
import type { Location } from "./model.ts";
import type { Source } from "./source.ts";

/** One thing that is wrong. */
export interface IdlProblem extends Location {
  /** What was expected, what came, what to do. */
  readonly message: string;
  /** The line itself; empty when the problem is a whole file. */
  readonly text: string;
  /** How many characters of the line are meant, from `column` on. */
  readonly length: number;
}

/** IDL that cannot be used. Its message shows every problem with its line; `problems` are the same as data. */
export class IdlError extends Error {
  override readonly name = "IdlError";
  readonly problems: readonly IdlProblem[];

  constructor(problems: readonly IdlProblem[]) {
    super(problems.map(shown).join("\n"));
    this.problems = problems;
  }
}

/**
 * Collects what is wrong with a set of files, so that all of it is told at once. Of several problems on one line only
 * the first is kept: the others mostly follow from it.
 */
export class Problems {
  readonly #found: IdlProblem[] = [];
  readonly #lines = new Set<string>();

  get none(): boolean {
    return this.#found.length === 0;
  }

  add(source: Source, start: number, end: number, message: string): void {
    const location = source.locate(start);
    const line = `${location.path}:${location.line}`;
    if (this.#lines.has(line)) return;
    this.#lines.add(line);
    const text = source.lineText(location.line);
    const length = Math.max(1, Math.min(end - start, text.length - location.column + 1));
    this.#found.push({ ...location, message, text, length });
  }

  /** A file that is no source: not there, not readable. */
  addFile(path: string, message: string): void {
    this.#found.push({ path, line: 1, column: 1, message, text: "", length: 0 });
  }

  /** Throws when there are any. */
  check(): void {
    if (!this.none) throw new IdlError(this.#found.toSorted((a, b) => compare(a.path, b.path) || a.line - b.line));
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function shown(problem: IdlProblem): string {
  if (problem.length === 0) return `${problem.path}: ${problem.message}`;
  const number = String(problem.line);
  // Tabs are kept, so that the caret stands below what it means however wide they are.
  const indent = problem.text.slice(0, problem.column - 1).replace(/[^\t]/g, " ");
  const mark = `^${"~".repeat(problem.length - 1)}`;
  return [
    `${problem.path}:${number}:${problem.column}: ${problem.message}`,
    `  ${number} | ${problem.text}`,
    `  ${" ".repeat(number.length)} | ${indent}${mark}`,
  ].join("\n");
}
