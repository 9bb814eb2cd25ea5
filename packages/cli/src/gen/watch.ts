/**
 * Tells when IDL may have changed. Watches folders, not files: editors replace files instead of writing them, and an include
 * that is missing appears in a folder.
 */
import { watch, type FSWatcher } from "node:fs";
import { dirname } from "node:path";
import { fileFailure } from "../file-failure.ts";

/** An editor's save is several events; together they are one change. */
const SETTLE_MS = 50;

export class IdlWatch {
  readonly #watchers = new Map<string, FSWatcher>();
  #settling: NodeJS.Timeout | undefined;
  #changed = false;
  #wake: (() => void) | undefined;

  /** Watches the folders of these files and these folders, and no others. */
  set(files: readonly string[], folders: readonly string[]): void {
    const wanted = new Set([...files.map((file) => dirname(file)), ...folders]);
    for (const folder of this.#watchers.keys()) if (!wanted.has(folder)) this.#forget(folder);
    for (const folder of wanted) if (!this.#watchers.has(folder)) this.#watch(folder);
  }

  /** Resolves with true at the next change, at once if there was one since the last time, or with false when told to stop. */
  next(stop: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (changed: boolean): void => {
        this.#wake = undefined;
        this.#changed = false;
        stop.removeEventListener("abort", onStop);
        resolve(changed);
      };
      const onStop = (): void => settle(false);
      if (stop.aborted) settle(false);
      else if (this.#changed) settle(true);
      else {
        this.#wake = () => settle(true);
        stop.addEventListener("abort", onStop, { once: true });
      }
    });
  }

  close(): void {
    clearTimeout(this.#settling);
    for (const folder of this.#watchers.keys()) this.#forget(folder);
  }

  #watch(folder: string): void {
    try {
      const watcher = watch(folder, (_kind, name) => {
        if (name !== null && !/\.(?:thrift|proto)$/.test(name)) return;
        clearTimeout(this.#settling);
        this.#settling = setTimeout(() => {
          this.#changed = true;
          this.#wake?.();
        }, SETTLE_MS);
      });
      // A watched folder may be deleted: on Windows that is an error. The next change elsewhere reports what is missing.
      watcher.on("error", () => this.#forget(folder));
      this.#watchers.set(folder, watcher);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw fileFailure("watch", folder, error);
    }
  }

  #forget(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }
}
