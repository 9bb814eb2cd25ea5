/** What is in a folder, and what changed since the last look. Files are read again only when the file system says they changed. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

export interface Folder {
  readonly path: string;
  /** Whether it was there at the last look. */
  exists: boolean;
  /** By name. */
  readonly files: Map<string, FileState>;
  /** Names of files that changed, whatever their dates say; `true` for all. */
  touched: Set<string> | true;
}

export interface FileState {
  readonly text: string;
  /** Size, time and number of the file when it was read. */
  readonly stamp: string;
  /** How often in a row it was found being written, or empty all of a sudden: it does not count yet, unless that goes on for too long. */
  readonly unsettled: number;
}

/** A file that is written to all the time must not hold up the others. */
const MAX_UNSETTLED = 20;

export function newFolder(path: string): Folder {
  return { path, exists: false, files: new Map(), touched: true };
}

/** Looks; true when something is different. `complain` hears of files that cannot be read; they stay as they were. */
export async function readFolder(
  folder: Folder,
  extensions: readonly string[],
  complain: (file: string, error: unknown) => void,
): Promise<boolean> {
  const { touched } = folder;
  folder.touched = new Set();
  let names: string[] = [];
  let exists = true;
  try {
    names = await readdir(folder.path);
  } catch (error) {
    exists = false;
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
      complain(folder.path, error);
      return false;
    }
  }
  const wanted = new Set(names.filter((name) => !name.startsWith(".") && extensions.some((extension) => name.endsWith(extension))));
  let changed = exists !== folder.exists;
  folder.exists = exists;
  for (const name of folder.files.keys()) {
    if (wanted.has(name)) continue;
    folder.files.delete(name);
    changed = true;
  }
  for (const name of [...wanted].sort()) {
    const path = join(folder.path, name);
    try {
      const known = folder.files.get(name);
      const again = known === undefined || known.unsettled > 0 || touched === true || touched.has(name);
      const state = await readIfChanged(path, known, again);
      if (state === known) continue;
      folder.files.set(name, state);
      if (state.text !== known?.text || state.unsettled !== known.unsettled) changed = true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") complain(path, error); // gone in between: the next look sees it
    }
  }
  return changed;
}

async function readIfChanged(path: string, known: FileState | undefined, again: boolean): Promise<FileState> {
  const before = await stampOf(path);
  if (known !== undefined && !again && before === known.stamp) return known;
  const text = await readFile(path, "utf8");
  const after = await stampOf(path);
  // Whoever writes a file in place makes it empty first.
  const emptied = text.trim() === "" && known !== undefined && known.text.trim() !== "";
  const times = known?.unsettled ?? 0;
  const unsettled = (after !== before || emptied) && times < MAX_UNSETTLED ? times + 1 : 0;
  return { text, stamp: after, unsettled };
}

async function stampOf(path: string): Promise<string> {
  const { size, mtimeNs, ino } = await stat(path, { bigint: true });
  return `${size} ${mtimeNs} ${ino}`;
}
