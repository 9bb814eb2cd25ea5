/**
 * Tells when IDL may have changed. Watches folders, not files: editors replace files instead of writing them, and an include
 * that is missing appears in a folder.
 */
import { watch, type FSWatcher } from "node:fs";
import { dirname } from "node:path";

/** An editor's save is several events; together they are one change. */
const SETTLE_MS = 50;

export interface IdlWatch {
  /** Watches the folders of these files and these folders, and no others. */
  set(files: readonly string[], folders: readonly string[]): void;
  close(): void;
}

/** Calls `changed` when an IDL file in a watched folder was written, replaced, added or removed. */
export function watchIdl(changed: () => void): IdlWatch {
  const watchers = new Map<string, FSWatcher>();
  let settling: NodeJS.Timeout | undefined;
  const event = (_kind: string, name: string | null): void => {
    if (name !== null && !name.endsWith(".thrift")) return;
    clearTimeout(settling);
    settling = setTimeout(changed, SETTLE_MS);
  };
  const forget = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  return {
    set(files, folders) {
      const wanted = new Set([...files.map((file) => dirname(file)), ...folders]);
      for (const folder of watchers.keys()) if (!wanted.has(folder)) forget(folder);
      for (const folder of wanted) {
        if (watchers.has(folder)) continue;
        try {
          const watcher = watch(folder, event);
          // A watched folder may be deleted: on Windows that is an error. The next change elsewhere reports what is missing.
          watcher.on("error", () => forget(folder));
          watchers.set(folder, watcher);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
        }
      }
    },
    close() {
      clearTimeout(settling);
      for (const folder of watchers.keys()) forget(folder);
    },
  };
}
