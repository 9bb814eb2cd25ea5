/** Parses files, each in its last state without errors if the one it is in has some. */
import type { ParsedFiles, ParseFiles, Problem, TextFile } from "@kiteline/policy";

export class LastGood {
  readonly #parse: ParseFiles;
  /** By path. */
  #good = new Map<string, string>();

  constructor(parse: ParseFiles) {
    this.#parse = parse;
  }

  /** The snapshot of the best states; the problems of the states that the files are in; which files are used in an older one. */
  parse(files: readonly TextFile[]): ParsedFiles & { readonly kept: readonly string[] } {
    let used = files;
    let parsed = this.#parse(used);
    const { problems } = parsed;
    const kept = new Set<string>();
    // A file that is put back may lack something that another one, in its new state, refers to: then that goes back too.
    for (let changed = true; changed; ) {
      const broken = brokenIn(parsed.problems);
      changed = false;
      used = used.map((file) => {
        const good = this.#good.get(file.path);
        if (!broken.has(file.path) || good === undefined || good === file.text) return file;
        changed = true;
        kept.add(file.path);
        return { path: file.path, text: good };
      });
      if (changed) parsed = this.#parse(used);
    }
    const broken = brokenIn(parsed.problems);
    const previous = this.#good;
    this.#good = new Map();
    for (const { path, text } of used) {
      const good = broken.has(path) ? previous.get(path) : text;
      if (good !== undefined) this.#good.set(path, good);
    }
    return { snapshot: parsed.snapshot, problems, kept: [...kept] };
  }
}

function brokenIn(problems: readonly Problem[]): Set<string> {
  return new Set(problems.filter(({ severity }) => severity === "error").map(({ file }) => file));
}
