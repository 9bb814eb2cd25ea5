/**
 * Hears of changes in a folder that may not exist yet, or not any more. Then the nearest folder above it that does is
 * watched, so that its coming is noticed. Works as well as the operating system does: who relies on it looks by
 * himself from time to time.
 */
import { type FSWatcher, statSync, watch } from "node:fs";
import { basename, dirname, resolve } from "node:path";

export interface Watch {
  /** Call after looking: watches the folder that is there now. True when that is another than before, so that changes may have gone unheard. */
  renew(): boolean;
  close(): void;
}

/** `changed` is told the name of the file, or `undefined` when that is not known. */
export function watchFolder(path: string, changed: (name: string | undefined) => void): Watch {
  return new FolderWatch(resolve(path), changed);
}

class FolderWatch implements Watch {
  readonly #path: string;
  readonly #changed: (name: string | undefined) => void;
  #watcher: FSWatcher | undefined;
  /** What is watched: its path and number, so that a folder that was replaced is noticed. */
  #watched = "";
  #closed = false;

  constructor(path: string, changed: (name: string | undefined) => void) {
    this.#path = path;
    this.#changed = changed;
    this.renew();
  }

  renew(): boolean {
    if (this.#closed) return false;
    const there = nearest(this.#path);
    if (there === undefined || there.id === this.#watched) return false;
    this.#stop();
    try {
      const itself = there.path === this.#path;
      const own = basename(there.path);
      this.#watcher = watch(there.path, { persistent: false }, (event, name) => {
        // So Linux tells that the folder itself is gone: of one that comes in its place this watcher would hear nothing.
        if (event === "rename" && name === own) this.#watched = "";
        this.#changed(itself ? (name ?? undefined) : undefined);
      });
      this.#watcher.on("error", () => {
        // Windows says so when the folder goes; others just fall silent.
        this.#stop();
        this.#changed(undefined);
      });
      this.#watched = there.id;
    } catch {
      // No more watches to be had, or the folder went in between: looking from time to time has to do.
      this.#stop();
    }
    return true;
  }

  close(): void {
    this.#closed = true;
    this.#stop();
  }

  #stop(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#watched = "";
  }
}

function nearest(path: string): { readonly path: string; readonly id: string } | undefined {
  for (let at = path; ; at = dirname(at)) {
    const stats = statSync(at, { throwIfNoEntry: false });
    if (stats?.isDirectory()) return { path: at, id: `${at} ${stats.ino}` };
    if (at === dirname(at)) return undefined;
  }
}
