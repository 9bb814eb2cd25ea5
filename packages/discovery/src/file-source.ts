/**
 * A folder of files, or several laid over one another, as a source: the files' texts go through a parser, and what it
 * makes of them is the snapshot. A change on disk is a new snapshot at once.
 *
 * A file in which the parser finds errors is used in its last state without any; the others go on. The folder may come
 * later, or go and come again. What the operating system does not tell of a change is found by looking every few seconds.
 */
import { join, resolve } from "node:path";
import { consoleLog, type Clock, type Log, runOutsideCall, systemClock, type Timer } from "@kiteline/core";
import { type ParseFiles, type Problem, share, type Source, type TextFile } from "@kiteline/policy";
import { describeProblem } from "@kiteline/policy/parsers";
import { type Folder, newFolder, readFolder } from "./folder.ts";
import { LastGood } from "./last-good.ts";
import { Publisher } from "./publisher.ts";
import { type Watch, watchFolder } from "./watch.ts";

export interface FileSourceOptions {
  /** Later ones are laid over earlier ones: of two files of one name the later folder's counts. Files in folders within are not read. */
  readonly folders: readonly string[];
  readonly parse: ParseFiles;
  /** The ends of the names of files that count. Defaults to `.yaml` and `.yml`. */
  readonly extensions?: readonly string[] | undefined;
  /** How long after a change to wait for more, in ms. Defaults to 10. */
  readonly debounceMs?: number | undefined;
  /** How often to look without being told, in ms. Defaults to 2,000. */
  readonly rescanMs?: number | undefined;
  readonly clock?: Clock | undefined;
  /** Is told of each problem once, when it appears. */
  readonly log?: Log | undefined;
}

/** So many new problems are told after a change: a file that was written by a broken program may have as many as lines. */
const MOST_TOLD = 100;
/** How long to wait for a file that is being written, in ms. */
const SETTLE_MS = 10;

/** There is no snapshot before at least one of the folders exists; the log says so. Throws a `TypeError` for folders or a parser that are none. */
export function fileSource(options: FileSourceOptions): Source {
  const { folders, parse } = options as Partial<FileSourceOptions>;
  if (!Array.isArray(folders) || folders.length === 0 || !folders.every((path) => typeof path === "string")) {
    throw new TypeError(`folders must be a list of paths, such as ["mesh"], got ${JSON.stringify(folders)}`);
  }
  if (typeof parse !== "function") {
    throw new TypeError("parse must be what makes a snapshot of files, such as createParser() of @kiteline/istio makes");
  }
  return new Files(options);
}

class Files extends Publisher {
  readonly #extensions: readonly string[];
  readonly #debounceMs: number;
  readonly #rescanMs: number;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #folders: readonly Folder[];
  readonly #watches: readonly Watch[];
  readonly #lastGood: LastGood;
  #told = new Set<string>();
  #unreadable: ReadonlySet<string> = new Set();
  #missingTold = false;
  #next: Timer | undefined;
  /** Whether the next look is because of a change. */
  #soon = false;
  #looking = false;
  /** Something changed during a look. */
  #again = false;

  constructor(options: FileSourceOptions) {
    super();
    this.#extensions = options.extensions ?? [".yaml", ".yml"];
    this.#debounceMs = options.debounceMs ?? 10;
    this.#rescanMs = options.rescanMs ?? 2000;
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log ?? consoleLog;
    this.#lastGood = new LastGood(options.parse);
    this.#folders = options.folders.map(newFolder);
    // Outside any call: the source outlives the one that happened to make it.
    this.#watches = runOutsideCall(() => this.#folders.map((folder) => watchFolder(folder.path, (name) => this.#changed(folder, name))));
    runOutsideCall(() => void this.#look());
  }

  override close(): void {
    super.close();
    this.#next?.cancel();
    for (const watch of this.#watches) watch.close();
  }

  #changed(folder: Folder, name: string | undefined): void {
    if (name === undefined) folder.touched = true;
    else if (folder.touched !== true) folder.touched.add(name);
    if (this.#looking) this.#again = true;
    // Several changes in a row are one, and a row without end is not waited for.
    else if (!this.#soon) this.#lookIn(this.#debounceMs, true);
  }

  #lookIn(delayMs: number, soon: boolean): void {
    if (this.closed) return;
    this.#soon = soon;
    this.#next?.cancel();
    this.#next = this.#clock.after(delayMs, () => void this.#look());
  }

  async #look(): Promise<void> {
    this.#looking = true;
    this.#soon = false;
    this.#again = false;
    let changed = false;
    const unreadable = new Set<string>();
    for (const folder of this.#folders) {
      const complain = (path: string, error: unknown): void => {
        unreadable.add(path);
        if (!this.#unreadable.has(path)) this.#log({ level: "error", message: `${path} cannot be read; it counts as it was`, error });
      };
      if (await readFolder(folder, this.#extensions, complain)) changed = true;
    }
    this.#unreadable = unreadable;
    this.#looking = false;
    if (this.closed) return;
    for (const [index, watch] of this.#watches.entries()) {
      if (!watch.renew()) continue;
      (this.#folders[index] as Folder).touched = true;
      this.#again = true;
    }
    const unsettled = this.#folders.some(({ files }) => [...files.values()].some((file) => file.unsettled > 0));
    // First, so that a listener that throws does not end the watching.
    if (unsettled) this.#lookIn(SETTLE_MS, true);
    else if (this.#again) this.#lookIn(this.#debounceMs, true);
    else this.#lookIn(this.#rescanMs, false);
    if (!this.#folders.some(({ exists }) => exists)) this.#tellMissing();
    else if (changed && !unsettled) this.#parse();
  }

  /** Once: services that start together may make their folders in any order. */
  #tellMissing(): void {
    if (this.#missingTold) return;
    this.#missingTold = true;
    const paths = this.#folders.map(({ path }) => resolve(path)).join(" and ");
    this.#log({ level: "warn", message: `waiting for a folder that does not exist: ${paths}` });
  }

  #parse(): void {
    const files = new Map<string, TextFile>();
    for (const folder of this.#folders) {
      for (const name of [...folder.files.keys()].sort()) {
        files.delete(name); // so that it stands where the later folder puts it
        files.set(name, { path: join(folder.path, name), text: folder.files.get(name)?.text ?? "" });
      }
    }
    let parsed: ReturnType<LastGood["parse"]>;
    try {
      parsed = this.#lastGood.parse([...files.values()]);
    } catch (error) {
      this.#log({ level: "error", message: "the files could not be parsed; what they said before stays in force", error });
      return;
    }
    this.#tell(parsed.problems, parsed.kept);
    this.publish(share(this.current, parsed.snapshot));
  }

  #tell(problems: readonly Problem[], kept: readonly string[]): void {
    const told = new Set<string>();
    let left = MOST_TOLD;
    for (const problem of problems) {
      const keeps =
        problem.severity === "error" && kept.includes(problem.file) ? "; the file's last state without errors stays in force" : "";
      const message = `${describeProblem(problem)}${keeps}`;
      told.add(message);
      if (!this.#told.has(message) && left-- > 0) this.#log({ level: problem.severity === "error" ? "error" : "warn", message });
    }
    if (left < 0) this.#log({ level: "warn", message: `there are ${-left} more problems in the files, which are not told one by one` });
    this.#told = told;
  }
}
