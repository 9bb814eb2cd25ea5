/** Where in the files something stands, and the list of what is wrong. */
import type { Problem } from "@kiteline/policy";

/** Collects what is wrong, each thing once: the same field may be looked at from several sides. */
export class Problems {
  readonly #found = new Map<string, Problem>();

  add(problem: Problem): void {
    const { file, line, field, message } = problem;
    const key = JSON.stringify([file, line, field, message]);
    if (!this.#found.has(key)) this.#found.set(key, problem);
  }

  get list(): Problem[] {
    return [...this.#found.values()];
  }
}

/** An object of a file, or a field of one. */
export class Place {
  readonly file: string;
  readonly line: number;
  readonly object: string | undefined;
  /** Empty for the object itself. */
  readonly path: string;
  /** The lines of the fields of the value at this place. */
  readonly #lines: ReadonlyMap<string, number>;

  constructor(file: string, line: number, object: string | undefined, path: string, lines: ReadonlyMap<string, number> = new Map()) {
    this.file = file;
    this.line = line;
    this.object = object;
    this.path = path;
    this.#lines = lines;
  }

  /** The place of a field or an element of what is here; the line of the whole when it has none of its own. */
  at(field: string | number): Place {
    const path = typeof field === "number" ? `${this.path}[${field}]` : this.path === "" ? field : `${this.path}.${field}`;
    return new Place(this.file, this.#lines.get(String(field)) ?? this.line, this.object, path);
  }

  withLines(line: number, lines: ReadonlyMap<string, number>): Place {
    return new Place(this.file, line, this.object, this.path, lines);
  }

  problem(severity: Problem["severity"], message: string): Problem {
    return { severity, file: this.file, line: this.line, object: this.object, field: this.path === "" ? undefined : this.path, message };
  }
}

/** What came from a file and remembers where it stood. */
export interface Located {
  readonly place: Place;
}
