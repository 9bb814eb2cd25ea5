/**
 * From paths to a model: reads the files and what they include, parses and resolves them. Reading is passed in, so that
 * it works from memory as well. What is written once, as a generator that asks for files, serves whoever reads them
 * now and whoever reads them later.
 */
import { posix } from "node:path";
import { Problems } from "./idl-error.ts";
import type { Document, DocumentSet, Include } from "./model.ts";
import { parse } from "./parser.ts";
import { resolve } from "./resolve.ts";
import { Source } from "./source.ts";
import type { FileSyntax, IncludeSyntax } from "./syntax.ts";

/** The text of a file, `undefined` when there is none; throws when there is one that cannot be read. */
export type ReadFile = (path: string) => string | undefined | Promise<string | undefined>;

/** What the loader asks for, and gets: the text, nothing, or why it cannot be read. */
type Loading = Generator<string, DocumentSet, string | undefined | Error>;

/** Loads files. Throws an `IdlError` that tells all that is wrong with them. */
export async function loadWith(roots: readonly string[], searchDirs: readonly string[], readFile: ReadFile): Promise<DocumentSet> {
  const loading = new Loader(searchDirs).load(roots);
  let step = loading.next();
  while (step.done !== true) step = loading.next(await attempt(step.value, readFile));
  return step.value;
}

/** Loads files from their texts, by path; they may include one another. Throws as `loadWith` does, but at once. */
export function loadTexts(texts: Readonly<Record<string, string>>, searchDirs: readonly string[] = []): DocumentSet {
  const byPath = new Map(Object.entries(texts).map(([path, text]) => [normalize(path), text]));
  const loading = new Loader(searchDirs).load([...byPath.keys()]);
  let step = loading.next();
  while (step.done !== true) step = loading.next(byPath.get(step.value));
  return step.value;
}

async function attempt(path: string, readFile: ReadFile): Promise<string | undefined | Error> {
  try {
    return await readFile(path);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

interface Loaded {
  readonly syntax: FileSyntax;
  /** Absent for an include that was not found. */
  readonly includes: readonly (string | undefined)[];
}

class Loader {
  readonly #searchDirs: readonly string[];
  readonly #problems = new Problems();
  /** By path; a file that is still being loaded is `undefined`. In the order of their completion. */
  readonly #files = new Map<string, Loaded | undefined>();

  constructor(searchDirs: readonly string[]) {
    this.#searchDirs = searchDirs.map(normalize);
  }

  *load(roots: readonly string[]): Loading {
    const paths = roots.map(normalize);
    for (const path of paths) {
      if (this.#files.has(path)) continue;
      const text = yield path;
      if (typeof text === "string") yield* this.#file(path, text, [path]);
      else this.#problems.addFile(path, text === undefined ? "there is no such file" : `cannot be read: ${text.message}`);
    }
    // Names are looked up only when all files could be read: half a file would make others seem wrong.
    this.#problems.check();
    const documents = this.#resolve();
    this.#problems.check();
    return { documents: [...documents.values()], roots: paths.map((path) => documents.get(path)!) };
  }

  /** Loads one file and what it includes. `path` is how it was reached, for circles. */
  *#file(path: string, text: string, chain: readonly string[]): Generator<string, void, string | undefined | Error> {
    this.#files.set(path, undefined);
    const syntax = parse(new Source(path, text), this.#problems);
    const includes: (string | undefined)[] = [];
    for (const include of syntax.includes) includes.push(yield* this.#include(include, syntax.source, chain));
    this.#files.delete(path);
    this.#files.set(path, { syntax, includes });
  }

  *#include(
    include: IncludeSyntax,
    source: Source,
    chain: readonly string[],
  ): Generator<string, string | undefined, string | undefined | Error> {
    const { text: written, start, end } = include.path;
    const folders = isAbsolute(written) ? [""] : [posix.dirname(source.path), ...this.#searchDirs];
    const candidates = folders.map((folder) => normalize(folder === "" ? written : posix.join(folder, written)));
    for (const path of candidates) {
      if (chain.includes(path)) {
        const circle = [...chain.slice(chain.indexOf(path)), path].join(" -> ");
        this.#problems.add(source, start, end, `files cannot include one another in a circle: ${circle}`);
        return undefined;
      }
      if (this.#files.has(path)) return path;
      const text = yield path;
      if (typeof text === "string") {
        yield* this.#file(path, text, [...chain, path]);
        return path;
      }
      if (text !== undefined) {
        this.#problems.add(source, start, end, `${path} cannot be read: ${text.message}`);
        return undefined;
      }
    }
    this.#problems.add(source, start, end, `there is no ${candidates.join(", nor ")}: is a search directory missing?`);
    return undefined;
  }

  #resolve(): Map<string, Document> {
    const documents = new Map<string, Document>();
    for (const [path, loaded] of this.#files) {
      const { syntax, includes } = loaded!;
      const found: Include[] = [];
      for (const [index, include] of syntax.includes.entries()) {
        const document = documents.get(includes[index]!)!;
        if (!found.some((each) => each.document === document)) found.push({ path: include.path.text, document });
      }
      documents.set(path, resolve(syntax, posix.basename(path).replace(/\.thrift$/, ""), found, this.#problems));
    }
    return documents;
  }
}

/** With `/` between folders, also on Windows, and without detours. */
function normalize(path: string): string {
  return posix.normalize(path.replaceAll("\\", "/"));
}

function isAbsolute(path: string): boolean {
  return /^([A-Za-z]:)?[/\\]/.test(path);
}
